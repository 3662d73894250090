"""Whose words the turns of a transcript are, and what is no turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.domain.quotations import QuotationKind
from retrieval.text.cleaning import normalise
from retrieval.text.parse import Parse
from retrieval.text.quotations import FoundQuotation, find_quotations

_FORMS = Path(__file__).parents[1] / "fixtures" / "transcripts.txt"


def forms() -> Iterator[object]:
    for form in _FORMS.read_text(encoding="utf-8").split("======== ")[1:]:
        title, _, rest = form.partition("\n")
        text, _, expected = rest.partition("--------\n")
        lines = [line.partition(" | ") for line in expected.splitlines() if line]
        yield pytest.param(normalise(text).text, [(speaker, words) for speaker, _, words in lines], id=title)


def turns(text: str, parse: Parse | None) -> list[tuple[str, str]]:
    """The speaker and the words of each turn; an unnamed speaker in angle brackets."""
    found = [one for one in find_quotations(text, parse) if one.kind is QuotationKind.TURN]
    return [(_who(one), one.content.of(text)) for one in found]


def _who(quotation: FoundQuotation) -> str:
    (speaker,) = quotation.speakers
    return speaker.name if speaker.named else f"<{speaker.name}>"


def check(found: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    begun = [(who, words[: len(first)]) for (who, words), (_, first) in zip(found, expected, strict=False)]
    assert (begun, len(found)) == (expected, len(expected)), found


@pytest.mark.parametrize(("text", "expected"), list(forms()))
def test_every_turn_is_found_and_nothing_else_by_rules(text: str, expected: list[tuple[str, str]]) -> None:
    check(turns(text, None), expected)


@pytest.mark.parametrize(("text", "expected"), list(forms()))
def test_every_turn_is_found_and_nothing_else_with_a_parse(
    text: str, expected: list[tuple[str, str]], parser: SpacyParser
) -> None:
    check(turns(text, parser.parse(text)), expected)

"""Speakers whom a label, a heading, a lead-in or a signature names, and organisations that speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from retrieval.adapters.spacy_parser import SpacyParser, installed
from retrieval.text.quotations import FoundQuotation, find_quotations
from tests.support.paths import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTED: Final = ("“We will read it all before we answer.”", '"We will read it all before we answer."')
_AROUND: Final = "The river rose on Friday, and the council met beside the bridge.\n\n{}\n\nThe court sits in May."


def _forms(file: str) -> list[tuple[str, str]]:
    lines = (FIXTURES / file).read_text(encoding="utf-8").splitlines()
    rows = [line.partition(" | ") for line in lines if line and not line.startswith("#")]
    return [(name, form.replace(" ¶ ", "\n\n")) for name, _, form in rows]


FORMS: Final = _forms("labels.txt")
ORGANISATIONS: Final = _forms("organisations.txt")


@pytest.fixture(scope="module")
def parser() -> Iterator[SpacyParser]:
    if not installed():
        pytest.skip("spaCy or its model is not installed")
    with SpacyParser() as parser:
        yield parser


def _quoted(form: str, words: str) -> tuple[str, str]:
    """The text with `words` in place of "@", a comma before a clause, and what is between the marks."""
    inner = words[:-2] + ("," if form.endswith(("said.", "farmer.", "court.")) and "@ " in form else ".") + words[-1]
    return _AROUND.format(form.replace("@", inner, 1)), inner[1:-1]


def _speaker(found: list[FoundQuotation], text: str, words: str) -> str:
    quotation = next((one for one in found if one.content.of(text) == words), None)
    if quotation is None or not quotation.speakers:
        return "-"
    speaker = quotation.speakers[0]
    return speaker.name if speaker.named else f"~{speaker.name}"


def _as_expected(speaker: str, name: str) -> bool:
    """Where nobody is expected, nobody is named."""
    return speaker == name or (name == "-" and speaker.startswith("~"))


@pytest.mark.parametrize("words", _QUOTED)
@pytest.mark.parametrize(("name", "form"), FORMS)
def test_by_rules_a_label_names_the_speaker(name: str, form: str, words: str) -> None:
    text, inner = _quoted(form, words)
    assert _as_expected(_speaker(find_quotations(text), text, inner), name)


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_with_a_parse_a_label_names_the_speaker(parser: SpacyParser, name: str, form: str) -> None:
    text, inner = _quoted(form, _QUOTED[0])
    assert _as_expected(_speaker(find_quotations(text, parser.parse(text)), text, inner), name)


def _first(found: list[FoundQuotation], text: str) -> str:
    return _speaker(found, text, found[0].content.of(text)) if found else "-"


@pytest.mark.parametrize(("name", "sentence"), ORGANISATIONS)
def test_by_rules_a_body_is_named(name: str, sentence: str) -> None:
    text = _AROUND.format(sentence)
    assert _first(find_quotations(text), text) == name


@pytest.mark.parametrize(("name", "sentence"), ORGANISATIONS)
def test_with_a_parse_a_body_is_named(parser: SpacyParser, name: str, sentence: str) -> None:
    text = _AROUND.format(sentence)
    assert _first(find_quotations(text, parser.parse(text)), text) == name

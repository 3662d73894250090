"""Who is behind a mention: namesakes, spouses, lists of names, offices and names in capitals, at both levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from retrieval.adapters.spacy_parser import SpacyParser, installed
from retrieval.text.quotations import find_quotations
from tests.support.paths import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINES: Final = (FIXTURES / "people.txt").read_text(encoding="utf-8").splitlines()
_LEVELS: Final = ("by rules", "parsed")


def _forms(level: str) -> Iterator[tuple[str, str]]:
    for line in _LINES:
        expected, bar, text = line.partition(" | ")
        of = next((each for each in _LEVELS if expected.startswith(f"{each} ")), level)
        if bar and not line.startswith("#") and of == level:
            yield expected.removeprefix(f"{level} "), text.replace(" ¶ ", "\n\n")


@pytest.fixture(scope="module")
def parser() -> Iterator[SpacyParser]:
    if not installed():
        pytest.skip("spaCy or its model is not installed")
    with SpacyParser() as parser:
        yield parser


def _names(text: str, parser: SpacyParser | None) -> str:
    speakers = find_quotations(text, parser.parse(text) if parser else None)[-1].speakers
    return " + ".join(speaker.name for speaker in speakers if speaker.named) or "-"


@pytest.mark.parametrize(("expected", "text"), list(_forms("by rules")))
def test_rules_find_who_is_meant(expected: str, text: str) -> None:
    assert _names(text, None) == expected


@pytest.mark.parametrize(("expected", "text"), list(_forms("parsed")))
def test_a_parse_finds_who_is_meant(expected: str, text: str, parser: SpacyParser) -> None:
    assert _names(text, parser) == expected

"""Who goes on speaking, who comes in, and whose turn it is, where quotations have no clause of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from retrieval.adapters.spacy_parser import SpacyParser, installed
from retrieval.text.quotations import FoundQuotation, find_quotations
from tests.support.paths import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterator


def _forms() -> list[tuple[list[str], str]]:
    lines = (FIXTURES / "newcomers.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.partition(" | ") for line in lines if line and not line.startswith("#")]
    return [(speakers.split(" / "), form.replace(" ¶ ", "\n\n")) for speakers, _, form in rows]


FORMS: Final = _forms()


@pytest.fixture(scope="module")
def parser() -> Iterator[SpacyParser]:
    if not installed():
        pytest.skip("spaCy or its model is not installed")
    with SpacyParser() as parser:
        yield parser


def _speakers(found: list[FoundQuotation]) -> list[str]:
    first = [one.speakers[0] if one.speakers else None for one in found]
    return ["-" if speaker is None else speaker.name if speaker.named else "~" for speaker in first]


@pytest.mark.parametrize(("speakers", "form"), FORMS)
def test_by_rules(speakers: list[str], form: str) -> None:
    assert _speakers(find_quotations(form)) == speakers


@pytest.mark.parametrize(("speakers", "form"), FORMS)
def test_with_a_parse(parser: SpacyParser, speakers: list[str], form: str) -> None:
    assert _speakers(find_quotations(form, parser.parse(form))) == speakers

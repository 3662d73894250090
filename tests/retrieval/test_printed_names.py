"""Names, roles and ranks as they are shown: for three hundred mentions read one by one, and for partial names."""

from typing import Final

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.text.quotations import FoundQuotation, find_quotations
from tests.support.paths import FIXTURES

LEVELS: Final = ["rules", "parser"]


def _rows(file: str, columns: int) -> list[list[str]]:
    """The lines of a file without comments, each with at least so many columns."""
    lines = (FIXTURES / "names" / file).read_text(encoding="utf-8").splitlines()
    return [[*map(str.strip, line.split("|")), *[""] * columns][:columns] for line in lines if line[:1] != "#"]


def _found(text: str, level: str, parser: SpacyParser) -> list[FoundQuotation]:
    return find_quotations(text, parser.parse(text) if level == "parser" else None)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("order", ["{} said. It rained.", "said {}. It rained."])
def test_three_hundred_mentions_are_shown_as_they_were_read(level: str, order: str, parser: SpacyParser) -> None:
    rows = _rows("mentions.psv", 5)
    unlike = []
    for mention, name, role, rank, only in rows:
        said = order.format(mention if order.startswith("{}") else mention.strip(","))
        speakers = _found(f"The gate was shut on Friday.\n\n“We are late,” {said}", level, parser)[0].speakers
        shown = [(speaker.name, speaker.role or "", speaker.rank or "") for speaker in speakers]
        if only in {level, ""} and shown != [(name, role, rank)]:
            unlike.append((mention, shown))
    assert len(rows) >= 300
    assert unlike == []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("text", "names", "only"), _rows("speakers.psv", 3), ids=lambda value: value[:30])
def test_a_partial_name_or_an_office_is_the_one_person_that_fits(
    level: str, text: str, names: str, only: str, parser: SpacyParser
) -> None:
    found = _found(text.replace("¶", "\n\n"), level, parser)
    shown = [" & ".join(speaker.name for speaker in quotation.speakers) for quotation in found]
    assert only not in {level, ""} or shown == names.split("; ")

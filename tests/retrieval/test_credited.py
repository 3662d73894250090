"""Whom words are credited to: never to the name in a heading under them, nor to a person for what is theirs.

The names are printed whole, and with nothing that is no part of them.
"""

from typing import Final

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.text.quotations import find_quotations
from tests.support.paths import FIXTURES

LEVELS: Final = ["rules", "parser"]


def _lines(file: str) -> list[str]:
    """The lines of a file behind its first, which says what they are."""
    lines = (FIXTURES / "credited" / file).read_text(encoding="utf-8").splitlines()
    return lines[1:]


def _named(text: str, level: str, parser: SpacyParser, place: int = 0) -> str:
    quotation = find_quotations(text, parser.parse(text) if level == "parser" else None)[place]
    return " + ".join(speaker.name for speaker in quotation.speakers if speaker.named) or "-"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "below",
    [
        "The drummer Pavel Orsk grew up two doors from Lind.",
        "From one singer to another, Orsk wrote her a last letter.",
        "Councillor Pavel Orsk asked for a minute’s silence. “We owe her that,” he said.",
    ],
)
def test_a_heading_says_nothing_that_stands_above_it(level: str, below: str, parser: SpacyParser) -> None:
    above = (
        "Singer Hana Brook wrote a tribute. “She was an orchestra,” Brook wrote.\n\n“Lind knew that walls fall.”\n\n"
    )
    named = {line: _named(f"{above}{line}\n\n{below}", level, parser, 1) for line in _lines("headings.txt")}
    assert len(named) >= 40
    assert {line: name for line, name in named.items() if name not in {"-", "Hana Brook"}} == {}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("said", ["“We are moving fast,” {} said.", "{} said the plan was “dead on arrival.”"])
def test_what_belongs_to_somebody_is_not_that_person(level: str, said: str, parser: SpacyParser) -> None:
    rows = [line.split(" | ") for line in _lines("bodies.txt")]
    texts = {who: f"Senator Ana Costa flew home.\n\n{said.format(who)}" for who, _ in rows}
    named = {who: _named(text, level, parser) for who, text in texts.items()}
    assert len(rows) >= 50
    assert {who: named[who] for who, name in rows if named[who] != name} == {}


@pytest.mark.parametrize("level", LEVELS)
def test_a_name_is_printed_whole_and_alone(level: str, parser: SpacyParser) -> None:
    rows = [[*map(str.strip, line.split("|")), ""][:4] for line in _lines("names.psv") if line[:1] != "#"]
    asked = [row for row in rows if row[3] in {level, ""}]
    named = {text: _named(text.replace("¶", "\n\n"), level, parser, int(place)) for _, place, text, _ in asked}
    assert len(asked) >= 120
    assert {text: named[text] for names, _, text, _ in asked if named[text] not in names.split("/")} == {}

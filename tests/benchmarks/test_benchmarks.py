"""What the benches' own arithmetic says; their figures are for people to read."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.benchmarks.growth import Grown, picture
from tests.benchmarks.page_time import milliseconds, ours, theirs
from tests.benchmarks.peers import holds
from tests.support.pages import recorded_pages

EVIDENCE = "The Eastgate Bridge will close to all traffic on March 4 and stay shut for eleven weeks."


@pytest.mark.parametrize(
    ("passage", "held"),
    [
        (EVIDENCE, True),
        ("Before.\n\n" + EVIDENCE.replace(" ", "\n") + " Behind.", True),
        (EVIDENCE[10:], True),
        (EVIDENCE[:50], False),
        ("x " * 750 + EVIDENCE, False),
        ("Something else.", False),
    ],
    ids=["the same", "spaced otherwise", "most of it", "half of it", "too far behind", "another"],
)
def test_a_passage_holds_an_evidence_where_four_fifths_of_it_can_be_shown(passage: str, *, held: bool) -> None:
    assert holds(passage, ["Words of another evidence.", EVIDENCE]) is held


def test_reading_a_page_takes_little_more_time_than_trafilatura_alone() -> None:
    pages = [recorded.fetched for recorded in recorded_pages()]

    rounds = [(milliseconds(ours, pages), milliseconds(theirs, pages)) for _ in range(5)]

    own, library = map(min, zip(*rounds, strict=True))
    assert own <= 1.45 * library  # 1.3 and what a busy machine adds


def test_the_picture_shows_every_size_twice() -> None:
    curve = [Grown(size, 8.0, 7.0, 250.0, 9.0, 2.0, 0.3, 0.5, 150.0, 10.0) for size in (1_000, 10_000, 100_000)]

    drawn = ET.fromstring(picture(curve))

    space = "{http://www.w3.org/2000/svg}"
    labels = [element.text for element in drawn.iter(f"{space}text")]
    assert len(list(drawn.iter(f"{space}circle"))) == 2 * len(curve)
    assert labels.count("100,000") == 2  # the smaller ones also stand at the sides

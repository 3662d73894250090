"""Filters quotations: what is kept, in which order, and what counts where token vectors are missing."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive.opening import open_archive
from retrieval.asking.relevance import Places, about
from retrieval.domain.articles import Draft, Span
from retrieval.domain.ids import SHARED
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.scope import Scope
from tests.support.fakes import HashingEmbedder
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrieval.archive.records import FoundPassage
    from retrieval.domain.quotations import CitedQuotation

EMBEDDER = HashingEmbedder()
ARTICLE = Draft(
    text=(
        "Council argues over the ferry\n\n"
        "“The ferry timetable will not change before winter,” said Ada Okafor, the mayor of Port Selby.\n\n"
        "The council met for three hours on Monday evening.\n\n"
        "“Our library deserves a warmer reading room,” Okafor said.\n\n"
        "“A ferry without passengers helps nobody in this town,” Okafor said.\n"
    ),
    publisher="Selby Radio",
)


@pytest.fixture
def stored(tmp_path: Path) -> tuple[tuple[CitedQuotation, ...], tuple[FoundPassage, ...]]:
    with newsroom_in(tmp_path, EMBEDDER) as room:
        room.importer.add(ARTICLE, SHARED)
        found = room.quotes_by(Scope(), "Okafor")
        assert isinstance(found, QuotationsFound)
    with open_archive(tmp_path / "a.sqlite3") as archive:
        return found.quotations, archive.passages.quoted(Scope(), [found.speaker.id])


def firsts(asked: str, quotations: Sequence[CitedQuotation], passages: Sequence[FoundPassage]) -> list[str]:
    kept = about(asked, EMBEDDER.embed_query(asked), quotations, passages)
    return [" ".join(cited.words.split()[:2]) for cited in kept]


@pytest.mark.parametrize("tokens", ["stored", "lost", "passages lost"])
@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("ferry", ["The ferry", "A ferry"]),
        ("a town without ferry passengers", ["A ferry"]),
        ("the reading room of the library", ["Our library"]),
        ("snow in the mountains", []),
        ("who is it", []),
    ],
)
def test_the_nearest_come_first_and_the_poor_ones_are_left_out(
    stored: tuple[tuple[CitedQuotation, ...], tuple[FoundPassage, ...]], tokens: str, asked: str, kept: list[str]
) -> None:
    quotations, passages = stored
    if tokens == "lost":
        passages = tuple(replace(found, tokens=None) for found in passages)
    assert firsts(asked, quotations, () if tokens == "passages lost" else passages) == kept


def test_no_quotation_is_about_anything() -> None:
    assert about("ferry", EMBEDDER.embed_query("ferry"), (), ()) == ()


SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 40), st.integers(1, 25))


@given(st.lists(st.tuples(SPANS, st.floats(0, 1)), max_size=12), SPANS)
def test_the_sentences_around_a_quotation_are_those_that_overlap_it(
    sentences: list[tuple[Span, float]], context: Span
) -> None:
    overlapping = [likeness for span, likeness in sentences if span.overlaps(context)]
    assert sorted(Places(sentences).around(context)) == sorted(overlapping)


def seconds_around(amount: int) -> float:
    """The processor's seconds until the sentences around so many quotations of one article are found."""
    sentences = [(Span(10 * number, 10 * number + 9), 0.5) for number in range(amount)]
    start = time.thread_time()
    places = Places(sentences)
    assert all(len(places.around(span)) == 1 for span, _ in sentences)
    return time.thread_time() - start


def test_the_sentences_around_many_quotations_are_found_without_a_look_at_all_of_them() -> None:
    few, many = (min(seconds_around(amount) for _ in range(2)) for amount in (2_000, 8_000))
    assert many < 8 * few

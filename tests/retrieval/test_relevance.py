"""Narrowing quotations: what is kept, in which order, and what counts where token vectors are missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from config.settings import QuotationParser, Settings
from retrieval.archive.opening import open_archive
from retrieval.assembly import open_newsroom
from retrieval.domain.articles import Draft
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.readers import Reader
from retrieval.relevance import about
from tests.fakes import HashingEmbedder

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
    path = tmp_path / "a.sqlite3"
    settings = Settings(archive_path=path, seeds_path=tmp_path / "none", quotation_parser=QuotationParser.RULES)
    with open_newsroom(settings, EMBEDDER) as room:
        room.add_article(ARTICLE)
        found = room.quotes_by(Reader(), "Okafor")
        assert isinstance(found, QuotationsFound)
    with open_archive(path) as archive:
        return found.quotations, archive.quoted_passages(Reader(), found.speaker.id)


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

"""Words by their place: found in a scope, with the paragraphs around them, and never from a damaged text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from retrieval.archive.schema import articles
from retrieval.archive.speakers.cited_quotations import ArticleText
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from tests.support.articles import BRIDGE
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.newsroom import Newsroom

ANYONE = Scope()
CLOSED = "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings."
LUCK = "But we will not wait for luck to run out.”"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as opened:
        yield opened


def place(room: Newsroom, words: str) -> ExcerptRef:
    added = room.importer.add(BRIDGE, SHARED).article
    start = added.body.index(words)
    return ExcerptRef(added.id, Span(start, start + len(words)))


@pytest.mark.parametrize(
    ("words", "length", "around"),
    [
        ("one", 0, "one"),
        ("one", 6, "one\n\n\n two"),
        ("two", 1, " two\nthree"),
        ("two", 5, "one\n\n\n two\nthree"),
        ("three", 2, " two\nthree"),
        ("e\n\n\n t", 100, "one\n\n\n two\nthree"),
    ],
)
def test_a_neighbourhood_is_of_whole_paragraphs_as_far_as_its_length_on_either_side(
    words: str, length: int, around: str
) -> None:
    text = ArticleText("one\n\n\n two\nthree")
    start = text.body.index(words)
    assert text.of(text.neighbourhood(Span(start, start + len(words)), length)) == around


def test_a_sentence_has_the_paragraphs_around_it_and_a_quotation_its_speaker(room: Newsroom) -> None:
    excerpt = room.excerpts.find(ANYONE, place(room, CLOSED))
    assert excerpt is not None
    assert (excerpt.words, excerpt.quotation, excerpt.is_passage) == (CLOSED, None, False)
    assert excerpt.text.startswith("Harbour bridge closed after cracks are found\n")
    assert excerpt.text.endswith("told residents in a letter.")
    quoted = room.excerpts.find(ANYONE, place(room, LUCK[:-1]))
    assert quoted is not None
    assert quoted.quotation is not None
    assert [speaker.name for speaker in quoted.quotation.quotation.speakers] == ["Ada Okafor"]


def test_several_sentences_are_a_passage(room: Newsroom) -> None:
    excerpt = room.excerpts.find(
        ANYONE, place(room, f"{CLOSED}\n\n“Nobody was ever in danger,” said Ada Okafor, the mayor of Port Selby.")
    )
    assert excerpt is not None
    assert excerpt.is_passage


def test_nothing_is_shown_of_a_text_that_is_not_the_one_that_was_added(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    ref = place(room, CLOSED)
    with room._archive._connections.writing() as connection:
        connection.execute(sa.update(articles).values(body=articles.c.body + " More."))
    assert room.excerpts.find(ANYONE, ref) is None
    assert f"Article {ref.article_id}" in caplog.text

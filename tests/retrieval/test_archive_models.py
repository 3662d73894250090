"""Vectors of two models are never in use together, and a change from one to the other can be cut off at any point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewVector
from retrieval.domain.ids import ArticleId, PassageId
from retrieval.domain.readers import Reader
from retrieval.errors import EmbeddingMismatch
from tests.fakes import HashingEmbedder
from tests.prepared import NOON, new_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.archive.records import NewArticle
    from retrieval.domain.articles import AddedArticle

EMBEDDER = HashingEmbedder()
ANYONE = Reader()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "news.sqlite3") as opened:
        yield opened


def add(archive: Archive, article: NewArticle) -> AddedArticle:
    return archive.add(article, EMBEDDER.spec, now=NOON)


def test_vectors_of_another_model_are_refused(archive: Archive) -> None:
    add(archive, new_article("One", "the words"))
    other = HashingEmbedder(checksum="f" * 64)
    with pytest.raises(EmbeddingMismatch) as caught:
        archive.add(new_article("Two", "other words", embedder=other), other.spec, now=NOON)
    assert (caught.value.stored, caught.value.configured) == (EMBEDDER.spec, other.spec)
    assert len(archive.articles(ANYONE)) == 1


def test_a_change_of_model_can_stop_and_go_on_and_happens_at_once(archive: Archive) -> None:
    for number in range(5):
        add(archive, new_article(f"a{number}", f"one {number}", f"two {number}"))
    other = HashingEmbedder(dimension=32, checksum="f" * 64)
    batches = 0
    while not archive.activate(other.spec):
        assert archive.embedding_spec() == EMBEDDER.spec
        waiting = archive.passages_to_embed(other.spec, limit=4)
        vectors = other.embed_passages([passage.text for passage in waiting])
        new = [NewVector(p.passage_id, vector) for p, vector in zip(waiting, vectors, strict=True)]
        archive.store_vectors(other.spec, new)
        batches += 1
        if batches == 1:
            archive.remove(ANYONE, ArticleId(5), now=NOON)
            add(archive, new_article("late", "added with the old model"))
    assert (batches, archive.embedding_spec()) == (3, other.spec)
    report = archive.check()
    assert (report.passages, report.vectors, report.problems) == (9, 9, ())
    with pytest.raises(EmbeddingMismatch):
        add(archive, new_article("later", "still the old model"))


def test_vectors_for_passages_that_are_gone_are_passed_over(archive: Archive) -> None:
    other = HashingEmbedder(checksum="f" * 64)
    archive.remove(ANYONE, add(archive, new_article("One", "the words")).article.id, now=NOON)
    archive.store_vectors(other.spec, [NewVector(PassageId(1), other.embed_query("the words").vector)])
    assert archive.activate(other.spec)
    assert archive.embedding_spec() == other.spec


def test_an_archive_without_articles_takes_any_model_at_once(archive: Archive) -> None:
    assert archive.activate(EMBEDDER.spec)
    assert archive.about(ANYONE).model == EMBEDDER.spec.label

"""What is derived is made anew after damage, and what is forgotten is noticed by whoever needed it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.opening import open_archive
from retrieval.articles.storing import embed_article
from retrieval.domain.ids import SHARED, ArticleId
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveCorrupt, ArchiveError
from retrieval.reading import read_article
from tests.crash.texts import draft
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.domain.embeddings import Candidate

EMBEDDER = HashingEmbedder()
ANYONE = Scope()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "news.sqlite3"
    with open_archive(path) as archive:
        for number in range(5):
            add(archive, number)
    return path


def add(archive: Archive, number: int) -> None:
    archive.articles.add(
        embed_article(read_article(draft(number)), EMBEDDER), EMBEDDER.spec, collection=SHARED, now=NOON
    )


def ask(search: FaissSearch) -> tuple[Candidate, ...]:
    return search.candidates(ANYONE, EMBEDDER.embed_query("report 3").vector, ["report", "3", "mayor"], 50)


def ask_anew(archive: Archive) -> tuple[Candidate, ...]:
    search = FaissSearch(archive, EMBEDDER.spec)
    try:
        return ask(search)
    finally:
        search.close()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM passage_words_data WHERE id > 10",
        "DELETE FROM passage_words_data",
        "UPDATE passage_words_data SET block = x'00ff00ff00ff'",
        "DELETE FROM passage_words_content",
        "DELETE FROM passage_words_config",
        "DELETE FROM passage_words",
        "INSERT INTO passage_words (rowid, words) VALUES (99, 'stray')",
        "UPDATE passages SET words = 9 WHERE id = 6",
    ],
)
def test_a_damaged_full_text_index_is_made_anew_and_finds_what_it_found(path: Path, damage: str) -> None:
    with open_archive(path) as archive:
        before, passages = ask_anew(archive), archive.check().passages
    connection = sqlite3.connect(path)
    connection.execute(damage)
    connection.commit()
    connection.close()
    with open_archive(path) as archive:
        assert is_unsound(archive)
        assert archive.rebuild_words() == passages
        assert archive.check().problems == ()
        assert ask_anew(archive) == before


def is_unsound(archive: Archive) -> bool:
    try:
        return bool(archive.check().problems)
    except (ArchiveCorrupt, ArchiveError):
        return True


def test_a_repair_changes_nothing_where_nothing_is_wrong(path: Path) -> None:
    with open_archive(path) as archive:
        before = ask_anew(archive)
        archive.rebuild_words()
        assert ask_anew(archive) == before
        assert archive.check().problems == ()


def test_an_engine_that_runs_finds_the_words_after_a_repair_by_another_process(path: Path) -> None:
    with open_archive(path) as archive, open_archive(path) as other:
        search = FaissSearch(archive, EMBEDDER.spec)
        before = ask(search)
        other.rebuild_words()
        assert ask(search) == before
        search.close()


@pytest.mark.parametrize("keep", [1, 3, 10, 10_000])
def test_an_engine_that_was_behind_when_changes_were_forgotten_is_in_step_again(path: Path, keep: int) -> None:
    with open_archive(path) as archive, open_archive(path) as other:
        search = FaissSearch(archive, EMBEDDER.spec)
        ask(search)
        for number in range(5, 9):
            add(other, number)
        other.articles.remove(ANYONE, ArticleId(2), now=NOON)
        other.prune_changes(keep)
        assert ask(search) == ask_anew(archive)
        add(other, 9)
        other.articles.remove(ANYONE, ArticleId(1), now=NOON)
        assert ask(search) == ask_anew(archive)
        search.close()


def last_change(archive: Archive) -> int:
    with closing(archive.follow()) as change_feed, change_feed.snapshot() as snapshot:
        return snapshot.sequence


def test_the_last_changes_are_kept_and_their_numbers_go_on(path: Path) -> None:
    with open_archive(path) as archive:
        newest = last_change(archive)
        assert archive.prune_changes(keep=0) == newest - 1
        assert last_change(archive) == newest
        assert archive.prune_changes(keep=0) == 0
        add(archive, 50)
        assert last_change(archive) == newest + 1
        assert archive.check().problems == ()

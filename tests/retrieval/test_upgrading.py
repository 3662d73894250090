"""An archive that any older release left is opened by this one: everything in it answers, and nothing of it changed.

What is left when an upgrade is killed is seen in `test_crash`.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.backup.backup_file import back_up, restore
from retrieval.archive.sqlite.migrating import known_steps
from retrieval.archive.sqlite.opening import open_archive
from retrieval.domain.answers import Answer
from retrieval.domain.ids import SHARED, CollectionId, FeedId
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.scope import Filters, Scope
from tests.crash.older import archive_at, lost, older_steps, rows_of, step_of
from tests.crash.texts import draft
from tests.crash.works import opened
from tests.support.articles import BRIDGE

if TYPE_CHECKING:
    from pathlib import Path

ANYONE = Scope()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.sqlite3"


@pytest.mark.parametrize("step", older_steps())
def test_an_archive_of_an_older_release_answers_in_this_one(path: Path, step: str) -> None:
    archive_at(step, path, BRIDGE, *map(draft, range(3)))
    assert step_of(path) == step
    with opened(path) as room:
        assert not room.is_new
        assert room.check().problems == ()
        assert len(room.articles(ANYONE)) == 4
        answer = room.ask(ANYONE, "why was the harbour bridge closed")
        assert isinstance(answer, Answer)
        assert "bridge" in answer.citations[0].excerpt
        said = room.quotes_by(ANYONE, "Ada Okafor")
        assert isinstance(said, QuotationsFound)
        assert any("Nobody was ever in danger" in cited.words for cited in said.quotations)
        assert room.bot_state.get(SHARED, "seed:gone") == "1"
        assert room.add_article(BRIDGE).article.id in {entry.id for entry in room.articles(ANYONE)}
        assert len(room.articles(ANYONE)) == 4, "a text that the older release knew was taken for a new one"
        room.add_article(draft(77))
        room.remove_article(ANYONE, room.articles(ANYONE)[-1].id)
        assert room.check().problems == ()


@pytest.mark.parametrize("step", older_steps())
def test_an_upgrade_changes_nothing_of_what_is_there(path: Path, step: str) -> None:
    archive_at(step, path, *map(draft, range(3)))
    before = rows_of(path)
    assert all(before[table] for table in ("articles", "passages", "vectors", "passage_words", "quotations"))
    with open_archive(path):
        pass
    assert lost(before, rows_of(path)) == []


@pytest.mark.parametrize("step", older_steps())
def test_publishers_and_headlines_of_an_older_release_are_found_however_they_are_written(path: Path, step: str) -> None:
    archive_at(step, path, replace(BRIDGE, title="Él cierra el puente", publisher="Índice Político"), draft(1))
    with open_archive(path) as archive:
        for typed in ("Índice Político", "INDICE"):
            found = archive.articles(Scope(only=Filters(publisher=typed)))
            assert [entry.source.publisher for entry in found] == ["Índice Político"]
        assert len(archive.shelf.titled(ANYONE, "el cierra", 9, own=True)) == 1


@pytest.mark.parametrize("step", older_steps())
def test_a_backup_of_an_older_release_is_restored_as_it_is_and_then_upgraded(
    path: Path, tmp_path: Path, step: str
) -> None:
    archive_at(step, path, BRIDGE)
    back_up(path, tmp_path / "backup")
    restore(tmp_path / "backup", path)
    assert step_of(path) == step
    with open_archive(path) as archive:
        assert archive.check().problems == ()
        assert len(archive.articles(ANYONE)) == 1


def test_every_step_has_its_number_and_follows_the_one_before() -> None:
    steps = sorted(known_steps())
    assert steps == [f"{number:04}" for number in range(1, len(steps) + 1)]
    assert all(re.fullmatch(r"\d{4}", step) for step in steps)


@pytest.mark.parametrize("step", [step for step in older_steps() if step >= "0002"])
def test_each_subscriber_has_what_was_known_of_a_feed_for_all(path: Path, step: str) -> None:
    """Figures and entries; an entry's article is the version that the subscriber has."""
    archive_at(step, path, BRIDGE, draft(1))
    connection = sqlite3.connect(path)
    day = "2024-05-06 00:00:00.000000"
    with connection:
        connection.execute("INSERT INTO subscriptions (feed_id, collection_id, added_at) VALUES (1, 22, ?)", (day,))
        connection.execute("UPDATE feeds SET succeeded_at = ?, failing_since = ? WHERE id = 1", (day, day))
        connection.execute("UPDATE articles SET address = 'page', fetched_at = ?", (day,))
        connection.execute("INSERT INTO visibility (article_id, collection_id) VALUES (1, 11), (2, 22)")
    connection.close()
    with open_archive(path) as archive:
        known = archive.feeds.known_entries(FeedId(1))
        assert {server: [entry.article_id for entry in of.values()] for server, of in known.items()} == {
            11: [1],
            22: [2],
        }
        for server in (CollectionId(11), CollectionId(22)):
            (feed,) = archive.feeds.subscribed(server)
            assert (feed.articles, feed.last_error) == (1, "It")
            assert feed.answered_at == feed.failing_since == datetime(2024, 5, 6, tzinfo=UTC)

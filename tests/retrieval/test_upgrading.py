"""The archive that each release left is opened by this one: everything in it answers, and nothing of it changed.

What is left when an upgrade is killed is seen in `test_crash`.
"""

from __future__ import annotations

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.backup.backup_file import back_up, restore
from retrieval.archive.integrity import checksums
from retrieval.archive.opening import open_archive
from retrieval.archive.sqlite.connections import SQLiteConnections
from retrieval.archive.sqlite.migrating import last_step, steps
from retrieval.domain.answers import Answer
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, FeedId, UserId
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveCorrupt, ArchiveError, BackupRefused
from tests.crash.older import KEPT, archive_at, lost, older_steps, rows_of, step_of
from tests.crash.texts import draft
from tests.crash.works import opened
from tests.support.articles import BRIDGE

if TYPE_CHECKING:
    from pathlib import Path

ANYONE, HERE = Scope(), Scope(CollectionId(11))
RELEASES = sorted(file.stem for file in KEPT.glob("*.sqlite3"))


pytestmark = pytest.mark.usefixtures("own_tables")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.sqlite3"


def test_the_archive_of_every_release_is_kept() -> None:
    assert sorted(steps()) == RELEASES


@pytest.mark.parametrize("step", RELEASES)
def test_the_archive_of_every_release_answers_in_this_one(path: Path, step: str) -> None:
    archive_at(step, path)
    assert step_of(path) == step
    with opened(path) as room:
        assert not room.is_new
        assert room.check().problems == ()
        assert (len(room.articles.entries(ANYONE)), len(room.articles.entries(HERE))) == (4, 6)
        assert any(entry.source.title == "Set by hand" for entry in room.articles.entries(HERE))
        answer = room.ask(ANYONE, "why was the harbour bridge closed")
        assert isinstance(answer, Answer)
        assert "bridge" in answer.citations[0].excerpt
        said = room.quotes_by(ANYONE, "Ms. O.")
        assert isinstance(said, QuotationsFound)
        assert any("Nobody was ever in danger" in cited.words for cited in said.quotations)
        kinds = {rule.kind for rule in room.overrides.active(HERE)}
        assert kinds == {OverrideKind.ALIAS, OverrideKind.PART}
        assert room.bot_state.get(SHARED, "seed:gone") == "1"
        assert "refs" in (room.remembered.get(CollectionId(11), "answer", 77) or "")
        assert room.remembered.forget(UserId(7)) == 1
        assert room.importer.add(BRIDGE, SHARED).article.id in {entry.id for entry in room.articles.entries(ANYONE)}
        assert len(room.articles.entries(ANYONE)) == 4, "a text that the older release knew was taken for a new one"
        room.importer.add(draft(77), SHARED)
        room.articles.remove(ANYONE, room.articles.entries(ANYONE)[-1].id)
        assert room.check().problems == ()
    assert step_of(path) == last_step()


@pytest.mark.parametrize("step", RELEASES)
def test_a_feed_of_every_release_is_followed_on(path: Path, step: str) -> None:
    archive_at(step, path)
    with open_archive(path) as archive:
        (feed,) = archive.subscriptions.followed(CollectionId(11))
        assert feed.title == "Courier"
        (known,) = archive.feed_entries.known(FeedId(1))[CollectionId(11)].values()
        assert known.article_id == ArticleId(1)


@pytest.mark.parametrize("step", RELEASES)
def test_an_upgrade_changes_nothing_of_what_is_there(path: Path, step: str) -> None:
    archive_at(step, path)
    before = rows_of(path)
    assert all(before[table] for table in ("articles", "passages", "vectors", "passage_words", "quotations"))
    with open_archive(path):
        pass
    assert lost(before, rows_of(path)) == []


@pytest.mark.parametrize("step", RELEASES)
def test_damage_that_was_there_before_an_upgrade_is_still_found(path: Path, step: str) -> None:
    archive_at(step, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE articles SET publisher = 'Somebody else' WHERE id = 2")
    with open_archive(path) as archive:
        (problem,) = archive.check().problems
        assert "the source of article 2" in problem


@pytest.mark.parametrize("step", RELEASES)
def test_a_backup_of_every_release_is_restored_as_it_is_and_then_upgraded(
    path: Path, tmp_path: Path, step: str
) -> None:
    archive_at(step, path)
    back_up(path, tmp_path / "backup")
    restore(tmp_path / "backup", path)
    assert step_of(path) == step
    with open_archive(path) as archive:
        assert archive.check().problems == ()
        assert len(archive.articles.entries(ANYONE)) == 4


@pytest.mark.parametrize(
    "strange",
    [
        "CREATE TRIGGER spy AFTER INSERT ON articles BEGIN DELETE FROM audit; END",
        "CREATE VIEW everything AS SELECT * FROM articles",
        "CREATE TABLE more (id INTEGER)",
        "CREATE INDEX more ON articles (body)",
        "DROP INDEX ix_articles_address",
        "DROP TABLE attempts",
        "ALTER TABLE articles ADD COLUMN more TEXT",
    ],
)
@pytest.mark.parametrize("step", RELEASES)
def test_an_archive_with_another_schema_than_its_step_makes_is_neither_opened_nor_copied(
    path: Path, tmp_path: Path, step: str, strange: str
) -> None:
    archive_at(step, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(strange)
    left = path.read_bytes()
    with (
        pytest.raises(ArchiveCorrupt, match="triggers or views that Pullquote did not make") as refused,
        open_archive(path),
    ):
        pass
    if step == last_step() and strange.startswith("CREATE"):
        assert f"did not make: {strange.split()[2]}. " in str(refused.value)
    with pytest.raises(ArchiveCorrupt, match="did not make"):
        back_up(path, tmp_path / "backup")
    with pytest.raises(BackupRefused, match="not a sound backup"):
        restore(path, tmp_path / "other.sqlite3")
    assert path.read_bytes() == left
    assert not (tmp_path / "backup").exists()
    assert not (tmp_path / "other.sqlite3").exists()


@pytest.mark.parametrize("step", older_steps())
def test_a_backup_of_an_older_release_with_rows_that_lack_their_article_is_refused(
    path: Path, tmp_path: Path, step: str
) -> None:
    archive_at(step, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM articles WHERE id = 2")
    with pytest.raises(BackupRefused, match="refer to rows that are not there"):
        restore(path, tmp_path / "other.sqlite3")


@pytest.mark.parametrize("step", ["0001", "0004"])
def test_an_archive_from_long_before_the_first_release_is_refused(path: Path, step: str) -> None:
    archive_at(older_steps()[0], path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (step,))
    with pytest.raises(ArchiveError, match="long before the first release"), open_archive(path):
        pass


def test_every_step_has_its_number_and_follows_the_one_before() -> None:
    numbered = sorted(steps().keys() - {"0005"})
    assert all(re.fullmatch(r"\d{4}_\w+", step) for step in numbered)
    assert [int(step[:4]) for step in numbered] == list(range(1, len(numbered) + 1))


@pytest.mark.parametrize("step", older_steps())
def test_a_failed_upgrade_keeps_the_archive_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(_: object) -> None:
        raise RuntimeError

    archive_at(step, path)
    before = rows_of(path)
    connections = SQLiteConnections(path, busy_seconds=1)
    connections.close()
    monkeypatch.setattr(checksums, "accept", fail)
    with pytest.raises(RuntimeError), open_archive(path):
        pass
    assert step_of(path) == step
    assert rows_of(path) == before


@pytest.mark.parametrize("step", older_steps())
def test_several_may_open_an_archive_that_is_upgraded(path: Path, step: str) -> None:
    def open_once(_: int) -> bool:
        with open_archive(path) as archive:
            return not archive.created and archive.check().problems == ()

    archive_at(step, path)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(open_once, range(4)))

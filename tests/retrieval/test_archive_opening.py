"""Opening an archive: made when missing, refused when it is no archive, brought up to date when it is an older one."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from retrieval.archive import schema
from retrieval.archive.opening import open_archive
from retrieval.archive.schema import WORDS
from retrieval.archive.sqlite import access
from retrieval.archive.sqlite.connections import SQLiteConnections
from retrieval.archive.sqlite.failures import translate_errors
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from retrieval.errors import (
    ArchiveCorrupt,
    ArchiveError,
    ArchiveFull,
    ArchiveLocked,
    ArchiveReadOnly,
    ArchiveTooNew,
)
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, new_article

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("own_tables")

EMBEDDER = HashingEmbedder()
ANYONE = Scope()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.sqlite3"


def make(path: Path) -> None:
    with open_archive(path) as archive:
        archive.articles.add(new_article("One", "the words"), EMBEDDER.spec, collection=SHARED, now=NOON)


def write(connections: SQLiteConnections, *statements: str) -> None:
    with connections.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_missing_file_is_made_with_its_folders_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b 100% new" / "news.sqlite3"
    with open_archive(path) as archive:
        assert archive.created
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()} == {0o600}
    with open_archive(path) as archive:
        assert not archive.created
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_an_empty_file_becomes_an_archive(path: Path) -> None:
    path.touch()
    with open_archive(path) as archive:
        assert archive.created
        assert archive.check().problems == ()


def test_the_tables_are_those_of_the_schema(path: Path) -> None:
    make(path)
    migrated = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool)
    with migrated.connect() as connection:
        options = {"include_name": is_table_of_ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []


def is_table_of_ours(name: str | None, kind: str, _: object) -> bool:
    return kind != "table" or not (name or "").startswith(WORDS)


def test_the_tables_are_made_by_the_very_statements_of_the_schema(path: Path) -> None:
    make(path)
    fresh = sqlite3.connect(path.with_name("fresh.sqlite3"))
    created = sa.create_engine("sqlite://", creator=lambda: fresh, poolclass=sa.pool.StaticPool)
    schema.metadata.create_all(created)
    migrated = sqlite3.connect(path)
    assert statements(migrated) == statements(fresh)
    created.dispose()
    migrated.close()


def statements(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """How each table and index was made; the order of a table's clauses and their spacing may differ."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    ours = {name: sql for name, sql in rows if not name.startswith(WORDS) and name != "alembic_version"}
    return {
        name: sorted(re.sub(r"\s*([(),])\s*|\s+", r"\1", sql).removesuffix(")").split(","))
        for name, sql in ours.items()
    }


def test_every_connection_keeps_references_and_flushes_fully(path: Path) -> None:
    make(path)
    connections = SQLiteConnections(path, busy_seconds=1.5)
    with connections.reading() as connection:
        pragmas = ["foreign_keys", "synchronous", "journal_mode", "busy_timeout"]
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas] == [1, 2, "wal", 1500]
    connections.close()


def test_a_failed_change_of_the_tables_leaves_nothing_behind(path: Path) -> None:
    connections = SQLiteConnections(path, busy_seconds=1)

    def migrate_wrongly() -> None:
        with connections.migrating() as connection:
            for _ in range(2):
                connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")

    with pytest.raises(sa.exc.OperationalError, match="already exists"):
        migrate_wrongly()
    with connections.reading() as connection:
        assert sa.inspect(connection).get_table_names() == []
    connections.close()


def test_two_processes_may_open_a_new_archive_at_the_same_moment(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from retrieval.archive.opening import open_archive\n"
        "with open_archive(Path(sys.argv[1])) as archive: print(archive.check().problems)"
    )
    command = [sys.executable, "-c", script, str(path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate(timeout=60)[0].strip() for process in processes] == ["()"] * 3


def test_threads_may_open_and_write_at_the_same_moment(path: Path) -> None:
    make(path)
    failures: list[BaseException] = []

    def fill(number: int) -> None:
        try:
            with open_archive(path) as archive:
                for part in range(5):
                    archive.articles.add(
                        new_article("t", f"text {number} {part}"), EMBEDDER.spec, collection=SHARED, now=NOON
                    )
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with open_archive(path) as archive:
        assert len(archive.articles.entries(ANYONE)) == 21


def test_who_writes_again_and_again_lets_everybody_else_write_in_between(path: Path) -> None:
    make(path)
    connections, written, stop = SQLiteConnections(path, busy_seconds=5), [0], threading.Event()

    def write_on() -> None:
        while not stop.is_set():
            with connections.writing() as connection:
                connection.exec_driver_sql(f"PRAGMA user_version = {written[0]}")
                time.sleep(0.005)
            written[0] += 1

    busy = threading.Thread(target=write_on, daemon=True)
    busy.start()
    overtaken = []
    for _ in range(20):
        before = written[0]
        write(connections, "PRAGMA user_version = 0")
        overtaken.append(written[0] - before)
    stop.set()
    busy.join(20)
    connections.close()
    assert max(overtaken) <= 2, overtaken


@pytest.mark.parametrize("content", [b"Not a database at all. " * 100, bytes(range(256)) * 40, b"SQLite format 3\0"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ArchiveCorrupt, match=r"not a Pullquote archive"), open_archive(path):
        pass
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused_and_left_alone(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveCorrupt, match=r"not a Pullquote archive"), open_archive(path):
        pass
    assert path.read_bytes() == before


def test_an_archive_of_a_newer_release_is_refused(path: Path) -> None:
    make(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(ArchiveTooNew, match=r"newer release.*Install that release"), open_archive(path):
        pass


def test_a_folder_in_the_archives_place_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(ArchiveCorrupt), open_archive(path):
        pass


def test_a_file_in_the_folders_place_is_refused(path: Path) -> None:
    path.touch()
    with pytest.raises(ArchiveError, match="cannot be reached"), open_archive(path / "news.sqlite3"):
        pass


@pytest.mark.parametrize(("kind", "said"), [(ArchiveReadOnly, "cannot be written"), (ArchiveFull, "is full")])
def test_what_cannot_be_written_can_be_read_and_is_written_again_as_soon_as_it_can(
    path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[ArchiveError], said: str
) -> None:
    make(path)
    problem = access._problem

    def no_writing(path: Path, how: access.Access, busy: float) -> ArchiveError | None:
        return problem(path, how, busy) if "immutable" in how.uri else kind(path=path)

    monkeypatch.setattr(access, "_problem", no_writing)
    with open_archive(path) as archive, closing(archive.follow()) as follower:
        with follower.snapshot() as snapshot:
            before = snapshot.version
        with pytest.raises(kind, match=said):
            archive.bot_state.put(SHARED, "key", "lost")
        assert archive.bot_state.get(SHARED, "key") is None
        monkeypatch.undo()
        archive.bot_state.put(SHARED, "key", "kept")
        assert archive.bot_state.get(SHARED, "key") == "kept"
        with follower.snapshot() as snapshot:
            assert snapshot.version != before
        assert archive.check().problems == ()


def test_what_is_taken_for_unchanging_is_read_anew_once_another_process_has_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path)
    problem = access._problem
    only_reading = [True]

    def no_writing(path: Path, how: access.Access, busy: float) -> ArchiveError | None:
        fine = "immutable" in how.uri or not only_reading[0]
        return problem(path, how, busy) if fine else ArchiveFull(path=path)

    monkeypatch.setattr(access, "_problem", no_writing)
    with open_archive(path) as archive:
        only_reading[0] = False
        with open_archive(path) as other:
            other.bot_state.put(SHARED, "key", "written")
            assert archive.bot_state.get(SHARED, "key") == "written"


def test_what_was_changed_while_it_was_taken_for_unchanging_is_not_trusted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path)
    problem = access._problem
    monkeypatch.setattr(
        access,
        "_problem",
        lambda path, how, busy: problem(path, how, busy) if "immutable" in how.uri else ArchiveFull(path=path),
    )
    connections = SQLiteConnections(path, busy_seconds=1)
    with pytest.raises(ArchiveLocked), connections.reading():
        os.utime(path)
    connections.close()


def test_a_write_that_is_not_allowed_says_so_from_its_cause(path: Path) -> None:
    make(path)
    connections = SQLiteConnections(path, busy_seconds=1)
    with pytest.raises(ArchiveReadOnly, match="cannot be written") as caught:
        write(connections, "PRAGMA query_only = ON", "DELETE FROM articles")
    assert isinstance(caught.value.__cause__, sa.exc.OperationalError)
    connections.close()


def test_a_locked_archive_says_so_after_its_time_and_is_as_it_was(path: Path) -> None:
    make(path)
    with open_archive(path, busy_seconds=0.1) as archive:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveLocked, match="another process"):
            archive.articles.add(new_article("Two", "other words"), EMBEDDER.spec, collection=SHARED, now=NOON)
        assert len(archive.articles.entries(ANYONE)) == 1
        other.execute("COMMIT")
        other.close()
        archive.articles.add(new_article("Two", "other words"), EMBEDDER.spec, collection=SHARED, now=NOON)


def test_a_full_disk_says_so_and_nothing_is_half_written(path: Path) -> None:
    make(path)
    connections = SQLiteConnections(path, busy_seconds=1)
    with pytest.raises(ArchiveFull, match="Make room"):
        write(
            connections,
            "PRAGMA max_page_count = 1",  # SQLite takes it for: no more than there are
            "UPDATE articles SET title = 'half'",
            "UPDATE articles SET body = printf('%.*c', 900000, 'x')",
        )
    connections.close()
    with open_archive(path) as archive:
        assert archive.articles.entries(ANYONE)[0].source.title == "One"
        assert archive.check().problems == ()


def test_a_full_disk_at_making_the_file_says_so(path: Path) -> None:
    with pytest.raises(ArchiveFull), translate_errors(path):
        raise OSError(28, "No space left on device")


def test_a_damaged_archive_is_found_out_by_the_check(path: Path) -> None:
    with open_archive(path) as archive:
        for number in range(200):
            archive.articles.add(
                new_article(f"t{number}", f"text {number} " + "words " * 200),
                EMBEDDER.spec,
                collection=SHARED,
                now=NOON,
            )
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = b"\xff" * (len(content) // 2 - len(content) // 3)
    path.write_bytes(content)
    with open_archive(path) as archive:
        try:
            problems = archive.check().problems
        except ArchiveCorrupt as error:
            problems = (str(error),)
    assert "damaged" in problems[0]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE articles SET added_at = '2024-03-99'",
        "UPDATE passages SET words = 'many'",
        "INSERT INTO bot_state VALUES (0, 'a', 'b', 'never')",
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'failing_since', 'sailing_since')",
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'mention', 'mansion')",
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'CREATE TABLE speakers', '\xb8')",
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET name = CAST(x'b8b8' AS TEXT) WHERE name = 'articles'",
    ],
)
def test_whatever_is_damaged_the_check_ends_in_sentences(path: Path, damage: str) -> None:
    make(path)
    connection = sqlite3.connect(path)
    connection.executescript(damage)
    connection.commit()
    connection.close()
    try:
        with open_archive(path) as archive:
            problems = archive.check().problems
    except ArchiveError as error:
        problems = (str(error),)
    assert all("\n" not in problem for problem in problems)
    assert problems


def test_mistakes_of_our_own_are_not_called_conditions(path: Path) -> None:
    connections = SQLiteConnections(path, busy_seconds=1)
    with pytest.raises(sa.exc.OperationalError, match="no such table"), connections.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    connections.close()

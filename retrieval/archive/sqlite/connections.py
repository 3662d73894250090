"""Connections to the archive's file, and the two ways to use one: a transaction that reads, and one that writes.

The driver begins no transaction by itself: it would begin too late, and leave a created table behind after a rollback.
A writing transaction takes the write lock at its beginning, so that it never fails half-way for want of it. Where the
disk is full or read-only, reading goes on, and each attempt to write looks whether that is possible again.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrieval.archive.integrity import checksums
from retrieval.archive.integrity.damaged_rows import PLACE
from retrieval.archive.sqlite import check_file, check_full_text, measuring
from retrieval.archive.sqlite.access import find_access, state_of
from retrieval.archive.sqlite.failures import kind_of, translate_errors
from retrieval.archive.sqlite.files import claim
from retrieval.archive.sqlite.follower import SQLiteFollower
from retrieval.domain.fair_lock import FairLock
from retrieval.errors import ArchiveLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy.pool import ConnectionPoolEntry

    from retrieval.domain.health import Storage
    from retrieval.errors import ArchiveError

_log = logging.getLogger(__name__)
_BEGIN = "pullquote_begin"
_LENIENT_TEXT = partial(str, encoding="utf-8", errors="replace")
"""One damaged text does not prevent reading the others."""


class SQLiteConnections:
    """A pool of SQLite connections to one file, as `Connections` says. Thread-safe."""

    checks = (check_file.check_file, check_file.check_sums, check_full_text.check)

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self.path = self.place = path
        self.busy_seconds = busy_seconds
        self._writers = FairLock()
        self.generation = 0
        """Changes whenever the file is opened in another way: whoever holds a connection then needs a new one."""
        self._lock = threading.Lock()
        self._access = find_access(path, busy_seconds, writing=True)
        self._engine = self._make_engine()

    @property
    def writable(self) -> bool:
        """Whether the file could be written at the last attempt."""
        return self._access.write_error is None

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Begin a transaction that reads one consistent state, whatever others write meanwhile."""
        with translate_errors(self.path), self.unchanged(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Make sure that a file which is opened as unchanging does not change in the block.

        Raises ArchiveLocked at the end where it did: what was read may be of two states.
        """
        with self._lock:
            if self._access.taken_at is not None and self._access.taken_at != state_of(self.path):
                self._open_anew()
            taken_at = self._access.taken_at
        yield
        if taken_at is not None and taken_at.main != state_of(self.path).main:
            raise ArchiveLocked(path=self.path)

    @contextmanager
    def writing(self, *, turn_seconds: float | None = None) -> Iterator[sa.Connection]:
        """Begin a transaction that writes, alone. Raises ArchiveLocked when another process writes for `busy_seconds`.

        With `turn_seconds`, also when others of this process write for longer than that.
        """
        with translate_errors(self.path), self._alone(turn_seconds) as connection:
            checksums.watch(connection)
            with connection.begin():
                checksums.begun(connection)
                yield connection
                checksums.finish(connection)

    noting = writing

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """Begin a transaction that changes the tables. Checksums other than articles' are made anew at its end."""
        with translate_errors(self.path), self._alone() as connection, connection.begin():
            yield connection
            checksums.accept(connection)

    @contextmanager
    def _alone(self, turn_seconds: float | None = None) -> Iterator[sa.Connection]:
        """Yield a connection whose next transaction takes the write lock at its beginning."""
        with ExitStack() as turn:
            seconds = self.busy_seconds if turn_seconds is None else turn_seconds
            try:  # threads take turns: SQLite lets each try again after a while, and may starve one
                turn.enter_context(self._writers.held(seconds=seconds))
            except TimeoutError as error:
                raise ArchiveLocked(path=self.path) from error
            self._expect_writable()
            with self._engine.connect().execution_options(**{_BEGIN: "BEGIN IMMEDIATE"}) as connection:
                yield connection

    def _expect_writable(self) -> None:
        """Open the file anew where it could not be written. Raises ArchiveFull or ArchiveReadOnly."""
        with self._lock:
            if not self.writable:
                self._open_anew()
            if self._access.write_error is not None:
                raise self._access.write_error(path=self.path)

    def outside(self, statement: str) -> None:
        """Run a statement that SQLite allows only outside of a transaction. Raises SQLAlchemy's own errors."""
        with self._engine.connect() as connection:
            connection.execution_options(**{_BEGIN: None}).exec_driver_sql(statement)

    def hold(self) -> sa.Connection:
        """Return a connection to keep, whose `begin()` reads. Its `close()` gives it back."""
        with translate_errors(self.path):
            return self._engine.connect()

    def follow(self) -> SQLiteFollower:
        """See `Connections.follow`."""
        return SQLiteFollower(self)

    def claim(self, work: str) -> AbstractContextManager[bool]:
        """See `Connections.claim`."""
        return claim(self.path, f".{work}")

    def storage(self) -> Storage:
        """See `Connections.storage`."""
        return measuring.storage(self.path)

    def kind_of(self, error: BaseException | None) -> type[ArchiveError] | None:
        """See `Connections.kind_of`."""
        return kind_of(error)

    def _open_anew(self) -> None:
        """Find out how the file can be opened now, and open it so. Whoever still reads from it goes on."""
        access = find_access(self.path, self.busy_seconds, writing=True)
        if access != self._access:
            former, self._access = self._engine, access
            self._engine = self._make_engine()
            self.generation += 1
            former.dispose()
            _log.warning("%s can %s", self.path, "be written again" if self.writable else "only be read")

    def _make_engine(self) -> sa.Engine:
        uri, timeout = self._access.uri, self.busy_seconds
        engine = sa.create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(uri, uri=True, timeout=timeout, check_same_thread=False),
            poolclass=sa.QueuePool,
            pool_size=4,
            max_overflow=-1,
        )
        sa.event.listen(engine, "connect", self._prepare)
        sa.event.listen(engine, "begin", _begin)
        return engine

    def _prepare(self, connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - SQLAlchemy's wrapper of any driver
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None
        connection.text_factory = _LENIENT_TEXT
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA recursive_triggers = ON")  # else a row that is replaced would not be reported
        connection.execute("PRAGMA temp_store = MEMORY")  # so that sorting needs no disk
        entry.info[PLACE] = self.path
        checksums.prepare(connection, entry.info)

    def close(self) -> None:
        """Close the file; the last process to do so folds the write-ahead log into it."""
        self._engine.dispose()


def _begin(connection: sa.Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN")
    if statement is not None:
        connection.exec_driver_sql(statement)

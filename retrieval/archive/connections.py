"""Connections to the archive's file, and the only two ways to use one: a transaction that reads, one that writes.

The driver begins no transaction by itself: it would begin too late, and leave a created table behind after a rollback.
A writing transaction takes the write lock at its very beginning, so that it never fails half-way for want of it.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrieval.archive import checksums
from retrieval.archive.failures import failure, told
from retrieval.domain.fair_lock import FairLock
from retrieval.errors import ArchiveLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.pool import ConnectionPoolEntry

_BEGIN = "pullquote_begin"
_LENIENT_TEXT = partial(str, encoding="utf-8", errors="replace")
"""One damaged text must not keep anybody from reading the others."""


class Connections:
    """A pool of SQLite connections to one file. Thread-safe; every error comes out as an ArchiveError."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self.path = path
        self.busy_seconds = busy_seconds
        self._writers = FairLock()
        self._engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)),
            connect_args={"timeout": busy_seconds, "check_same_thread": False},
            pool_size=4,
            max_overflow=-1,
        )
        sa.event.listen(self._engine, "connect", _prepare)
        sa.event.listen(self._engine, "begin", _begin)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent state of the archive, whatever others write meanwhile."""
        with told(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """All or nothing, alone. Raises ArchiveLocked when another process writes for longer than `busy_seconds`."""
        with told(self.path), self._alone() as connection:
            checksums.watch(connection)
            with connection.begin():
                checksums.begun(connection)
                yield connection
                checksums.finish(connection)

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """As `writing`, for what changes the tables themselves: every checksum is made anew at the end."""
        with told(self.path), self._alone() as connection, connection.begin():
            yield connection
            checksums.seal(connection)

    @contextmanager
    def _alone(self) -> Iterator[sa.Connection]:
        """A connection whose next transaction takes the write lock at its beginning."""
        with (
            self._turn_to_write(),
            self._engine.connect().execution_options(**{_BEGIN: "BEGIN IMMEDIATE"}) as connection,
        ):
            yield connection

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """Of this process one writes after the other: SQLite has each try again after a while, and may forget one."""
        with ExitStack() as turn:
            try:
                turn.enter_context(self._writers.held(seconds=self.busy_seconds))
            except TimeoutError as error:
                raise failure(ArchiveLocked, self.path) from error
            yield

    def outside(self, statement: str) -> None:
        """Run what SQLite allows only outside of a transaction; SQLAlchemy's own errors come out."""
        with self._engine.connect() as connection:
            connection.execution_options(**{_BEGIN: None}).exec_driver_sql(statement)

    def hold(self) -> sa.Connection:
        """A connection to keep, whose `begin()` reads. Its `close()` gives it back."""
        with told(self.path):
            return self._engine.connect()

    def close(self) -> None:
        """Let go of the file; the last process to do so folds the write-ahead log into it."""
        self._engine.dispose()


def _prepare(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - SQLAlchemy's wrapper of any driver
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None
    connection.text_factory = _LENIENT_TEXT
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA recursive_triggers = ON")  # else a row that is replaced would not be reported
    connection.execute("PRAGMA temp_store = MEMORY")  # a full disk must not keep anybody from sorting
    checksums.prepare(connection, entry.info)


def _begin(connection: sa.Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN")
    if statement is not None:
        connection.exec_driver_sql(statement)

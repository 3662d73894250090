"""What every database of an archive offers: transactions that read or write; and what its repositories share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from retrieval.domain.health import Storage
    from retrieval.errors import ArchiveError


Check: TypeAlias = "Callable[[sa.Connection], Iterator[str]]"
"""Reads an archive, and yields in sentences what is wrong."""


class Follower(Protocol):
    """A connection to follow an archive by, for one thread at a time. Locks nothing between two snapshots."""

    @property
    def generation(self) -> int:
        """Another number once the connection was lost: what was read before may be of an archive that is no more."""
        ...

    def snapshot(self) -> AbstractContextManager[sa.Connection]:
        """Begin a transaction that reads one consistent state. Raises ArchiveError."""
        ...

    def version(self, connection: sa.Connection) -> Hashable:
        """Return a value that is another one in the next snapshot if anything was written."""
        ...

    def close(self) -> None:
        """Return the connection to the pool."""
        ...


class Connections(Protocol):
    """Connections to one archive. Thread-safe. Raise every error as an ArchiveError."""

    @property
    def place(self) -> object:
        """What messages call the archive."""
        ...

    @property
    def path(self) -> Path:
        """Beside this lie the files that this machine keeps of the archive; it may be the archive itself."""
        ...

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Begin a transaction that reads one consistent state, whatever others write meanwhile."""
        ...

    def writing(self, *, turn_seconds: float | None = None) -> AbstractContextManager[sa.Connection]:
        """Begin a transaction that writes, alone. Raises ArchiveLocked when others write for too long.

        With `turn_seconds`, also when others of this process write for longer than that.
        """
        ...

    def noting(self, *, turn_seconds: float | None = None) -> AbstractContextManager[sa.Connection]:
        """Begin a transaction whose every write is right whatever others write meanwhile, such as an upsert."""
        ...

    def follow(self) -> Follower:
        """Open a connection to keep; close it before the archive."""
        ...

    def claim(self, work: str) -> AbstractContextManager[bool]:
        """Yield whether no other process does this work, until the block ends."""
        ...

    def storage(self) -> Storage:
        """Measure what the archive takes, what room is left, and whether it may be written."""
        ...

    def kind_of(self, error: BaseException | None) -> type[ArchiveError] | None:
        """Return what a driver's error becomes; None for a bug."""
        ...

    @property
    def checks(self) -> Sequence[Check]:
        """What `check` does with this kind of database alone."""
        ...


class Repository:
    """An archive's methods for one subject, with their statements. Thread-safe. Each method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections


def insert_into(connection: sa.Connection, table: sa.Table) -> sqlite.Insert:
    """Return an insertion that may say what to do on a conflict, for the database of a connection."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - megabytes that SQLite's users do not need

    return cast("sqlite.Insert", postgresql.insert(table))  # the two have the same methods


def upsert(connection: sa.Connection, table: sa.Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Store a row in the place of the one with its key, if there is one."""
    row = insert_into(connection, table).values(**key, **values)
    connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def keep_newest(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool], most: int) -> None:
    """Of the rows of a table that `which` selects, keep only the `most` with the largest ids."""
    newest = sa.select(table.c.id).where(which).order_by(table.c.id.desc())
    last_to_go = newest.offset(most).limit(1).scalar_subquery()
    connection.execute(sa.delete(table).where(which, table.c.id <= last_to_go))

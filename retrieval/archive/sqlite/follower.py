"""A connection to SQLite that is kept, to follow the archive by."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrieval.archive.sqlite.failures import translate_errors

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    import sqlalchemy as sa

    from retrieval.archive.sqlite.connections import SQLiteConnections


class SQLiteFollower:
    """See `Follower`. Begins a new generation where the file was opened in another way meanwhile."""

    def __init__(self, connections: SQLiteConnections) -> None:
        self._connections = connections
        self.generation = connections.generation
        self._connection = connections.hold()

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """See `Follower.snapshot`."""
        with translate_errors(self._connections.path), self._connections.unchanged():
            if self.generation != self._connections.generation:
                self._connection.close()
                self.generation = self._connections.generation
                self._connection = self._connections.hold()
            with self._connection.begin():
                yield self._connection

    def version(self, connection: sa.Connection) -> Hashable:
        """See `Follower.version`. Costs next to nothing."""
        return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())

    def close(self) -> None:
        """See `Follower.close`."""
        self._connection.close()

"""A connection to PostgreSQL that is kept, to follow the archive by."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.postgres.failures import translate_errors

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from retrieval.archive.postgres.connections import PostgresConnections


class PostgresFollower:
    """See `Follower`. Begins a new generation with each connection: another server may have taken over meanwhile."""

    def __init__(self, connections: PostgresConnections) -> None:
        self._connections = connections
        self.generation = 0
        self._connection = connections.hold()

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """See `Follower.snapshot`."""
        with translate_errors(self._connections.place), self._begun():
            yield self._connection

    def version(self, connection: sa.Connection) -> Hashable:
        """See `Follower.version`."""
        return str(connection.scalar(_SEEN))

    def close(self) -> None:
        """See `Follower.close`."""
        self._connection.close()

    def _begun(self) -> sa.RootTransaction:
        """Begin a transaction; once more on a new connection where the old one was lost."""
        if not self._connection.closed:
            try:
                return self._begin()
            except sa.exc.DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                self._connection.close()
        self._connection = self._connections.hold()
        self.generation += 1
        return self._begin()

    def _begin(self) -> sa.RootTransaction:
        transaction = self._connection.begin()
        try:
            self._connections.limit(self._connection)
        except BaseException:
            transaction.close()
            raise
        return transaction


_SEEN = sa.select(sa.cast(sa.func.pg_current_snapshot(), sa.Text))
"""Which transactions can be seen: equal where nothing was written."""

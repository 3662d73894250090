"""What the bot must remember between two runs: texts by server and key. The archive never looks into them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.schema import bot_state
from retrieval.domain.ids import CollectionId

if TYPE_CHECKING:
    from retrieval.archive.connections import Connections


class BotState:
    """A key–value store by server (0: none in particular). Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, server: CollectionId, key: str) -> str | None:
        """What was put there last, or None."""
        with self._connections.reading() as connection:
            return connection.execute(sa.select(bot_state.c.value).where(_entry(server, key))).scalar()

    def entries(self, prefix: str) -> tuple[tuple[CollectionId, str, str], ...]:
        """Server, key and value of everything whose key begins with `prefix`, of all servers."""
        with self._connections.reading() as connection:
            rows = connection.execute(sa.select(bot_state).where(_begins(prefix)).order_by(bot_state.c.server))
            return tuple((CollectionId(row.server), row.key, row.value) for row in rows)

    def put(self, server: CollectionId, key: str, value: str) -> None:
        """Remember `value` in the place of whatever was there."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(bot_state).where(_entry(server, key)))
            connection.execute(
                sa.insert(bot_state).values(server=server, key=key, value=value, updated_at=datetime.now(UTC))
            )

    def delete(self, server: CollectionId, key: str) -> None:
        """Forget it, if it was there."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(bot_state).where(_entry(server, key)))

    def prune(self, prefix: str, older_than: datetime) -> int:
        """Forget, for all servers, what begins with `prefix` and was last put before a time; says how many."""
        with self._connections.writing() as connection:
            pruned = connection.execute(
                sa.delete(bot_state).where(_begins(prefix), bot_state.c.updated_at < older_than)
            )
            return pruned.rowcount


def _entry(server: CollectionId, key: str) -> sa.ColumnElement[bool]:
    return (bot_state.c.server == server) & (bot_state.c.key == key)


def _begins(prefix: str) -> sa.ColumnElement[bool]:
    return sa.func.substr(bot_state.c.key, 1, len(prefix)) == prefix

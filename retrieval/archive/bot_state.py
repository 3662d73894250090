"""What the bot keeps between two runs: texts by server and key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.connections import Repository, upsert
from retrieval.archive.schema import bot_state
from retrieval.domain.ids import CollectionId

if TYPE_CHECKING:
    from collections.abc import Mapping


class BotState(Repository):
    """A key–value store by server (0: none in particular). Thread-safe. Every method may raise ArchiveError."""

    def get(self, server: CollectionId, key: str) -> str | None:
        """Return what was put there last, or None."""
        with self._connections.reading() as connection:
            return connection.execute(sa.select(bot_state.c.value).where(_entry(server, key))).scalar()

    def of_all_servers(self, key: str) -> Mapping[CollectionId, str]:
        """Return what was put under a key, by server."""
        values = sa.select(bot_state.c.server, bot_state.c.value).where(bot_state.c.key == key)
        with self._connections.reading() as connection:
            return {CollectionId(row.server): row.value for row in connection.execute(values)}

    def put(self, server: CollectionId, key: str, value: str) -> None:
        """Store `value` in the place of whatever was there."""
        with self._connections.noting() as connection:
            upsert(
                connection, bot_state, {"server": server, "key": key}, {"value": value, "updated_at": datetime.now(UTC)}
            )

    def delete(self, server: CollectionId, key: str) -> None:
        """Delete a key, if it is there."""
        with self._connections.noting() as connection:
            connection.execute(sa.delete(bot_state).where(_entry(server, key)))


def _entry(server: CollectionId, key: str) -> sa.ColumnElement[bool]:
    return (bot_state.c.server == server) & (bot_state.c.key == key)

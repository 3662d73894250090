"""What the bot remembers between two runs: texts by server and key, some of them for a member."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.schema import bot_state
from retrieval.archive.sqlite.connections import Repository
from retrieval.domain.ids import CollectionId

if TYPE_CHECKING:
    from retrieval.domain.ids import UserId

_PRUNED_AT_ONCE: Final = 50


class BotState(Repository):
    """A key–value store by server (0: none in particular). Thread-safe. Every method may raise ArchiveError."""

    def get(self, server: CollectionId, key: str) -> str | None:
        """Return what was put there last, or None."""
        with self._connections.reading() as connection:
            return connection.execute(sa.select(bot_state.c.value).where(_entry(server, key))).scalar()

    def entries(self, prefix: str) -> tuple[tuple[CollectionId, str, str], ...]:
        """Return server, key and value of every key that begins with `prefix`, in all servers."""
        with self._connections.reading() as connection:
            rows = connection.execute(sa.select(bot_state).where(_begins(prefix)).order_by(bot_state.c.server))
            return tuple((CollectionId(row.server), row.key, row.value) for row in rows)

    def put(
        self,
        server: CollectionId,
        key: str,
        value: str,
        *,
        member: UserId | None = None,
        most: int | None = None,
        turn_seconds: float | None = None,
    ) -> None:
        """Store `value` in the place of whatever was there; `turn_seconds` is as for `Connections.writing`.

        With `member`, it is deleted when that member is forgotten. Of the server's keys with the same beginning up
        to the colon, only the last `most` in the order of their texts are kept; others go little by little.
        """
        with self._connections.writing(turn_seconds=turn_seconds) as connection:
            connection.execute(sa.delete(bot_state).where(_entry(server, key)))
            row = {"server": server, "key": key, "value": value, "updated_at": datetime.now(UTC), "member": member}
            connection.execute(sa.insert(bot_state).values(row))
            if most is not None:
                _prune_first(connection, server, key.partition(":")[0], most)

    def delete(self, server: CollectionId, key: str) -> None:
        """Delete a key, if it is there."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(bot_state).where(_entry(server, key)))

    def prune(self, prefix: str, older_than: datetime) -> int:
        """Delete, in all servers, what begins with `prefix` and was last put before a time; return how many."""
        with self._connections.writing() as connection:
            pruned = connection.execute(
                sa.delete(bot_state).where(_begins(prefix), bot_state.c.updated_at < older_than)
            )
            return pruned.rowcount

    def forget(self, member: UserId) -> int:
        """Delete what was put for a member, in all servers; return how many entries that were."""
        with self._connections.writing() as connection:
            return connection.execute(sa.delete(bot_state).where(bot_state.c.member == member)).rowcount


def _prune_first(connection: sa.Connection, server: CollectionId, kind: str, most: int) -> None:
    """Delete some of the keys of a kind beyond `most`, the first in the order of their texts."""
    key = bot_state.c.key
    of_kind = (bot_state.c.server == server) & (key > f"{kind}:") & (key < f"{kind};")  # ";" comes right after ":"
    last_to_go = connection.scalar(sa.select(key).where(of_kind).order_by(key.desc()).offset(most).limit(1))
    if last_to_go is not None:
        first = sa.select(key).where(of_kind, key <= last_to_go).order_by(key).limit(_PRUNED_AT_ONCE)
        keys = connection.scalars(first).all()
        connection.execute(sa.delete(bot_state).where(bot_state.c.server == server, key.in_(keys)))


def _entry(server: CollectionId, key: str) -> sa.ColumnElement[bool]:
    return (bot_state.c.server == server) & (bot_state.c.key == key)


def _begins(prefix: str) -> sa.ColumnElement[bool]:
    return sa.func.substr(bot_state.c.key, 1, len(prefix)) == prefix

"""What the bot must remember between two runs: texts by server and key, of which those of a member can be found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.schema import bot_state
from retrieval.domain.ids import CollectionId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.archive.sqlite.connections import Connections
    from retrieval.domain.ids import UserId

_AT_A_TIME: Final = 500
_PRUNED_AT_ONCE: Final = 50


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

    def put(
        self, server: CollectionId, key: str, value: str, *, most: int | None = None, turn_seconds: float | None = None
    ) -> None:
        """Remember `value` in the place of whatever was there; `turn_seconds` is as for `Connections.writing`.

        With `most`, only so many keys that begin as this one does, up to its colon, stay in the server: those that
        come last in the order of their texts. What was there before the limit goes little by little.
        """
        with self._connections.writing(turn_seconds=turn_seconds) as connection:
            connection.execute(sa.delete(bot_state).where(_entry(server, key)))
            connection.execute(
                sa.insert(bot_state).values(server=server, key=key, value=value, updated_at=datetime.now(UTC))
            )
            if most is not None:
                _prune_first(connection, server, key.partition(":")[0], most)

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

    def forget(self, member: UserId, prefixes: Sequence[str]) -> int:
        """Forget, for all servers, each JSON object whose `asker` is a member, of these beginnings; says how many.

        A few hundred entries are looked at in one transaction.
        """
        value, forgotten = bot_state.c.value, 0
        asker = sa.case((sa.func.json_valid(value) == 1, sa.func.json_extract(value, "$.asker")))
        place = sa.tuple_(bot_state.c.server, bot_state.c.key)
        asked = sa.select(bot_state.c.server, bot_state.c.key, (asker == member).label("theirs"))
        asked = asked.where(sa.or_(*map(_begins, prefixes))).order_by(bot_state.c.server, bot_state.c.key)
        rows: Sequence[sa.Row[tuple[int, str, bool]]] | None = None
        while rows is None or len(rows) == _AT_A_TIME:
            after = sa.true() if rows is None else place > sa.tuple_(rows[-1].server, rows[-1].key)
            with self._connections.reading() as connection:
                rows = connection.execute(asked.where(after).limit(_AT_A_TIME)).all()
            theirs = [row for row in rows if row.theirs]
            if theirs:
                with self._connections.writing() as connection:
                    for row in theirs:
                        connection.execute(sa.delete(bot_state).where(_entry(CollectionId(row.server), row.key)))
            forgotten += len(theirs)
        return forgotten


def _prune_first(connection: sa.Connection, server: CollectionId, kind: str, most: int) -> None:
    """Forget some keys of a kind that are more than `most`, the first by the order of their texts."""
    key = bot_state.c.key
    ours = (bot_state.c.server == server) & (key > f"{kind}:") & (key < f"{kind};")  # ";" comes right after ":"
    last_to_go = connection.scalar(sa.select(key).where(ours).order_by(key.desc()).offset(most).limit(1))
    if last_to_go is not None:
        first = sa.select(key).where(ours, key <= last_to_go).order_by(key).limit(_PRUNED_AT_ONCE)
        keys = connection.scalars(first).all()
        connection.execute(sa.delete(bot_state).where(bot_state.c.server == server, key.in_(keys)))


def _entry(server: CollectionId, key: str) -> sa.ColumnElement[bool]:
    return (bot_state.c.server == server) & (bot_state.c.key == key)


def _begins(prefix: str) -> sa.ColumnElement[bool]:
    return sa.func.substr(bot_state.c.key, 1, len(prefix)) == prefix

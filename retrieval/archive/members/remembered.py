"""What members were shown, for the buttons under it: by collection, kind and token, for one member, for a while."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.connections import Repository, upsert
from retrieval.archive.schema import remembered

if TYPE_CHECKING:
    from retrieval.domain.ids import CollectionId, UserId

_PRUNED_AT_ONCE: Final = 50


class Remembered(Repository):
    """Texts that are forgotten with their member, or when they are old. Thread-safe. May raise ArchiveError."""

    def get(self, collection: CollectionId, kind: str, token: int) -> str | None:
        """Return what was put there last, or None."""
        entry = _of_kind(collection, kind) & (remembered.c.token == token)
        with self._connections.reading() as connection:
            return connection.execute(sa.select(remembered.c.value).where(entry)).scalar()

    def put(
        self,
        collection: CollectionId,
        kind: str,
        token: int,
        value: str,
        asker: UserId,
        *,
        most: int,
        turn_seconds: float,
    ) -> None:
        """Store `value` in the place of whatever was there; `turn_seconds` is as for `Connections.noting`.

        Of the collection's texts of this kind, only the `most` with the largest tokens are kept; others go little by
        little.
        """
        key = {"collection_id": collection, "kind": kind, "token": token}
        with self._connections.noting(turn_seconds=turn_seconds) as connection:
            upsert(connection, remembered, key, {"value": value, "asker": asker, "at": datetime.now(UTC)})
            tokens = sa.select(remembered.c.token).where(_of_kind(collection, kind))
            last_to_go = connection.scalar(tokens.order_by(remembered.c.token.desc()).offset(most).limit(1))
            if last_to_go is not None:
                first = tokens.where(remembered.c.token <= last_to_go).order_by(remembered.c.token)
                too_many = remembered.c.token.in_(first.limit(_PRUNED_AT_ONCE))
                connection.execute(sa.delete(remembered).where(_of_kind(collection, kind), too_many))

    def since(self, kind: str, moment: datetime) -> tuple[str, ...]:
        """Return what was put for a kind of button since a moment, in all collections."""
        which = (remembered.c.kind == kind) & (remembered.c.at >= moment)
        with self._connections.reading() as connection:
            return tuple(connection.scalars(sa.select(remembered.c.value).where(which)))

    def prune(self, older_than: datetime) -> int:
        """Delete what was last put before a moment; return how many texts."""
        return self._delete(remembered.c.at < older_than)

    def forget(self, asker: UserId) -> int:
        """Delete what was put for a member, in all collections; return how many texts."""
        return self._delete(remembered.c.asker == asker)

    def _delete(self, which: sa.ColumnElement[bool]) -> int:
        with self._connections.noting() as connection:
            return connection.execute(sa.delete(remembered).where(which)).rowcount


def _of_kind(collection: CollectionId, kind: str) -> sa.ColumnElement[bool]:
    return (remembered.c.collection_id == collection) & (remembered.c.kind == kind)

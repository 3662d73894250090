"""The audit: who changed what and when, a line for every change, written in the change's own transaction.

A line belongs to one collection and is read for that collection alone. Its detail names things (a headline, an
address), never people: their ids alone stand in it, which can be forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.schema import audit
from retrieval.domain.ids import UserId
from retrieval.domain.upkeep import AuditLine, AuditPage

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.ids import CollectionId

LONGEST_ACTION: Final = 32
LONGEST_DETAIL: Final = 300


def note(  # noqa: PLR0917 - in the order in which one would say it
    connection: sa.Connection,
    collection: CollectionId,
    user: UserId | None,
    action: str,
    detail: str,
    now: datetime,
) -> None:
    """Write a line; without a user it was the bot or the command line. Cut details to 300 characters."""
    cut = detail if len(detail) <= LONGEST_DETAIL else detail[: LONGEST_DETAIL - 1].rstrip() + "…"
    line = {"collection_id": collection, "at": now, "user_id": user, "action": action[:LONGEST_ACTION], "detail": cut}
    connection.execute(sa.insert(audit).values(line))


def page(
    connection: sa.Connection, collection: CollectionId, *, number: int, size: int, people_only: bool = False
) -> AuditPage:
    """Return page `number` (from 0) of a collection's lines, newest first; the last page where there are fewer."""
    which = audit.c.collection_id == collection
    if people_only:
        which &= audit.c.user_id.is_not(None)
    total = connection.execute(sa.select(sa.func.count()).select_from(audit).where(which)).scalar_one()
    number = max(0, min(number, -(-total // size) - 1))
    newest_first = sa.select(audit).where(which).order_by(audit.c.id.desc())
    rows = connection.execute(newest_first.limit(size).offset(number * size))
    lines = tuple(
        AuditLine(row.at, None if row.user_id is None else UserId(row.user_id), row.action, row.detail) for row in rows
    )
    return AuditPage(lines, number, total, size)


def prune(connection: sa.Connection, older_than: datetime) -> None:
    """Delete the lines of every collection that are older than a moment."""
    connection.execute(sa.delete(audit).where(audit.c.at < older_than))

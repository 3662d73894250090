"""The audit: who changed what and when, a line for every change, written in the change's own transaction.

A line belongs to one collection and is read for that collection alone. Its detail names things (a headline, an
address), never people: their ids alone stand in it, which can be forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import count
from retrieval.archive.schema import audit
from retrieval.domain.upkeep import AuditLine, AuditPage
from retrieval.domain.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from retrieval.archive.records import Change
    from retrieval.domain.ids import CollectionId
    from retrieval.domain.upkeep import Action

LONGEST_DETAIL: Final = 300


def note(
    connection: sa.Connection,
    change: Change,
    action: Action,
    detail: str,
    collections: Iterable[CollectionId] | None = None,
) -> None:
    """Write a line into the audit of the change's collection, or of each of `collections`; a long detail is cut."""
    cut = shortened(detail, LONGEST_DETAIL)
    line = {"at": change.at, "user_id": change.by, "detail": cut, "action": action}
    noted_in = [change.collection] if collections is None else collections
    connection.execute(sa.insert(audit), [{**line, "collection_id": collection} for collection in noted_in])


def page(
    connection: sa.Connection, collection: CollectionId, *, number: int, size: int, people_only: bool = False
) -> AuditPage:
    """Return page `number` (from 0) of a collection's lines, newest first; the last page where there are fewer."""
    which = audit.c.collection_id == collection
    if people_only:
        which &= audit.c.user_id.is_not(None)
    total = count(connection, audit, which)
    number = max(0, min(number, -(-total // size) - 1))
    columns = (audit.c.at, audit.c.user_id, audit.c.action, audit.c.detail)
    newest_first = sa.select(*columns).where(which).order_by(audit.c.id.desc())
    rows = connection.execute(newest_first.limit(size).offset(number * size))
    return AuditPage(tuple(AuditLine(*row) for row in rows), number, total, size)


def prune(connection: sa.Connection, older_than: datetime) -> None:
    """Delete the lines of every collection that are older than a moment."""
    connection.execute(sa.delete(audit).where(audit.c.at < older_than))

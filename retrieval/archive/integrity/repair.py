"""Makes anew what the archive can make from the rest of itself: the full-text table, from the passages.

Texts, vectors and quotations are not made anew: damage to those is for a backup to heal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from retrieval.archive.integrity import checksums
from retrieval.archive.schema import articles, changes, passages
from retrieval.archive.sqlite import full_text
from retrieval.domain.ids import PassageId
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Sequence

_AT_A_TIME: Final = 200
KEPT_CHANGES: Final = 100_000
"""An engine further behind than so many changes builds itself anew, which takes a fraction of a second."""


def rebuild_words(connection: sa.Connection) -> int:
    """Fill the full-text table again, in this transaction or not at all; says of how many passages."""
    full_text.rebuild(connection)
    checksums.accept(connection)
    done, last = 0, 0
    while rows := _next(connection, last):
        found = [(*analyse(row.title), *analyse(row.body[row.start : row.end])) for row in rows]
        full_text.store(connection, [PassageId(row.id) for row in rows], found)
        for row, its in zip(rows, found, strict=True):
            if row.words != len(its):
                connection.execute(sa.update(passages).where(passages.c.id == row.id).values(words=len(its)))
        done, last = done + len(rows), rows[-1].id
    return done


def prune_changes(connection: sa.Connection, keep: int = KEPT_CHANGES) -> int:
    """Forget all but the last changes; says how many. Who has not followed so far sees the gap and starts anew."""
    newest = connection.execute(sa.select(sa.func.max(changes.c.sequence))).scalar() or 0
    return connection.execute(sa.delete(changes).where(changes.c.sequence <= newest - max(keep, 1))).rowcount


def _next(connection: sa.Connection, last: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The rows of the next passages after one, by id."""
    asked = sa.select(
        passages.c.id, passages.c.start, passages.c.end, passages.c.words, articles.c.title, articles.c.body
    )
    mine = asked.join_from(passages, articles).where(passages.c.id > last).order_by(passages.c.id).limit(_AT_A_TIME)
    return connection.execute(mine).all()

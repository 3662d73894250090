"""Makes the full-text table anew from the passages, and forgets old changes.

Damage to texts, vectors and quotations needs a backup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.full_text import full_text_of
from retrieval.archive.schema import articles, changes, passages
from retrieval.domain.ids import PassageId
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.archive.articles.rows import Row

_AT_A_TIME: Final = 200
KEPT_CHANGES: Final = 20_000
"""The changes that are kept. A search engine further behind builds itself anew, in a fraction of a second."""


def rebuild_words(connection: sa.Connection) -> int:
    """Fill the full-text table again, in this transaction or not at all; return of how many passages."""
    full_text = full_text_of(connection)
    full_text.rebuild(connection)
    done, last = 0, 0
    while rows := _next(connection, last):
        words = [(*analyse(row.title), *analyse(row.body[row.start : row.end])) for row in rows]
        full_text.store(connection, [PassageId(row.id) for row in rows], words)
        for row, its_words in zip(rows, words, strict=True):
            if row.words != len(its_words):
                connection.execute(sa.update(passages).where(passages.c.id == row.id).values(words=len(its_words)))
        done, last = done + len(rows), rows[-1].id
    return done


def prune_changes(connection: sa.Connection, keep: int = KEPT_CHANGES) -> int:
    """Forget all but the last changes; return how many. A search engine that is further behind builds itself anew."""
    newest = connection.execute(sa.select(sa.func.max(changes.c.sequence))).scalar() or 0
    return connection.execute(sa.delete(changes).where(changes.c.sequence <= newest - max(keep, 1))).rowcount


def _next(connection: sa.Connection, last: int) -> Sequence[Row]:
    """Return the rows of the next passages after an id."""
    columns = (*(passages.c[name] for name in ("id", "start", "end", "words")), articles.c.title, articles.c.body)
    following = sa.select(*columns).join_from(passages, articles).where(passages.c.id > last)
    return connection.execute(following.order_by(passages.c.id).limit(_AT_A_TIME)).all()

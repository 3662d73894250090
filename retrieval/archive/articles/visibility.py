"""Which collections see an article. One that none sees any more leaves the archive with all that was made of it.

Every change of what can be found is noted for those who follow the archive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.articles import manual_fields
from retrieval.archive.articles.rows import passage_ids
from retrieval.archive.feeds import entries
from retrieval.archive.schema import (
    article_numbers,
    articles,
    changes,
    quotation_speakers,
    quotations,
    revisions,
    visibility,
)
from retrieval.archive.speakers import speaker_rows
from retrieval.archive.sqlite import full_text
from retrieval.domain.ids import SpeakerId

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from retrieval.domain.ids import CollectionId, PassageId, UserId


def grant(
    connection: sa.Connection,
    article_id: int,
    collection: CollectionId,
    at: datetime,
    by: UserId | None,
    *,
    number: int | None = None,
) -> None:
    """Make an article visible to a collection that does not see it yet: under the next number, or the one given."""
    row = {"article_id": article_id, "collection_id": collection, "added_by": by, "shown_at": at}
    row["number"] = _next_number(connection, collection) if number is None else number
    connection.execute(sa.insert(visibility).values(row))


def revoke(
    connection: sa.Connection, article_id: int, collection: CollectionId, *, successor: int | None = None
) -> None:
    """Take an article out of a collection, with the history it had there; out of the archive if that was the last.

    What feeds listed of it here is then its successor, another version of it.
    """
    of_article = visibility.c.article_id == article_id
    connection.execute(sa.delete(visibility).where(of_article, visibility.c.collection_id == collection))
    history = (revisions.c.article_id == article_id) & (revisions.c.collection_id == collection)
    connection.execute(sa.delete(revisions).where(history))
    manual_fields.forget(connection, article_id, collection)
    if successor is not None:
        entries.relink(connection, article_id, successor, collection)
    _lose_sight(connection, article_id)


def exchange(connection: sa.Connection, old_id: int, new_id: int, collection: CollectionId, *, same_page: bool) -> None:
    """Show the same text with another source in an article's place: with its number, since when and by whom it was.

    What feeds listed of the old one here is the new one where that is still their page's.
    """
    place = (visibility.c.article_id == old_id) & (visibility.c.collection_id == collection)
    connection.execute(sa.update(visibility).where(place).values(article_id=new_id))
    note_changes(connection, passage_ids(connection, new_id), "add")
    if same_page:
        entries.move(connection, old_id, new_id, collection)
    _lose_sight(connection, old_id)


def _is_seen(connection: sa.Connection, article_id: int) -> bool:
    there = sa.select(sa.exists().where(visibility.c.article_id == article_id))
    return bool(connection.execute(there).scalar_one())


def _lose_sight(connection: sa.Connection, article_id: int) -> None:
    """Note that a collection sees an article no more; it leaves the archive where that was the last one."""
    still_seen, gone = _is_seen(connection, article_id), passage_ids(connection, article_id)
    note_changes(connection, gone, "visibility" if still_seen else "remove")
    if not still_seen:
        full_text.forget(connection, gone)
        speakers = _quoted_in(connection, article_id)
        connection.execute(sa.delete(articles).where(articles.c.id == article_id))
        speaker_rows.forget_silent(connection, speakers)


def is_visible(connection: sa.Connection, article_id: int, collection: CollectionId) -> bool:
    """Whether an article is in a collection."""
    there = sa.exists().where(visibility.c.article_id == article_id, visibility.c.collection_id == collection)
    return bool(connection.execute(sa.select(there)).scalar_one())


def note_changes(connection: sa.Connection, changed: Iterable[PassageId], kind: str) -> None:
    """Let those who follow the archive know."""
    connection.execute(sa.insert(changes), [{"passage_id": id_, "kind": kind} for id_ in changed])


def _next_number(connection: sa.Connection, collection: CollectionId) -> int:
    """The number of the next article of a collection; those of removed ones are not given again."""
    mine = article_numbers.c.collection_id == collection
    counted = sa.update(article_numbers).where(mine).values(last=article_numbers.c.last + 1)
    number: int | None = connection.scalar(counted.returning(article_numbers.c.last))
    if number is None:
        number = 1
        connection.execute(sa.insert(article_numbers).values(collection_id=collection, last=number))
    return number


def _quoted_in(connection: sa.Connection, article_id: int) -> list[SpeakerId]:
    found = connection.scalars(
        sa.select(quotation_speakers.c.speaker_id)
        .join_from(quotation_speakers, quotations)
        .where(quotations.c.article_id == article_id)
        .distinct()
    )
    return [SpeakerId(id_) for id_ in found]

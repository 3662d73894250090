"""Which collections hold an article. One that no collection holds any more is deleted with everything made of it.

Every change of what can be found is written to the change feed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from retrieval.archive import announcements
from retrieval.archive.articles.rows import count, held_by, passage_ids
from retrieval.archive.feeds import entries
from retrieval.archive.schema import (
    article_numbers,
    articles,
    changes,
    collection_changes,
    edits,
    passages,
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

    from retrieval.domain.ids import CollectionId, UserId

ChangeKind: TypeAlias = Literal["add", "remove", "visibility", "quotations"]


def grant(
    connection: sa.Connection,
    article_id: int,
    collection: CollectionId,
    at: datetime,
    by: UserId | None,
    *,
    number: int | None = None,
) -> None:
    """Make an article visible to a collection that does not hold it, under `number` or else the next free one."""
    row = {"article_id": article_id, "collection_id": collection, "added_by": by, "shown_at": at}
    row["number"] = _next_number(connection, collection) if number is None else number
    connection.execute(sa.insert(visibility).values(row))


def revoke(
    connection: sa.Connection, article_id: int, collection: CollectionId, *, successor: int | None = None
) -> None:
    """Remove an article with its history and edits from a collection, and from the archive with the last collection.

    Feed entries and announcements of it in this collection then belong to `successor`, a newer version of it.
    """
    for table in (visibility, revisions, edits):
        connection.execute(sa.delete(table).where(held_by(table, collection, article_id)))
    if successor is not None:
        entries.relink(connection, article_id, successor, collection)
        announcements.relink(connection, article_id, successor, collection)
    _note_lost(connection, article_id, collection)


def exchange(connection: sa.Connection, old_id: int, new_id: int, collection: CollectionId, *, same_page: bool) -> None:
    """Replace an article by the same text with another source, which keeps its number, its date and who added it.

    Feed entries of the old article follow where `same_page`: both have the same address.
    """
    place = held_by(visibility, collection, old_id)
    connection.execute(sa.update(visibility).where(place).values(article_id=new_id))
    note_change(connection, new_id, "add", [collection])
    announcements.relink(connection, old_id, new_id, collection)
    if same_page:
        entries.relink(connection, old_id, new_id, collection, same_text=True)
    _note_lost(connection, old_id, collection)


def is_visible(connection: sa.Connection, article_id: int, collection: CollectionId) -> bool:
    """Whether an article is in a collection."""
    return count(connection, visibility, held_by(visibility, collection, article_id)) > 0


def note_change(
    connection: sa.Connection, article_id: int, kind: ChangeKind, collections: Iterable[CollectionId]
) -> None:
    """Write an article's passages to the change feed, as the last change of some collections."""
    ends = (sa.func.min(passages.c.id), sa.func.max(passages.c.id))
    first, last = connection.execute(sa.select(*ends).where(passages.c.article_id == article_id)).one()
    row = {"first_passage": first or 0, "last_passage": -1 if last is None else last, "kind": kind}
    sequence = connection.scalar(sa.insert(changes).values(row).returning(changes.c.sequence))
    noted = insert(collection_changes)
    noted = noted.on_conflict_do_update(index_elements=["collection_id"], set_={"last": noted.excluded.last})
    connection.execute(noted, [{"collection_id": collection, "last": sequence} for collection in collections])


def _note_lost(connection: sa.Connection, article_id: int, collection: CollectionId) -> None:
    """Note that a collection lost an article, and delete it where no other collection holds it."""
    still_held = count(connection, visibility, visibility.c.article_id == article_id) > 0
    note_change(connection, article_id, "visibility" if still_held else "remove", [collection])
    if not still_held:
        full_text.forget(connection, passage_ids(connection, article_id))
        speakers = _quoted_in(connection, article_id)
        connection.execute(sa.delete(articles).where(articles.c.id == article_id))
        speaker_rows.delete_unquoted(connection, speakers)


def _next_number(connection: sa.Connection, collection: CollectionId) -> int:
    """The number of the collection's next article; the numbers of removed articles are not used again."""
    counter = sa.update(article_numbers).where(article_numbers.c.collection_id == collection)
    counted = counter.values(last=article_numbers.c.last + 1).returning(article_numbers.c.last)
    number: int | None = connection.scalar(counted)
    if number is None:
        number = 1
        connection.execute(sa.insert(article_numbers).values(collection_id=collection, last=number))
    return number


def _quoted_in(connection: sa.Connection, article_id: int) -> list[SpeakerId]:
    ids = connection.scalars(
        sa.select(quotation_speakers.c.speaker_id)
        .join_from(quotation_speakers, quotations)
        .where(quotations.c.article_id == article_id)
        .distinct()
    )
    return [SpeakerId(id_) for id_ in ids]

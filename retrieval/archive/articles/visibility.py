"""Which collections hold an article. One that no collection holds any more is deleted with everything made of it.

Every change of what can be found is written to the change feed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import sqlalchemy as sa

from retrieval.archive.articles.rows import count, held_by, held_by_any, passage_ids
from retrieval.archive.connections import insert_into
from retrieval.archive.feeds import entries
from retrieval.archive.full_text import full_text_of
from retrieval.archive.members import announcements
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
from retrieval.domain.ids import SpeakerId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from retrieval.domain.ids import CollectionId, UserId

ChangeKind: TypeAlias = Literal["add", "remove", "visibility", "quotations"]

HELD: Final = (visibility, revisions, edits)
"""What a collection has of an article: that it is there, its history, and what was set by hand of it."""


def grant(
    connection: sa.Connection, article_id: int, collections: Collection[CollectionId], at: datetime, by: UserId | None
) -> None:
    """Make an article visible to collections that do not hold it, each time under the next free number there."""
    counter, one_more = article_numbers.c, {"last": article_numbers.c.last + 1}
    counted = insert_into(connection, article_numbers).on_conflict_do_update(
        index_elements=["collection_id"], set_=one_more
    )
    counted_rows = [{"collection_id": each, "last": 1} for each in collections]
    numbers = connection.execute(counted.returning(counter.collection_id, counter.last), counted_rows)
    row = {"article_id": article_id, "added_by": by, "shown_at": at}
    rows = [{**row, "collection_id": each.collection_id, "number": each.last} for each in numbers]
    connection.execute(sa.insert(visibility), rows)
    note_change(connection, article_id, "add", collections)


def revoke(
    connection: sa.Connection, article_id: int, collection: CollectionId, *, successor: int | None = None
) -> None:
    """Remove an article with its history and edits from a collection, and from the archive with the last collection.

    Feed entries and announcements of it in this collection then belong to `successor`, a newer version of it.
    """
    for table in HELD:
        connection.execute(sa.delete(table).where(held_by(table, collection, article_id)))
    if successor is not None:
        entries.relink(connection, article_id, successor, [collection])
        announcements.relink(connection, article_id, successor, [collection])
    _note_lost(connection, article_id, [collection])


def exchange(
    connection: sa.Connection,
    old_id: int,
    new_id: int,
    collections: Collection[CollectionId],
    by: UserId | None = None,
) -> None:
    """Replace an article in collections by another, which keeps its number, its date, and, without `by`, who added it.

    The history of the old one, what was set by hand of it and its feed entries have been moved before.
    """
    added_at = sa.select(articles.c.added_at).where(articles.c.id == old_id).scalar_subquery()
    values = {"article_id": new_id, "shown_at": sa.func.coalesce(visibility.c.shown_at, added_at)}
    values |= {} if by is None else {"added_by": by}
    connection.execute(sa.update(visibility).where(held_by_any(visibility, collections, old_id)).values(values))
    note_change(connection, new_id, "add", collections)
    announcements.relink(connection, old_id, new_id, collections)
    _note_lost(connection, old_id, collections)


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
    noted = insert_into(connection, collection_changes)
    noted = noted.on_conflict_do_update(index_elements=["collection_id"], set_={"last": noted.excluded.last})
    connection.execute(noted, [{"collection_id": collection, "last": sequence} for collection in collections])


def _note_lost(connection: sa.Connection, article_id: int, collections: Collection[CollectionId]) -> None:
    """Note that collections lost an article, and delete it where no other collection holds it."""
    still_held = count(connection, visibility, visibility.c.article_id == article_id) > 0
    note_change(connection, article_id, "visibility" if still_held else "remove", collections)
    if not still_held:
        full_text_of(connection).forget(connection, passage_ids(connection, article_id))
        speakers = _quoted_in(connection, article_id)
        connection.execute(sa.delete(articles).where(articles.c.id == article_id))
        speaker_rows.delete_unquoted(connection, speakers)


def _quoted_in(connection: sa.Connection, article_id: int) -> list[SpeakerId]:
    ids = connection.scalars(
        sa.select(quotation_speakers.c.speaker_id)
        .join_from(quotation_speakers, quotations)
        .where(quotations.c.article_id == article_id)
        .distinct()
    )
    return [SpeakerId(id_) for id_ in ids]

"""Which fields of an article's source were set by hand in a collection; a page or a feed does not change these.

Each edit keeps the former values of its fields. Fields that were given when the article was added have none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import ARTICLE, held_by, in_collections, same_text, source_of
from retrieval.archive.schema import articles, edits
from retrieval.domain.editing import EDITABLE
from retrieval.domain.ids import SHARED
from retrieval.errors import EditedMeanwhile, NothingToUndo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.records import Identity
    from retrieval.domain.articles import Source
    from retrieval.domain.ids import CollectionId

LINK: Final = "url"
_PAGE: Final = ("address", "fetched_at", "gone_at")
"""What is known of the page behind the link; it goes with the link, and comes back with it."""


def fields(connection: sa.Connection, article_id: int, collection: CollectionId) -> frozenset[str]:
    """The fields of an article that were set by hand in a collection."""
    lists = connection.scalars(sa.select(edits.c.fields).where(held_by(edits, collection, article_id)))
    return frozenset(name for names in lists for name in names)


def remember(
    connection: sa.Connection, article_id: int, collection: CollectionId, fields: Iterable[str], before: Row | None
) -> None:
    """Record that fields were set by hand. `before` is the article until then; None where it was just added."""
    former = {} if before is None else {name: getattr(before, name) for name in (*EDITABLE, *_PAGE)}
    values = {"article_id": article_id, "collection_id": collection, "fields": list(fields), **former}
    connection.execute(sa.insert(edits).values(values))


def last_edit(connection: sa.Connection, article_id: int, collection: CollectionId) -> Row:
    """The row of an article's last edit. Raises NothingToUndo; what was given when it was added is no edit."""
    of_article = sa.select(edits).where(held_by(edits, collection, article_id))
    row = connection.execute(of_article.order_by(edits.c.id.desc()).limit(1)).first()
    if row is None or row.title is None:
        raise NothingToUndo
    return row


def merge(connection: sa.Connection, new: Identity, collection: CollectionId, given: frozenset[str]) -> Source:
    """The source of a new article, with what was set by hand of the article that it is another version of.

    Fields that are `given` by hand now stay. A shared article that is handed in again keeps its source but for these.
    """
    fetched = articles.c.fetched_at.is_(None) if new.fetched_at is None else articles.c.fetched_at.is_not(None)
    same_page = articles.c.address.in_(new.addresses) & fetched
    versions = sa.select(*ARTICLE).where(
        same_text(new.body_hash) | same_page,
        sa.exists().where(held_by(edits, collection)),
    )
    row = connection.execute(versions.order_by(articles.c.id.desc()).limit(1)).first()
    if row is None:
        return _edited_shared(connection, new, given) if given and new.fetched_at is None else new.source
    by_hand = fields(connection, row.id, collection) - given
    return replace(new.source, **{name: getattr(row, name) for name in by_hand})


def _edited_shared(connection: sa.Connection, new: Identity, given: frozenset[str]) -> Source:
    """The source of the shared article that has this text, with what is given; without one, the new source."""
    shared = sa.select(*ARTICLE).where(same_text(new.body_hash), in_collections((SHARED,)))
    row = connection.execute(shared.order_by(articles.c.fetched_at.is_(None), articles.c.id).limit(1)).first()
    if row is None:
        return new.source
    return replace(source_of(row), **{name: getattr(new.source, name) for name in given})


def check_merged(connection: sa.Connection, new: Identity, collection: CollectionId, given: frozenset[str]) -> None:
    """Raise EditedMeanwhile where something was set by hand since `merge` returned the source."""
    if merge(connection, new, collection, given) != new.source:
        raise EditedMeanwhile

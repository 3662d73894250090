"""Which fields of an article's source were set by hand, in one collection: what a page or a feed says does not count.

The rows are kept by `editing`, which also knows what the fields were before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import ARTICLE, in_collections, same_text, source_of
from retrieval.archive.schema import articles, edits
from retrieval.domain.ids import SHARED
from retrieval.errors import EditedMeanwhile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.archive.records import Identity
    from retrieval.domain.articles import Source
    from retrieval.domain.ids import ArticleId, CollectionId

LINK: Final = "url"


def fields(connection: sa.Connection, article_id: int, collection: CollectionId) -> frozenset[str]:
    """The fields of an article that were set by hand in a collection."""
    found = connection.scalars(sa.select(edits.c.fields).where(of(article_id, collection)))
    return frozenset(name for some in found for name in some)


def remember(connection: sa.Connection, article_id: ArticleId, collection: CollectionId, given: Iterable[str]) -> None:
    """Which fields were given when the article was added. There is nothing to undo: they were never others."""
    values = {"article_id": article_id, "collection_id": collection, "fields": sorted(given)}
    connection.execute(sa.insert(edits).values(values))


def laid_over(connection: sa.Connection, new: Identity, collection: CollectionId, given: frozenset[str]) -> Source:
    """The source of what is to be added, with what was set by hand of the article that it is another version of.

    But for the fields that are `given` by hand now. They alone change a shared article that somebody hands in again.
    """
    fetched = articles.c.fetched_at.is_(None) if new.fetched_at is None else articles.c.fetched_at.is_not(None)
    same_page = (articles.c.address == new.address) & fetched if new.address is not None else sa.false()
    versions = sa.select(*ARTICLE).where(
        same_text(new.body_hash) | same_page,
        sa.exists().where(edits.c.article_id == articles.c.id, edits.c.collection_id == collection),
    )
    row = connection.execute(versions.order_by(articles.c.id.desc()).limit(1)).first()
    if row is None:
        return _edited_shared(connection, new, given) if given and new.fetched_at is None else new.source
    kept = fields(connection, row.id, collection) - given
    return replace(new.source, **{name: getattr(row, name) for name in kept})


def _edited_shared(connection: sa.Connection, new: Identity, given: frozenset[str]) -> Source:
    """The source of the shared article that has this text, with what is given; else that of what is to be added."""
    shared = sa.select(*ARTICLE).where(same_text(new.body_hash), in_collections((SHARED,)))
    row = connection.execute(shared.order_by(articles.c.fetched_at.is_(None), articles.c.id).limit(1)).first()
    if row is None:
        return new.source
    return replace(source_of(row), **{name: getattr(new.source, name) for name in given})


def check_laid_over(connection: sa.Connection, new: Identity, collection: CollectionId, given: frozenset[str]) -> None:
    """Raise EditedMeanwhile where something was set by hand since it was laid over what is to be added."""
    if laid_over(connection, new, collection, given) != new.source:
        raise EditedMeanwhile


def move(connection: sa.Connection, old_id: int, new_id: int, collection: CollectionId) -> None:
    """What was set by hand of one article was set of another that takes its place."""
    connection.execute(sa.update(edits).where(of(old_id, collection)).values(article_id=new_id))


def forget(connection: sa.Connection, article_id: int, collection: CollectionId) -> None:
    """Nothing was set by hand of an article that the collection has no more."""
    connection.execute(sa.delete(edits).where(of(article_id, collection)))


def of(article_id: int, collection: CollectionId) -> sa.ColumnElement[bool]:
    """Whether an edit is of this article in this collection."""
    return (edits.c.article_id == article_id) & (edits.c.collection_id == collection)

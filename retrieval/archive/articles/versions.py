"""Versions of an article: which one a new version replaces, in one collection only, and the history of the old ones.

A fetched article is replaced only by a fetched one, and one that was handed in only by one that is handed in: nobody
forges a page by pasting a text that claims its address. Other collections keep their version until they get this one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import held_by, held_by_any, is_other_paper, same_text
from retrieval.archive.schema import articles, edits, revisions, visibility
from retrieval.domain.articles import Version
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.records import Identity
    from retrieval.domain.articles import Source
    from retrieval.domain.ids import ArticleId, CollectionId
    from retrieval.domain.scope import Scope

_A_DAY: Final = timedelta(days=1)
KEPT: Final = 20
"""Older versions kept of an article in one collection."""


def predecessor(connection: sa.Connection, identity: Identity, collection: CollectionId) -> Row | None:
    """The article that this one replaces: of its address or former one in the collection, fetched or handed in alike.

    A fetched article also replaces the same text that was handed in, unless as another paper's.
    """
    fetched = identity.fetched_at is not None
    alike = articles.c.fetched_at.is_not(None) if fetched else articles.c.fetched_at.is_(None)
    which = articles.c.address.in_(identity.addresses) & alike
    if fetched:
        which |= same_text(identity.body_hash) & articles.c.fetched_at.is_(None)
    of_collection = (visibility.c.added_by, visibility.c.shown_at, visibility.c.number)
    of_own = sa.select(articles, *of_collection).join_from(articles, visibility, held_by(visibility, collection))
    fetched_first = (
        articles.c.fetched_at.is_(None),
        articles.c.published_at.desc().nulls_last(),
        visibility.c.shown_at.desc().nulls_last(),
        visibility.c.number.desc().nulls_last(),
    )
    rows = connection.execute(of_own.where(which).order_by(*fetched_first))
    same_page = (row for row in rows if row.address in identity.addresses or not is_other_paper(row, identity.source))
    return next(same_page, None)


def dated(connection: sa.Connection, identity: Identity, collection: CollectionId) -> Source:
    """The source with the day on which the first version was published, where the new one tells another time of it.

    A paper that corrects an article may print the time of the correction as that of publication: both are kept. A day
    later it may be another article of the same address.
    """
    source = identity.source
    old = predecessor(connection, identity, collection) if identity.fetched_at is not None else None
    if old is None or old.published_at is None:
        return source
    first: datetime = old.published_at
    if source.published_at is None:
        return replace(source, published_at=first)
    if timedelta(0) < source.published_at - first < _A_DAY:
        return replace(source, published_at=first, updated_at=source.updated_at or source.published_at)
    return source


def is_older(identity: Identity, than: Row) -> bool:
    """Whether a version is older than the stored one: by its date of publication, else by when it was fetched."""
    if (identity.fetched_at is None) != (than.fetched_at is None):
        return False
    source = identity.source
    new = source.updated_at or source.published_at
    old: datetime | None = than.updated_at or than.published_at
    if new is not None and old is not None and new != old:
        return new < old
    return identity.fetched_at is not None and bool(identity.fetched_at < than.fetched_at)


def keep(
    connection: sa.Connection, old: Row, new_id: int, collections: Collection[CollectionId], now: datetime
) -> None:
    """Add the old version to the history in collections, and move the history to the new version."""
    move(connection, old.id, new_id, collections)
    columns = ("content_hash", "title", "body", "published_at", "updated_at", "added_at")
    values = {name: getattr(old, name) for name in columns}
    values.update(article_id=new_id, replaced_at=now)
    connection.execute(sa.insert(revisions), [{**values, "collection_id": each} for each in collections])
    age = sa.func.row_number().over(partition_by=revisions.c.collection_id, order_by=revisions.c.id.desc())
    aged = sa.select(revisions.c.id, age.label("age")).where(held_by_any(revisions, collections, new_id)).subquery()
    connection.execute(sa.delete(revisions).where(revisions.c.id.in_(sa.select(aged.c.id).where(aged.c.age > KEPT))))


def newest(connection: sa.Connection, article_id: int, collection: CollectionId) -> Row | None:
    """The version before the present one."""
    history = sa.select(revisions).where(held_by(revisions, collection, article_id))
    return connection.execute(history.order_by(revisions.c.id.desc()).limit(1)).first()


def go_back(connection: sa.Connection, article_id: int, old_id: int, collection: CollectionId) -> None:
    """Restore the latest revision: delete it from the history, and move the rest of the history to it."""
    row = newest(connection, article_id, collection)
    if row is not None:
        connection.execute(sa.delete(revisions).where(revisions.c.id == row.id))
    move(connection, article_id, old_id, [collection])


def versions(connection: sa.Connection, scope: Scope, article_id: ArticleId) -> tuple[Version, ...]:
    """The older versions in the scope's collections, newest first."""
    rows = connection.execute(
        sa.select(revisions)
        .where(revisions.c.article_id == article_id, revisions.c.collection_id.in_(scope.collections))
        .order_by(revisions.c.id.desc())
    )
    return tuple(
        Version(row.title, count_words(row.body), row.published_at, row.updated_at, row.replaced_at) for row in rows
    )


def move(connection: sa.Connection, from_id: int, to_id: int, collections: Collection[CollectionId]) -> None:
    """Move the history of an article in collections, and what was set by hand of it there, to another article."""
    for table in (edits, revisions):
        connection.execute(sa.update(table).where(held_by_any(table, collections, from_id)).values(article_id=to_id))

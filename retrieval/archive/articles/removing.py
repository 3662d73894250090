"""Takes articles out of a collection: one, a version to be put back, those that are too old, or all with everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles import adding, versions
from retrieval.archive.articles.passages import article_entries
from retrieval.archive.articles.rows import in_collections, passage_ids
from retrieval.archive.articles.visibility import grant, is_visible, note_changes, revoke
from retrieval.archive.feeds import subscriptions
from retrieval.archive.schema import PersonId, articles, bot_state, metadata, visibility
from retrieval.domain.ids import SHARED, ArticleId, CollectionId
from retrieval.domain.upkeep import Expiring
from retrieval.errors import ArticleUnknown

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.records import Change, NewArticle
    from retrieval.domain.articles import ArticleEntry
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.ids import UserId
    from retrieval.domain.scope import Scope

_GOT_AT = sa.func.coalesce(visibility.c.shown_at, articles.c.added_at)
"""When a collection got an article."""
_CHARACTERS_AT_A_TIME: Final = 200_000
_OF_COLLECTIONS = tuple(table for table in metadata.sorted_tables if "collection_id" in table.c)
_USERS = tuple(
    column
    for table in metadata.sorted_tables
    for column in table.c
    if isinstance(column.type, PersonId) and table is not bot_state
)


def remove(
    connection: sa.Connection, scope: Scope, article_id: ArticleId, now: datetime, by: UserId | None = None
) -> ArticleEntry:
    """The article as it was. A server removes what it added itself; nobody in particular removes what is shared.

    Raises ArticleUnknown when the article is not in that collection, even if the reader sees it in another one.
    """
    own = own_collection(scope)
    entries = article_entries(connection, scope, in_collections([own]) & (articles.c.id == article_id))
    if not entries:
        raise ArticleUnknown
    revoke(connection, article_id, own)
    audit.note(connection, own, by, "article removed", entries[0].source.title, now)
    return entries[0]


def put_back(
    connection: sa.Connection, article_id: ArticleId, old: NewArticle, spec: EmbeddingSpec, change: Change
) -> ArticleId:
    """The version before the present one, `old`, is present again. Raises ArticleUnknown where it is that no more."""
    own = change.collection
    newest = versions.newest(connection, article_id, own)
    mine = (visibility.c.article_id == article_id) & (visibility.c.collection_id == own)
    shown = connection.execute(sa.select(visibility).where(mine)).first()
    if shown is None or newest is None or newest.body != old.body:
        raise ArticleUnknown
    old_id = adding.stored(connection, old.identity) or adding.store(connection, old, spec, change.at)
    versions.go_back(connection, article_id, old_id, own)
    revoke(connection, article_id, own, successor=old_id)
    if not is_visible(connection, old_id, own):
        grant(connection, old_id, own, shown.shown_at or change.at, shown.added_by, number=shown.number)
    note_changes(connection, passage_ids(connection, old_id), "add")
    audit.note(connection, own, change.by, "article put back", newest.title, change.at)
    return ArticleId(old_id)


def expiring(connection: sa.Connection, collection: CollectionId, older_than: datetime) -> Expiring:
    """How many of a collection's articles it got before a moment, and how many it got later."""
    counted = sa.select(sa.func.count()).select_from(articles.join(visibility))
    mine = visibility.c.collection_id == collection
    now = connection.execute(counted.where(mine, older_than > _GOT_AT)).scalar_one()
    return Expiring(now, connection.execute(counted.where(mine)).scalar_one() - now)


def some_older(
    connection: sa.Connection, collection: CollectionId, older_than: datetime, limit: int, now: datetime
) -> int:
    """Take out a few of the articles that the collection got before a moment; says how many, 0 where none is left."""
    ids = _a_few(connection, (visibility.c.collection_id == collection) & (older_than > _GOT_AT), limit)
    for id_ in ids:
        revoke(connection, id_, collection)
    if ids:
        detail = f"{len(ids)} kept for as long as was set"
        audit.note(connection, collection, None, "articles expired", detail, now)
    return len(ids)


def erase_some(connection: sa.Connection, collection: CollectionId, limit: int) -> int:
    """Take out a few articles of a collection that is to be erased; says how many, 0 where none is left."""
    ids = _a_few(connection, visibility.c.collection_id == collection, limit)
    for id_ in ids:
        revoke(connection, id_, collection)
    return len(ids)


def _a_few(connection: sa.Connection, which: sa.ColumnElement[bool], limit: int) -> list[int]:
    """At most `limit` of the articles, of so many characters together that others soon have their turn to write."""
    asked = sa.select(articles.c.id, sa.func.length(articles.c.body).label("characters"))
    found = connection.execute(asked.join_from(articles, visibility).where(which).order_by(articles.c.id).limit(limit))
    ids, characters = list[int](), 0
    for row in found.all():
        characters += row.characters
        if ids and characters > _CHARACTERS_AT_A_TIME:
            break
        ids.append(row.id)
    return ids


def erase_rest(connection: sa.Connection, collection: CollectionId) -> None:
    """Everything else that is kept for a collection, in whatever table; and feeds that nobody else follows."""
    for table in _OF_COLLECTIONS:
        connection.execute(sa.delete(table).where(table.c.collection_id == collection))
    connection.execute(sa.delete(bot_state).where(bot_state.c.server == collection))
    subscriptions.forget_unfollowed(connection)


def forget_user(connection: sa.Connection, user: UserId) -> None:
    """Take a member's id out of what they added or did. What the bot remembers of them goes by `BotState.forget`."""
    for column in _USERS:
        connection.execute(sa.update(column.table).where(column == user).values({column.name: None}))


def collections(connection: sa.Connection) -> tuple[CollectionId, ...]:
    """Every collection for which anything is kept, the shared one left out."""
    columns = [*(table.c.collection_id for table in _OF_COLLECTIONS), bot_state.c.server]
    asked = sa.union(*(sa.select(column).where(column != SHARED) for column in columns))
    return tuple(CollectionId(id_) for id_ in sorted(connection.scalars(asked)))


def own_collection(scope: Scope) -> CollectionId:
    """Where the reader adds and removes: the server, or the shared collection where there is none."""
    return SHARED if scope.server is None else scope.server

"""Articles: listing, showing, exporting, adding, removing, and restoring an earlier version.

A scope sees the shared collection and that of its server. What it changes is in its own collection (`Scope.own`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles import adding, inserting, manual_fields, rows, versions
from retrieval.archive.articles.entries import (
    also_in,
    article_entries,
    export_line,
    found_in,
    headline_first,
    openings,
    quoted_speakers,
)
from retrieval.archive.articles.rows import (
    ARTICLE,
    article_of,
    contains,
    count,
    count_undated,
    held_by,
    held_by_any,
    in_collections,
    matches,
    newest_first,
    number_columns,
    number_of,
    passage_ids,
    revised_column,
    visible_to,
)
from retrieval.archive.articles.visibility import exchange, is_visible, revoke
from retrieval.archive.connections import Repository
from retrieval.archive.feeds.entries import relink
from retrieval.archive.records import Change
from retrieval.archive.schema import articles, quotations, visibility
from retrieval.domain.articles import ArticlePage, ArticleShown, Draft, Exported
from retrieval.domain.editing import EDITABLE
from retrieval.domain.ids import SHARED, ArticleId, ArticleNumber, CollectionId, UserId
from retrieval.errors import ArticleUnknown
from retrieval.text.link_keys import address_key
from retrieval.text.word_count import count_words
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.records import ArticleOpening, Identity, NewArticle
    from retrieval.domain.articles import AddedArticle, ArticleEntry, Source
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.scope import Scope

PAGE_SIZE: Final = 8
EXPORT_BYTES: Final = 9_000_000
"""Bytes of one part of an export: less than the largest file that Discord accepts."""
_ROWS_AT_ONCE: Final = 20


class ArticleRepository(Repository):
    """The articles of an archive; one method is one transaction. Thread-safe. Every method may raise ArchiveError."""

    def entries(self, scope: Scope) -> tuple[ArticleEntry, ...]:
        """Every visible article, newest first."""
        with self._connections.reading() as connection:
            return article_entries(connection, scope, visible_to(scope))

    def page(self, scope: Scope, search: str | None = None, number: int = 0, *, size: int = PAGE_SIZE) -> ArticlePage:
        """Page `number` (from 0) of the visible articles, newest first; the last page where there are fewer.

        One without a date comes last. With `search`, only articles whose headline contains it, or with a passage that
        holds all of its words; first those whose headline has all of them.
        """
        search = (search or "").strip()
        with self._connections.reading() as connection:
            matching = found_in(connection, search, analyse(search)) if search else None
            which = visible_to(scope) if matching is None else visible_to(scope) & matching
            total = count(connection, articles, which)
            number = max(0, min(number, -(-total // size) - 1))
            order = (*headline_first(search), *newest_first(scope))
            ids = sa.select(articles.c.id).where(which).order_by(*order).limit(size).offset(number * size)
            on_page = articles.c.id.in_(connection.scalars(ids).all())
            entries = article_entries(connection, scope, on_page, order=order)
            return ArticlePage(entries, number, total, size, count_undated(connection, scope, matching))

    def newest(
        self, scope: Scope, limit: int, among: Sequence[ArticleId] | None = None
    ) -> tuple[int, tuple[ArticleOpening, ...]]:
        """How many articles are visible, or are `among` those and visible; and the newest of them."""
        which = visible_to(scope) if among is None else visible_to(scope) & articles.c.id.in_(among)
        with self._connections.reading() as connection:
            ids = sa.select(articles.c.id).where(which).order_by(*newest_first(scope)).limit(limit)
            newest = articles.c.id.in_(connection.scalars(ids).all())
            return count(connection, articles, which), openings(connection, scope, newest)

    def some(self, scope: Scope, ids: Collection[ArticleId]) -> tuple[ArticleEntry, ...]:
        """The visible ones of some articles, newest first."""
        with self._connections.reading() as connection:
            return article_entries(connection, scope, visible_to(scope) & articles.c.id.in_(ids))

    def count(self, scope: Scope) -> int:
        """How many articles are in the scope's own collection."""
        with self._connections.reading() as connection:
            return count(connection, visibility, visibility.c.collection_id == scope.own)

    def titled(self, scope: Scope, typed: str, limit: int, *, own: bool = False) -> tuple[ArticleEntry, ...]:
        """At most `limit` articles whose headline contains `typed`, newest first; with `own`, of that collection."""
        which = in_collections([scope.own]) if own else visible_to(scope)
        if typed.strip():
            which &= contains(articles.c.title_key, typed.strip())
        ids = sa.select(articles.c.id).where(which).order_by(*newest_first(scope)).limit(limit)
        with self._connections.reading() as connection:
            return article_entries(connection, scope, articles.c.id.in_(connection.scalars(ids).all()))

    def numbered(self, scope: Scope, number: ArticleNumber) -> ArticleId:
        """The article with this number in the scope. Raises ArticleUnknown."""
        with self._connections.reading() as connection:
            article_id = connection.scalar(sa.select(articles.c.id).where(rows.numbered(number, scope)))
        if article_id is None:
            raise ArticleUnknown("article.unknown", number=number)
        return ArticleId(article_id)

    def show(self, scope: Scope, article_id: ArticleId) -> ArticleShown:
        """Everything about one visible article. Raises ArticleUnknown."""
        article = sa.select(*ARTICLE, revised_column(scope), *number_columns(scope))
        with self._connections.reading() as connection:
            row = connection.execute(article.where(articles.c.id == article_id, visible_to(scope))).first()
            if row is None:
                raise ArticleUnknown
            own = _place(connection, article_id, scope.own)
            set_by_hand = manual_fields.fields(connection, article_id, scope.own)
            return ArticleShown(
                article=replace(article_of(row), added_at=row.got_at),
                number=number_of(row),
                words=count_words(row.body),
                passages=len(passage_ids(connection, article_id)),
                quotations=count(connection, quotations, quotations.c.article_id == article_id),
                speakers=quoted_speakers(connection, scope, article_id),
                own=own is not None,
                added_at=row.got_at,
                added_by=None if own is None or own.added_by is None else UserId(own.added_by),
                fetched=row.fetched_at is not None,
                versions=versions.versions(connection, scope, article_id),
                by_hand=tuple(name for name in EDITABLE if name in set_by_hand),
                also=also_in(connection, scope, row),
            )

    def export(self, scope: Scope, after: int = 0, room: int = EXPORT_BYTES) -> Exported:
        """As many articles of the own collection above number `after` as fit into `room` bytes of JSON lines."""
        which = (visibility.c.collection_id == scope.own) & (visibility.c.number > after)
        if scope.filters is not None:
            which &= matches(scope.filters)
        columns = (*ARTICLE, revised_column(scope), *number_columns(scope))
        ordered = sa.select(*columns).join_from(articles, visibility).where(which).order_by(visibility.c.number)
        lines: list[bytes] = []
        size, left_out, last = 0, 0, after
        with self._connections.reading() as connection:
            result = connection.execute(ordered.execution_options(yield_per=_ROWS_AT_ONCE))
            for row in result:
                line = export_line(row)
                if len(line) > room:
                    left_out += 1
                elif size + len(line) > room:
                    result.close()
                    return Exported(b"".join(lines), len(lines), last, left_out)
                else:
                    lines.append(line)
                    size += len(line)
                last = row.own_number
        return Exported(b"".join(lines), len(lines), None, left_out)

    # Changing

    def add(
        self,
        article: NewArticle,
        spec: EmbeddingSpec,
        *,
        collection: CollectionId,
        now: datetime,
        by: UserId | None = None,
        given: frozenset[str] = frozenset(),
    ) -> AddedArticle:
        """Store an article and make it visible to a collection; a text that is stored already only becomes visible.

        It replaces an older version of the same page in that collection, and nothing in others. Durable on return.

        Raises EditedMeanwhile where the source is no longer the one that `show_known` returned, EmbeddingMismatch where
        `spec` did not make the active vectors, and ValueError for a vector of another dimension, or not finite, or not
        of length one.
        """
        change = Change(collection, now, by)
        with self._connections.writing() as connection:
            manual_fields.check_merged(connection, article.identity, collection, given)
            known = adding.show_known(connection, article.identity, change, given=given, embedded=True)
            return known or adding.add(connection, article, spec, change)

    def show_known(
        self,
        identity: Identity,
        *,
        collection: CollectionId,
        now: datetime,
        by: UserId | None = None,
        given: frozenset[str] = frozenset(),
    ) -> tuple[Source, AddedArticle | None]:
        """Do what `add` does where that needs no embedding: the collection has the article, or it is shared.

        Returns the source with which it is added: what was set by hand of an earlier version in that collection stays,
        except for fields `given` by hand now, and so does the day of the first version; a shared text that is handed in
        gets the shared article's source. And the outcome, or None where the article has to be embedded and added.
        """
        with self._connections.writing() as connection:
            identity = replace(identity, source=versions.dated(connection, identity, collection))
            source = manual_fields.merge(connection, identity, collection, given)
            merged, change = replace(identity, source=source), Change(collection, now, by)
            return source, adding.show_known(connection, merged, change, given=given)

    def related(
        self, identity: Identity, collections: Collection[CollectionId]
    ) -> dict[CollectionId, frozenset[int] | None]:
        """By collection, the ids of what it holds that decides what becomes of an article there; see `add_alike`.

        None where something was set by hand of it.
        """
        with self._connections.reading() as connection:
            return adding.related(connection, identity, collections)

    def add_alike(
        self,
        outcome: AddedArticle,
        identity: Identity,
        held: frozenset[int],
        collections: Collection[CollectionId],
        *,
        now: datetime,
    ) -> dict[CollectionId, AddedArticle]:
        """Do for collections what adding an article did for one of which the `related` ones were `held`: the `outcome`.

        Returns the outcome for those that still hold the same: at most one article.
        """
        article_id = outcome.article.id
        with self._connections.writing() as connection:
            if not count(connection, articles, articles.c.id == article_id):
                return {}
            held_now = adding.related(connection, identity, collections)
            alike = [each for each in collections if held_now[each] == held]
            if alike and article_id not in held:
                old = sa.select(*ARTICLE).where(articles.c.id.in_(held if outcome.replaced else ()))
                adding.show(connection, article_id, connection.execute(old).first(), Change(SHARED, now), alike)
            numbers = sa.select(visibility.c.collection_id, visibility.c.number)
            rows = connection.execute(numbers.where(held_by_any(visibility, alike, article_id)))
            return {CollectionId(row[0]): replace(outcome, number=ArticleNumber(row[1])) for row in rows}

    def remove(
        self, scope: Scope, article_id: ArticleId, by: UserId | None = None, *, now: datetime | None = None
    ) -> ArticleEntry:
        """Remove an article from the own collection, and from the archive with its last collection.

        Returns what it was. Raises ArticleUnknown where it is not in that collection.
        """
        with self._connections.writing() as connection:
            entries = article_entries(connection, scope, in_collections([scope.own]) & (articles.c.id == article_id))
            if not entries:
                raise ArticleUnknown
            revoke(connection, article_id, scope.own)
            change = Change(scope.own, now or datetime.now(UTC), by)
            audit.note(connection, change, "article removed", entries[0].source.title)
            return entries[0]

    def texts_of_site(self, url: str, collections: Collection[CollectionId], limit: int) -> tuple[str, ...]:
        """The newest texts from other pages of the site of an address that all these collections may see."""
        address = address_key(url)
        host = address.partition("/")[0]
        # in ASCII, 0 follows /: between the two is every address that begins with the host and a slash
        of_site = articles.c.address.between(f"{host}/", f"{host}0") & (articles.c.address != address)
        holders = sa.select(sa.func.count()).where(held_by_any(visibility, collections, articles.c.id))
        by_all = in_collections([SHARED]) | (holders.scalar_subquery() == len(collections))
        newest = sa.select(articles.c.body).where(of_site, by_all).order_by(articles.c.id.desc()).limit(limit)
        with self._connections.reading() as connection:
            return tuple(connection.scalars(newest))

    def former(self, scope: Scope, article_id: ArticleId) -> Draft | None:
        """The version that an article replaced in the own collection, to be read again; None where it replaced none."""
        own = in_collections([scope.own]) & (articles.c.id == article_id)
        with self._connections.reading() as connection:
            row = connection.execute(sa.select(*ARTICLE).where(own)).first()
            old = versions.newest(connection, article_id, scope.own)
        if row is None or old is None:
            return None
        return Draft(
            old.body,
            old.title,
            row.publisher,
            tuple(row.authors),
            row.url,
            old.published_at,
            old.updated_at,
            row.fetched_at,
        )

    def put_back(
        self,
        scope: Scope,
        article_id: ArticleId,
        old: NewArticle,
        spec: EmbeddingSpec,
        *,
        now: datetime,
        by: UserId | None = None,
    ) -> ArticleEntry:
        """Replace an article by `old`, the version before it. Raises ArticleUnknown where `old` is not that version."""
        with self._connections.writing() as connection:
            newest = versions.newest(connection, article_id, scope.own)
            is_own = is_visible(connection, article_id, scope.own)
            if not is_own or newest is None or newest.body != old.body:
                raise ArticleUnknown
            old_id = adding.stored(connection, old.identity) or inserting.store(connection, old, spec, now)
            versions.go_back(connection, article_id, old_id, scope.own)
            if is_visible(connection, old_id, scope.own):
                revoke(connection, article_id, scope.own, successor=old_id)
            else:
                relink(connection, article_id, old_id, [scope.own])
                exchange(connection, article_id, old_id, [scope.own])
            audit.note(connection, Change(scope.own, now, by), "article put back", newest.title)
            return article_entries(connection, scope, articles.c.id == old_id)[0]


def _place(connection: sa.Connection, article_id: ArticleId, collection: CollectionId) -> Row | None:
    """The row of `visibility` of an article in a collection."""
    return connection.execute(sa.select(visibility).where(held_by(visibility, collection, article_id))).first()

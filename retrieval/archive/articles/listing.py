"""Lists, details and exports of articles, always for a reader; and which pages are to be looked at again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from retrieval.archive.articles import manual_fields, rows, versions
from retrieval.archive.articles.passages import article_entries
from retrieval.archive.articles.removing import own_collection
from retrieval.archive.articles.rows import (
    ARTICLE,
    article_of,
    held_for,
    holding,
    in_collections,
    meant,
    newest_first,
    number_of,
    passage_ids,
    revised_for,
    source_of,
    undated_for,
    visible_to,
)
from retrieval.archive.schema import (
    articles,
    feed_entries,
    passages,
    quotation_speakers,
    quotations,
    speakers,
    visibility,
)
from retrieval.archive.speakers.speaker_rows import PRINTED
from retrieval.archive.sqlite.full_text import TABLE
from retrieval.domain.articles import ArticlePage, ArticleShown, Exported
from retrieval.domain.editing import EDITABLE
from retrieval.domain.ids import ArticleId, CollectionId, UserId
from retrieval.errors import ArticleUnknown
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrieval.domain.articles import Article, ArticleEntry, Source
    from retrieval.domain.ids import ArticleNumber
    from retrieval.domain.scope import Scope

    _Row: TypeAlias = sa.Row[*tuple[Any, ...]]

_AT_A_TIME: Final = 20


@dataclass(frozen=True, slots=True)
class Former:
    """A version that was replaced, with what is known of the page it came from."""

    source: Source
    body: str
    address: str | None
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class DuePage:
    """A fetched article whose page is to be looked at again, and the collections that see it.

    `page_hash` as in `feed_reading.KnownEntry`: the article's text may be a feed's.
    """

    article: Article
    address: str | None
    collections: tuple[CollectionId, ...]
    page_hash: str | None = None


def page(
    connection: sa.Connection, scope: Scope, *, search: str, words: Sequence[str], number: int, size: int
) -> ArticlePage:
    """Page `number` (from 0), newest first, of the articles whose headline holds `search` or that hold all the words.

    The last page where there are not so many; everything where nothing is searched for.
    """
    searched = _holding(search, words) if search else None
    which = visible_to(scope) if searched is None else visible_to(scope) & searched
    total = connection.execute(sa.select(sa.func.count()).select_from(articles).where(which)).scalar_one()
    number = max(0, min(number, -(-total // size) - 1))
    ids = sa.select(articles.c.id).where(which).order_by(*newest_first(scope)).limit(size).offset(number * size)
    entries = article_entries(connection, scope, articles.c.id.in_(connection.scalars(ids).all()))
    return ArticlePage(entries, number, total, size, undated_for(connection, scope, searched))


def amount(connection: sa.Connection, scope: Scope) -> int:
    """How many articles are in the reader's own collection."""
    own = sa.select(sa.func.count()).select_from(visibility).where(visibility.c.collection_id == own_collection(scope))
    return connection.execute(own).scalar_one()


def titled(connection: sa.Connection, scope: Scope, typed: str, limit: int, *, own: bool) -> tuple[ArticleEntry, ...]:
    """At most `limit` articles whose headline holds what was typed, newest first; with `own`, of the reader's alone."""
    which = in_collections([own_collection(scope)]) if own else visible_to(scope)
    if typed:
        which &= holding(articles.c.title_key, typed)
    ids = sa.select(articles.c.id).where(which).order_by(*newest_first(scope)).limit(limit)
    return article_entries(connection, scope, articles.c.id.in_(connection.scalars(ids).all()))


def numbered(connection: sa.Connection, scope: Scope, number: ArticleNumber) -> ArticleId:
    """The article that has this number for the reader. Raises ArticleUnknown."""
    found = connection.scalar(sa.select(articles.c.id).where(rows.numbered(number, scope)))
    if found is None:
        raise ArticleUnknown(number)
    return ArticleId(found)


def shown(connection: sa.Connection, scope: Scope, article_id: ArticleId) -> ArticleShown:
    """All about one article. Raises ArticleUnknown when there is none that the reader sees."""
    asked = sa.select(*ARTICLE, revised_for(scope), *held_for(scope))
    row = connection.execute(asked.where(articles.c.id == article_id, visible_to(scope))).first()
    if row is None:
        raise ArticleUnknown
    quoted = sa.select(sa.func.count()).select_from(quotations).where(quotations.c.article_id == article_id)
    own = connection.execute(
        sa.select(visibility).where(
            visibility.c.article_id == article_id, visibility.c.collection_id == own_collection(scope)
        )
    ).first()
    set_by_hand = manual_fields.fields(connection, article_id, own_collection(scope))
    return ArticleShown(
        article=replace(article_of(row), added_at=row.got_at),
        number=number_of(row),
        words=count_words(row.body),
        passages=len(passage_ids(connection, article_id)),
        quotations=connection.execute(quoted).scalar_one(),
        speakers=_speakers(connection, article_id),
        own=own is not None,
        added_at=row.got_at,
        added_by=None if own is None or own.added_by is None else UserId(own.added_by),
        fetched=row.fetched_at is not None,
        versions=versions.versions(connection, scope, article_id),
        by_hand=tuple(name for name in EDITABLE if name in set_by_hand),
    )


def former(connection: sa.Connection, scope: Scope, article_id: ArticleId) -> Former | None:
    """The version before the present one, in the reader's own collection."""
    own = own_collection(scope)
    seen = in_collections([own]) & (articles.c.id == article_id)
    row = connection.execute(sa.select(*ARTICLE).where(seen)).first()
    old = versions.newest(connection, article_id, own)
    if row is None or old is None:
        return None
    source = replace(
        source_of(row), title=old.title, published_at=old.published_at, updated_at=old.updated_at, notice=None
    )
    return Former(source, old.body, row.address, row.fetched_at)


def export(connection: sa.Connection, scope: Scope, after: int, room: int) -> Exported:
    """As many of the own articles above a number as fit into `room` bytes, a JSON object a line."""
    which = (visibility.c.collection_id == own_collection(scope)) & (visibility.c.number > after)
    if scope.only is not None:
        which &= meant(scope.only)
    asked = sa.select(*ARTICLE, revised_for(scope), *held_for(scope)).join_from(articles, visibility)
    found = connection.execute(asked.where(which).order_by(visibility.c.number).execution_options(yield_per=_AT_A_TIME))
    lines: list[bytes] = []
    size, left_out, last = 0, 0, after
    for row in found:
        line = _line(row)
        if len(line) > room:
            left_out += 1
        elif size + len(line) > room:
            found.close()
            return Exported(b"".join(lines), len(lines), last, left_out)
        else:
            lines.append(line)
            size += len(line)
        last = row.own_number
    return Exported(b"".join(lines), len(lines), None, left_out)


def due(
    connection: sa.Connection, *, checked_before: datetime, published_after: datetime, limit: int
) -> tuple[DuePage, ...]:
    """Pages of fetched articles that were not looked at for some time, the longest first, and who sees them."""
    of_article = feed_entries.c.article_id == articles.c.id
    counts_from = sa.func.coalesce(articles.c.published_at, articles.c.added_at)
    page_hash = sa.select(sa.func.max(feed_entries.c.page_hash)).where(of_article).scalar_subquery()
    found = connection.execute(
        sa.select(*ARTICLE, page_hash.label("page_hash"))
        .where(articles.c.fetched_at < checked_before, articles.c.url.is_not(None), published_after < counts_from)
        .order_by(articles.c.fetched_at)
        .limit(limit)
    ).all()
    return tuple(
        DuePage(article_of(row), row.address, _collections(connection, row.id), row.page_hash) for row in found
    )


def looked_at(connection: sa.Connection, article_id: ArticleId, now: datetime, *, gone: bool | None) -> None:
    """The page was looked at: it was there, it was gone, or (None) that could not be told."""
    values: dict[str, datetime | None] = {"fetched_at": now}
    if gone is not None:
        values["gone_at"] = now if gone else None
    connection.execute(sa.update(articles).where(articles.c.id == article_id).values(values))


def _holding(search: str, words: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether the headline holds the search, or one passage with its headline all of the words."""
    in_title = holding(articles.c.title_key, search)
    if not words:
        return in_title
    held = sa.table(TABLE, sa.column("rowid"), sa.column(TABLE))
    asked = " ".join(f'"{word}"' for word in words)
    found = sa.select(held.c.rowid).where(held.c[TABLE].op("MATCH")(asked))
    inside = sa.select(passages.c.article_id).where(passages.c.id.in_(found))
    return in_title | articles.c.id.in_(inside)


def _speakers(connection: sa.Connection, article_id: ArticleId) -> tuple[tuple[str, int], ...]:
    """Who is quoted in one article and how often, the most often first."""
    counted, name = sa.func.count(), sa.func.min(PRINTED)
    found = connection.execute(
        sa.select(name, counted)
        .join_from(speakers, quotation_speakers)
        .join(quotations)
        .where(quotations.c.article_id == article_id)
        .group_by(speakers.c.id)
        .order_by(counted.desc(), name)
    )
    return tuple((name, count) for name, count in found)


def _collections(connection: sa.Connection, article_id: int) -> tuple[CollectionId, ...]:
    asked = sa.select(visibility.c.collection_id).where(visibility.c.article_id == article_id)
    return tuple(CollectionId(id_) for id_ in connection.scalars(asked.order_by(visibility.c.collection_id)))


def _line(row: _Row) -> bytes:
    source = source_of(row)
    known = {
        "number": row.own_number,
        "title": source.title,
        "publisher": source.publisher,
        "authors": list(source.authors),
        "url": source.url,
        "published_at": None if source.published_at is None else source.published_at.isoformat(),
        "updated_at": None if source.updated_at is None else source.updated_at.isoformat(),
        "notice": None if source.notice is None else str(source.notice),
        "added_at": row.got_at.isoformat(),
        "text": row.body,
    }
    return json.dumps(known, ensure_ascii=False).encode("utf-8", "replace") + b"\n"

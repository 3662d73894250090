"""Rows become nouns: what the columns of `schema` mean, said once; and the rule of who sees what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from retrieval.archive.records import HALF, Identity, content_hash
from retrieval.archive.schema import articles, passages, revisions, visibility
from retrieval.domain.articles import Article, Notice, Passage, Source, Span
from retrieval.domain.embeddings import EmbeddingSpec
from retrieval.domain.ids import SHARED, ArticleId, ArticleNumber, PassageId
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.domain.ids import CollectionId
    from retrieval.domain.scope import Filters, Scope

_NOTICES = frozenset(Notice)
_Row: TypeAlias = "sa.Row[*tuple[Any, ...]]"

SOURCE: tuple[sa.ColumnElement[Any], ...] = (
    articles.c.title,
    articles.c.publisher,
    articles.c.authors,
    articles.c.url,
    articles.c.published_at,
    articles.c.updated_at,
    articles.c.notice,
    articles.c.gone_at,
)
ARTICLE: tuple[sa.ColumnElement[Any], ...] = tuple(articles.c)


def revised_for(scope: Scope) -> sa.Label[Any]:
    """A column beside those of `SOURCE` or `ARTICLE`: when the article took an older one's place for this reader."""
    of_reader = revisions.c.collection_id.in_(scope.collections)
    replaced = sa.select(sa.func.max(revisions.c.replaced_at)).where(revisions.c.article_id == articles.c.id, of_reader)
    return replaced.scalar_subquery().label("revised_at")


def numbered(number: ArticleNumber, scope: Scope) -> sa.ColumnElement[bool]:
    """Whether the article of a row is the one that has this number for this reader."""
    *_, own = scope.collections
    return sa.exists().where(
        visibility.c.article_id == articles.c.id,
        visibility.c.collection_id == (SHARED if number.shared else own),
        visibility.c.number == number.number,
    )


def held_for(scope: Scope) -> tuple[sa.Label[Any], ...]:
    """Columns beside those of `articles`: the article's numbers for this reader, and when they got it."""

    def held(column: sa.ColumnElement[Any], collection: CollectionId) -> sa.ScalarSelect[Any]:
        of_article = (visibility.c.article_id == articles.c.id) & (visibility.c.collection_id == collection)
        return sa.select(column).where(of_article).correlate(articles).scalar_subquery()

    *_, own = scope.collections
    got_at = sa.func.coalesce(*(held(visibility.c.shown_at, each) for each in (own, SHARED)), articles.c.added_at)
    return (
        held(visibility.c.number, own).label("own_number"),
        held(visibility.c.number, SHARED).label("shared_number"),
        sa.type_coerce(got_at, articles.c.added_at.type).label("got_at"),
    )


def newest_first(scope: Scope) -> tuple[sa.ColumnElement[Any], ...]:
    """By the date of publication, articles without one last; of one date those first that the reader got last.

    Never by ids, which would tell what the archive had before.
    """
    own_number, shared_number, got_at = held_for(scope)
    return (
        articles.c.published_at.desc().nulls_last(),
        got_at.desc(),
        own_number.desc().nulls_last(),
        shared_number.desc(),
    )


def number_of(row: _Row) -> ArticleNumber:
    """From the columns of `held_for`; the reader's own number where they hold what is shared too."""
    if row.own_number is not None:
        return ArticleNumber(row.own_number)
    return ArticleNumber(row.shared_number, shared=True)


def visible_to(scope: Scope) -> sa.ColumnElement[bool]:
    """Whether the article of a row is in one of the reader's collections and one of those that were asked for."""
    seen = in_collections(scope.collections)
    return seen if scope.only is None else seen & meant(scope.only)


def meant(only: Filters) -> sa.ColumnElement[bool]:
    """Whether the article of a row is of the publisher and the time that a question is meant for.

    An article without a date is of no time.
    """
    conditions: list[sa.ColumnElement[bool]] = [sa.true()]
    if only.publisher is not None:
        conditions.append(holding(articles.c.publisher_key, only.publisher))
    if only.since is not None:
        conditions.append(articles.c.published_at >= only.since)
    if only.until is not None:
        conditions.append(articles.c.published_at < only.until)
    return sa.and_(*conditions)


def undated_for(connection: sa.Connection, scope: Scope, also: sa.ColumnElement[bool] | None = None) -> int:
    """How many articles are left out because the reader wants some days and their dates are not known."""
    only = scope.only
    if only is None or (only.since is None and only.until is None):
        return 0
    of_any_time = replace(scope, only=replace(only, since=None, until=None))
    which = visible_to(of_any_time) & articles.c.published_at.is_(None)
    counted = sa.select(sa.func.count()).select_from(articles).where(which)
    return connection.execute(counted if also is None else counted.where(also)).scalar_one()


def holding(key: sa.Column[str], typed: str) -> sa.ColumnElement[bool]:
    """Whether a column of search keys holds what somebody typed; never where nothing can be compared of that."""
    wanted = search_key(typed)
    return key.contains(wanted, autoescape=True) if wanted else sa.false()


def same_text(body_hash: str) -> sa.ColumnElement[bool]:
    """Whether the article of a row has the text of this hash, whatever its source."""
    half = body_hash[:HALF]
    return (articles.c.content_hash >= half) & (articles.c.content_hash < half + "g")  # after every hexadecimal digit


def in_collections(collections: Iterable[CollectionId]) -> sa.ColumnElement[bool]:
    """Whether the article of a row is in one of these collections."""
    return sa.exists().where(
        visibility.c.article_id == articles.c.id, visibility.c.collection_id.in_(tuple(collections))
    )


def source_of(row: _Row) -> Source:
    """From the columns `SOURCE`; with `revised_for`, a page that does not say when it changed did when we noticed."""
    updated_at = row.updated_at or getattr(row, "revised_at", None)
    return Source(row.title, row.publisher, tuple(row.authors), row.url, row.published_at, updated_at, _notice(row))


def _notice(row: _Row) -> Notice | None:
    """What the text says of itself counts more than that its page is gone; what is no notice is none."""
    if row.notice in _NOTICES:
        return Notice(row.notice)
    return None if row.gone_at is None else Notice.GONE


def article_of(row: _Row) -> Article:
    """From the columns `ARTICLE`."""
    return Article(ArticleId(row.id), source_of(row), row.body, row.added_at)


def has_its_text(row: _Row) -> bool:
    """Whether the body, beside `content_hash`, is the one that was added; hashes it."""
    return bool(row.content_hash[:HALF] == content_hash(row.body)[:HALF])


def identity_of(row: _Row) -> Identity:
    """From the columns `ARTICLE`; hashes the body."""
    return Identity(source_of(row), content_hash(row.body), row.address, row.fetched_at)


def span_of(row: _Row, name: str) -> Span | None:
    """From the columns NAME_start and NAME_end, of what not every row has. Raises ValueError for what is no span."""
    start: int | None = getattr(row, f"{name}_start")
    return None if start is None else Span(start, getattr(row, f"{name}_end"))


def passage_of(row: _Row) -> Passage:
    """From every column of `passages`."""
    return Passage(PassageId(row.id), ArticleId(row.article_id), Span(row.start, row.end), row.ordinal)


def spec_of(row: _Row) -> EmbeddingSpec:
    """From every column of `embeddings`."""
    return EmbeddingSpec(
        model=row.model,
        revision=row.revision,
        dimension=row.dimension,
        checksum=row.checksum,
        normalised=row.normalised,
        passage_prefix=row.passage_prefix,
        query_prefix=row.query_prefix,
    )


def passage_ids(connection: sa.Connection, article_id: int) -> list[PassageId]:
    """The passages of one article, in their order."""
    found = connection.scalars(
        sa.select(passages.c.id).where(passages.c.article_id == article_id).order_by(passages.c.ordinal)
    )
    return [PassageId(id_) for id_ in found]

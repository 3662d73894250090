"""Map rows to domain objects; and the conditions of statements: which articles are visible to a scope."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import sqlalchemy as sa

from retrieval.archive.records import HALF, Identity, content_hash
from retrieval.archive.schema import articles, passages, quotations, revisions, visibility
from retrieval.domain.articles import Article, Notice, Passage, Source, Span
from retrieval.domain.embeddings import EmbeddingSpec
from retrieval.domain.ids import SHARED, ArticleId, ArticleNumber, PassageId
from retrieval.domain.quotations import Attribution, QuotationKind
from retrieval.text.extractor import EXTRACTOR
from retrieval.text.link_keys import site
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from retrieval.archive.records import NewSpeaker
    from retrieval.domain.ids import CollectionId
    from retrieval.domain.quotations import Speaker
    from retrieval.domain.scope import Filters, Scope

_NOTICES = frozenset(Notice)
Id = TypeVar("Id", bound=int)
Row: TypeAlias = "sa.Row[*tuple[Any, ...]]"
"""A row of whatever columns."""

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
OUTDATED = articles.c.extractor < EXTRACTOR
"""Whether an older version of the extractor found the quotations of the article of a row."""


def count(connection: sa.Connection, table: sa.FromClause, *which: sa.ColumnElement[bool]) -> int:
    """Return the number of rows of a table or join, or of those that fit the conditions."""
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(*which)).scalar_one()


def batches(ids: Sequence[Id], size: int) -> Iterator[Sequence[Id]]:
    """Split ids: a database takes only so many values at once."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def held_by(
    table: sa.Table, collection: CollectionId, article_id: int | sa.ColumnElement[int] = articles.c.id
) -> sa.ColumnElement[bool]:
    """Whether a row of a table is about an article in a collection; without an id, about the article of a row."""
    return (table.c.article_id == article_id) & (table.c.collection_id == collection)


def held_by_any(
    table: sa.Table, collections: Collection[CollectionId], article_id: int | sa.ColumnElement[int]
) -> sa.ColumnElement[bool]:
    """Whether a row of a table is about an article in one of some collections."""
    return (table.c.article_id == article_id) & table.c.collection_id.in_(collections)


def revised_column(scope: Scope) -> sa.Label[Any]:
    """A column for `source_of`: when the article replaced an older version in one of the scope's collections."""
    of_scope = revisions.c.collection_id.in_(scope.collections)
    replaced = sa.select(sa.func.max(revisions.c.replaced_at)).where(revisions.c.article_id == articles.c.id, of_scope)
    return replaced.scalar_subquery().label("revised_at")


def numbered(number: ArticleNumber, scope: Scope) -> sa.ColumnElement[bool]:
    """Whether the article of a row has this number in the scope."""
    collection = SHARED if number.shared else scope.own
    return sa.exists().where(held_by(visibility, collection), visibility.c.number == number.number)


def number_columns(scope: Scope) -> tuple[sa.Label[Any], ...]:
    """Columns for `number_of`: the article's numbers in the scope, and when the scope got it (`got_at`)."""

    def column_in(column: sa.ColumnElement[Any], collection: CollectionId) -> sa.ScalarSelect[Any]:
        return sa.select(column).where(held_by(visibility, collection)).correlate(articles).scalar_subquery()

    own = scope.own
    got_at = sa.func.coalesce(*(column_in(visibility.c.shown_at, each) for each in (own, SHARED)), articles.c.added_at)
    return (
        column_in(visibility.c.number, own).label("own_number"),
        column_in(visibility.c.number, SHARED).label("shared_number"),
        sa.type_coerce(got_at, articles.c.added_at.type).label("got_at"),
    )


def newest_first(scope: Scope) -> tuple[sa.ColumnElement[Any], ...]:
    """Order by date of publication, undated articles last; of one date, those first that the scope got last.

    Never by ids, which would reveal what other collections got before.
    """
    own_number, shared_number, got_at = number_columns(scope)
    return (
        articles.c.published_at.desc().nulls_last(),
        got_at.desc(),
        own_number.desc().nulls_last(),
        shared_number.desc(),
    )


def number_of(row: Row) -> ArticleNumber:
    """From the columns of `number_columns`; the own number where the own collection holds a shared article too."""
    if row.own_number is not None:
        return ArticleNumber(row.own_number)
    return ArticleNumber(row.shared_number, shared=True)


def visible_to(scope: Scope) -> sa.ColumnElement[bool]:
    """Whether the article of a row is in one of the scope's collections, and matches its filters."""
    in_scope = in_collections(scope.collections)
    return in_scope if scope.filters is None else in_scope & matches(scope.filters)


def matches(filters: Filters) -> sa.ColumnElement[bool]:
    """Whether the article of a row matches the filters; one without a date matches no `since` or `until`."""
    conditions: list[sa.ColumnElement[bool]] = [sa.true()]
    if filters.publisher is not None:
        conditions.append(contains(articles.c.publisher_key, filters.publisher))
    if filters.since is not None:
        conditions.append(articles.c.published_at >= filters.since)
    if filters.until is not None:
        conditions.append(articles.c.published_at < filters.until)
    return sa.and_(*conditions)


def sees_disputed(scope: Scope) -> sa.ColumnElement[bool]:
    """Whether the quotation of a row is visible, given that its article is."""
    return sa.true() if scope.disputed else ~quotations.c.disputed


def count_undated(connection: sa.Connection, scope: Scope, also: sa.ColumnElement[bool] | None = None) -> int:
    """How many articles are left out because the filters name days and the articles' dates are not known."""
    filters = scope.filters
    if filters is None or (filters.since is None and filters.until is None):
        return 0
    at_any_time = replace(scope, filters=replace(filters, since=None, until=None))
    which = visible_to(at_any_time) & articles.c.published_at.is_(None)
    return count(connection, articles, which if also is None else which & also)


def contains(key: sa.Column[str], typed: str) -> sa.ColumnElement[bool]:
    """Return the SQL condition that a column of search keys contains `typed`; false where `typed` has no search key."""
    typed_key = search_key(typed)
    return key.contains(typed_key, autoescape=True) if typed_key else sa.false()


def part(text: sa.ColumnElement[str], start: sa.ColumnElement[int], end: sa.ColumnElement[int]) -> sa.Function[str]:
    """Return the SQL expression of the characters of a text from `start` to before `end`."""
    first, length = (sa.cast(each, sa.Integer) for each in (start + 1, end - start))  # PostgreSQL takes no larger ones
    return sa.func.substr(text, first, length)


def same_text(text_hash: str | sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether the article of a row has the text whose hash begins like this one, whatever its source."""
    half = text_hash[:HALF] if isinstance(text_hash, str) else sa.func.substr(text_hash, 1, HALF)
    return (articles.c.content_hash >= half) & (articles.c.content_hash < half + "g")  # after every hexadecimal digit


def is_other_paper(row: Row, source: Source) -> bool:
    """Whether the article of a row has another publisher, where both are known, and is not of the same site."""
    publishers = {search_key(name) for name in (row.publisher, source.publisher) if name}
    same_site = site(row.url) is not None and site(row.url) == site(source.url)
    return len(publishers) > 1 and not same_site


def in_collections(collections: Iterable[CollectionId]) -> sa.ColumnElement[bool]:
    """Whether the article of a row is in one of these collections."""
    return sa.exists().where(
        visibility.c.article_id == articles.c.id, visibility.c.collection_id.in_(tuple(collections))
    )


def source_of(row: Row) -> Source:
    """From the columns `SOURCE`; with `revised_column`, a page that names no date of its update gets that date."""
    updated_at = row.updated_at or getattr(row, "revised_at", None)
    return Source(row.title, row.publisher, tuple(row.authors), row.url, row.published_at, updated_at, _notice(row))


def _notice(row: Row) -> Notice | None:
    """The notice in the text, else that its page is gone; a damaged value is no notice."""
    if row.notice in _NOTICES:
        return Notice(row.notice)
    return None if row.gone_at is None else Notice.GONE


def article_of(row: Row) -> Article:
    """From the columns `ARTICLE`."""
    return Article(ArticleId(row.id), source_of(row), row.body, row.added_at)


def has_original_text(row: Row) -> bool:
    """Whether the body still has the hash in `content_hash`; hashes it."""
    return bool(row.content_hash[:HALF] == content_hash(row.body)[:HALF])


def identity_of(row: Row) -> Identity:
    """From the columns `ARTICLE`; hashes the body."""
    return Identity(source_of(row), content_hash(row.body), row.address, row.fetched_at)


def quotation_fields(row: Row, speakers: tuple[Speaker | NewSpeaker, ...]) -> dict[str, Any]:
    """What `Quotation` and `NewQuotation` have in common, from every column of `quotations`.

    Raises ValueError or TypeError for a damaged value.
    """
    words = {"content": Span(row.content_start, row.content_end), "context": Span(row.context_start, row.context_end)}
    spans = {**words, **{name: _span(row, name) for name in ("cue", "mention", "via")}}
    of_kind = {"kind": QuotationKind(row.kind), "attribution": Attribution(row.attribution)}
    whose = {"disputed": row.disputed, "alleged" if row.disputed else "speakers": speakers}
    return {**spans, **of_kind, **whose, "confidence": row.confidence}


def _span(row: Row, name: str) -> Span | None:
    """From the columns NAME_start and NAME_end; None where they are."""
    start: int | None = getattr(row, f"{name}_start")
    return None if start is None else Span(start, getattr(row, f"{name}_end"))


def passage_of(row: Row) -> Passage:
    """From every column of `passages`."""
    return Passage(PassageId(row.id), ArticleId(row.article_id), Span(row.start, row.end), row.ordinal)


def spec_of(row: Row) -> EmbeddingSpec:
    """From every column of `embeddings`."""
    return EmbeddingSpec(**{field.name: getattr(row, field.name) for field in fields(EmbeddingSpec)})


def passage_ids(connection: sa.Connection, article_id: int) -> list[PassageId]:
    """Return the ids of an article's passages, by ordinal."""
    of_article = sa.select(passages.c.id).where(passages.c.article_id == article_id).order_by(passages.c.ordinal)
    return [PassageId(id_) for id_ in connection.scalars(of_article)]

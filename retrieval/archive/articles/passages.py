"""Questions about articles and passages, always for a reader."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from retrieval.archive import vectors
from retrieval.archive.articles.rows import (
    SOURCE,
    has_its_text,
    held_for,
    newest_first,
    number_of,
    passage_of,
    revised_for,
    source_of,
    undated_for,
    visible_to,
)
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.records import FoundPassage, PassageOutline
from retrieval.archive.schema import articles, embeddings, passages, quotation_speakers, quotations
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.domain.answers import Searched
from retrieval.domain.articles import Article, ArticleEntry
from retrieval.domain.ids import ArticleId
from retrieval.domain.upkeep import About
from retrieval.text.token_vectors import is_packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.domain.ids import PassageId, SpeakerId
    from retrieval.domain.scope import Scope

_READERS: Final = 256
"""Readers whose questions are kept put together."""


def found_passages(connection: sa.Connection, scope: Scope, ids: Sequence[PassageId]) -> tuple[FoundPassage, ...]:
    """Those of the passages that the reader sees, in the order asked for, with their articles."""
    by_id = {row.id: row for row in connection.execute(_these_passages(scope), {"ids": ids})}
    return _found(connection, (by_id[id_] for id_ in ids if id_ in by_id))


def outlines(
    connection: sa.Connection, scope: Scope, ids: Sequence[PassageId], *, sources: bool
) -> tuple[PassageOutline, ...]:
    """Those of the passages that the reader sees, in no order; with `sources` also whose and when they are."""
    rows = connection.execute(_these_outlines(scope, sources=sources), {"ids": ids})
    return tuple(PassageOutline(*row) for row in rows if _is_readable(connection, row))


def quoted_passages(connection: sa.Connection, scope: Scope, names: Sequence[SpeakerId]) -> tuple[FoundPassage, ...]:
    """The passages that overlap the context of any quotation under some stored names, with their articles."""
    of_article = passages.alias()
    holding = (
        sa.select(of_article.c.id)
        .join_from(quotation_speakers, quotations)
        .join(of_article, of_article.c.article_id == quotations.c.article_id)
        .where(
            quotation_speakers.c.speaker_id.in_(names),
            quotations.c.context_start < of_article.c.end,
            quotations.c.context_end > of_article.c.start,
        )
    )
    rows = connection.execute(_passages(scope, passages.c.id.in_(holding), *_found_columns(scope)))
    return _found(connection, (row for row in rows if _is_readable(connection, row)))


def _passages(
    scope: Scope, which: sa.ColumnElement[bool], *columns: sa.ColumnElement[Any]
) -> sa.Select[*tuple[Any, ...]]:
    """What asks for columns of the passages meant that the reader sees, of their articles and the active vectors."""
    active = sa.select(embeddings.c.id).where(embeddings.c.active).scalar_subquery()
    with_vector = (stored_vectors.c.passage_id == passages.c.id) & (stored_vectors.c.embedding_id == active)
    asked = sa.select(*columns).join_from(passages, articles).outerjoin(stored_vectors, with_vector)
    return asked.where(which, visible_to(scope))


@lru_cache(maxsize=_READERS)
def _these_passages(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    """Those whose ids are given as `ids`; put together once, since every question asks for some."""
    return _passages(scope, passages.c.id.in_(sa.bindparam("ids", expanding=True)), *_found_columns(scope))


@lru_cache(maxsize=_READERS)
def _these_outlines(scope: Scope, *, sources: bool) -> sa.Select[*tuple[Any, ...]]:
    """What asks for the columns of `PassageOutline`. Those of articles lie behind their texts, and cost as much."""
    more = (articles.c.publisher, articles.c.published_at) if sources else ()
    columns = (passages.c.id, passages.c.ordinal, stored_vectors.c.tokens, *more)
    return _passages(scope, passages.c.id.in_(sa.bindparam("ids", expanding=True)), *columns)


def _found_columns(scope: Scope) -> tuple[sa.ColumnElement[Any], ...]:
    """What `_found` wants to know."""
    of_article = (articles.c.content_hash, articles.c.body, articles.c.added_at, *SOURCE, revised_for(scope))
    return (*passages.c, stored_vectors.c.tokens, *of_article)


def _found(connection: sa.Connection, rows: Iterable[sa.Row[*tuple[Any, ...]]]) -> tuple[FoundPassage, ...]:
    """Passages of one article share it. What is damaged is left out."""
    by_id: dict[int, Article | None] = {}
    found = []
    for row in rows:
        if row.article_id not in by_id:
            by_id[row.article_id] = _whole_article(connection, row)
        article = by_id[row.article_id]
        try:
            if article is not None:
                passage = passage_of(row)
                passage.span.of(article.body)
                found.append(FoundPassage(passage, article, row.tokens))
        except (ValueError, TypeError):
            log_damaged(connection, "Passage", row.id)
    return tuple(found)


def _whole_article(connection: sa.Connection, row: sa.Row[*tuple[Any, ...]]) -> Article | None:
    """The article of a passage; None where its text is not the one that was added: nothing of it may be quoted."""
    if not has_its_text(row):
        log_damaged(connection, "Article", row.article_id)
        return None
    return Article(ArticleId(row.article_id), source_of(row), row.body, row.added_at)


def _is_readable(connection: sa.Connection, row: sa.Row[*tuple[Any, ...]]) -> bool:
    """Whether a passage has a place in its article, and tokens that unpack where it has some."""
    if row.ordinal >= 0 and (row.tokens is None or is_packed(row.tokens)):
        return True
    log_damaged(connection, "Passage", row.id)
    return False


def article_entries(connection: sa.Connection, scope: Scope, which: sa.ColumnElement[bool]) -> tuple[ArticleEntry, ...]:
    """A line for each of the articles meant, as the reader sees them, newest first; whether they do is for `which`."""
    rows = connection.execute(
        sa.select(articles.c.id, *SOURCE, revised_for(scope), *held_for(scope), _count(passages), _count(quotations))
        .where(which)
        .order_by(*newest_first(scope))
    )
    return tuple(
        ArticleEntry(ArticleId(row.id), number_of(row), source_of(row), row.got_at, row.passages, row.quotations)
        for row in rows
    )


def about(connection: sa.Connection, scope: Scope) -> About:
    """How much the reader sees, the newest article with a date, and what made the vectors (empty where none are)."""
    of_reader = visible_to(scope)
    newest = connection.execute(
        sa.select(*SOURCE, revised_for(scope))
        .where(of_reader, articles.c.published_at.is_not(None))
        .order_by(*newest_first(scope))
        .limit(1)
    ).first()
    spec = vectors.active_spec(connection)
    quoted = sa.select(sa.func.count(quotation_speakers.c.speaker_id.distinct())).select_from(
        quotation_speakers.join(quotations).join(articles)
    )
    return About(
        articles=_total(connection, sa.select(sa.func.count()).select_from(articles).where(of_reader)),
        passages=_total(connection, sa.select(sa.func.count()).select_from(passages.join(articles)).where(of_reader)),
        quotations=_total(
            connection, sa.select(sa.func.count()).select_from(quotations.join(articles)).where(of_reader)
        ),
        speakers=_total(connection, quoted.where(of_reader)),
        newest=None if newest is None else source_of(newest),
        model="" if spec is None else spec.label,
    )


def searched(connection: sa.Connection, scope: Scope) -> Searched:
    """How many articles the reader sees, and the dates between which those with a date were published."""
    dates = articles.c.published_at
    row = connection.execute(
        sa.select(sa.func.count(), sa.func.min(dates).label("oldest"), sa.func.max(dates).label("newest"))
        .select_from(articles)
        .where(visible_to(scope))
    ).one()
    return Searched(row[0], row.oldest, row.newest, undated_for(connection, scope))


def publishers(connection: sa.Connection, scope: Scope) -> tuple[str, ...]:
    """Who published what the reader sees, the most frequent first, then by name."""
    named = articles.c.publisher
    asked = sa.select(named).where(visible_to(scope), named.is_not(None)).group_by(named)
    return tuple(connection.scalars(asked.order_by(sa.func.count().desc(), named)))


def _count(table: sa.Table) -> sa.Label[int]:
    counted = sa.select(sa.func.count()).select_from(table).where(table.c.article_id == articles.c.id)
    return counted.scalar_subquery().label(table.name)


def _total(connection: sa.Connection, counting: sa.Select[int]) -> int:
    return connection.execute(counting).scalar_one()

"""Questions about articles and passages, always for a reader."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from retrieval.archive import vectors
from retrieval.archive.records import FoundPassage
from retrieval.archive.rows import (
    ARTICLE,
    NEWEST_FIRST,
    SOURCE,
    article_of,
    passage_of,
    revised_for,
    source_of,
    visible_to,
)
from retrieval.archive.schema import articles, embeddings, passages, quotation_speakers, quotations
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.domain.answers import Searched
from retrieval.domain.articles import ArticleEntry
from retrieval.domain.ids import ArticleId
from retrieval.domain.upkeep import About
from retrieval.errors import ArticleUnknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.articles import Article
    from retrieval.domain.ids import PassageId, SpeakerId
    from retrieval.domain.readers import Reader

_READERS: Final = 256
"""Readers whose questions are kept put together."""


def found_passages(connection: sa.Connection, reader: Reader, ids: Sequence[PassageId]) -> tuple[FoundPassage, ...]:
    """Those of the passages that the reader sees, in the order asked for, with their articles."""
    rows = connection.execute(_these_passages(reader), {"ids": ids}).all()
    by_id = {found.passage.id: found for found in _found(connection, reader, rows)}
    return tuple(by_id[id_] for id_ in ids if id_ in by_id)


def quoted_passages(connection: sa.Connection, reader: Reader, names: Sequence[SpeakerId]) -> tuple[FoundPassage, ...]:
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
    rows = connection.execute(_passages(reader, passages.c.id.in_(holding))).all()
    return _found(connection, reader, rows)


def _passages(reader: Reader, which: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """What asks for the passages meant that the reader sees, with the active model's tokens."""
    active = sa.select(embeddings.c.id).where(embeddings.c.active).scalar_subquery()
    with_vector = (stored_vectors.c.passage_id == passages.c.id) & (stored_vectors.c.embedding_id == active)
    asked = sa.select(passages, stored_vectors.c.tokens).join_from(passages, articles)
    return asked.outerjoin(stored_vectors, with_vector).where(which, visible_to(reader))


@lru_cache(maxsize=_READERS)
def _these_passages(reader: Reader) -> sa.Select[*tuple[Any, ...]]:
    """As `_passages`, of those whose ids are given as `ids`; put together once, since every question asks for some."""
    return _passages(reader, passages.c.id.in_(sa.bindparam("ids", expanding=True)))


@lru_cache(maxsize=_READERS)
def _these_articles(reader: Reader) -> sa.Select[*tuple[Any, ...]]:
    """What asks for the articles whose ids are given as `ids`."""
    asked = sa.select(articles.c.id, articles.c.body, articles.c.added_at, *SOURCE, revised_for(reader))
    return asked.where(articles.c.id.in_(sa.bindparam("ids", expanding=True)))


def _found(
    connection: sa.Connection, reader: Reader, rows: Sequence[sa.Row[*tuple[Any, ...]]]
) -> tuple[FoundPassage, ...]:
    """Rows of `_passages` with their articles."""
    ids = {row.article_id for row in rows}
    by_id = {row.id: article_of(row) for row in connection.execute(_these_articles(reader), {"ids": tuple(ids)})}
    return tuple(FoundPassage(passage_of(row), by_id[row.article_id], row.tokens) for row in rows)


def article(connection: sa.Connection, reader: Reader, article_id: ArticleId) -> Article:
    """One article. Raises ArticleUnknown when there is none that the reader sees."""
    row = connection.execute(
        sa.select(*ARTICLE, revised_for(reader)).where(articles.c.id == article_id, visible_to(reader))
    ).first()
    if row is None:
        raise ArticleUnknown(article_id)
    return article_of(row)


def article_entries(
    connection: sa.Connection, reader: Reader, which: sa.ColumnElement[bool]
) -> tuple[ArticleEntry, ...]:
    """A line for each of the articles meant, as the reader sees them, newest first; whether they do is for `which`."""
    rows = connection.execute(
        sa.select(
            articles.c.id, articles.c.added_at, *SOURCE, revised_for(reader), _count(passages), _count(quotations)
        )
        .where(which)
        .order_by(*NEWEST_FIRST)
    )
    return tuple(
        ArticleEntry(ArticleId(row.id), source_of(row), row.added_at, row.passages, row.quotations) for row in rows
    )


def about(connection: sa.Connection, reader: Reader) -> About:
    """How much the reader sees, the newest of it, and what made the vectors (empty in an archive that has none)."""
    of_reader = visible_to(reader)
    newest = connection.execute(
        sa.select(*SOURCE, revised_for(reader)).where(of_reader).order_by(*NEWEST_FIRST).limit(1)
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


def searched(connection: sa.Connection, reader: Reader) -> Searched:
    """How many articles the reader sees, and the dates between which those with a date were published."""
    dates = articles.c.published_at
    row = connection.execute(
        sa.select(sa.func.count(), sa.func.min(dates).label("oldest"), sa.func.max(dates).label("newest"))
        .select_from(articles)
        .where(visible_to(reader))
    ).one()
    return Searched(row[0], row.oldest, row.newest)


def publishers(connection: sa.Connection, reader: Reader) -> tuple[str, ...]:
    """Who published what the reader sees, the most frequent first, then by name."""
    named = articles.c.publisher
    asked = sa.select(named).where(visible_to(reader), named.is_not(None)).group_by(named)
    return tuple(connection.scalars(asked.order_by(sa.func.count().desc(), named)))


def _count(table: sa.Table) -> sa.Label[int]:
    counted = sa.select(sa.func.count()).select_from(table).where(table.c.article_id == articles.c.id)
    return counted.scalar_subquery().label(table.name)


def _total(connection: sa.Connection, counting: sa.Select[int]) -> int:
    return connection.execute(counting).scalar_one()

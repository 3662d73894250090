"""The newest articles, each with the vector of its first passage, which tells what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive import vectors
from retrieval.archive.articles.rows import SOURCE, newest_first, revised_column, source_of
from retrieval.archive.records import ArticleOpening
from retrieval.archive.schema import articles, embeddings, passages, quotations
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.domain.articles import LatestArticle
from retrieval.domain.ids import PassageId

if TYPE_CHECKING:
    from retrieval.domain.scope import Scope


def openings(connection: sa.Connection, scope: Scope, which: sa.ColumnElement[bool]) -> tuple[ArticleOpening, ...]:
    """The articles that `which` selects, newest first. `which` decides what is visible."""
    quoted = sa.select(sa.func.count()).where(quotations.c.article_id == articles.c.id, ~quotations.c.disputed)
    active = sa.select(embeddings.c.id).where(embeddings.c.active).scalar_subquery()
    with_vector = (stored_vectors.c.passage_id == passages.c.id) & (stored_vectors.c.embedding_id == active)
    rows = connection.execute(
        sa.select(
            passages.c.id,
            quoted.scalar_subquery().label("quotations"),
            stored_vectors.c.vector,
            *SOURCE,
            revised_column(scope),
        )
        .join_from(articles, passages, (passages.c.article_id == articles.c.id) & (passages.c.ordinal == 0))
        .outerjoin(stored_vectors, with_vector)
        .where(which)
        .order_by(*newest_first(scope))
    ).all()
    spec = vectors.active_spec(connection)
    stored = vectors.readable([row.vector for row in rows], 0 if spec is None else spec.dimension)
    return tuple(
        ArticleOpening(LatestArticle(source_of(row), PassageId(row.id), row.quotations), vector)
        for row, vector in zip(rows, stored.numbers, strict=True)
    )

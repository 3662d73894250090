"""Steps that several questions about articles share: lines of lists, the newest, searching, who is quoted, export."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrieval.archive import vectors
from retrieval.archive.articles.rows import (
    SOURCE,
    contains,
    in_collections,
    newest_first,
    number_columns,
    number_of,
    revised_column,
    same_text,
    source_of,
)
from retrieval.archive.full_text import full_text_of
from retrieval.archive.records import ArticleOpening
from retrieval.archive.schema import articles, embeddings, passages, quotation_speakers, quotations, speakers
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.archive.speakers import correcting
from retrieval.archive.speakers.corrections import applied
from retrieval.archive.speakers.speaker_rows import PRINTED
from retrieval.domain.articles import ArticleEntry, LatestArticle
from retrieval.domain.ids import ArticleId, PassageId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.archive.articles.rows import Row
    from retrieval.domain.articles import Source
    from retrieval.domain.scope import Scope


def article_entries(
    connection: sa.Connection,
    scope: Scope,
    which: sa.ColumnElement[bool],
    *,
    order: Sequence[sa.ColumnElement[Any]] | None = None,
) -> tuple[ArticleEntry, ...]:
    """A line for each article that `which` selects, newest first or in an `order`. `which` decides what is visible."""
    columns = (articles.c.id, *SOURCE, revised_column(scope), *number_columns(scope))
    counted = sa.select(*columns, _count(passages), _count(quotations)).where(which)
    rows = connection.execute(counted.order_by(*(order or newest_first(scope))))
    return tuple(
        ArticleEntry(ArticleId(row.id), number_of(row), source_of(row), row.got_at, row.passages, row.quotations)
        for row in rows
    )


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


def found_in(connection: sa.Connection, search: str, words: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether the headline contains `search`, or one passage with its headline contains all of the words."""
    in_title = contains(articles.c.title_key, search)
    if not words:
        return in_title
    matching = passages.c.id.in_(full_text_of(connection).matching(words))
    return in_title | articles.c.id.in_(sa.select(passages.c.article_id).where(matching))


def headline_first(search: str) -> tuple[sa.ColumnElement[Any], ...]:
    """Order those articles first whose headline contains every word of a search; no order without a search."""
    words = search.split()
    return (sa.and_(*(contains(articles.c.title_key, word) for word in words)).desc(),) if words else ()


def quoted_speakers(connection: sa.Connection, scope: Scope, article_id: ArticleId) -> tuple[tuple[str, int], ...]:
    """Who is quoted in one article and how often, as corrected in the scope: the most often first."""
    of, printed = quotations.c, quotation_speakers.c
    columns = (of.id, of.content_start, printed.speaker_id, speakers.c.key, PRINTED.label("name"), printed.role)
    rows = connection.execute(
        sa.select(*columns)
        .join_from(speakers, quotation_speakers)
        .join(quotations)
        .where(of.article_id == article_id, ~of.disputed)
    )
    corrections = correcting.in_force(connection, scope, [article_id])
    names: defaultdict[str, list[str]] = defaultdict(list)
    for said in applied(rows, corrections, disputed=False):
        names[said.key].append(said.name)
    counted = ((min(printed), len(printed)) for printed in names.values())
    return tuple(sorted(counted, key=lambda one: (-one[1], one[0])))


def also_in(connection: sa.Connection, scope: Scope, row: Row) -> tuple[Source, ...]:
    """The sources of the other visible articles with the text of an article (`ARTICLE`), newest first."""
    others = same_text(row.content_hash) & (articles.c.id != row.id) & in_collections(scope.collections)
    sources = sa.select(*SOURCE, revised_column(scope)).where(others).order_by(*newest_first(scope))
    return tuple(map(source_of, connection.execute(sources)))


def export_line(row: Row) -> bytes:
    """An article as a line of JSON, from the columns `ARTICLE`, `revised_column` and `number_columns`."""
    source = source_of(row)
    fields = {
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
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _count(table: sa.Table) -> sa.Label[int]:
    counted = sa.select(sa.func.count()).select_from(table).where(table.c.article_id == articles.c.id)
    return counted.scalar_subquery().label(table.name)

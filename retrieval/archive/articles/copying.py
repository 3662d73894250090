"""An article as it is stored, ready to be stored once more with another source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from retrieval.archive.articles.rows import ARTICLE, source_of, span_of
from retrieval.archive.records import NewQuotation, NewSpeaker, ReadArticle, ReadPassage
from retrieval.archive.schema import articles, passages, quotation_speakers, quotations, speakers
from retrieval.archive.speakers.speaker_rows import PRINTED
from retrieval.archive.sqlite.full_text import TABLE
from retrieval.domain.articles import Notice, Span
from retrieval.domain.quotations import Attribution, QuotationKind

if TYPE_CHECKING:
    from retrieval.domain.articles import Source

    _Row: TypeAlias = sa.Row[*tuple[Any, ...]]


def stored(connection: sa.Connection, article_id: int) -> ReadArticle:
    """All of one article but its vectors; its source as it was stored, not as a reader sees it."""
    row = connection.execute(sa.select(*ARTICLE).where(articles.c.id == article_id)).one()
    return ReadArticle(
        source(row),
        row.body,
        _passages(connection, article_id),
        _quotations(connection, article_id),
        row.address,
        row.fetched_at,
    )


def source(row: _Row) -> Source:
    """From the columns `ARTICLE`: what was stored of the source; that a page is gone is no part of it."""
    found = source_of(row)
    return replace(found, notice=None) if found.notice is Notice.GONE else found


def _passages(connection: sa.Connection, article_id: int) -> tuple[ReadPassage, ...]:
    held = sa.table(TABLE, sa.column("rowid"), sa.column("words"))
    asked = sa.select(passages.c.start, passages.c.end, held.c.words).join_from(
        passages, held, held.c.rowid == passages.c.id
    )
    rows = connection.execute(asked.where(passages.c.article_id == article_id).order_by(passages.c.ordinal))
    return tuple(ReadPassage(Span(row.start, row.end), tuple(str(row.words).split())) for row in rows)


def _quotations(connection: sa.Connection, article_id: int) -> tuple[NewQuotation, ...]:
    said_by: dict[int, tuple[NewSpeaker, ...]] = defaultdict(tuple)
    spoken = quotation_speakers.c
    rows = connection.execute(
        sa.select(spoken.quotation_id, PRINTED.label("name"), spoken.role, spoken.rank)
        .join_from(quotation_speakers, speakers)
        .join(quotations)
        .where(quotations.c.article_id == article_id)
        .order_by(spoken.quotation_id, spoken.ordinal)
    )
    for row in rows:
        said_by[row.quotation_id] += (NewSpeaker(row.name, row.role, row.rank),)
    found = sa.select(quotations).where(quotations.c.article_id == article_id).order_by(quotations.c.id)
    return tuple(_quotation(row, said_by[row.id]) for row in connection.execute(found))


def _quotation(row: _Row, said_by: tuple[NewSpeaker, ...]) -> NewQuotation:
    return NewQuotation(
        content=Span(row.content_start, row.content_end),
        context=Span(row.context_start, row.context_end),
        kind=QuotationKind(row.kind),
        attribution=Attribution(row.attribution),
        confidence=row.confidence,
        speakers=said_by,
        cue=span_of(row, "cue"),
        mention=span_of(row, "mention"),
        via=span_of(row, "via"),
    )

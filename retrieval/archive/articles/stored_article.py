"""Reads everything that is stored of an article, so that it can be stored again with another source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.articles.rows import ARTICLE, source_of, span_of
from retrieval.archive.records import NewQuotation, NewSpeaker, ReadArticle, ReadPassage
from retrieval.archive.schema import articles, passages, quotation_speakers, quotations, speakers
from retrieval.archive.speakers.speaker_rows import PRINTED
from retrieval.archive.sqlite.full_text import TABLE
from retrieval.domain.articles import Notice, Span
from retrieval.domain.quotations import Attribution, QuotationKind

if TYPE_CHECKING:
    from retrieval.archive.articles.rows import Row
    from retrieval.domain.articles import Source


def stored(connection: sa.Connection, article_id: int) -> ReadArticle:
    """One article without its vectors; its source as it was stored, not as a scope sees it."""
    row = connection.execute(sa.select(*ARTICLE).where(articles.c.id == article_id)).one()
    return ReadArticle(
        source(row),
        row.body,
        _passages(connection, article_id),
        _quotations(connection, article_id),
        row.address,
        row.fetched_at,
        row.extractor,
        row.linked,
    )


def source(row: Row) -> Source:
    """The stored source, from the columns `ARTICLE`; that its page is gone is not part of it."""
    source = source_of(row)
    return replace(source, notice=None) if source.notice is Notice.GONE else source


def _passages(connection: sa.Connection, article_id: int) -> tuple[ReadPassage, ...]:
    index = sa.table(TABLE, sa.column("rowid"), sa.column("words"))
    with_words = sa.select(passages.c.start, passages.c.end, index.c.words).join_from(
        passages, index, index.c.rowid == passages.c.id
    )
    rows = connection.execute(with_words.where(passages.c.article_id == article_id).order_by(passages.c.ordinal))
    return tuple(ReadPassage(Span(row.start, row.end), tuple(str(row.words).split())) for row in rows)


def _quotations(connection: sa.Connection, article_id: int) -> tuple[NewQuotation, ...]:
    speakers_of: dict[int, tuple[NewSpeaker, ...]] = defaultdict(tuple)
    mention = quotation_speakers.c
    rows = connection.execute(
        sa.select(mention.quotation_id, PRINTED.label("name"), mention.role, mention.rank)
        .join_from(quotation_speakers, speakers)
        .join(quotations)
        .where(quotations.c.article_id == article_id)
        .order_by(mention.quotation_id, mention.ordinal)
    )
    for row in rows:
        speakers_of[row.quotation_id] += (NewSpeaker(row.name, row.role, row.rank),)
    of_article = sa.select(quotations).where(quotations.c.article_id == article_id).order_by(quotations.c.id)
    return tuple(_quotation(row, speakers_of[row.id]) for row in connection.execute(of_article))


def _quotation(row: Row, speakers: tuple[NewSpeaker, ...]) -> NewQuotation:
    return NewQuotation(
        content=Span(row.content_start, row.content_end),
        context=Span(row.context_start, row.context_end),
        kind=QuotationKind(row.kind),
        attribution=Attribution(row.attribution),
        confidence=row.confidence,
        speakers=() if row.disputed else speakers,
        cue=span_of(row, "cue"),
        mention=span_of(row, "mention"),
        via=span_of(row, "via"),
        disputed=row.disputed,
        alleged=speakers if row.disputed else (),
    )

"""Reads everything that is stored of an article, so that it can be stored again with another source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import sqlalchemy as sa

from retrieval.archive.articles.rows import ARTICLE, quotation_fields, source_of
from retrieval.archive.records import NewQuotation, NewSpeaker, ReadArticle, ReadPassage
from retrieval.archive.schema import articles, passage_words, passages, quotations
from retrieval.archive.speakers.speaker_rows import printed_speakers
from retrieval.domain.articles import Notice, Span


def stored(connection: sa.Connection, article_id: int) -> ReadArticle:
    """One article without its vectors; its source as it was stored: that its page is gone is not part of it."""
    row = connection.execute(sa.select(*ARTICLE).where(articles.c.id == article_id)).one()
    source = source_of(row)
    return ReadArticle(
        replace(source, notice=None) if source.notice is Notice.GONE else source,
        row.body,
        _passages(connection, article_id),
        _quotations(connection, article_id),
        row.address,
        row.fetched_at,
        row.extractor,
        row.linked,
    )


def _passages(connection: sa.Connection, article_id: int) -> tuple[ReadPassage, ...]:
    columns = (passages.c.start, passages.c.end, passage_words.c.words)
    with_words = sa.select(*columns).join_from(passages, passage_words, passage_words.c.rowid == passages.c.id)
    rows = connection.execute(with_words.where(passages.c.article_id == article_id).order_by(passages.c.ordinal))
    return tuple(ReadPassage(Span(row.start, row.end), tuple(str(row.words).split())) for row in rows)


def _quotations(connection: sa.Connection, article_id: int) -> tuple[NewQuotation, ...]:
    speakers_of: dict[int, tuple[NewSpeaker, ...]] = defaultdict(tuple)
    for row in printed_speakers(connection, quotations.c.article_id == article_id):
        speakers_of[row.quotation_id] += (NewSpeaker(row.name, row.role, row.rank),)
    of_article = sa.select(quotations).where(quotations.c.article_id == article_id).order_by(quotations.c.id)
    rows = connection.execute(of_article)
    return tuple(NewQuotation(**quotation_fields(row, speakers_of[row.id])) for row in rows)

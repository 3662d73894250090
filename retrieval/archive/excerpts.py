"""Words of one article by their place, with their surroundings: what is shared, cited, shown in context, verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import (
    SOURCE,
    has_original_text,
    number_columns,
    revised_column,
    source_of,
    visible_to,
)
from retrieval.archive.connections import Repository
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.records import content_hash
from retrieval.archive.schema import articles, passages, quotations
from retrieval.archive.speakers import correcting
from retrieval.archive.speakers.cited_quotations import ArticleText
from retrieval.archive.speakers.corrections import is_disputed
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import Excerpt
from retrieval.text.sentences import sentences

if TYPE_CHECKING:
    from retrieval.archive.articles.rows import Row
    from retrieval.archive.connections import Connections
    from retrieval.archive.speakers.corrections import Corrections
    from retrieval.archive.speakers.repository import SpeakerRepository
    from retrieval.domain.excerpts import ExcerptRef
    from retrieval.domain.quotations import CitedQuotation
    from retrieval.domain.scope import Scope


_AROUND: Final = 3_000
"""Characters on either side of the words: as many as a message shows, so that it is filled at an article's end too."""


class ExcerptRepository(Repository):
    """The excerpts of one archive. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections, speakers: SpeakerRepository) -> None:
        super().__init__(connections)
        self._speakers = speakers

    def find(self, scope: Scope, ref: ExcerptRef) -> Excerpt | None:
        """The words at a place; None where the scope does not see them.

        They are a quotation, or whole sentences and passages: nothing is cut so that it says something else.
        """
        quotation = self._speakers.quotation_at(scope, ref)
        with self._connections.reading() as connection:
            row = connection.execute(_article(scope, ref)).first()
            if row is None:
                return None
            if not has_original_text(row):
                log_damaged(connection, "Article", row.id)
                return None
            if quotation is None and not _is_whole(connection, ref, row.body):
                return None
            corrections = correcting.in_force(connection, scope, [ref.article_id])
            return _excerpt(connection, ref, row, quotation, corrections)


def _article(scope: Scope, ref: ExcerptRef) -> sa.Select[*tuple[object, ...]]:
    of_article = (articles.c.id, articles.c.content_hash, articles.c.body, articles.c.fetched_at, articles.c.added_at)
    columns = (*of_article, *SOURCE, revised_column(scope), *number_columns(scope))
    return sa.select(*columns).where(articles.c.id == ref.article_id, visible_to(scope))


def _excerpt(
    connection: sa.Connection,
    ref: ExcerptRef,
    row: Row,
    quotation: CitedQuotation | None,
    corrections: Corrections,
) -> Excerpt:
    text = ArticleText(row.body)
    paragraph, around = text.paragraph(ref.span), text.neighbourhood(ref.span, _AROUND)
    of = quotations.c
    overlapping = (of.content_start < around.end) & (of.content_end > around.start)
    disputed = sa.select(of.content_start, of.content_end).where(
        of.article_id == ref.article_id, is_disputed(corrections), overlapping
    )
    return Excerpt(
        ref=ref,
        source=source_of(row),
        text=text.of(around),
        start=around.start,
        paragraph=paragraph,
        length=len(row.body),
        text_hash=content_hash(row.body),
        got_at=row.got_at,
        fetched=row.fetched_at is not None,
        is_passage=quotation is None and len(sentences(ref.span.of(row.body))) > 1,
        quotation=quotation if quotation is not None and _has_speaker(quotation) else None,
        disputed=tuple(Span(start, end) for start, end in connection.execute(disputed) if 0 <= start < end),
    )


def _has_speaker(cited: CitedQuotation) -> bool:
    return bool(cited.quotation.disputed or cited.quotation.speakers or cited.said_by)


def _is_whole(connection: sa.Connection, ref: ExcerptRef, body: str) -> bool:
    """Whether the words begin and end as sentences or passages do."""
    spans = sa.select(passages.c.start, passages.c.end).where(
        passages.c.article_id == ref.article_id, passages.c.start < ref.span.end, passages.c.end > ref.span.start
    )
    whole = [Span(start, end) for start, end in connection.execute(spans) if 0 <= start < end <= len(body)]
    whole += [one.moved(passage.start) for passage in whole for one in sentences(passage.of(body))]
    return any(ref.span.start == each.start for each in whole) and any(ref.span.end == each.end for each in whole)

"""Tries a feed: reads its newest entry as it would be announced, and stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.domain.feeds import FeedTrial
from retrieval.domain.ids import ArticleId, QuotationId, SpeakerId
from retrieval.domain.limits import LONGEST_ANNOUNCED, SHORTEST_ANNOUNCED
from retrieval.domain.quotations import NAMED, CitedQuotation, Quotation, QuotationKind, Speaker
from retrieval.errors import FeedRejected
from retrieval.text.word_filters import lets_through

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.records import NewQuotation, ReadArticle
    from retrieval.domain.feeds import FeedFilters
    from retrieval.domain.ids import CollectionId
    from retrieval.feeds.drafting import Drafting
    from retrieval.text.feed_document import FeedDocument


def try_newest(
    document: FeedDocument,
    address: str,
    now: datetime,
    *,
    drafting: Drafting,
    collection: CollectionId,
    filters: FeedFilters,
) -> FeedTrial:
    """The newest entry of the feed at `address` for a collection. Raises FeedRejected, or what reading it raises."""
    newest = next(iter(document.newest()), None)
    if newest is None:
        raise FeedRejected("feed.empty")
    draft = drafting.draft(newest, document, address, now).draft
    read = drafting.importer.read(draft, (collection,))
    texts = (newest.title or "", read.source.title, read.body)
    return FeedTrial(
        document.title or address,
        read.source,
        _best_quotation(read),
        read=lets_through(filters.read, *texts),
        announced=lets_through(filters.announced, *texts[1:]),
        partial=draft.partial,
    )


def _best_quotation(read: ReadArticle) -> CitedQuotation | None:
    """The quotation that `EntryRepository.best_quotation` gives once the article is stored."""
    eligible = [
        quotation
        for quotation in read.quotations
        if quotation.kind is QuotationKind.DIRECT
        and quotation.attribution in NAMED
        and quotation.speakers
        and not quotation.disputed
        and SHORTEST_ANNOUNCED <= len(quotation.content) <= LONGEST_ANNOUNCED
    ]
    best = max(eligible, key=lambda quotation: len(quotation.content), default=None)
    return None if best is None else _cited(best, read)


def _cited(best: NewQuotation, read: ReadArticle) -> CitedQuotation:
    speakers = tuple(Speaker(SpeakerId(0), each.name, each.role, rank=each.rank) for each in best.speakers)
    quotation = Quotation(
        QuotationId(0),
        ArticleId(0),
        best.content,
        best.context,
        best.kind,
        best.attribution,
        best.confidence,
        speakers,
    )
    return CitedQuotation(quotation, read.source, best.content.of(read.body), best.context.of(read.body))

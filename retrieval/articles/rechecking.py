"""Fetches the pages of articles again: flags those that are gone, and stores changed ones as new versions."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from retrieval.articles.importing import named_publisher
from retrieval.articles.storing import store_everywhere
from retrieval.domain.articles import Notice
from retrieval.errors import AddressRefused, ArticleRejected, FetchFailed
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from retrieval.active_model import ActiveModel
    from retrieval.archive.archive import Archive
    from retrieval.archive.articles.pages import DuePage
    from retrieval.archive.records import ReadArticle
    from retrieval.articles.importing import Importer
    from retrieval.domain.articles import Draft, Source

_A_DAY: Final = timedelta(days=1)
_CHECKED_EVERY: Final = _A_DAY
_CHECKED_FOR: Final = timedelta(days=30)
_SHRUNK: Final = 0.5
"""A page that lost more than half of its words is a teaser or an error, not a new version."""

log = logging.getLogger(__name__)


class Rechecker:
    """Checks pages again. Thread-safe; without a fetcher it does nothing. May raise ArchiveError, ModelUnavailable."""

    def __init__(self, archive: Archive, model: ActiveModel, importer: Importer) -> None:
        self._archive = archive
        self._model = model
        self._importer = importer

    def recheck(self, now: datetime, limit: int) -> int:
        """Check the pages of at most `limit` articles of the last thirty days, each once a day; returns how many.

        A page that is gone is flagged until it is back. A changed text is a new version in every collection that holds
        the old one.
        """
        if self._importer.fetcher is None:
            return 0
        since, published_after = now - _CHECKED_EVERY, now - _CHECKED_FOR
        due = self._archive.pages.take_due(now, checked_before=since, published_after=published_after, limit=limit)
        for page in due:
            self._check_page(page, now)
        return len(due)

    def _check_page(self, page: DuePage, now: datetime) -> None:
        article, pages, article_reader = page.article, self._archive.pages, self._importer.article_reader
        assert article.source.url is not None
        try:
            draft = _with_what_is_stored(self._importer.draft_from_link(article.source.url, now), article.source)
            read = article_reader.read(draft, by_rules=True)
        except FetchFailed as error:
            if error.gone:
                pages.checked(article.id, now, gone=True)
            return
        except (AddressRefused, ArticleRejected) as error:
            log.info("article %d stays as it is: %s", article.id, error)
            return
        pages.checked(article.id, now, gone=False)
        is_retracted = read.source.notice is Notice.RETRACTED
        shrunk = not is_retracted and count_words(read.body) < _SHRUNK * count_words(article.body)
        if read.body == article.body or read.address != page.address or shrunk:
            return
        if _has_changed(page, read):
            store_everywhere(self._archive, article_reader.read(draft), self._model, page.collections)
        else:
            pages.record_text(article.id, read.identity.body_hash)


def _has_changed(page: DuePage, read: ReadArticle) -> bool:
    """Whether a page whose text differs from the stored one has changed.

    A text that a feed carried may differ from its page from the start: then only a page that differs from the last
    check, or a new correction or retraction, is a change.
    """
    if page.page_hash is None:
        return True
    if read.source.notice not in {None, page.article.source.notice}:
        return True
    return page.page_hash not in {"", read.identity.body_hash}


def _with_what_is_stored(draft: Draft, stored: Source) -> Draft:
    """The draft with what only the stored source has: the hour from a feed, the publisher, a later update."""
    published, updated = draft.published_at, draft.updated_at
    if stored.published_at is not None and (published is None or abs(published - stored.published_at) < _A_DAY):
        published = stored.published_at
    if stored.updated_at is not None and (updated is None or updated < stored.updated_at):
        updated = stored.updated_at
    return replace(
        draft,
        publisher=named_publisher(draft) or stored.publisher or draft.publisher,
        published_at=published,
        updated_at=updated,
    )

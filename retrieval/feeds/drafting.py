"""Makes a draft of a feed's entry: from the text that the feed carries, where that is whole, else from its page.

What the page says of its source takes precedence; the feed supplies the rest, and the hour of the day. What a feed says
of an article is used only for pages of its own site: otherwise any feed could attribute any text to any paper.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time, timedelta
from html import escape
from typing import TYPE_CHECKING, Final

from retrieval.articles.importing import named_publisher
from retrieval.domain.articles import Draft
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected
from retrieval.text.link_keys import address_key, site
from retrieval.text.near_duplicates import same_story, shingles

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.feeds.entries import FormerPage
    from retrieval.articles.importing import Importer
    from retrieval.ports import Extractor
    from retrieval.text.feed_document import FeedDocument, FeedEntry

_AHEAD: Final = timedelta(days=1)
"""How far in the future a date may be, for clocks and time zones that are wrong."""
_PAGE: Final = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><article><h1>{title}</h1>{content}</article></body></html>"
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft of an entry; `carried`: its text is the feed's, not its page's."""

    draft: Draft
    carried: bool


@dataclass(frozen=True, slots=True)
class Drafting:
    """Makes drafts; `importer` fetches and extracts pages."""

    extractor: Extractor
    importer: Importer

    def draft(self, entry: FeedEntry, feed: FeedDocument, address: str, now: datetime) -> Drafted:
        """The draft of an entry of the feed at `address`. Raises ArticleRejected, AddressRefused and FetchFailed."""
        own = entry.link is None or same_site(entry.link, address)
        carried = self._carried(entry, feed, now) if own else None
        if carried is not None:
            return Drafted(carried, carried=True)
        if entry.link is None:
            raise ArticleRejected("feed.entry_without_text")
        page = self.importer.draft_from_link(entry.link)
        page = replace(page, url=page.url or entry.link)
        return Drafted(_filled(page, entry, feed, now) if own else page, carried=False)

    def _carried(self, entry: FeedEntry, feed: FeedDocument, now: datetime) -> Draft | None:
        """The draft of the text that the feed carries; None where it carries no whole article."""
        if entry.content is None or (entry.link is None and entry.title is None):
            return None
        html = _PAGE.format(title=escape(entry.title or ""), content=entry.content)
        url = entry.link or "https://feed.invalid/"
        try:
            extracted = self.extractor.extract(Fetched(url, html.encode(errors="replace"), "text/html", "utf-8"))
        except ArticleRejected:
            return None
        return Draft(
            text=extracted.text,
            title=entry.title or extracted.title,
            publisher=feed.title,
            authors=entry.authors or extracted.authors,
            url=entry.link,
            published_at=_published(None, entry, now),
            updated_at=_updated(entry, now),
            fetched_at=now,
            partial=extracted.partial,
        )


def _filled(page: Draft, entry: FeedEntry, feed: FeedDocument, now: datetime) -> Draft:
    """The page's draft, completed with what the feed says."""
    return replace(
        page,
        title=page.title or entry.title,
        publisher=named_publisher(page) or feed.title or page.publisher,
        authors=page.authors or entry.authors,
        published_at=_published(page.published_at, entry, now),
        updated_at=page.updated_at or _updated(entry, now),
    )


def has_moved(former: FormerPage, draft: Draft) -> bool:
    """Whether a draft under another link of the same site is the same article: by its moment of publication or text."""
    if draft.url is None or address_key(draft.url) == address_key(former.url) or not same_site(draft.url, former.url):
        return False
    published = draft.published_at
    if published is not None and published == former.published_at and published.time() != time.min:
        return True
    return same_story(shingles(draft.text), shingles(former.body))


def same_site(link: str, feed: str) -> bool:
    """Whether what a feed says of a page is used: their hosts are the same, or one is a subdomain of the other."""
    page_site, feed_site = site(link), site(feed)
    if page_site is None or feed_site is None:
        return False
    return page_site == feed_site or page_site.endswith(f".{feed_site}") or feed_site.endswith(f".{page_site}")


def _unless_future(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment; None where it is so far in the future that it is a mistake."""
    return None if moment is None or moment > now + _AHEAD else moment


def _published(of_page: datetime | None, entry: FeedEntry, now: datetime) -> datetime | None:
    """The page's date, to the hour where the feed agrees on the day; without any, when the entry was changed."""
    of_feed = _unless_future(entry.published_at, now)
    if of_page is None or of_feed is None:
        return of_page or of_feed or _unless_future(entry.updated_at, now)
    return of_feed if abs(of_page - of_feed) < timedelta(days=1) else of_page


def _updated(entry: FeedEntry, now: datetime) -> datetime | None:
    """When the feed says that the article was changed, if that is after its publication."""
    updated = _unless_future(entry.updated_at, now)
    if updated is None or entry.published_at is None or updated <= entry.published_at:
        return None
    return updated

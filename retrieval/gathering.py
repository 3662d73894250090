"""From a link, a file or a pasted text to a draft that can be added: fetches, extracts, and says when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from retrieval.domain.articles import Draft
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.domain.limits import LARGEST_FILE
from retrieval.domain.pages import Fetched, NotModified
from retrieval.errors import ArticleRejected, FetchFailed
from retrieval.text.link_keys import site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.cancellation import Cancellation
    from retrieval.ports import Extractor, Fetcher

TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".eml": "message/rfc822",
    ".pdf": "application/pdf",
}
"""The files that can be read, by the end of their names."""


def with_site(draft: Draft) -> Draft:
    """A draft whose publisher, where none is known, is the site of its link: `reuters.com`.

    But where somebody said by hand that it has none.
    """
    if draft.publisher is not None or "publisher" in draft.by_hand:
        return draft
    return replace(draft, publisher=site(draft.url))


def named_publisher(draft: Draft) -> str | None:
    """The publisher that a page names; None where its site stands for one."""
    return None if draft.publisher == site(draft.url) else draft.publisher


class Gatherer:
    """Makes drafts out of what people hand in. Thread-safe, as its two parts are."""

    def __init__(self, fetcher: Fetcher, extractor: Extractor) -> None:
        self._fetcher = fetcher
        self._extractor = extractor

    def from_link(self, url: str, now: datetime | None = None, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """The article at an address, `fetched_at` `now`; its `url` is where it was found, or the page's canonical one.

        Raises AddressRefused, FetchFailed, ArticleRejected with the reason, and WorkCancelled.
        """
        fetched = self._fetcher.fetch(url)
        cancellation.check()
        if isinstance(fetched, NotModified):
            message = "The site answered that nothing has changed, although nothing was known of the page."
            raise FetchFailed(message)
        draft = self._extractor.extract(fetched, cancellation=cancellation)
        return replace(draft, url=draft.url or fetched.url, fetched_at=now or datetime.now(UTC))

    def from_file(self, name: str, content: bytes, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """The article in a file. Raises ArticleRejected and WorkCancelled."""
        kind = TYPES.get(PurePath(name).suffix.lower())
        if kind is None:
            message = f"A file of this kind cannot be read: {', '.join(TYPES)} can."
            raise ArticleRejected(message)
        if len(content) > LARGEST_FILE:
            message = f"The file is larger than {LARGEST_FILE / 1e6:.0f} MB, which no article is."
            raise ArticleRejected(message)
        return self._extractor.extract(Fetched("", content, kind), cancellation=cancellation)

    def from_text(
        self,
        text: str,
        title: str | None = None,
        *,
        publisher: str | None = None,
        authors: Sequence[str] = (),
        url: str | None = None,
        published_at: datetime | None = None,
    ) -> Draft:
        """What somebody pasted, with what they said of it. Raises ArticleRejected where it is empty."""
        if not text.strip():
            message = "The text is empty."
            raise ArticleRejected(message)
        return Draft(text, title or None, publisher or None, tuple(authors), url or None, published_at)

"""Whether each well-known feed still is one: `python -m tests.well_known_feeds` asks all and prints those that fail."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from config.settings import Settings
from retrieval.adapters.feeds.client import FeedWorker
from retrieval.assembly import open_fetcher
from retrieval.domain.pages import NotModified
from retrieval.errors import NewsError
from retrieval.feeds.well_known import well_known_feeds
from retrieval.text.feed_document import FeedsNamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.ports import FeedParser, Fetcher


def failing(fetcher: Fetcher, parser: FeedParser) -> Iterator[str]:
    """Yield a line for each feed that cannot be had, is none, has moved for good or has no entries."""
    for feed in well_known_feeds():
        trouble = _trouble(fetcher, parser, feed.url)
        if trouble is not None:
            yield f"{feed.name} ({feed.language}), {feed.url}: {trouble}"


def _trouble(fetcher: Fetcher, parser: FeedParser, url: str) -> str | None:
    try:
        fetched = fetcher.fetch(url)
        assert not isinstance(fetched, NotModified)  # no validators were sent
        document = parser.read(fetched)
    except NewsError as error:
        return str(error)
    if isinstance(document, FeedsNamed):
        return "a page that names feeds"
    if not document.entries:
        return "no entries"
    return f"moved to {fetched.moved_to}" if fetched.moved_to else None


def main() -> int:
    """Print what fails; return 1 if anything does."""
    with FeedWorker() as parser:
        lines = list(failing(open_fetcher(Settings()), parser))
    sys.stdout.write("\n".join(lines or [f"All {len(well_known_feeds())} feeds are feeds."]) + "\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())

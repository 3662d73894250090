"""The whole way, from a real server on this machine to the archive: fetcher, both worker processes, updates."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.active_model import ActiveModel
from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.adapters.feeds.client import FeedWorker
from retrieval.archive.opening import open_archive
from retrieval.articles.importing import Importer
from retrieval.domain.feeds import FeedUpdate
from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope
from retrieval.feeds.following import Feeds
from tests.retrieval.web_server import LocalWeb, redirect, response, serving
from tests.retrieval.web_visits import fetcher
from tests.support.fakes import HashingEmbedder
from tests.support.feeds import EVERY, Story, json_feed, rss

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive

ONE = Scope(CollectionId(11))
SITE, FEED = "http://courier.example", "http://courier.example/rss"
STORIES = (Story(1), Story(2), Story(3))


def atom(*stories: Story) -> str:
    entries = "".join(
        f"<entry><id>urn:{story.number}</id><title>{story.title}</title><link href='{story.link}'/>"
        f"<published>{story.date.isoformat()}</published></entry>"
        for story in stories
    )
    head = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Selby Courier</title>'
    return f"{head}{entries}</feed>"


KINDS = {
    "RSS": (rss(*STORIES), "application/rss+xml"),
    "Atom": (atom(*STORIES), "application/atom+xml"),
    "JSON Feed": (json_feed(*STORIES), "application/feed+json"),
    "RSS with the whole text": (rss(*STORIES, full=True), "text/xml"),
    "RSS that breaks off": (rss(*STORIES)[:-20], "text/xml"),
    "RSS without a type": (rss(*STORIES), None),
    "RSS as a download": (rss(*STORIES), "application/octet-stream"),
    "RSS by an invented type": (rss(*STORIES), "text/rss+xml; charset=utf-8"),
    "Atom by an old type": (atom(*STORIES), "application/x-atom"),
    "JSON Feed without a type": (json_feed(*STORIES), None),
    "RSS in UTF-16 without a mark": (rss(*STORIES).replace("utf-8", "utf-16"), "application/xml"),
    "RSS in UTF-16 without a mark or type": (rss(*STORIES).replace("utf-8", "utf-16"), None),
    "RSS called a page, with an unknown entity": (rss(*STORIES).replace("In short", "&nbsp;&nix;"), "text/html"),
}


class Newsstand:
    """Feeds whose public web is the server."""

    def __init__(self, web: LocalWeb, archive: Archive, opened: ExitStack) -> None:
        going_out, extractor = fetcher(web), opened.enter_context(ArticleWorker())
        self.web, self.archive, self.now = web, archive, datetime.now(UTC) + timedelta(seconds=5)
        self.feeds = Feeds(
            archive,
            Importer(archive, ActiveModel(HashingEmbedder()), extractor, going_out, extractor),
            fetcher=going_out,
            feed_parser=opened.enter_context(FeedWorker()),
            extractor=extractor,
            every=EVERY,
        )
        for story in STORIES:
            web.page(story.link.replace("https", "http"), response(story.page()))

    def publish(self, content: str, content_type: str | None, **headers: str) -> None:
        encoding = "utf-16-le" if 'encoding="utf-16"' in content else "utf-8"
        raw = content.replace("https://", "http://", 99).encode(encoding)
        self.web.page(FEED, response(raw, 200, content_type, **headers))

    def looked(self) -> FeedUpdate:
        self.now += timedelta(hours=1)
        update = self.feeds.update(self.now)
        assert update is not None
        return update


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Newsstand]:
    with ExitStack() as opened:
        web = opened.enter_context(serving())
        archive = opened.enter_context(open_archive(tmp_path / "a.sqlite3"))
        yield Newsstand(web, archive, opened)


@pytest.mark.parametrize(("content", "content_type"), KINDS.values(), ids=KINDS.keys())
def test_the_articles_of_every_kind_of_feed_come_with_text_date_and_headline(
    stand: Newsstand, content: str, content_type: str | None
) -> None:
    stand.publish(content, content_type)
    stand.feeds.add(ONE, FEED)
    assert stand.looked().added == len(STORIES)
    entries = stand.archive.articles.entries(ONE)
    for story, entry in zip(reversed(STORIES), entries, strict=True):
        assert entry.source.title == story.title
        assert entry.source.published_at == story.date
        body = stand.archive.articles.show(ONE, entry.id).article.body
        assert all(paragraph.strip() in body for paragraph in story.paragraphs())


def test_a_feed_is_followed_through_no_change_a_move_and_its_end(stand: Newsstand) -> None:
    stand.publish(rss(*STORIES), "application/rss+xml", ETag='"one"')
    stand.web.page(f"{SITE}/", response('<link rel="alternate" type="application/rss+xml" href="/rss">'))
    assert stand.feeds.add(ONE, f"{SITE}/").feed.url == FEED
    assert stand.looked().added == len(STORIES)

    stand.web.unchanged["courier.example/rss"] = {"if-none-match": '"one"'}
    before = len(stand.web.targets())
    assert stand.looked() == FeedUpdate(stand.feeds.listed(ONE)[0].id, "The Selby Courier")
    assert stand.web.targets()[before:] == ["/rss"]

    stand.web.page(f"{SITE}/new", response(rss(*STORIES).replace("https", "http"), 200, "text/xml"))
    stand.web.page(FEED, redirect("/new", 301))
    assert stand.looked().added == 0
    assert stand.feeds.listed(ONE)[0].url == f"{SITE}/new"

    stand.web.page(f"{SITE}/new", response(status=410))
    assert "gone" in str(stand.looked().problem)
    assert stand.feeds.update(stand.now + timedelta(days=99)) is None
    assert len(stand.archive.articles.entries(ONE)) == len(STORIES)

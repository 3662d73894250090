"""Feeds and pages written for tests, and feeds that read them from a web that a test lays out."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from html import escape, unescape
from itertools import chain
from typing import TYPE_CHECKING

from retrieval.active_model import ActiveModel
from retrieval.adapters.feeds.parser import parse_feed
from retrieval.announcing import Announcer
from retrieval.archive.opening import open_archive
from retrieval.articles.importing import Importer
from retrieval.domain.articles import Draft
from retrieval.domain.cancellation import NOT_CANCELLED, Cancellation
from retrieval.domain.pages import NotModified
from retrieval.errors import ArticleRejected
from retrieval.feeds.following import Feeds
from tests.support.fakes import FakeFetcher, HashingEmbedder, PlainArticleReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.domain.announcements import Announcement, News
    from retrieval.domain.pages import Fetched
    from retrieval.text.feed_document import FeedDocument, FeedsNamed

SITE = "https://courier.example"
FEED = f"{SITE}/rss"
NOON = datetime(2026, 3, 25, 12, tzinfo=UTC)
_LATER = NOON + timedelta(days=36_500)
EVERY = timedelta(minutes=30)
_FEWEST = 80


@dataclass(frozen=True)
class Story:
    """An entry of a test's feed, and its page."""

    number: int
    version: int = 1
    published: datetime | None = None
    content: str | None = None

    @property
    def link(self) -> str:
        return f"{SITE}/{self.number}"

    @property
    def title(self) -> str:
        return f"Report number {self.number} from the harbour"

    @property
    def date(self) -> datetime:
        return self.published or NOON - timedelta(days=2) + timedelta(minutes=self.number)

    def paragraphs(self) -> list[str]:
        counted = f"counted {self.number} boats in edition {self.version}"
        return [
            f"On day {self.number} the harbour master of Port Selby {counted}. " * 3,
            f"“Nothing of report {self.number} may be lost to the sea,” said Ada Okafor, the mayor of Port Selby.",
            f"The council of report {self.number} will meet again in the spring, as it does every year. " * 4,
        ]

    def html(self) -> str:
        return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs())

    def page(self) -> str:
        return f"<html><head><title>{self.title}</title></head><body><h1>{self.title}</h1>{self.html()}</body></html>"


def rss(*stories: Story, title: str = "The Selby Courier", full: bool = False) -> str:
    """RSS 2.0; with `full`, the articles' whole text in it."""
    items = "".join(
        f"<item><guid isPermaLink='false'>story-{story.number}</guid><title>{escape(story.title)}</title>"
        f"<link>{story.link}</link><pubDate>{format_datetime(story.date)}</pubDate>"
        f"<description>In short, edition {story.version}.</description>"
        + (f"<content:encoded><![CDATA[{story.content or story.html() * 3}]]></content:encoded>" if full else "")
        + "</item>"
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{escape(title)}</title><link>{SITE}</link><description>News</description>{items}</channel></rss>"
    )


def json_feed(*stories: Story, title: str = "The Selby Courier") -> str:
    """JSON Feed 1.1 with the articles' whole text."""
    items = [
        {
            "id": story.number,
            "url": story.link,
            "title": story.title,
            "content_html": story.html() * 3,
            "date_published": story.date.isoformat(),
            "authors": [{"name": "Ann Lee"}],
        }
        for story in stories
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items})


class PlainReader:
    """The parser without its process."""

    def read(self, fetched: Fetched) -> FeedDocument | FeedsNamed:
        return parse_feed(fetched)


class PlainExtractor:
    """Takes the paragraphs out of a page; no article has fewer than eighty words."""

    def extract(self, fetched: Fetched, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        cancellation.check()
        text = fetched.content.decode()
        title = re.search(r"<h1>(.*?)</h1>", text)
        paragraphs = [unescape(part) for part in re.findall(r"<p>(.*?)</p>", text)]
        if len(" ".join(paragraphs).split()) < _FEWEST:
            message = "There is no article on that page."
            raise ArticleRejected(message)
        return Draft("\n\n".join(paragraphs), title=unescape(title[1]) if title else None, url=fetched.url)


class Web(FakeFetcher):
    """The web of a test, and what takes an article out of one of its pages."""

    def publish(self, *stories: Story, at: str = FEED, **options: bool | str) -> None:
        """Lay out a feed and the pages of its stories."""
        self.page(at, rss(*stories, **options), "application/rss+xml")  # type: ignore[arg-type]  # as `rss` takes them
        for story in stories:
            self.page(story.link, story.page())

    def from_link(self, url: str) -> Draft:
        fetched = self.fetch(url)
        assert not isinstance(fetched, NotModified)
        return replace(PlainExtractor().extract(fetched), fetched_at=datetime.now(UTC))

    def asked_for(self, url: str) -> int:
        """How often an address was asked for."""
        return sum(address == url for address, _ in self.asked)


@dataclass(frozen=True)
class FeedRoom:
    """Feeds over a real archive and a web that a test lays out."""

    web: Web
    archive: Archive
    feeds: Feeds
    announcer: Announcer

    def announced(self) -> list[Announcement]:
        """Everything that waits to be announced, taken as sent."""
        announced: list[Announcement] = []
        for announcement in chain.from_iterable(self.announcer.due(_LATER, lambda _: True)):
            self.announcer.sent(announcement, NOON)
            announced.append(announcement)
        return announced

    def news(self) -> list[News]:
        """What is new in those."""
        return [news for announcement in self.announced() for news in announcement.news]


@contextmanager
def open_room(path: Path, web: Web | None = None, clock: Callable[[], datetime] | None = None) -> Iterator[FeedRoom]:
    web = web or Web()
    with open_archive(path) as archive:
        model = ActiveModel(HashingEmbedder())
        feeds = Feeds(
            archive,
            Importer(archive, model, PlainArticleReader(), web, PlainExtractor()),
            fetcher=web,
            feed_parser=PlainReader(),
            extractor=PlainExtractor(),
            every=EVERY,
            spread=lambda: 0.5,
            clock=clock or partial(datetime.now, UTC),
        )
        yield FeedRoom(web, archive, feeds, Announcer(archive, model))

"""A hundred feeds, most of them broken, from a real server on this machine to the archive, at two looks."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from retrieval.active_model import ActiveModel
from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.adapters.feeds.client import FeedWorker
from retrieval.archive.opening import open_archive
from retrieval.articles.importing import Importer
from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope
from retrieval.feeds.following import Feeds
from tests.retrieval.web_server import response, serving
from tests.retrieval.web_visits import fetcher
from tests.support.fakes import HashingEmbedder
from tests.support.feeds import EVERY
from tests.support.many_feeds import COUNT, DIALECTS, FAULTS, SENDING, Item, many_feeds
from tests.support.sizes import some

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from tests.retrieval.web_server import LocalWeb
    from tests.support.many_feeds import MadeFeed

ALL: Final = many_feeds()


class Press:
    """The whole loop over an archive, with a server of one's own for each feed."""

    def __init__(self, path: Path, opened: ExitStack) -> None:
        self.web: LocalWeb = opened.enter_context(serving())
        self.archive: Archive = opened.enter_context(open_archive(path))
        going_out, extractor = fetcher(self.web), opened.enter_context(ArticleWorker())
        self.now = datetime.now(UTC) + timedelta(seconds=5)
        self.feeds = Feeds(
            self.archive,
            Importer(self.archive, ActiveModel(HashingEmbedder()), extractor, going_out, extractor),
            fetcher=going_out,
            feed_parser=opened.enter_context(FeedWorker()),
            extractor=extractor,
            every=EVERY,
        )

    def look(self, feed: MadeFeed, scope: Scope, number: int) -> tuple[int, int, str | None]:
        """Show the feed and its pages as at a look, and update it: articles added and changed, and what is wrong."""
        self.web.page(feed.url, response(feed.looks[number], 200, feed.content_type))
        for item in feed.items[number]:
            self.web.page(item.url, response(item.page))
        if not number:
            self.feeds.add(scope, feed.url)
        self.now += timedelta(hours=1)
        update = self.feeds.update(self.now, only=scope)
        assert update is not None
        return update.added, update.changed, update.problem

    def stored(self, scope: Scope) -> set[tuple[object, ...]]:
        entries = self.archive.articles.entries(scope)
        return {
            (
                entry.source.title,
                entry.source.url,
                entry.source.published_at,
                entry.source.authors,
                self.archive.articles.show(scope, entry.id).article.body,
            )
            for entry in entries
        }


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    with ExitStack() as opened:
        yield Press(tmp_path_factory.mktemp("many") / "a.sqlite3", opened)


def expected(item: Item) -> tuple[object, ...]:
    return (item.title, item.url, item.published, (item.author,), "\n\n".join(item.paragraphs))


def test_every_dialect_fault_and_way_of_sending_is_among_them() -> None:
    names = " | ".join(feed.name for feed in ALL)
    assert len(ALL) == COUNT
    assert all(f", {name}, " in names for name in FAULTS)
    assert all(name in names for name in (*DIALECTS, *SENDING))


@pytest.mark.parametrize("feed", some(ALL, 9), ids=lambda feed: feed.name)
def test_of_each_feed_every_story_is_stored_once_and_right_at_two_looks(press: Press, feed: MadeFeed) -> None:
    scope = Scope(CollectionId(1 + ALL.index(feed)))
    first, second = feed.items
    assert press.look(feed, scope, 0) == (len(first), 0, None)
    assert press.stored(scope) == set(map(expected, first))
    moved = sum(before.url != now.url for before, now in zip(first, second, strict=False))
    assert press.look(feed, scope, 1) == (1, moved, None)
    assert press.stored(scope) == set(map(expected, second))
    visits = [request.target for request in press.web.requests if f"{request.host}/feed" in feed.url]
    for item in second:
        assert visits.count(item.url.partition(".example")[2]) == item.visited, item.url

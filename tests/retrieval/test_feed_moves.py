"""An entry that keeps its id while its link changes is one article, unless it is plainly another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope
from tests.support.feeds import FEED, SITE, FeedRoom, Story, open_room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE = Scope(CollectionId(11))
DATE = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
LATER = DATE + timedelta(days=1)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[FeedRoom]:
    with open_room(tmp_path / "a.sqlite3") as opened:
        yield opened


def show(room: FeedRoom, link: str, story: Story, published: datetime | None) -> None:
    """Lay out a feed with one entry, which leads to the page of a story, and look at it."""
    date = "" if published is None else f"<pubDate>{format_datetime(published)}</pubDate>"
    entry = f"<item><guid isPermaLink='false'>1</guid><title>{story.title}</title><link>{link}</link>{date}</item>"
    room.web.page(FEED, f"<rss version='2.0'><channel><title>The Courier</title>{entry}</channel></rss>", "text/xml")
    room.web.page(link, story.page())
    if not room.feeds.listed(ONE):
        room.feeds.add(ONE, FEED)
    room.feeds.update(datetime.now(UTC) + timedelta(hours=1 + len(room.web.asked)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((f"{SITE}/ferry-12345", Story(1), DATE), (f"{SITE}/ferry-sails-again-12345", Story(1, version=2), DATE)),
        ((f"{SITE}/ferry", Story(1), DATE), (f"{SITE}/2026/ferry", Story(2), DATE)),
        ((f"{SITE}/ferry", Story(1), DATE), (f"{SITE}/2026/ferry", Story(1), DATE)),
        ((f"{SITE}/ferry", Story(1), None), (f"{SITE}/ferry-sails", Story(1), None)),
        ((f"{SITE}/ferry", Story(1), None), (f"{SITE}/boats", Story(1, version=2), None)),
        ((f"{SITE}/ferry", Story(1), DATE), (f"{SITE}/boats", Story(1, version=2), LATER)),
        ((f"{SITE}/ferry", Story(1), DATE), ("https://www.courier.example/boats", Story(1, version=2), DATE)),
        ((f"{SITE}/a?id=1", Story(1), DATE), (f"{SITE}/a?id=1&story=ferry", Story(1, version=2), None)),
    ],
)
def test_an_article_whose_address_changes_is_a_version_of_itself(
    room: FeedRoom, before: tuple[str, Story, datetime | None], after: tuple[str, Story, datetime | None]
) -> None:
    show(room, *before)
    (entry,) = room.archive.articles.entries(ONE)
    number = entry.number
    show(room, *after)
    (entry,) = room.archive.articles.entries(ONE)
    assert (entry.number, entry.source.url) == (number, after[0])
    assert len(room.archive.articles.show(ONE, entry.id).versions) == 1
    assert room.archive.check().problems == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((f"{SITE}/1", Story(1), DATE), (f"{SITE}/2", Story(2), LATER)),
        ((f"{SITE}/1", Story(1), None), (f"{SITE}/2", Story(2), None)),
        ((f"{SITE}/1", Story(1), DATE), (f"{SITE}/2", Story(2), None)),
        (
            (f"{SITE}/1", Story(1), DATE.replace(hour=0, minute=0)),
            (f"{SITE}/2", Story(2), DATE.replace(hour=0, minute=0)),
        ),
        ((f"{SITE}/1", Story(1), DATE), ("https://forged.example/1", Story(1, version=2), DATE)),
        (("https://paper.example/1", Story(1), DATE), (f"{SITE}/1", Story(1, version=2), DATE)),
    ],
)
def test_another_article_under_the_same_id_replaces_nothing(
    room: FeedRoom, before: tuple[str, Story, datetime | None], after: tuple[str, Story, datetime | None]
) -> None:
    """Nor does a page of another site: else a feed could put its own text in the place of a paper's."""
    show(room, *before)
    show(room, *after)
    assert {entry.source.url for entry in room.archive.articles.entries(ONE)} == {before[0], after[0]}


@pytest.mark.parametrize(
    ("first", "second", "published", "updated"),
    [
        (DATE, DATE + timedelta(hours=3), DATE, DATE + timedelta(hours=3)),
        (DATE, DATE + timedelta(minutes=1), DATE, DATE + timedelta(minutes=1)),
        (DATE, None, DATE, None),
        (None, DATE, DATE, None),
        (DATE, DATE + timedelta(days=1), DATE + timedelta(days=1), None),
        (DATE, DATE + timedelta(days=9), DATE + timedelta(days=9), None),
    ],
)
def test_a_corrected_article_keeps_the_day_of_its_first_version_and_tells_when_it_was_changed(
    room: FeedRoom, first: datetime | None, second: datetime | None, published: datetime, updated: datetime | None
) -> None:
    """Without a time of its own, that is when it was read. A day later it may be another article of one address."""
    show(room, f"{SITE}/1", Story(1), first)
    show(room, f"{SITE}/1", Story(1, version=2), second)
    (entry,) = room.archive.articles.entries(ONE)
    assert entry.source.published_at == published
    assert entry.source.updated_at is not None
    assert entry.source.updated_at == updated or (
        updated is None and entry.source.updated_at > datetime(2026, 4, 1, tzinfo=UTC)
    )
    assert "edition 2" in room.archive.articles.show(ONE, entry.id).article.body

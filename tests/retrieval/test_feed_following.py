"""Who follows which feed, over a real archive and a web that the test lays out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retrieval.domain.ids import ChannelId, CollectionId, FeedId, UserId
from retrieval.domain.scope import Scope
from retrieval.errors import AddressRefused, FeedRejected, FeedUnknown, FetchFailed
from retrieval.feeds.following import MOST_FEEDS, feed_address
from tests.support.feeds import FEED, NOON, SITE, FeedRoom, Story, open_room, rss

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE, OTHER, OPERATOR = Scope(CollectionId(11)), Scope(CollectionId(22)), Scope()
ADA = UserId(7)
PAGE = f"{SITE}/"
NAMING = '<head><link rel="alternate" type="application/rss+xml" href="{}"></head>'


pytestmark = pytest.mark.usefixtures("each_database")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[FeedRoom]:
    with open_room(tmp_path / "a.sqlite3") as opened:
        opened.web.publish(Story(1), Story(2))
        yield opened


def audit_of(room: FeedRoom, scope: Scope) -> list[tuple[str, str, int | None]]:
    lines = room.archive.collections.audit(scope, number=0, size=50).lines
    return [(line.action, line.detail, line.user) for line in lines if line.action.startswith("feed")]


def test_a_feed_is_followed_listed_and_removed_with_a_line_in_the_audit_each(room: FeedRoom) -> None:
    added = room.feeds.add(ONE, FEED, ADA, ChannelId(5))
    assert (added.known, added.waiting, added.feed.title) == (False, 2, "The Selby Courier")
    assert room.feeds.listed(ONE) == (added.feed,)
    assert added.feed.channel == 5
    assert room.feeds.remove(ONE, added.feed.id, ADA).url == FEED
    assert room.feeds.listed(ONE) == ()
    assert audit_of(room, ONE) == [("feed removed", FEED, ADA), ("feed added", FEED, ADA)]


def test_a_feed_that_is_followed_already_only_changes_its_channel(room: FeedRoom) -> None:
    room.feeds.add(ONE, FEED, ADA, ChannelId(5))
    again = room.feeds.add(ONE, FEED, ADA, ChannelId(6))
    assert again.known
    assert [feed.channel for feed in room.feeds.listed(ONE)] == [6]
    assert room.web.asked_for(FEED) == 1


def test_a_page_leads_to_the_feed_that_it_names(room: FeedRoom) -> None:
    room.web.page(PAGE, NAMING.format("/rss") + NAMING.format("/sport.xml"))
    added = room.feeds.add(ONE, PAGE)
    assert added.feed.url == FEED
    assert added.others == (f"{SITE}/sport.xml",)


def test_the_next_feed_of_a_page_is_tried_where_the_first_is_none(room: FeedRoom) -> None:
    room.web.page(PAGE, NAMING.format("/gone") + NAMING.format("/empty") + NAMING.format("/rss"))
    room.web.page(f"{SITE}/empty", "<p>Nothing</p>")
    assert room.feeds.add(ONE, PAGE).feed.url == FEED


@pytest.mark.parametrize("page", ["<p>Only a page</p>", NAMING.format("/page") + "<p>Names itself</p>"])
def test_a_page_without_a_feed_is_refused(room: FeedRoom, page: str) -> None:
    room.web.page(f"{SITE}/page", page)
    with pytest.raises(FeedRejected, match="no feed at that address"):
        room.feeds.add(ONE, f"{SITE}/page")
    assert room.feeds.listed(ONE) == ()


def test_what_cannot_be_fetched_is_not_followed(room: FeedRoom) -> None:
    room.web.refuses(f"{SITE}/inner")
    room.web.fails(f"{SITE}/down", 503)
    with pytest.raises(AddressRefused):
        room.feeds.add(ONE, f"{SITE}/inner")
    with pytest.raises(FetchFailed):
        room.feeds.add(ONE, f"{SITE}/down")
    assert room.feeds.listed(ONE) == ()


def test_a_feed_that_has_moved_for_good_is_followed_at_its_new_address(room: FeedRoom) -> None:
    room.web.moved(f"{SITE}/old", FEED)
    assert room.feeds.add(ONE, f"{SITE}/old").feed.url == FEED


def test_a_server_follows_so_many_feeds_and_the_operator_any_number(room: FeedRoom) -> None:
    for number in range(MOST_FEEDS + 1):
        room.web.page(f"{SITE}/{number}.xml", rss(Story(number)), "application/rss+xml")
        room.feeds.add(OPERATOR, f"{SITE}/{number}.xml")
        if number < MOST_FEEDS:
            room.feeds.add(ONE, f"{SITE}/{number}.xml")
    with pytest.raises(FeedRejected, match="25 feeds are followed here"):
        room.feeds.add(ONE, f"{SITE}/{MOST_FEEDS}.xml")
    assert room.feeds.add(ONE, f"{SITE}/0.xml", None, ChannelId(5)).known
    assert len(room.feeds.listed(ONE)) == MOST_FEEDS


def test_servers_see_and_remove_their_own_subscriptions_alone(room: FeedRoom) -> None:
    feed = room.feeds.add(ONE, FEED, ADA, ChannelId(5)).feed
    assert room.feeds.listed(OTHER) == room.feeds.listed(OPERATOR) == ()
    assert room.feeds.like(OTHER, "") == ()
    assert audit_of(room, OTHER) == []
    with pytest.raises(FeedUnknown):
        room.feeds.remove(OTHER, feed.id)
    room.feeds.add(OTHER, FEED)
    assert [each.channel for each in room.feeds.listed(OTHER)] == [None]
    room.feeds.remove(OTHER, feed.id)
    assert [replace(each, due_at=NOON) for each in room.feeds.listed(ONE)] == [replace(feed, due_at=NOON)]


def test_a_feed_nobody_follows_is_forgotten(room: FeedRoom) -> None:
    feed = room.feeds.add(ONE, FEED).feed
    room.feeds.add(OTHER, FEED)
    room.feeds.remove(ONE, feed.id)
    assert set(room.archive.subscriptions.subscribers(feed.id)) == {OTHER.server}
    room.feeds.remove(OTHER, feed.id)
    assert room.feeds.update(NOON.replace(year=2100)) is None
    with pytest.raises(FeedUnknown):
        room.feeds.remove(OTHER, feed.id)
    with pytest.raises(FeedUnknown, match="not followed here"):
        room.feeds.remove(ONE, FeedId(999))


def test_feeds_are_offered_from_memory_by_name_and_address(room: FeedRoom) -> None:
    room.feeds.add(ONE, FEED)
    assert [feed.title for feed in room.feeds.like(ONE, "SELBY")] == ["The Selby Courier"]
    assert len(room.feeds.like(ONE, "courier.example/r")) == 1
    assert room.feeds.like(ONE, "gazette") == ()
    room.archive.subscriptions.unsubscribe(CollectionId(11), room.feeds.listed(ONE)[0].id, None, NOON)
    assert len(room.feeds.like(ONE, "")) == 1
    assert room.feeds.listed(ONE) == room.feeds.like(ONE, "") == ()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" courier.example/rss ", "https://courier.example/rss"),
        ("feed://Courier.Example/RSS", "https://courier.example/RSS"),
        ("feed:http://courier.example", "http://courier.example/"),
        ("https://courier.example/rss?a=1#top", "https://courier.example/rss?a=1"),
    ],
)
def test_an_address_is_stored_in_one_way(typed: str, stored: str) -> None:
    assert feed_address(typed) == stored


@pytest.mark.parametrize("typed", ["", "https://", "http://[", "https://a b.example/x", "https://" + "a." * 2000])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(FeedRejected, match="begin with https://"):
        feed_address(typed)

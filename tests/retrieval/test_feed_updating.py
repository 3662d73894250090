"""What a look at a feed brings, over a real archive and a web that the test lays out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, NoReturn
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.active_model import ActiveModel
from retrieval.archive.articles.attempts import STOPPED
from retrieval.archive.feeds.subscriptions import NewSubscription
from retrieval.archive.schema import feed_entries
from retrieval.articles.importing import Importer
from retrieval.domain.feeds import FeedUpdate
from retrieval.domain.ids import ChannelId, CollectionId
from retrieval.domain.pages import Validators
from retrieval.domain.scope import Scope
from retrieval.errors import Stopping, WorkerKilled, unpacked
from retrieval.feeds.drafting import same_site
from retrieval.feeds.entry_reader import AT_ONCE, FIRST
from retrieval.feeds.entry_state import TRIES, EntryState
from tests.support.fakes import HashingEmbedder, PlainArticleReader
from tests.support.feeds import (
    EVERY,
    FEED,
    SITE,
    FeedRoom,
    PlainExtractor,
    PlainReader,
    Story,
    json_feed,
    open_room,
    rss,
)
from tests.support.sizes import sized

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.feeds.entries import KnownEntry
    from retrieval.domain.articles import Draft
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.pages import Fetched

ONE, OTHER, OPERATOR = Scope(CollectionId(11)), Scope(CollectionId(22)), Scope()
CHANNEL = ChannelId(5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clock:
    """The time of the test, which only goes on."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(seconds=1)

    def after(self, gone: timedelta) -> datetime:
        self.now += gone
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[FeedRoom]:
    with open_room(tmp_path / "a.sqlite3") as opened:
        yield opened


def look(room: FeedRoom, now: datetime) -> FeedUpdate:
    update = room.feeds.update(now)
    assert update is not None
    assert room.feeds.update(now) is None
    return update


def known_of(room: FeedRoom, scope: Scope) -> dict[str, KnownEntry]:
    """What is known of the entries of the only feed, for one of its subscribers."""
    (feed,) = room.feeds.listed(scope)
    return room.archive.feed_entries.known(feed.id).get(feed.collection, {})


def titles(room: FeedRoom, scope: Scope) -> set[str]:
    return {entry.source.title for entry in room.archive.articles.entries(scope)}


def test_the_articles_of_a_feed_are_read_from_their_pages_with_what_the_feed_adds(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1), Story(2))
    room.feeds.add(ONE, FEED)
    update = look(room, clock.now)
    assert (update.added, update.rejected, update.remaining, update.problem) == (2, 0, 0, None)
    newest = room.archive.articles.entries(ONE)[0].source
    assert (newest.title, newest.publisher, newest.url) == (Story(2).title, "The Selby Courier", Story(2).link)
    assert newest.published_at == Story(2).date
    assert room.archive.articles.entries(OTHER) == ()
    assert [feed.articles for feed in room.feeds.listed(ONE)] == [2]


def test_a_feed_that_carries_the_text_is_read_without_its_pages(room: FeedRoom, clock: Clock) -> None:
    room.web.page(FEED, json_feed(Story(1)), "application/feed+json")
    room.feeds.add(ONE, FEED)
    assert look(room, clock.now).added == 1
    source = room.archive.articles.entries(ONE)[0].source
    assert (source.title, source.authors, source.published_at) == (Story(1).title, ("Ann Lee",), Story(1).date)
    assert room.web.asked_for(Story(1).link) == 0


def test_what_is_known_is_not_fetched_again(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    look(room, clock.now)
    room.web.publish(Story(2), Story(1))
    assert look(room, clock.after(HOUR)).added == 1
    assert [room.web.asked_for(story.link) for story in (Story(1), Story(2))] == [1, 1]


def test_an_entry_is_known_for_as_long_as_it_is_listed_and_thirty_days_more(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1), Story(2))
    room.feeds.add(ONE, FEED)
    look(room, clock.now)
    for day in range(40):
        room.web.publish(Story(1), title=f"Day {day}")
        assert look(room, clock.after(DAY)).added == 0
        assert len(known_of(room, ONE)) == (2 if day < 30 else 1)


def test_a_look_that_brings_nothing_writes_to_no_entry(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1), Story(2))
    room.feeds.add(ONE, FEED)
    look(room, clock.now)
    before = seen_at(room)
    room.web.publish(Story(1), Story(2), title="Another title")
    look(room, clock.after(HOUR))
    assert seen_at(room) == before
    room.web.publish(Story(1), Story(2))
    look(room, clock.after(DAY))
    assert min(seen_at(room)) > max(before)


def seen_at(room: FeedRoom) -> list[datetime]:
    with room.archive._connections.reading() as connection:
        return list(connection.scalars(sa.select(feed_entries.c.seen_at)))


def test_a_feed_is_asked_whether_it_has_changed_once_nothing_is_left_of_it(room: FeedRoom, clock: Clock) -> None:
    validators = Validators("x", "yesterday")
    room.web.page(FEED, rss(Story(1)), "application/rss+xml", validators=validators)
    room.web.fails(Story(1).link, 500)
    room.feeds.add(ONE, FEED)
    for _ in range(TRIES + 1):
        look(room, clock.after(HOUR))
    shown = [known for url, known in room.web.asked if url == FEED]
    assert shown[1:] == [Validators()] * TRIES + [validators]
    assert look(room, clock.after(HOUR)) == FeedUpdate(room.feeds.listed(ONE)[0].id, "The Selby Courier")


def test_what_is_no_article_is_tried_three_times_and_again_when_it_was_changed(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    room.web.page(Story(1).link, "<p>Please subscribe.</p>")
    room.feeds.add(ONE, FEED)
    assert [look(room, clock.after(HOUR)).rejected for _ in range(5)] == [1, 1, 1, 0, 0]
    (known,) = known_of(room, ONE).values()
    assert (known.problem, known.attempts) == ("There is no article on that page.", TRIES)
    room.web.publish(Story(1, version=2))
    assert look(room, clock.after(HOUR)).added == 1


def test_of_a_new_feed_the_newest_are_read_and_the_others_never(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(*map(Story, range(FIRST + 10)))
    room.feeds.add(ONE, FEED)
    assert look(room, clock.now).added == FIRST
    assert look(room, clock.after(HOUR)).added == 0
    assert Story(9).title not in titles(room, ONE)
    assert Story(10).title in titles(room, ONE)


def test_of_many_new_entries_some_are_read_at_each_look(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(0))
    room.feeds.add(ONE, FEED)
    look(room, clock.now)
    room.web.publish(*map(Story, range(AT_ONCE + 6)))
    first, second = look(room, clock.after(HOUR)), look(room, clock.after(HOUR))
    assert (first.added, first.remaining, second.added, second.remaining) == (AT_ONCE, 5, 5, 0)


def test_a_changed_entry_replaces_its_article(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED, None, CHANNEL)
    look(room, clock.now)
    room.web.publish(Story(1, version=2))
    update = look(room, clock.after(HOUR))
    assert (update.added, update.changed, room.news()) == (0, 1, [])
    (entry,) = room.archive.articles.entries(ONE)
    assert "edition 2" in room.archive.articles.show(ONE, entry.id).article.body


def test_an_article_that_was_removed_stays_away_even_when_it_is_changed(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1), Story(2))
    for scope in (ONE, OTHER):
        room.feeds.add(scope, FEED)
    look(room, clock.now)
    for entry in room.archive.articles.entries(ONE):
        room.archive.articles.remove(ONE, entry.id, now=clock.now)
    for entry in room.archive.articles.entries(OTHER):
        if entry.source.title == Story(1).title:
            room.archive.articles.remove(OTHER, entry.id, now=clock.now)
    room.web.publish(Story(1, version=2), Story(2, version=2))
    look(room, clock.after(HOUR))
    assert titles(room, ONE) == set()
    assert titles(room, OTHER) == {Story(2).title}
    (kept,) = room.archive.articles.entries(OTHER)
    assert "edition 2" in room.archive.articles.show(OTHER, kept.id).article.body


def test_a_page_that_was_looked_at_in_between_goes_on_to_follow_its_feed(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    for scope in (ONE, OTHER):
        room.feeds.add(scope, FEED)
    look(room, clock.now)
    (entry,) = room.archive.articles.entries(OTHER)
    room.archive.articles.remove(OTHER, entry.id, now=clock.now)
    room.web.page(Story(1).link, Story(1, version=2).page())
    seen = replace(room.web.from_link(Story(1).link), publisher="The Selby Courier")
    importer = Importer(room.archive, ActiveModel(HashingEmbedder()), PlainArticleReader())
    assert importer.add(seen, CollectionId(11)).replaced
    room.web.publish(Story(1, version=3))
    assert look(room, clock.after(HOUR)).changed == 1
    (entry,) = room.archive.articles.entries(ONE)
    assert "edition 3" in room.archive.articles.show(ONE, entry.id).article.body
    assert titles(room, OTHER) == set()
    assert [feed.articles for feed in room.feeds.listed(ONE)] == [1]


def test_an_article_whose_page_was_changed_still_counts_and_who_follows_later_gets_it_as_it_is(
    room: FeedRoom, clock: Clock
) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    look(room, clock.now)
    room.web.page(Story(1).link, Story(1, version=2).page())
    importer = Importer(room.archive, ActiveModel(HashingEmbedder()), PlainArticleReader())
    assert importer.add(room.web.from_link(Story(1).link), CollectionId(11)).replaced
    assert [feed.articles for feed in room.feeds.listed(ONE)] == [1]
    assert room.feeds.add(OTHER, FEED).feed.articles == 0
    look(room, clock.after(HOUR))
    assert [feed.articles for feed in room.feeds.listed(OTHER)] == [1]
    (entry,) = room.archive.articles.entries(OTHER)
    assert "edition 2" in room.archive.articles.show(OTHER, entry.id).article.body


def test_a_version_that_only_one_follower_has_counts_for_each(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    for scope in (ONE, OTHER):
        room.feeds.add(scope, FEED)
    look(room, clock.now)
    room.web.page(Story(1).link, Story(1, version=2).page())
    newer = room.web.from_link(Story(1).link)
    Importer(room.archive, ActiveModel(HashingEmbedder()), PlainArticleReader()).add(newer, CollectionId(11))
    assert [room.feeds.listed(scope)[0].articles for scope in (ONE, OTHER)] == [1, 1]


def test_a_feed_of_two_servers_is_fetched_once_and_seen_by_both(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    for scope in (ONE, OTHER):
        room.feeds.add(scope, FEED)
    asked = room.web.asked_for(FEED)
    look(room, clock.now)
    assert titles(room, ONE) == titles(room, OTHER) == {Story(1).title}
    assert room.archive.articles.entries(OPERATOR) == ()
    assert (room.web.asked_for(FEED) - asked, room.web.asked_for(Story(1).link)) == (1, 1)


def test_who_follows_later_begins_as_if_nobody_else_did(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(*map(Story, range(FIRST + 5)))
    room.feeds.add(ONE, FEED)
    look(room, clock.now)
    room.web.publish(*map(Story, range(2, FIRST + 7)))
    look(room, clock.after(HOUR))
    for entry in room.archive.articles.entries(ONE):
        room.archive.articles.remove(ONE, entry.id, now=clock.now)
    room.web.fails(FEED)
    look(room, clock.after(HOUR))
    room.web.publish(*map(Story, range(2, FIRST + 7)))
    before = room.feeds.listed(ONE)
    added = room.feeds.add(OTHER, FEED, None, CHANNEL)
    feed = added.feed
    assert (added.known, added.waiting, feed.articles) == (False, FIRST, 0)
    assert (feed.answered_at, feed.failing_since, feed.last_error, feed.due_at) == (None, None, None, feed.due_at)
    assert titles(room, OTHER) == set()
    assert [replace(each, due_at=clock.now) for each in room.feeds.listed(ONE)] == [
        replace(each, due_at=clock.now) for each in before
    ]
    look(room, clock.after(HOUR))
    assert room.news() == []
    assert titles(room, OTHER) == {Story(number).title for number in range(7, FIRST + 7)}
    assert titles(room, ONE) == set()
    (feed,) = room.feeds.listed(OTHER)
    assert (feed.articles, feed.answered_at) == (FIRST, clock.now)


def test_who_follows_a_feed_that_is_gone_for_others_is_not_told_so_nor_are_they(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    room.web.fails(FEED, 410)
    look(room, clock.now)
    before = room.feeds.listed(ONE)
    room.web.publish(Story(1))
    assert room.feeds.add(OTHER, FEED).feed.stopped_at is None
    assert look(room, clock.after(HOUR)).added == 1
    assert titles(room, OTHER) == {Story(1).title}
    assert titles(room, ONE) == set()
    (feed,) = room.feeds.listed(ONE)
    assert replace(feed, due_at=before[0].due_at) == before[0]


def test_articles_stay_when_nobody_follows_their_feed(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    feed = room.feeds.add(ONE, FEED).feed
    look(room, clock.now)
    room.feeds.remove(ONE, feed.id)
    assert titles(room, ONE) == {Story(1).title}


def test_news_is_announced_with_its_best_quotation_but_not_what_a_feed_begins_with(
    room: FeedRoom, clock: Clock
) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED, None, CHANNEL)
    room.feeds.add(OTHER, FEED)
    look(room, clock.now)
    assert room.announced() == []
    room.web.publish(Story(2), Story(1))
    look(room, clock.after(HOUR))
    (announcement,) = room.announced()
    (news,) = announcement.news
    assert (announcement.collection, announcement.channel, news.heading) == (11, CHANNEL, "The Selby Courier")
    assert news.source.title == Story(2).title
    assert news.quotation is not None
    assert news.quotation.words == "Nothing of report 2 may be lost to the sea,"
    assert [speaker.name for speaker in news.quotation.quotation.speakers] == ["Ada Okafor"]


def test_of_thousands_that_wait_the_first_are_looked_at(room: FeedRoom, clock: Clock) -> None:
    servers = [CollectionId(number) for number in range(1, 201)]
    room.web.publish(Story(1))
    for server in servers:
        room.archive.subscriptions.subscribe(NewSubscription(server, FEED, None, CHANNEL), clock.now)
    look(room, clock.after(HOUR))
    room.web.publish(Story(1), Story(2))
    look(room, clock.after(HOUR))
    is_here = Mock(side_effect=lambda server: server > servers[2])
    next(chain.from_iterable(room.announcer.due(clock.after(HOUR), is_here)))
    assert {call.args[0] for call in is_here.call_args_list} == set(servers[:4])
    assert len(room.announced()) == 200


def test_a_look_that_was_broken_off_goes_on_and_still_announces_nothing_of_the_first(
    room: FeedRoom, clock: Clock
) -> None:
    room.web.publish(*map(Story, range(5)))
    room.feeds.add(ONE, FEED, None, CHANNEL)
    answers = iter([True, True, False])
    update = room.feeds.update(clock.now, lambda: next(answers))
    assert update is not None
    assert (update.added, update.remaining) == (2, 3)
    rest = look(room, clock.now)
    assert (rest.added, rest.remaining, room.news()) == (3, 0, [])


def test_a_feed_that_somebody_else_is_reading_is_left_alone_for_a_while(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    now = clock.now
    assert room.archive.feed_schedule.take_due(now, now + timedelta(minutes=15)) is not None
    assert room.feeds.update(now) is None
    assert room.feeds.update(now + timedelta(minutes=16)) is not None


@pytest.mark.parametrize("worker", [PlainReader, PlainExtractor])
def test_a_stop_in_the_middle_of_a_look_is_held_against_neither_feed_nor_article(
    room: FeedRoom, clock: Clock, monkeypatch: pytest.MonkeyPatch, worker: type[PlainReader | PlainExtractor]
) -> None:
    def stopping(*_: object, **__: object) -> NoReturn:
        raise Stopping

    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    with monkeypatch.context() as patched:
        patched.setattr(worker, "read" if worker is PlainReader else "extract", stopping)
        with pytest.raises(Stopping):
            room.feeds.update(clock.now)
    (feed,) = room.feeds.listed(ONE)
    assert (feed.failing_since, feed.last_error) == (None, None)
    assert known_of(room, ONE) == {}
    assert look(room, clock.after(HOUR)).added == 1


def waits(room: FeedRoom, clock: Clock, looks: int) -> list[timedelta]:
    """How long the feed is left alone after each of so many looks."""
    found = []
    for _ in range(looks):
        update = room.feeds.update(clock.now)
        assert update is not None
        (feed,) = room.feeds.listed(ONE)
        found.append(feed.due_at - clock.now)
        clock.now = feed.due_at
    return found


def test_a_failing_feed_is_asked_ever_less_up_to_a_day_and_soon_again_once_it_answers(
    room: FeedRoom, clock: Clock
) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    room.web.fails(FEED, 404)
    failing = waits(room, clock, 9)
    assert failing == sorted(failing)
    assert failing[0] >= EVERY
    assert DAY / 2 < failing[-1] <= DAY
    (feed,) = room.feeds.listed(ONE)
    assert unpacked(feed.last_error or "") == "That site answered with an error (404)."
    assert feed.failing_since is not None
    assert feed.stopped_at is None
    room.web.publish(Story(1))
    assert waits(room, clock, 1) == [EVERY]
    (feed,) = room.feeds.listed(ONE)
    assert (feed.last_error, feed.failing_since) == (None, None)


def test_a_server_that_asks_to_wait_is_given_the_time(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1), Story(2))
    room.feeds.add(ONE, FEED)
    room.web.fails(FEED, 503, retry_after=6 * 3600)
    assert waits(room, clock, 1) == [timedelta(hours=6)]
    room.web.fails(FEED, 429, retry_after=10**9)
    assert waits(room, clock, 1) == [timedelta(days=7)]
    room.web.publish(Story(1), Story(2))
    room.web.fails(Story(1).link, 429, retry_after=7200)
    assert waits(room, clock, 1) == [timedelta(hours=2)]
    assert room.web.asked_for(Story(2).link) == 0


def test_a_feed_that_is_gone_for_good_is_asked_no_more_until_it_is_added_again(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    room.web.fails(FEED, 410)
    look(room, clock.now)
    assert room.feeds.update(clock.after(365 * DAY)) is None
    (feed,) = room.feeds.failing(clock.now)
    assert feed.stopped_at is not None
    room.web.publish(Story(1))
    assert room.feeds.add(ONE, FEED).feed.stopped_at is None
    assert look(room, clock.now + DAY).added == 1


def test_what_is_no_feed_any_more_counts_as_failing(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    room.web.page(FEED, "<p>Please log in.</p>")
    assert look(room, clock.now).problem == "What came from its address is no feed."


def test_moderators_are_told_once_of_a_feed_that_fails_for_a_week_and_anew_after_it_recovered(
    room: FeedRoom, clock: Clock
) -> None:
    room.web.publish(Story(1))
    for scope in (ONE, OTHER):
        room.feeds.add(scope, FEED)
    room.web.fails(FEED)
    look(room, clock.now)
    assert room.feeds.failing(clock.after(6 * DAY)) == ()
    first, second = room.feeds.failing(clock.after(DAY))
    assert {first.collection, second.collection} == {11, 22}
    room.feeds.subscriptions.mark_notified(first, clock.now)
    assert room.feeds.failing(clock.now) == (second,)
    room.web.publish(Story(1))
    look(room, clock.now)
    room.web.fails(FEED)
    look(room, clock.after(HOUR))
    assert len(room.feeds.failing(clock.after(7 * DAY))) == 2


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    room.web.publish(Story(1), at=f"{SITE}/new")
    room.web.moved(FEED, f"{SITE}/new")
    look(room, clock.now)
    assert [feed.url for feed in room.feeds.listed(ONE)] == [f"{SITE}/new"]


def test_two_feeds_that_have_become_one_are_merged_with_their_subscribers(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1))
    room.web.publish(Story(2), at=f"{SITE}/new")
    room.feeds.add(ONE, FEED)
    room.feeds.add(OTHER, f"{SITE}/new")
    room.feeds.add(OTHER, FEED)
    for _ in range(2):
        room.feeds.update(clock.now)
    room.web.moved(FEED, f"{SITE}/new")
    clock.after(HOUR)
    for _ in range(2):
        room.feeds.update(clock.now)
    assert [feed.url for feed in room.feeds.listed(ONE)] == [f"{SITE}/new"]
    assert [feed.url for feed in room.feeds.listed(OTHER)] == [f"{SITE}/new"]
    room.web.publish(Story(3), at=f"{SITE}/new")
    look(room, clock.after(HOUR))
    assert Story(3).title in titles(room, ONE) & titles(room, OTHER)
    assert room.archive.check().problems == ()


def test_a_feed_removed_in_the_middle_of_a_look_gets_nothing_more(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(*map(Story, range(4)))
    feed = room.feeds.add(ONE, FEED).feed
    looks = 0

    def go_on() -> bool:
        nonlocal looks
        looks += 1
        if looks == 3:
            room.feeds.remove(ONE, feed.id)
        return True

    room.feeds.update(clock.now, go_on)
    assert len(titles(room, ONE)) == 2
    assert room.web.asked_for(Story(3).link) == 0


def test_a_feed_puts_no_words_into_the_mouth_of_another_site(room: FeedRoom, clock: Clock) -> None:
    """Neither text nor facts: whoever writes a feed could write anything under another paper's address."""
    forged = rss(Story(1, content=Story(1).html().replace("harbour", "forged") * 3), full=True, title="Not the Courier")
    room.web.page("https://evil.example/rss", forged, "application/rss+xml")
    room.web.page(Story(1).link, Story(1).page())
    room.feeds.add(ONE, "https://evil.example/rss")
    assert look(room, clock.now).added == 1
    (entry,) = room.archive.articles.entries(ONE)
    assert "forged" not in room.archive.articles.show(ONE, entry.id).article.body
    assert (entry.source.publisher, entry.source.published_at) == ("courier.example", None)


@pytest.mark.parametrize(
    ("link", "feed", "same"),
    [
        ("https://courier.example/1", "https://www.courier.example/rss", True),
        ("https://www.courier.example/1", "https://rss.courier.example/", True),
        ("https://courier.example/1", "https://evil-courier.example/rss", False),
        ("https://courier.example.evil.example/1", "https://courier.example/rss", False),
        ("https://courier.example/1", "https://evil.example/courier.example", False),
    ],
)
def test_a_feed_speaks_for_its_own_site_alone(link: str, feed: str, *, same: bool) -> None:
    assert same_site(link, feed) is same


@pytest.mark.parametrize("link", ["http://127.0.0.1/x", "https://courier.example/inner"])
def test_a_link_into_an_inner_network_is_remembered_as_no_article(room: FeedRoom, clock: Clock, link: str) -> None:
    room.web.page(FEED, rss(Story(1)).replace(Story(1).link, link), "application/rss+xml")
    room.web.refuses(link)
    room.feeds.add(ONE, FEED)
    assert look(room, clock.now).rejected == 1


def test_a_date_in_the_future_is_not_believed(room: FeedRoom, clock: Clock) -> None:
    room.web.publish(Story(1, published=clock.now + 400 * DAY))
    room.feeds.add(ONE, FEED)
    look(room, clock.now)
    assert room.archive.articles.entries(ONE)[0].source.published_at is None


Step = st.tuples(st.sampled_from(["add", "remove", "update", "publish"]), st.integers(0, 2), st.integers(0, 2))


@settings(max_examples=sized(10, 30))
@given(st.lists(Step, max_size=12))
def test_whatever_is_done_no_server_sees_what_another_follows(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    """A server sees articles of feeds that it has followed at some time, and lists what it follows now."""
    scopes = [Scope(CollectionId(number)) for number in (11, 22, 33)]
    urls = [f"https://{name}.example/rss" for name in ("a", "b", "c")]
    with open_room(tmp_path_factory.mktemp("leak") / "a.sqlite3") as room:
        clock = Clock()
        published = [[10 * number] for number in range(3)]
        ever: dict[Scope, set[int]] = {scope: set() for scope in scopes}
        now_followed: dict[Scope, set[int]] = {scope: set() for scope in scopes}
        for what, who, which in [("publish", 0, feed) for feed in range(3)] + steps:
            scope, url = scopes[who], urls[which]
            if what == "publish":
                published[which].append(published[which][-1] + 1)
                room.web.publish(*map(Story, published[which]), at=url, title=url)
            elif what == "add":
                room.feeds.add(scope, url, None, ChannelId(who))
                ever[scope].add(which)
                now_followed[scope].add(which)
            elif what == "update":
                room.feeds.update(clock.after(HOUR))
                for announcement in room.announced():
                    assert announcement.channel == scopes.index(Scope(announcement.collection))
            else:
                for feed in room.feeds.listed(scope):
                    if feed.url == url:
                        room.feeds.remove(scope, feed.id)
                now_followed[scope].discard(which)
        for scope in scopes:
            assert {feed.url for feed in room.feeds.listed(scope)} == {urls[each] for each in now_followed[scope]}
            assert room.feeds.like(scope, "") == room.feeds.listed(scope)
            may_see = {Story(number).title for each in ever[scope] for number in published[each]}
            assert titles(room, scope) <= may_see


class Killed(BaseException):
    """The whole program ends here: nothing that follows is done."""


def test_an_entry_that_stops_the_program_twice_is_passed_over_and_the_others_are_read(
    room: FeedRoom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.web.publish(Story(1), Story(2), Story(3))
    room.feeds.add(ONE, FEED)
    read: list[int] = []
    from_link = PlainExtractor.extract

    def kill(self: PlainExtractor, fetched: Fetched, **options: Cancellation) -> Draft:
        read.append(int(fetched.url.rpartition("/")[2]))
        if fetched.url == Story(1).link:
            raise Killed
        return from_link(self, fetched, **options)

    monkeypatch.setattr(PlainExtractor, "extract", kill)
    for _ in range(2):
        with pytest.raises(Killed):
            room.feeds.update(clock.after(HOUR))
    assert look(room, clock.after(HOUR)).added == 2
    assert look(room, clock.after(HOUR)) == FeedUpdate(room.feeds.listed(ONE)[0].id, "The Selby Courier")
    assert read == [1, 1, 2, 3]
    problems = [known.problem for known in known_of(room, ONE).values()]
    assert (problems.count(STOPPED), problems.count(None)) == (1, 2)


def test_an_entry_that_stopped_the_program_once_is_read_and_announced(
    room: FeedRoom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED, channel=CHANNEL)
    look(room, clock.now)
    room.web.publish(Story(2), Story(1))
    with monkeypatch.context() as killing:
        killing.setattr(PlainExtractor, "extract", _kill)
        with pytest.raises(Killed):
            room.feeds.update(clock.after(HOUR))
    update = look(room, clock.after(HOUR))
    assert (update.added, [news.source.title for news in room.news()]) == (1, [Story(2).title])


def test_an_entry_that_kills_the_worker_twice_is_refused_with_its_reason(
    room: FeedRoom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED)
    read: list[str] = []
    too_long = WorkerKilled("page.too_slow")

    def kill(_: PlainExtractor, fetched: Fetched, **__: Cancellation) -> NoReturn:
        read.append(fetched.url)
        raise too_long

    monkeypatch.setattr(PlainExtractor, "extract", kill)
    assert [look(room, clock.after(HOUR)).rejected for _ in range(4)] == [1, 1, 0, 0]
    assert len(read) == 2
    (known,) = known_of(room, ONE).values()
    assert known.problem is not None
    assert "longer to read than any article" in known.problem


def test_what_is_wrong_here_is_not_held_against_an_entry(
    room: FeedRoom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED, channel=CHANNEL)
    feed = room.feeds.listed(ONE)[0].id
    with monkeypatch.context() as stopping:
        stopping.setattr(PlainExtractor, "extract", _stop)
        for _ in range(3):
            with pytest.raises(Stopping):
                room.feeds.update(clock.after(HOUR))
            assert room.archive.feed_entries.known(feed) == {}
    assert look(room, clock.after(HOUR)).added == 1


def test_an_article_that_was_stored_before_a_stop_and_not_recorded_is_announced_once(
    room: FeedRoom, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.web.publish(Story(1))
    room.feeds.add(ONE, FEED, channel=CHANNEL)
    look(room, clock.now)
    room.web.publish(Story(2), Story(1))
    with monkeypatch.context() as killing:
        killing.setattr(EntryState, "done", _kill)
        with pytest.raises(Killed):
            room.feeds.update(clock.after(HOUR))
    assert titles(room, ONE) == {Story(1).title, Story(2).title}
    assert room.news() == []
    look(room, clock.after(HOUR))
    assert [news.source.title for news in room.news()] == [Story(2).title]
    look(room, clock.after(HOUR))
    assert room.news() == []


def _kill(*_: object, **__: object) -> NoReturn:
    raise Killed


def _stop(*_: object, **__: object) -> NoReturn:
    raise Stopping

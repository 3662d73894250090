"""Whose feed is asked next, where several servers follow feeds and there is not enough time for all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope
from tests.support.feeds import FeedRoom, Story, open_room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE_ID = CollectionId(22)
MANY, ONE, OTHER = Scope(CollectionId(11)), Scope(ONE_ID), Scope(CollectionId(33))
LONG = [f"https://long{number}.example/rss" for number in range(6)]
SHORT, SECOND = "https://short.example/rss", "https://second.example/rss"
NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Clock:
    """The time at which feeds are added."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(tmp_path: Path, clock: Clock) -> Iterator[FeedRoom]:
    with open_room(tmp_path / "a.sqlite3", clock=clock) as opened:
        for url in (*LONG, SHORT, SECOND):
            opened.web.publish(Story(1), at=url, title=url)
        yield opened


def follow(room: FeedRoom, scope: Scope, *urls: str) -> None:
    for url in urls:
        room.feeds.add(scope, url)


def add_again(room: FeedRoom, scope: Scope, url: str) -> None:
    for feed in room.feeds.listed(scope):
        if feed.url == url:
            room.feeds.remove(scope, feed.id)
    room.feeds.add(scope, url)


def broken_off(room: FeedRoom, now: datetime) -> str:
    """The name of the feed whose turn it is; nothing of it is read."""
    update = room.feeds.update(now, lambda: False)
    assert update is not None
    return update.name


def test_who_follows_one_feed_waits_for_one_turn_of_each_other_server(room: FeedRoom) -> None:
    follow(room, MANY, *LONG)
    follow(room, ONE, SHORT)
    asked = [broken_off(room, NOW + turn * MINUTE) for turn in range(1, 13)]
    assert [name == SHORT for name in asked] == [False, True] * 6
    assert set(asked) == {*LONG, SHORT}


def test_a_feed_takes_the_turn_of_that_follower_alone_who_has_waited_longest(room: FeedRoom) -> None:
    asked: list[str] = []
    for scope, url in ((ONE, SECOND), (OTHER, LONG[0]), (MANY, SHORT)):
        follow(room, scope, url)
        follow(room, ONE, url)
        asked.append(broken_off(room, NOW + len(asked) * MINUTE))
    assert asked == [SECOND, LONG[0], SHORT]
    assert [broken_off(room, NOW + turn * MINUTE) for turn in (4, 5, 6)] == [SECOND, LONG[0], SHORT]


def test_who_adds_a_feed_of_others_again_and_again_takes_its_turns_from_nobody(room: FeedRoom, clock: Clock) -> None:
    follow(room, MANY, *LONG)
    follow(room, ONE, SHORT)
    asked: list[str] = []
    for _ in range(6):
        clock.now += MINUTE
        add_again(room, MANY, SHORT)
        asked.append(broken_off(room, clock.now))
    assert asked.count(SHORT) == 3


def test_a_feed_that_waits_keeps_its_place_when_it_is_added_again(room: FeedRoom, clock: Clock) -> None:
    follow(room, ONE, SHORT)
    clock.now += MINUTE
    add_again(room, MANY, SHORT)
    room.archive.feed_schedule.make_due(ONE_ID, clock.now)
    assert room.feeds.listed(ONE)[0].due_at == NOW


def test_a_feed_that_is_not_due_is_asked_at_once_for_a_new_subscriber(room: FeedRoom, clock: Clock) -> None:
    follow(room, ONE, SHORT)
    room.feeds.update(NOW)
    clock.now += MINUTE
    assert room.feeds.listed(ONE)[0].due_at > clock.now
    add_again(room, MANY, SHORT)
    assert room.feeds.listed(ONE)[0].due_at == clock.now


def test_who_adds_a_failing_feed_does_not_change_how_long_it_is_left_alone_after_that(
    room: FeedRoom, clock: Clock
) -> None:
    follow(room, ONE, SHORT)
    waits = []
    for _ in range(4):
        room.web.fails(SHORT, 500)
        room.feeds.update(clock.now)
        due_at = room.feeds.listed(ONE)[0].due_at
        waits.append(due_at - clock.now)
        clock.now = due_at
        room.web.publish(Story(1), at=SHORT, title=SHORT)
        add_again(room, MANY, SHORT)
    assert [later / first for first, later in pairwise(waits)] == [2.0] * 3


def test_a_feed_that_was_put_off_while_the_clock_was_years_ahead_is_asked_again(room: FeedRoom) -> None:
    follow(room, ONE, SHORT)
    ahead = NOW + timedelta(days=3000)
    assert room.feeds.update(ahead) is not None
    assert room.feeds.update(NOW + MINUTE) is not None
    assert room.feeds.update(NOW + 2 * MINUTE) is None

"""Whose turn it is: when each feed is asked, and what came of it; a feed that moves, and two that become one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from retrieval.archive.feeds.subscriptions import feed_at, no_later_than
from retrieval.archive.schema import feeds, subscriptions
from retrieval.domain.ids import CollectionId, FeedId
from retrieval.domain.pages import Validators

if TYPE_CHECKING:
    from datetime import datetime

_Row: TypeAlias = "sa.Row[*tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed whose turn it is.

    `validators` are of the last look after which nothing was left to read.
    """

    id: FeedId
    url: str
    title: str | None
    validators: Validators
    failures: int


class Turns:
    """In which order collections had a feed of theirs asked, since the program was started."""

    def __init__(self) -> None:
        self._turns = count(1)
        self._last: dict[CollectionId, int] = {}

    def last(self, collection: CollectionId) -> int:
        """The number of a collection's last turn; 0 before the first."""
        return self._last.get(collection, 0)

    def taken(self, collection: CollectionId) -> None:
        """It is a collection's turn now."""
        self._last[collection] = next(self._turns)


_LONGEST_WAIT: Final = timedelta(days=8)
"""Longer than any feed is left alone: one that is due later was put off while the clock was ahead."""


def take_due(
    connection: sa.Connection, turns: Turns, now: datetime, until: datetime, only: CollectionId | None = None
) -> DueFeed | None:
    """The feed to be asked next, kept from others until a moment; None where no feed's turn has come.

    Collections take turns, so that no one's many feeds delay another's; within a collection, the feed that has waited
    longest is next. A feed that several follow takes the turn of the one whose last turn is longest ago, and of nobody
    else: otherwise those who follow it could use up each other's turns. `only` are the feeds that one collection
    follows.
    """
    due = sa.select(feeds.c.id, feeds.c.due_at, subscriptions.c.collection_id).join_from(feeds, subscriptions)
    ripe = (feeds.c.due_at <= now) | (feeds.c.due_at > now + _LONGEST_WAIT)
    due = due.where(ripe, subscriptions.c.stopped_at.is_(None))
    if only is not None:
        due = due.where(subscriptions.c.collection_id == only)
    waiting = ((turns.last(CollectionId(row.collection_id)), row) for row in connection.execute(due))
    _, first = min(waiting, key=lambda each: (each[0], each[1].due_at, each[1].id), default=(0, None))
    if first is None:
        return None
    turns.taken(CollectionId(first.collection_id))
    of_feed = feeds.c.id == first.id
    row = connection.execute(sa.select(feeds).where(of_feed)).one()
    connection.execute(sa.update(feeds).where(of_feed).values(due_at=until))
    return _due(row)


def wake(connection: sa.Connection, collection: CollectionId, now: datetime) -> None:
    """Let everything that a collection follows be asked now, but what has stopped."""
    followed = sa.select(subscriptions.c.feed_id).where(subscriptions.c.collection_id == collection)
    connection.execute(sa.update(feeds).where(feeds.c.id.in_(followed)).values(due_at=no_later_than(now)))


def postpone(connection: sa.Connection, due: DueFeed, due_at: datetime) -> None:
    """A look at a feed was broken off."""
    connection.execute(sa.update(feeds).where(feeds.c.id == due.id).values(title=due.title, due_at=due_at))


def succeeded(connection: sa.Connection, due: DueFeed, validators: Validators, due_at: datetime, now: datetime) -> None:
    """A feed has answered; whatever was wrong before is over, and would be told anew."""
    connection.execute(
        sa.update(feeds)
        .where(feeds.c.id == due.id)
        .values(
            title=due.title,
            etag=validators.etag,
            modified=validators.modified,
            due_at=due_at,
            succeeded_at=now,
            failing_since=None,
            failures=0,
            last_error=None,
            stopped_at=None,
        )
    )
    well = {"answered_at": now, "failing_since": None, "last_error": None, "notified_at": None}
    connection.execute(sa.update(subscriptions).where(_asked_for(due)).values(well))


def failed(
    connection: sa.Connection, due: DueFeed, problem: str, due_at: datetime, now: datetime, *, for_good: bool
) -> None:
    """A feed has not answered as it should; one that is gone for good is not asked again."""
    connection.execute(
        sa.update(feeds)
        .where(feeds.c.id == due.id)
        .values(due_at=due_at, failures=due.failures + 1, **_wrong(feeds, problem, now, for_good=for_good))
    )
    theirs = sa.update(subscriptions).where(_asked_for(due))
    connection.execute(theirs.values(_wrong(subscriptions, problem, now, for_good=for_good)))


def moved(connection: sa.Connection, due: DueFeed, url: str) -> DueFeed:
    """The feed under its new address. Where that is another one's already, its subscribers go over to the other."""
    other = feed_at(connection, url)
    if other is None:
        connection.execute(sa.update(feeds).where(feeds.c.id == due.id).values(url=url))
        return replace(due, url=url)
    if other != due.id:
        _hand_over(connection, due.id, other)
    row = connection.execute(sa.select(feeds).where(feeds.c.id == other)).one()
    return _due(row)


def _asked_for(due: DueFeed) -> sa.ColumnElement[bool]:
    """The subscribers for whom a feed is asked."""
    return (subscriptions.c.feed_id == due.id) & subscriptions.c.stopped_at.is_(None)


def _wrong(table: sa.Table, problem: str, now: datetime, *, for_good: bool) -> dict[str, Any]:
    """What is known of a feed that has not answered: for itself, or as a subscriber sees it."""
    since = sa.func.coalesce(table.c.failing_since, sa.literal(now, table.c.failing_since.type))
    return {"failing_since": since, "last_error": problem, "stopped_at": now if for_good else None}


def _due(row: _Row) -> DueFeed:
    validators = Validators(row.etag, row.modified)
    return DueFeed(FeedId(row.id), row.url, row.title, validators, row.failures)


def _hand_over(connection: sa.Connection, old: FeedId, new: FeedId) -> None:
    """The subscribers of one feed go over to another one, with the entries that they know; but who has that already."""
    there = sa.select(subscriptions.c.collection_id).where(subscriptions.c.feed_id == new)
    going = (subscriptions.c.feed_id == old) & subscriptions.c.collection_id.not_in(there)
    connection.execute(sa.update(subscriptions).where(going).values(feed_id=new))
    connection.execute(sa.delete(feeds).where(feeds.c.id == old))

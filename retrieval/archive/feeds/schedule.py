"""When each feed is asked, and what came of it; a feed that moves, and two that become one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from retrieval.archive.connections import Repository
from retrieval.archive.feeds.subscriptions import feed_at, no_later_than
from retrieval.archive.schema import feeds, subscriptions
from retrieval.domain.ids import FeedId
from retrieval.domain.pages import Validators

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.connections import Connections
    from retrieval.domain.ids import CollectionId


_LONGEST_WAIT: Final = timedelta(days=8)
"""Longer than any feed is left alone: one that is due later was postponed while the clock was ahead."""


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed that is asked now. `validators` are of its last answer of which every entry was read."""

    id: FeedId
    url: str
    title: str | None
    validators: Validators
    failures: int


class FeedSchedule(Repository):
    """When each feed is asked. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self._turns = count(1)
        self._last_turn: dict[int, int] = {}
        """The number of each collection's last turn since the program was started."""

    def take_due(self, now: datetime, until: datetime, only: CollectionId | None = None) -> DueFeed | None:
        """Return the feed to ask next, and postpone it to `until`, so that no other thread takes it; None: none is due.

        Collections take turns, so that the many feeds of one do not delay another's; within a collection, the feed that
        has waited longest is next. A feed that several follow uses the turn of the one whose last turn is longest ago,
        and of no other: else its followers could use up each other's turns. `only`: the feeds of one collection.
        """
        query = sa.select(feeds.c.id, feeds.c.due_at, subscriptions.c.collection_id).join_from(feeds, subscriptions)
        is_due = (feeds.c.due_at <= now) | (feeds.c.due_at > now + _LONGEST_WAIT)
        query = query.where(is_due, subscriptions.c.stopped_at.is_(None))
        if only is not None:
            query = query.where(subscriptions.c.collection_id == only)
        with self._connections.writing() as connection:
            rows = connection.execute(query).all()
            first = min(rows, key=self._turn, default=None)
            if first is None:
                return None
            self._last_turn[first.collection_id] = next(self._turns)
            of_feed = feeds.c.id == first.id
            row = connection.execute(sa.select(feeds).where(of_feed)).one()
            connection.execute(sa.update(feeds).where(of_feed).values(due_at=until))
            return _due(row)

    def _turn(self, row: Row) -> tuple[int, datetime, int]:
        return self._last_turn.get(row.collection_id, 0), row.due_at, row.id

    def make_due(self, collection: CollectionId, now: datetime) -> None:
        """Make every feed of a collection due, except those that have stopped."""
        followed = sa.select(subscriptions.c.feed_id).where(subscriptions.c.collection_id == collection)
        with self._connections.writing() as connection:
            connection.execute(sa.update(feeds).where(feeds.c.id.in_(followed)).values(due_at=no_later_than(now)))

    def postpone(self, due: DueFeed, due_at: datetime) -> None:
        """Record that an update was interrupted."""
        with self._connections.writing() as connection:
            connection.execute(sa.update(feeds).where(feeds.c.id == due.id).values(title=due.title, due_at=due_at))

    def succeeded(self, due: DueFeed, validators: Validators, due_at: datetime, now: datetime) -> None:
        """Record that a feed has answered; earlier failures are over."""
        no_failure: dict[str, Any] = {"failing_since": None, "last_error": None}
        of_feed = {"title": due.title, "etag": validators.etag, "modified": validators.modified, "due_at": due_at}
        with self._connections.writing() as connection:
            updated = sa.update(feeds).where(feeds.c.id == due.id)
            connection.execute(updated.values(**of_feed, succeeded_at=now, failures=0, stopped_at=None, **no_failure))
            for_subscribers = sa.update(subscriptions).where(_asked_for(due))
            connection.execute(for_subscribers.values(answered_at=now, notified_at=None, **no_failure))

    def failed(self, due: DueFeed, problem: str, due_at: datetime, now: datetime, *, for_good: bool) -> None:
        """Record that a feed has not answered as it should; one that is gone for good is not asked again."""
        with self._connections.writing() as connection:
            failure = _failure_columns(feeds, problem, now, for_good=for_good)
            updated = sa.update(feeds).where(feeds.c.id == due.id)
            connection.execute(updated.values(due_at=due_at, failures=due.failures + 1, **failure))
            for_subscribers = sa.update(subscriptions).where(_asked_for(due))
            connection.execute(for_subscribers.values(_failure_columns(subscriptions, problem, now, for_good=for_good)))

    def moved(self, due: DueFeed, url: str) -> DueFeed:
        """Give a feed its new address. Where another feed has that already, its subscribers move to the other."""
        with self._connections.writing() as connection:
            other = feed_at(connection, url)
            if other is None:
                connection.execute(sa.update(feeds).where(feeds.c.id == due.id).values(url=url))
                return replace(due, url=url)
            if other != due.id:
                _hand_over(connection, due.id, other)
            return _due(connection.execute(sa.select(feeds).where(feeds.c.id == other)).one())


def _asked_for(due: DueFeed) -> sa.ColumnElement[bool]:
    """The subscriptions for which a feed is asked."""
    return (subscriptions.c.feed_id == due.id) & subscriptions.c.stopped_at.is_(None)


def _failure_columns(table: sa.Table, problem: str, now: datetime, *, for_good: bool) -> dict[str, Any]:
    """The columns about a failure, which `feeds` and `subscriptions` both have."""
    since = sa.func.coalesce(table.c.failing_since, sa.literal(now, table.c.failing_since.type))
    return {"failing_since": since, "last_error": problem, "stopped_at": now if for_good else None}


def _due(row: Row) -> DueFeed:
    validators = Validators(row.etag, row.modified)
    return DueFeed(FeedId(row.id), row.url, row.title, validators, row.failures)


def _hand_over(connection: sa.Connection, old: FeedId, new: FeedId) -> None:
    """Move the subscribers of one feed to another, with the entries that they know, unless they follow that already."""
    followers_of_new = sa.select(subscriptions.c.collection_id).where(subscriptions.c.feed_id == new)
    moved = (subscriptions.c.feed_id == old) & subscriptions.c.collection_id.not_in(followers_of_new)
    connection.execute(sa.update(subscriptions).where(moved).values(feed_id=new))
    connection.execute(sa.delete(feeds).where(feeds.c.id == old))

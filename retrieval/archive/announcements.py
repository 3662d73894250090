"""What is to be announced, each with its article and for a feed's channel or for a follow, until Discord has taken it.

The articles that came to a collection are matched with the follows in the order of their numbers, each once. What is
sent in one message keeps the message's id, under which Discord takes it once; it is deleted afterwards.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import held_by_any
from retrieval.archive.schema import announcements, article_numbers, articles, feeds, follows, subscriptions, visibility
from retrieval.archive.sqlite.connections import Repository
from retrieval.domain.ids import SHARED, ArticleId, ChannelId, CollectionId, FollowId

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from retrieval.archive.articles.rows import Row
    from retrieval.domain.ids import FeedId

_AT_ONCE: Final = 20
"""Articles that are matched in one step."""
_PAUSE: Final = timedelta(minutes=10)
"""How long a follow is not told again; what came meanwhile is one message then."""
_MOST_IN_PAUSE: Final = 5
"""Follows that a channel or a member is told of within that time."""


_BEHIND: Final = article_numbers.c.last > article_numbers.c.matched
_FOLLOWED: Final = sa.exists().where(
    follows.c.stopped.is_(None),
    (follows.c.collection_id == article_numbers.c.collection_id) | (article_numbers.c.collection_id == SHARED),
)
"""Whether a follow sees the collection of a row."""


@dataclass(frozen=True, slots=True)
class NewArrival:
    """An article that came to a collection, and since when each collection has it."""

    article_id: ArticleId
    published_at: datetime | None
    since: Mapping[CollectionId, datetime]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Articles that came to one collection, all that came after one number and up to another."""

    collection: CollectionId
    after: int
    number: int
    articles: tuple[NewArrival, ...]


@dataclass(frozen=True, slots=True)
class ToTell:
    """An article to be told to a follow."""

    collection: CollectionId
    follow_id: FollowId
    article_id: ArticleId
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent in one message: articles for a follow, or for the channel of the feed with this name."""

    id: int
    collection: CollectionId
    follow_id: FollowId | None
    feed: str | None
    channel: ChannelId | None
    article_ids: tuple[ArticleId, ...]


class AnnouncementRepository(Repository):
    """The announcements of an archive. Thread-safe. Every method may raise ArchiveError."""

    def arrivals(self) -> Arrivals | None:
        """The next articles that came to a collection and were not matched with the follows; None where none did.

        Of collections that no follow sees, at once all count as matched.
        """
        with self._connections.reading() as connection:
            unfollowed = connection.scalar(sa.select(sa.exists().where(_BEHIND, ~_FOLLOWED)))
        if unfollowed:
            with self._connections.writing() as connection:
                skipped = sa.update(article_numbers).where(_BEHIND, ~_FOLLOWED)
                connection.execute(skipped.values(matched=article_numbers.c.last))
        with self._connections.reading() as connection:
            behind = sa.select(article_numbers).where(_BEHIND).order_by(article_numbers.c.collection_id)
            row = connection.execute(behind.limit(1)).first()
            if row is None:
                return None
            came = (visibility.c.collection_id == row.collection_id) & (visibility.c.number > row.matched)
            columns = (articles.c.id, articles.c.published_at, visibility.c.number)
            first = sa.select(*columns).join_from(visibility, articles).where(came).order_by(visibility.c.number)
            rows = connection.execute(first.limit(_AT_ONCE)).all()
            since = _since(connection, [each.id for each in rows])
            arrived = (NewArrival(ArticleId(each.id), each.published_at, since[each.id]) for each in rows)
            number = rows[-1].number if len(rows) == _AT_ONCE else row.last
            return Arrivals(CollectionId(row.collection_id), row.matched, number, tuple(arrived))

    def match(self, arrivals: Arrivals, to_tell: Sequence[ToTell]) -> None:
        """Store to which follows some articles are told, and that they were matched.

        Where others stand under their numbers by now, nothing is stored: these are the next arrivals then.
        """
        number = visibility.c.number
        came = (visibility.c.collection_id == arrivals.collection) & number.between(arrivals.after + 1, arrivals.number)
        unmatched = article_numbers.c.collection_id == arrivals.collection
        unmatched &= article_numbers.c.matched == arrivals.after
        with self._connections.writing() as connection:
            stored = connection.scalars(sa.select(visibility.c.article_id).where(came).order_by(number)).all()
            if stored != [each.article_id for each in arrivals.articles]:
                return
            matched = connection.execute(sa.update(article_numbers).where(unmatched).values(matched=arrivals.number))
            following = set(connection.scalars(sa.select(follows.c.id).where(follows.c.stopped.is_(None))))
            rows = [_row(each) for each in to_tell if each.follow_id in following]
            if rows and matched.rowcount:
                connection.execute(sa.insert(announcements), rows)

    def next(self, now: datetime, is_here: Callable[[CollectionId], bool], besides: Collection[int]) -> Message | None:
        """The next message to be sent in the servers that `is_here`, but none of `besides`; None where none is due."""
        with self._connections.reading() as connection:
            if _first(connection, now, is_here, besides) is None:
                return None
        with self._connections.writing() as connection:
            first = _first(connection, now, is_here, besides)
            if first is None:
                return None
            message = _message(connection, first, now)
            rows = connection.execute(sa.select(announcements).where(announcements.c.message == message)).all()
            feed = None if first.feed_id is None else _feed(connection, first.feed_id, first.collection_id)
            return Message(
                message,
                CollectionId(first.collection_id),
                None if first.follow_id is None else FollowId(first.follow_id),
                None if feed is None else feed.title or feed.url,
                None if feed is None or feed.channel_id is None else ChannelId(feed.channel_id),
                tuple(ArticleId(row.article_id) for row in sorted(rows, key=lambda row: row.id)),
            )

    def done(self, message: int, told_at: datetime | None = None) -> None:
        """Delete what a message was made of: at `told_at` it was sent, or else nobody is to be told."""
        with self._connections.writing() as connection:
            which = announcements.c.message == message
            if told_at is not None:
                told = sa.select(announcements.c.follow_id).where(which)
                of_follow = sa.update(follows).where(follows.c.id.in_(told))
                connection.execute(of_follow.values(told_at=told_at, failures=0))
            connection.execute(sa.delete(announcements).where(which))

    def postpone(self, message: int, due_at: datetime) -> None:
        """Try a message again at a later time."""
        with self._connections.writing() as connection:
            which = announcements.c.message == message
            connection.execute(sa.update(announcements).where(which).values(due_at=due_at))


def announce(connection: sa.Connection, feed_id: FeedId, now: datetime, new: Mapping[CollectionId, ArticleId]) -> None:
    """Store that new articles of a feed are to be announced, each to a collection that follows the feed."""
    of_feed = subscriptions.c.feed_id == feed_id
    followed = set(connection.scalars(sa.select(subscriptions.c.collection_id).where(of_feed)))
    there = set(connection.scalars(sa.select(articles.c.id).where(articles.c.id.in_(list(new.values())))))
    rows = [
        {"collection_id": collection, "feed_id": feed_id, "article_id": article_id, "due_at": now}
        for collection, article_id in new.items()
        if collection in followed and article_id in there
    ]
    if rows:
        connection.execute(sa.insert(announcements), rows)


def relink(connection: sa.Connection, old_id: int, new_id: int, collections: Collection[CollectionId]) -> None:
    """Let what is to be announced of an article be of its other version; of a shared one, in every server."""
    which = announcements.c.article_id == old_id
    if SHARED not in collections:
        which = held_by_any(announcements, collections, old_id)
    connection.execute(sa.update(announcements).where(which).values(article_id=new_id))


def _row(each: ToTell) -> dict[str, object]:
    names = ("collection_id", "follow_id", "article_id", "due_at")
    return dict(zip(names, (each.collection, each.follow_id, each.article_id, each.due_at), strict=True))


def _since(connection: sa.Connection, ids: Sequence[int]) -> dict[int, dict[CollectionId, datetime]]:
    """Since when each collection has each of some articles."""
    got_at = sa.type_coerce(sa.func.coalesce(visibility.c.shown_at, articles.c.added_at), articles.c.added_at.type)
    columns = (visibility.c.article_id, visibility.c.collection_id, got_at.label("got_at"))
    since: dict[int, dict[CollectionId, datetime]] = {}
    for row in connection.execute(sa.select(*columns).join_from(visibility, articles).where(articles.c.id.in_(ids))):
        since.setdefault(row.article_id, {})[CollectionId(row.collection_id)] = row.got_at
    return since


def _first(
    connection: sa.Connection, now: datetime, is_here: Callable[[CollectionId], bool], besides: Collection[int]
) -> Row | None:
    """The feed or follow that is told next: first what was tried before, then what has waited longest."""
    due = announcements.c
    of = (due.collection_id, due.feed_id, due.follow_id, due.message)
    grouped = (
        sa.select(*of, follows.c.told_at, follows.c.channel_id, follows.c.user_id)
        .join_from(announcements, follows, isouter=True)
        .where(due.due_at <= now, follows.c.stopped.is_(None))
        .group_by(*of)
        .order_by(due.message.is_(None), sa.func.min(due.id))
    )
    to_whom = sa.select(due.feed_id, due.follow_id, due.collection_id)
    tried_now = due.message.in_(tuple(besides)) & (due.due_at <= now)
    trying = set(map(tuple, connection.execute(to_whom.where(tried_now))))
    told: dict[tuple[int | None, int | None], int] = {}
    with closing(connection.execute(grouped)) as rows:  # of thousands, the first ones are read
        for row in rows:
            is_tried = (row.feed_id, row.follow_id, row.collection_id) in trying
            if is_tried or not is_here(CollectionId(row.collection_id)):
                continue
            if row.follow_id is None or row.message is not None:
                return row
            place = row.channel_id, None if row.channel_id is not None else row.user_id
            if place not in told:
                told[place] = _told_lately(connection, *place, now)
            rests = row.told_at is not None and row.told_at > now - _PAUSE
            if not rests and told[place] < _MOST_IN_PAUSE:
                return row
    return None


def _told_lately(connection: sa.Connection, channel: int | None, user: int | None, now: datetime) -> int:
    """How many follows a channel, or else a member, was told of lately."""
    place = follows.c.channel_id == channel
    if channel is None:
        place = sa.and_(follows.c.channel_id.is_(None), follows.c.user_id == user)
    lately = sa.select(sa.func.count()).select_from(follows).where(place, follows.c.told_at > now - _PAUSE)
    return connection.scalar(lately) or 0


def _message(connection: sa.Connection, first: Row, now: datetime) -> int:
    """The id of the message of a group: of all that is due, if it was not tried before."""
    if first.message is not None:
        return int(first.message)
    due = announcements.c
    which = (due.due_at <= now) & due.message.is_(None) & (due.collection_id == first.collection_id)
    which &= due.feed_id.is_not_distinct_from(first.feed_id) & due.follow_id.is_not_distinct_from(first.follow_id)
    message: int = connection.execute(sa.select(sa.func.min(due.id)).where(which)).scalar_one()
    connection.execute(sa.update(announcements).where(which).values(message=message))
    return message


def _feed(connection: sa.Connection, feed_id: int, collection: int) -> Row | None:
    of = (subscriptions.c.feed_id == feed_id) & (subscriptions.c.collection_id == collection)
    columns = (feeds.c.title, feeds.c.url, subscriptions.c.channel_id)
    return connection.execute(sa.select(*columns).join_from(subscriptions, feeds).where(of)).first()

"""Which speakers and topics members and channels follow.

A follow without a channel is a member's own, is seen by them alone, and goes when they are forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles.rows import count
from retrieval.archive.connections import Repository
from retrieval.archive.records import Change
from retrieval.archive.schema import announcements, follows
from retrieval.domain.announcements import Follow, FollowKind, NewFollow, Rhythm, Stopped
from retrieval.domain.ids import SHARED, ChannelId, CollectionId, FollowId, RoleId, UserId
from retrieval.errors import FollowRejected, FollowUnknown

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.articles.rows import Row
    from retrieval.domain.upkeep import Action

MOST_OF_MEMBER: Final = 10
"""Follows that a member may have in a server, in direct messages and in channels."""
MOST_OF_SERVER: Final = 200
_MOST_FAILURES: Final = 3
_STOPPED: Final = {why.value: why for why in Stopped}


class FollowRepository(Repository):
    """The follows of every server. Thread-safe. Every method may raise ArchiveError."""

    def add(self, new: NewFollow, now: datetime, due_at: datetime | None = None) -> tuple[Follow, bool]:
        """Store a follow; returns it, and whether it was followed there before: then only rhythm and role change.

        What waits for the time of another rhythm is due at `due_at` then. One that was stopped goes on. Raises
        FollowRejected where there are too many.
        """
        values = {"role_id": new.role, "rhythm": new.rhythm.value, "failures": 0, "stopped": None}
        with self._connections.writing() as connection:
            known = connection.scalar(sa.select(follows.c.id).where(_same(new)))
            if known is None:
                _expect_room(connection, new)
                of = {"collection_id": new.collection, "user_id": new.user, "channel_id": new.channel}
                what = {"kind": new.kind.value, "key": new.key, "name": new.name, "made_at": now}
                inserted = sa.insert(follows).values(**of, **what, **values).returning(follows.c.id)
                id_ = connection.execute(inserted).scalar_one()
            else:
                id_ = known
                if due_at is not None:
                    _move(connection, id_, new.rhythm, due_at)
                connection.execute(sa.update(follows).where(follows.c.id == id_).values(values))
            follow = _follow(connection.execute(sa.select(follows).where(follows.c.id == id_)).one())
            _note(connection, follow, new.user, now, "follow changed" if known else "follow added")
            return follow, known is not None

    def remove(self, collection: CollectionId, follow: FollowId, by: UserId, now: datetime) -> Follow:
        """End a follow of a server. Raises FollowUnknown where there is none."""
        with self._connections.writing() as connection:
            which = (follows.c.id == follow) & (follows.c.collection_id == collection)
            row = connection.execute(sa.delete(follows).where(which).returning(*follows.c)).first()
            if row is None:
                raise FollowUnknown
            _note(connection, _follow(row), by, now, "follow removed")
            return _follow(row)

    def find(self, follow: FollowId) -> Follow | None:
        """The follow with an id; None where it has ended."""
        with self._connections.reading() as connection:
            row = connection.execute(sa.select(follows).where(follows.c.id == follow)).first()
        return None if row is None else _follow(row)

    def listed(self, collection: CollectionId, user: UserId, *, channels: bool) -> tuple[Follow, ...]:
        """A member's follows in a server, oldest first; with `channels`, those of all channels too."""
        which = follows.c.user_id == user
        if channels:
            which |= follows.c.channel_id.is_not(None)
        own = sa.select(follows).where(follows.c.collection_id == collection, which).order_by(follows.c.id)
        with self._connections.reading() as connection:
            return tuple(map(_follow, connection.execute(own)))

    def seeing(self, collection: CollectionId) -> tuple[Follow, ...]:
        """The follows that are told of a collection's articles: a server's, or of the shared ones every server's."""
        own = [follows.c.collection_id == collection] if collection != SHARED else []
        which = sa.and_(follows.c.stopped.is_(None), *own)
        with self._connections.reading() as connection:
            return tuple(map(_follow, connection.execute(sa.select(follows).where(which).order_by(follows.c.id))))

    def stop(self, follow: FollowId, why: Stopped) -> None:
        """Tell a follow nothing more, until it is added again."""
        with self._connections.writing() as connection:
            _stop(connection, follow, why)

    def note_refused(self, follow: FollowId) -> bool:
        """Count a message that the member did not take; after the third in a row, stop, and return True."""
        of_follow = sa.update(follows).where(follows.c.id == follow).values(failures=follows.c.failures + 1)
        with self._connections.writing() as connection:
            failures = connection.execute(of_follow.returning(follows.c.failures)).scalar() or 0
            if failures >= _MOST_FAILURES:
                _stop(connection, follow, Stopped.REFUSED)
            return failures >= _MOST_FAILURES

    def forget(self, user: UserId, collection: CollectionId) -> None:
        """Delete what a member is told in direct messages of one server."""
        own = sa.and_(follows.c.user_id == user, follows.c.collection_id == collection, follows.c.channel_id.is_(None))
        with self._connections.writing() as connection:
            connection.execute(sa.delete(follows).where(own))


def _same(new: NewFollow) -> sa.ColumnElement[bool]:
    """Whether a follow is of the same, and told in the same place."""
    which = (
        (follows.c.collection_id == new.collection) & (follows.c.kind == new.kind.value) & (follows.c.key == new.key)
    )
    if new.channel is not None:
        return which & (follows.c.channel_id == new.channel)
    return which & follows.c.channel_id.is_(None) & (follows.c.user_id == new.user)


def _expect_room(connection: sa.Connection, new: NewFollow) -> None:
    """Raise FollowRejected where the member or the server follows as much as may be."""
    of_server = follows.c.collection_id == new.collection
    if count(connection, follows, of_server & (follows.c.user_id == new.user)) >= MOST_OF_MEMBER:
        raise FollowRejected("follow.too_many", most=MOST_OF_MEMBER)
    if count(connection, follows, of_server) >= MOST_OF_SERVER:
        raise FollowRejected("follow.too_many_here", most=MOST_OF_SERVER)


def _note(connection: sa.Connection, follow: Follow, by: UserId, now: datetime, action: Action) -> None:
    """Write what a channel follows into the audit; what a member follows is theirs alone."""
    if follow.channel is not None:
        audit.note(connection, Change(follow.collection, now, by), action, f"{follow.name} (<#{follow.channel}>)")


def _move(connection: sa.Connection, follow: int, rhythm: Rhythm, due_at: datetime) -> None:
    """Let what was not tried yet be due at another time, if a follow has another rhythm."""
    another = sa.exists().where(follows.c.id == follow, follows.c.rhythm != rhythm.value)
    waiting = (announcements.c.follow_id == follow) & announcements.c.message.is_(None)
    connection.execute(sa.update(announcements).where(waiting, another).values(due_at=due_at))


def _stop(connection: sa.Connection, follow: FollowId, why: Stopped) -> None:
    connection.execute(sa.update(follows).where(follows.c.id == follow).values(stopped=why.value))
    connection.execute(sa.delete(announcements).where(announcements.c.follow_id == follow))


def _follow(row: Row) -> Follow:
    """Map a row; a damaged value is the plainest one."""
    return Follow(
        id=FollowId(row.id),
        collection=CollectionId(row.collection_id),
        user=None if row.user_id is None else UserId(row.user_id),
        kind=FollowKind(row.kind) if row.kind in set(FollowKind) else FollowKind.TOPIC,
        key=row.key,
        name=row.name,
        rhythm=Rhythm(row.rhythm) if row.rhythm in set(Rhythm) else Rhythm.DAILY,
        channel=None if row.channel_id is None else ChannelId(row.channel_id),
        role=None if row.role_id is None else RoleId(row.role_id),
        made_at=row.made_at,
        stopped=None if row.stopped is None else _STOPPED.get(row.stopped, Stopped.REFUSED),
    )

"""What an operator sees of the whole archive: how much it holds, failing feeds, its size, room on the disk."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.articles.rows import OUTDATED, count, in_collections
from retrieval.archive.schema import articles, feeds, passages
from retrieval.archive.sqlite.files import companions
from retrieval.domain.health import DiskRoom, FailingFeed, Measured
from retrieval.domain.ids import SHARED, FeedId

if TYPE_CHECKING:
    from pathlib import Path


def measure(connection: sa.Connection) -> Measured:
    """Return how much the archive holds, and the feeds that fail."""
    return Measured(
        count(connection, articles),
        count(connection, passages),
        _failing(connection),
        in_servers=in_servers_alone(connection),
        outdated=count(connection, articles, OUTDATED),
    )


def in_servers_alone(connection: sa.Connection) -> int:
    """Return how many articles are in servers' own collections and not shared: the operator's `list` omits them."""
    return count(connection, articles, ~in_collections((SHARED,)))


def size_of(archive: Path) -> int:
    """Return the bytes of the file and of what SQLite keeps beside it."""
    return sum(file.stat().st_size for file in (archive, *companions(archive)) if file.exists())


def is_writable(archive: Path) -> bool:
    """Return whether this user may write the file, where there is one, and its folder on this disk."""
    return all(os.access(each, os.W_OK) for each in (archive, archive.parent) if each.exists())


def room_beside(archive: Path) -> DiskRoom | None:
    """Return the room on the archive's disk; None where the system does not say."""
    try:
        usage = shutil.disk_usage(archive.parent)
    except OSError:
        return None
    return DiskRoom(usage.free, usage.total)


def _failing(connection: sa.Connection) -> tuple[FailingFeed, ...]:
    wrong = sa.or_(feeds.c.failing_since.is_not(None), feeds.c.stopped_at.is_not(None))
    rows = connection.execute(sa.select(feeds).where(wrong).order_by(feeds.c.id))
    return tuple(
        FailingFeed(
            id=FeedId(row.id),
            name=row.title or row.url,
            since=row.failing_since or row.stopped_at,
            error=row.last_error or "",
        )
        for row in rows
    )

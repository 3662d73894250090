"""What an operator sees of the whole archive: how much it holds, and failing feeds."""

from __future__ import annotations

import sqlalchemy as sa

from retrieval.archive.articles.rows import OUTDATED, count, in_collections
from retrieval.archive.schema import articles, feeds, passages
from retrieval.domain.health import FailingFeed, Measured
from retrieval.domain.ids import SHARED, FeedId
from retrieval.errors import unpacked


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


def _failing(connection: sa.Connection) -> tuple[FailingFeed, ...]:
    wrong = sa.or_(feeds.c.failing_since.is_not(None), feeds.c.stopped_at.is_not(None))
    rows = connection.execute(sa.select(feeds).where(wrong).order_by(feeds.c.id))
    return tuple(
        FailingFeed(
            id=FeedId(row.id),
            name=row.title or row.url,
            since=row.failing_since or row.stopped_at,
            error=unpacked(row.last_error or ""),
        )
        for row in rows
    )

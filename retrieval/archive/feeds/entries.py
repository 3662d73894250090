"""What is known of a feed's entries: which articles they became, which are none, and what is tried once more.

That an entry is being read is written down before, so that one that stops the program is passed over after the second
time. What came of it is written down after its article is: a stop in between costs one look at a text that is known.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import SOURCE
from retrieval.archive.schema import (
    articles,
    feed_entries,
    quotation_speakers,
    quotations,
    speakers,
    subscriptions,
    visibility,
)
from retrieval.archive.speakers import cited_quotations
from retrieval.archive.speakers.speaker_rows import PRINTED
from retrieval.domain.ids import ArticleId, CollectionId, SpeakerId
from retrieval.domain.quotations import Attribution, QuotationKind, Speaker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from retrieval.domain.ids import FeedId
    from retrieval.domain.quotations import CitedQuotation

_AT_A_TIME: Final = 500


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What came of an entry: an article, a problem after so many attempts, or nothing that is still there.

    `page_hash` is None where the article is what its page says. Where the feed carried the text, it is the hash of what
    the page said when it was looked at, empty before that.
    """

    version: str
    article_id: ArticleId | None = None
    attempts: int = 0
    problem: str | None = None
    page_hash: str | None = None


def known_entries(connection: sa.Connection, feed_id: FeedId) -> dict[CollectionId, dict[str, KnownEntry]]:
    """Every entry of a feed that was dealt with, by subscriber and key."""
    found: dict[CollectionId, dict[str, KnownEntry]] = defaultdict(dict)
    for row in connection.execute(sa.select(feed_entries).where(feed_entries.c.feed_id == feed_id)):
        found[CollectionId(row.collection_id)][row.key] = KnownEntry(
            row.version,
            None if row.article_id is None else ArticleId(row.article_id),
            row.attempts,
            row.problem,
            row.page_hash,
        )
    return found


def note_listed(connection: sa.Connection, feed_id: FeedId, keys: Sequence[str], now: datetime) -> None:
    """Of the entries that are known, these are listed now."""
    for start in range(0, len(keys), _AT_A_TIME):
        which = (feed_entries.c.feed_id == feed_id) & feed_entries.c.key.in_(keys[start : start + _AT_A_TIME])
        connection.execute(sa.update(feed_entries).where(which).values(seen_at=now))


def forget_unlisted(connection: sa.Connection, feed_id: FeedId, before: datetime) -> None:
    """Entries that the feed has not listed for long; their articles stay."""
    old = (feed_entries.c.feed_id == feed_id) & (feed_entries.c.seen_at < before)
    connection.execute(sa.delete(feed_entries).where(old))


def record(
    connection: sa.Connection, feed_id: FeedId, key: str, known: Mapping[CollectionId, KnownEntry | None], now: datetime
) -> None:
    """What is known of an entry from now on, by subscriber: nothing where that is None, or they follow no more."""
    of_feed = subscriptions.c.feed_id == feed_id
    following = set(connection.scalars(sa.select(subscriptions.c.collection_id).where(of_feed)))
    which = (feed_entries.c.feed_id == feed_id) & (feed_entries.c.key == key)
    connection.execute(sa.delete(feed_entries).where(which, feed_entries.c.collection_id.in_(list(known))))
    for collection, entry in known.items():
        if entry is None or collection not in following:
            continue
        still = None if entry.article_id is None else sa.select(articles.c.id).where(articles.c.id == entry.article_id)
        connection.execute(
            sa.insert(feed_entries).values(
                feed_id=feed_id,
                collection_id=collection,
                key=key,
                version=entry.version,
                article_id=None if still is None else connection.scalar(still),
                attempts=entry.attempts,
                problem=entry.problem,
                seen_at=now,
                page_hash=entry.page_hash,
            )
        )


def relink(connection: sa.Connection, old_id: int, new_id: int, collection: CollectionId) -> None:
    """A collection's entries of an article are of its other version, which is the page's until the feed says so."""
    moved = sa.update(feed_entries).where(_of(old_id, collection))
    connection.execute(moved.values(article_id=new_id, page_hash=None))


def move(connection: sa.Connection, old_id: int, new_id: int, collection: CollectionId) -> None:
    """A collection's entries of an article are of the same text with an edited source."""
    connection.execute(sa.update(feed_entries).where(_of(old_id, collection)).values(article_id=new_id))


def page_said(connection: sa.Connection, article_id: ArticleId, body_hash: str) -> None:
    """What the page says of an article whose text a feed carried."""
    carried = (feed_entries.c.article_id == article_id) & feed_entries.c.page_hash.is_not(None)
    connection.execute(sa.update(feed_entries).where(carried).values(page_hash=body_hash))


def holders(connection: sa.Connection, held: Mapping[CollectionId, ArticleId]) -> frozenset[CollectionId]:
    """Those of the collections that still hold the article named for them."""
    asked = sa.select(visibility.c.collection_id, visibility.c.article_id)
    rows = connection.execute(asked.where(visibility.c.article_id.in_(set(held.values()))))
    return frozenset(CollectionId(row[0]) for row in rows if held.get(CollectionId(row[0])) == row[1])


def best_quotation(
    connection: sa.Connection, article_id: ArticleId, shortest: int, longest: int
) -> CitedQuotation | None:
    """The longest whole sentence of somebody named in an article, of so many characters; None without any."""
    length = quotations.c.content_end - quotations.c.content_start
    told = quotations.c.attribution.in_([Attribution.NAMED.value, Attribution.CONTINUATION.value])
    named = sa.exists().where(quotation_speakers.c.quotation_id == quotations.c.id)
    row = connection.execute(
        sa.select(quotations, *SOURCE, articles.c.body, articles.c.content_hash)
        .join_from(quotations, articles)
        .where(quotations.c.article_id == article_id, quotations.c.kind == QuotationKind.DIRECT.value, told, named)
        .where(length.between(shortest, longest))
        .order_by(length.desc(), quotations.c.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return cited_quotations.cited_if_whole(connection, row, _speakers(connection, row.id))


def _of(article_id: int, collection: CollectionId) -> sa.ColumnElement[bool]:
    return (feed_entries.c.article_id == article_id) & (feed_entries.c.collection_id == collection)


def _speakers(connection: sa.Connection, quotation_id: int) -> tuple[Speaker, ...]:
    """As the article prints them beside this quotation."""
    rows = connection.execute(
        sa.select(speakers.c.id, PRINTED.label("name"), quotation_speakers.c.role, quotation_speakers.c.rank)
        .join_from(quotation_speakers, speakers)
        .where(quotation_speakers.c.quotation_id == quotation_id)
        .order_by(quotation_speakers.c.ordinal)
    )
    return tuple(Speaker(SpeakerId(row.id), row.name, row.role, rank=row.rank) for row in rows)

"""Feeds: their state, and what an update of one brought."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.domain.ids import SHARED

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Source
    from retrieval.domain.ids import ChannelId, CollectionId, FeedId
    from retrieval.domain.quotations import CitedQuotation


@dataclass(frozen=True, slots=True)
class WellKnownFeed:
    """A feed that is offered by the name of its paper; `language` as in `en`."""

    name: str
    language: str
    url: str


@dataclass(frozen=True, slots=True)
class WordFilter:
    """Words of which one must stand in an article's headline or text (`wanted`, if any), and of which none may."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


ANYTHING: Final = WordFilter()


@dataclass(frozen=True, slots=True)
class FeedFilters:
    """Which articles of a feed are read, and which of those are announced."""

    read: WordFilter = ANYTHING
    announced: WordFilter = ANYTHING


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed as one of its subscribers sees it; `articles` counts those from it that they still have.

    Everything counts from their own subscription, whoever else follows the feed, except `due_at`, when it is asked
    next: that is for the operator alone, since others may have set it. `channel` is where new articles are announced;
    `stopped_at` is when the feed said that it is gone for good.
    """

    id: FeedId
    url: str
    title: str | None
    channel: ChannelId | None
    articles: int
    due_at: datetime
    answered_at: datetime | None = None
    failing_since: datetime | None = None
    last_error: str | None = None
    """As `errors.packed` stores it."""
    stopped_at: datetime | None = None
    collection: CollectionId = SHARED
    filters: FeedFilters = FeedFilters()

    @property
    def name(self) -> str:
        """Its title, or else its address."""
        return self.title or self.url

    @property
    def fingerprint(self) -> str:
        """A hash of the address, by which a feed is picked from a list."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FeedAdded:
    """The outcome of following a feed: `known` if it was followed already, `others` that the same page names.

    `waiting` is how many entries the next update will read.
    """

    feed: FeedHealth
    known: bool
    waiting: int = 0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedTrial:
    """The newest entry of a feed as it would be announced, and whether its filters let it be read and announced.

    `partial`: the page may have more of the article.
    """

    feed: str
    source: Source
    quotation: CitedQuotation | None = None
    read: bool = True
    announced: bool = True
    partial: bool = False


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """What one update of a feed brought, or the `problem` why it brought nothing.

    `rejected` entries are no articles; `remaining` entries will be read by the next update.
    """

    feed: FeedId
    name: str
    problem: str | None = None
    added: int = 0
    changed: int = 0
    rejected: int = 0
    remaining: int = 0

"""Feeds: how they do, and what they brought."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.domain.ids import SHARED

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Source
    from retrieval.domain.ids import ArticleNumber, ChannelId, CollectionId, FeedId
    from retrieval.domain.quotations import CitedQuotation


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed as one of its subscribers sees it; `articles` are those that came to them from it and are theirs still.

    Everything counts from their own subscription on, whoever else follows the feed, but for `due_at`: when it is asked
    next. That is the operator's to know, for others may have set it. `channel` is where new articles are announced;
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
    stopped_at: datetime | None = None
    collection: CollectionId = SHARED

    @property
    def name(self) -> str:
        """What it calls itself, or else its address."""
        return self.title or self.url

    @property
    def mark(self) -> str:
        """What a list to pick from carries: it tells nobody anything but the address, which they know."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FeedAdded:
    """What came of following a feed: `known` where it was followed already, `others` that the same page names.

    `waiting` are the entries that will be read first.
    """

    feed: FeedHealth
    known: bool
    waiting: int = 0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedNews:
    """An article that is new to a subscriber and is to be announced there, with its best quotation if it has one."""

    collection: CollectionId
    channel: ChannelId
    feed: str
    number: ArticleNumber
    source: Source
    quotation: CitedQuotation | None = None


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """What one look at a feed brought. `problem` is why there was none; `refused` entries turned out to be no article.

    `left` entries are still to be read, at the next look.
    """

    feed: FeedId
    name: str
    problem: str | None = None
    added: int = 0
    changed: int = 0
    refused: int = 0
    left: int = 0
    news: tuple[FeedNews, ...] = ()

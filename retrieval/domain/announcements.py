"""What members and channels follow, and what is announced to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Source
    from retrieval.domain.ids import ArticleNumber, ChannelId, CollectionId, FollowId, RoleId, UserId
    from retrieval.domain.quotations import CitedQuotation


class FollowKind(StrEnum):
    """Whether new quotations of somebody are told, new articles about something, or one new quotation a day."""

    SPEAKER = "speaker"
    TOPIC = "topic"
    QUOTATION = "quotation"


class Rhythm(StrEnum):
    """When what is new is told: within minutes, or once a day or a week."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"


class Stopped(StrEnum):
    """Why a follow is told no more."""

    NO_CHANNEL = "channel"
    """The channel is gone, or the bot may not write there."""
    REFUSED = "refused"
    """The member took no message three times."""


@dataclass(frozen=True, slots=True)
class NewFollow:
    """A follow to store. `key` is the folded name or topic, `name` what is shown of it.

    `channel`: None for the member's direct messages. `role` is pinged with each message.
    """

    collection: CollectionId
    user: UserId
    kind: FollowKind
    key: str
    name: str
    rhythm: Rhythm = Rhythm.NOW
    channel: ChannelId | None = None
    role: RoleId | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """A speaker or topic that a member follows, or a channel; `user` is None where the member was forgotten."""

    id: FollowId
    collection: CollectionId
    user: UserId | None
    kind: FollowKind
    key: str
    name: str
    rhythm: Rhythm
    channel: ChannelId | None
    role: RoleId | None
    made_at: datetime
    stopped: Stopped | None = None


@dataclass(frozen=True, slots=True)
class News:
    """A new article as it is announced, with a quotation from it; `heading` says by what feed or follow."""

    heading: str
    number: ArticleNumber
    source: Source
    quotation: CitedQuotation | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """One message to a channel, or to the member of the `follow`; `id` is the same whenever it is tried again."""

    id: int
    collection: CollectionId
    channel: ChannelId | None
    news: tuple[News, ...]
    follow: Follow | None = None

"""What things are known by: numbers that cannot be taken for one another."""

from __future__ import annotations

from typing import NewType

ArticleId = NewType("ArticleId", int)
PassageId = NewType("PassageId", int)
QuotationId = NewType("QuotationId", int)
SpeakerId = NewType("SpeakerId", int)
CollectionId = NewType("CollectionId", int)
"""A Discord server's id, or `SHARED`."""

RulingId = NewType("RulingId", int)
FeedId = NewType("FeedId", int)
UserId = NewType("UserId", int)
"""A Discord user's id."""

ChannelId = NewType("ChannelId", int)
"""A Discord channel's id."""

SHARED = CollectionId(0)
"""The operator's collection, which every reader sees."""

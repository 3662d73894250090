"""Ids and numbers, each with a type of its own.

Ids count over the whole archive, and would reveal to one server how much others add: only `ArticleNumber` is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NewType, Self

from typing_extensions import override

ArticleId = NewType("ArticleId", int)
PassageId = NewType("PassageId", int)
QuotationId = NewType("QuotationId", int)
SpeakerId = NewType("SpeakerId", int)
CollectionId = NewType("CollectionId", int)
"""A Discord server's id, or `SHARED`."""

OverrideId = NewType("OverrideId", int)
FeedId = NewType("FeedId", int)
FollowId = NewType("FollowId", int)
UserId = NewType("UserId", int)
"""A Discord user's id."""

ChannelId = NewType("ChannelId", int)
"""A Discord channel's id."""

RoleId = NewType("RoleId", int)
"""A Discord role's id."""

SHARED = CollectionId(0)
"""The operator's collection, which every scope sees."""


def bin_of(collection: CollectionId) -> CollectionId:
    """Return the collection that keeps what a server has removed, until it is erased. Nobody sees it."""
    return CollectionId(-collection)


_TYPED: Final = re.compile(r"#?(s?)([0-9]{1,10})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class ArticleNumber:
    """An article's number in the collection that holds it: `12` in the scope's own, `S12` in the shared one.

    All versions of an article have the same number, and no other article ever gets it.
    """

    number: int
    shared: bool = False

    @override
    def __str__(self) -> str:
        return f"{'S' if self.shared else ''}{self.number}"

    @classmethod
    def parse(cls, typed: str) -> Self | None:
        """The number that somebody typed, with or without a `#`; None where they typed something else."""
        match = _TYPED.fullmatch(typed.strip())
        return None if match is None else cls(int(match[2]), shared=bool(match[1]))

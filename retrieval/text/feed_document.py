"""A feed as plain values, which an adapter fills in. All of it comes from outside and is unchecked.

Of a long feed only a part is read: the parser cuts at the limits below, and the bot refuses what goes beyond them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

MOST_ENTRIES: Final = 500
MOST_AUTHORS: Final = 20
MOST_NAMED: Final = 10
"""Feeds that a page names."""
LONGEST_LINK: Final = 2_000
LONGEST_TITLE: Final = 500
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry of a feed.

    `key` is a hash that identifies the entry, `version` a hash of its content. `link` is an http or https address.
    `content` is HTML, given only where it seems to be the whole text.
    """

    key: str
    version: str
    title: str | None = None
    link: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The title of a feed and its entries, each once, in the feed's order."""

    title: str | None = None
    entries: tuple[FeedEntry, ...] = ()

    def newest(self) -> tuple[FeedEntry, ...]:
        """The entries, newest first: by their dates where all have one, else as the feed lists them.

        A feed that lists the oldest first is turned round.
        """
        dated = [(entry.updated_at or entry.published_at, entry) for entry in self.entries]
        moments = [(date.timestamp(), entry) for date, entry in dated if date is not None]
        if len(moments) == len(dated):
            return tuple(entry for _, entry in sorted(moments, key=itemgetter(0), reverse=True))
        oldest_first = len(moments) > 1 and moments[0][0] < moments[-1][0]
        return self.entries[::-1] if oldest_first else self.entries

    def cut(self) -> FeedDocument:
        """The document with no more than the newest entries that are read."""
        if len(self.entries) <= MOST_ENTRIES:
            return self
        newest = {entry.key for entry in self.newest()[:MOST_ENTRIES]}
        return replace(self, entries=tuple(entry for entry in self.entries if entry.key in newest))


@dataclass(frozen=True, slots=True)
class FeedsNamed:
    """A page that is no feed: the addresses of the feeds that it links to, likeliest first."""

    addresses: tuple[str, ...] = ()


def digest(*parts: str | None) -> str:
    """The SHA-256 of some texts in order, in hexadecimal."""
    joined = "\0".join("" if part is None else part.replace("\0", "") for part in parts)
    return hashlib.sha256(joined.encode(errors="replace")).hexdigest()

"""A feed as plain values: what it is called, what it lists, and what makes an entry the same entry.

Nothing here parses. An adapter fills a `FeedDocument`; whatever stands in it comes from outside and is not checked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry as its feed lists it.

    `key` stays the same as long as it is the same entry, `version` as long as the feed says the same of it: both are
    hashes. `link` is an http or https address. `content` is HTML, and only there where it seems to be the whole text.
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
    """What a feed said: its title and its entries, each once, in its own order."""

    title: str | None = None
    entries: tuple[FeedEntry, ...] = ()

    def newest(self) -> tuple[FeedEntry, ...]:
        """The entries, newest first: by their dates where all have one, else as the feed lists them."""
        dated = [(entry.updated_at or entry.published_at, entry) for entry in self.entries]
        if any(date is None for date, _ in dated):
            return self.entries
        return tuple(entry for _, entry in sorted(dated, key=_date, reverse=True))


@dataclass(frozen=True, slots=True)
class FeedsNamed:
    """What came is no feed; these are the feeds that it names as its own, the likeliest first."""

    addresses: tuple[str, ...] = ()


def digest(*parts: str | None) -> str:
    """A hash of some texts and their order, in hexadecimal."""
    told = "\0".join("" if part is None else part.replace("\0", "") for part in parts)
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()


def _date(dated: tuple[datetime | None, FeedEntry]) -> float:
    date, _ = dated
    return date.timestamp() if date else 0.0

"""Dates of entries that tell when the feed was made, not when its articles were published or changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from retrieval.adapters.feeds.json_feed import RawEntry

_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Making:
    """The minutes in which a feed was made: those that most entries share as their date of change.

    A date of publication has to be shared by all: many are published together.
    """

    updated: frozenset[int]
    published: frozenset[int]

    @classmethod
    def of(cls, raw_entries: Sequence[RawEntry]) -> Self:
        """Those of a feed with these entries."""
        size = len(raw_entries)
        updated = _common_minutes((raw.updated for raw in raw_entries), max(2, size // 2 + 1))
        return cls(updated, _common_minutes((raw.published for raw in raw_entries), max(3, size)))

    def without_its_dates(self, raw: RawEntry) -> RawEntry:
        """The entry without the dates that only tell when the feed was made."""
        updated = None if _minute(raw.updated) in self.updated else raw.updated
        published = None if _minute(raw.published) in self.published else raw.published
        return replace(raw, updated=updated, published=published)

    def dated(self, raw: RawEntry) -> RawEntry:
        """The same, but one date on the full minute stays, since somebody may have set it."""
        without = self.without_its_dates(raw)
        updated = raw.updated if raw.updated and not raw.updated.second and not raw.published else without.updated
        published = raw.published if raw.published and not raw.published.second else without.published
        return replace(raw, updated=updated, published=published)


def _common_minutes(moments: Iterable[datetime | None], fewest: int) -> frozenset[int]:
    minutes = Counter(minute for moment in moments if (minute := _minute(moment)) is not None)
    return frozenset(minute for minute, count in minutes.items() if count >= fewest)


def _minute(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp()) // _MINUTE

"""A waiting line that is fair to its parties: they take turns, and within a party the first comes first.

A party is a server or, outside of servers, a user. However many wait for one party, each other party has its turn after
at most one of them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Waiting items by party, in the order of the parties' next turns. Not thread-safe."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[Item]] = {}
        """Without parties that have no item."""

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def parties(self) -> tuple[int, ...]:
        """Return the parties that wait. May be called in any thread."""
        return tuple(self._waiting)

    def of(self, party: int) -> int:
        """Return how many items of a party wait."""
        return len(self._waiting.get(party, ()))

    def ahead(self, party: int, may: Callable[[int], bool] = lambda _party: True) -> int:
        """Return how many waiting items have their turns before one that this party would add now.

        Other parties count only if they `may` have a turn now.
        """
        own = self.of(party)
        others = (len(items) for other, items in self._waiting.items() if other != party and may(other))
        return own + sum(min(items, own + 1) for items in others)

    def join(self, party: int, item: Item) -> None:
        """Add an item behind the others of its party; a party that was not waiting has its turn after all others."""
        self._waiting.setdefault(party, deque()).append(item)

    def leave(self, party: int, item: Item) -> None:
        """Remove an item if it still waits."""
        if item in self._waiting.get(party, ()):
            items = self._waiting[party]
            items.remove(item)
            if not items:
                del self._waiting[party]

    def take(self, may: Callable[[int], bool] = lambda _party: True) -> tuple[int, Item] | None:
        """Remove and return the next item with its party; None if no waiting party `may` have a turn now.

        A party that may not have its turn keeps its place.
        """
        party = next(filter(may, self._waiting), None)
        if party is None:
            return None
        items = self._waiting.pop(party)
        item = items.popleft()
        if items:
            self._waiting[party] = items  # behind the other parties
        return party, item

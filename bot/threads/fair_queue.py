"""A waiting line that is fair to its parties: they take turns, and within a party whoever came first goes first.

A party is a server or, outside of servers, a user. However many wait for one party, each other party has its turn
after at most one of them.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Item = TypeVar("Item")


class FairLine(Generic[Item]):
    """The items that wait, by party. Not thread-safe."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[int, deque[Item]] = OrderedDict()
        """In the order of the parties' next turns; none of them is empty."""

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def of(self, party: int) -> int:
        """How many items of a party wait."""
        return len(self._waiting.get(party, ()))

    def ahead(self, party: int, may: Callable[[int], bool] = lambda _party: True) -> int:
        """How many of those that wait have their turns before an item that this party adds now.

        Other parties count only where they `may` have a turn now.
        """
        own = self.of(party)
        others = (len(items) for other, items in self._waiting.items() if other != party and may(other))
        return own + sum(min(items, own + 1) for items in others)

    def join(self, party: int, item: Item) -> None:
        """Add an item behind the others of its party; a party that was not waiting has its turn after all others."""
        self._waiting.setdefault(party, deque()).append(item)

    def leave(self, party: int, item: Item) -> None:
        """Take an item out, if it still waits."""
        items = self._waiting.get(party, deque())
        if item in items:
            items.remove(item)
            self._drop_if_empty(party)

    def take(self, may: Callable[[int], bool] = lambda _party: True) -> tuple[int, Item] | None:
        """The item whose turn it is, taken out, and its party; None where nobody waits who `may` have a turn now.

        A party that may not have its turn keeps its place.
        """
        party = next(filter(may, self._waiting), None)
        if party is None:
            return None
        item = self._waiting[party].popleft()
        self._waiting.move_to_end(party)
        self._drop_if_empty(party)
        return party, item

    def _drop_if_empty(self, party: int) -> None:
        if not self._waiting[party]:
            del self._waiting[party]

"""What a member did last in a place, such as the passage that answered them: in memory alone, for some minutes."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from retrieval.domain.ids import PassageId
    from retrieval.domain.scope import Scope

Value = TypeVar("Value")
ANSWER_SECONDS: Final = 600.0
"""How long the next question may refer to an answer: it is forgotten as a conversation is."""
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The first passage of a member's last answer in a channel, and the token that its buttons carry."""

    token: int
    passage: PassageId


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that was read as being about an article, to be asked again without it."""

    scope: Scope
    question: str


class BriefMemory(Generic[Value]):
    """One value of each member in each place, for `seconds`; of all members at most `most`. Thread-safe."""

    def __init__(self, seconds: float, most: int = MOST, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._most = most
        self._now = now
        self._lock = threading.Lock()
        self._values: dict[tuple[int, Hashable], tuple[float, Value]] = {}
        """With the moment at which each was kept, the oldest first."""

    def keep(self, member: int, place: Hashable, value: Value) -> None:
        """Keep a value in place of the member's last one there; drop expired and surplus ones, the oldest first."""
        with self._lock:
            self._values.pop((member, place), None)
            self._values[member, place] = self._now(), value
            for key in list(self._values):
                if len(self._values) <= self._most and not self._is_old(key):
                    break
                del self._values[key]

    def recall(self, member: int, place: Hashable) -> Value | None:
        """Return the value; None if there is none any more."""
        key = (member, place)
        with self._lock:
            return None if key not in self._values or self._is_old(key) else self._values[key][1]

    def drop(self, member: int, place: Hashable, only: Value | None = None) -> None:
        """Forget the value of a member in one place; with `only`, unless it is another one by now."""
        with self._lock:
            if only is None or self._values.get((member, place), (0.0, None))[1] == only:
                self._values.pop((member, place), None)

    def forget(self, member: int) -> None:
        """Forget everything of a member."""
        with self._lock:
            self._values = {key: kept for key, kept in self._values.items() if key[0] != member}

    def _is_old(self, key: tuple[int, Hashable]) -> bool:
        return self._values[key][0] < self._now() - self._seconds

"""What a member's next question may refer to: the passage that answered them last in a channel.

Kept in memory alone, for ten minutes, so that it is forgotten as a conversation is. Thread-safe.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from retrieval.domain.answers import Context
from retrieval.domain.ids import PassageId

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.scope import Scope

KEPT_SECONDS: Final = 600.0
MOST: Final = 1000
"""Values of each kind that are kept, of all members; the oldest goes first."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that was read as being about an article, to be asked again without it."""

    scope: Scope
    question: str


class LastAnswers:
    """The last answer of each member in each channel, and the follow-ups by the token of their button."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._passages = _TenMinutes[PassageId](now)
        self._follow_ups = _TenMinutes[FollowUp](now)

    def keep(self, asker: int, channel: int | None, passage: PassageId) -> None:
        """Keep the first passage of an answer, in place of the one before in that channel."""
        self._passages.put(asker, channel, passage)

    def context(self, asker: int, channel: int | None) -> Context | None:
        """Return what the member's next question in that channel may refer to; None after ten minutes."""
        passage = self._passages.get(asker, channel)
        return None if passage is None else Context(passage)

    def drop(self, asker: int, channel: int | None) -> None:
        """Forget the last answer in a channel: it was deleted, or another was meant."""
        self._passages.pop(asker, channel)

    def keep_follow_up(self, asker: int, token: int, follow_up: FollowUp) -> None:
        """Keep a question under the token of the button that asks it again."""
        self._follow_ups.put(asker, token, follow_up)

    def follow_up(self, asker: int, token: int) -> FollowUp | None:
        """Return the question of a button; None after ten minutes, and for anybody but the asker."""
        return self._follow_ups.get(asker, token)

    def forget(self, asker: int) -> None:
        """Forget everything of one member."""
        self._passages.forget(asker)
        self._follow_ups.forget(asker)


class _TenMinutes(Generic[Value]):
    """Values by member and place, the newest last."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._values: dict[tuple[int, int | None], tuple[float, Value]] = {}

    def put(self, member: int, place: int | None, value: Value) -> None:
        with self._lock:
            self._values.pop((member, place), None)
            self._values[member, place] = self._now(), value
            for key in list(self._values):  # the oldest first
                if len(self._values) <= MOST and not self._is_old(key):
                    break
                del self._values[key]

    def get(self, member: int, place: int | None) -> Value | None:
        with self._lock:
            key = (member, place)
            return None if key not in self._values or self._is_old(key) else self._values[key][1]

    def pop(self, member: int, place: int | None) -> None:
        with self._lock:
            self._values.pop((member, place), None)

    def forget(self, member: int) -> None:
        with self._lock:
            self._values = {key: value for key, value in self._values.items() if key[0] != member}

    def _is_old(self, key: tuple[int, int | None]) -> bool:
        return self._values[key][0] < self._now() - KEPT_SECONDS

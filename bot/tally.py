"""Counts answers, refusals and faults, and how long answers took in the last hour; keeps nothing of what was asked."""

from __future__ import annotations

import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WINDOW_SECONDS: Final = 3600.0
_MOST_TIMES: Final = 10_000
"""How many answers of the hour are measured, the latest ones."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures since the start and of the last hour."""

    answers: int
    refusals: int
    faults: int
    last_answer: datetime | None
    recent: tuple[float, ...]
    """How many seconds each answer of the last hour took."""


class Tally:
    """Counts for one bot. For the event loop alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers = self._refusals = self._faults = 0
        self._last_answer: datetime | None = None
        self._times: deque[tuple[float, float]] = deque(maxlen=_MOST_TIMES)

    @contextmanager
    def counting(self, refusals: tuple[type[Exception], ...], *, measured: bool = True) -> Iterator[None]:
        """Count what becomes of the block: an answer, one of the foreseen `refusals`, or a fault.

        `measured` is False for work that says nothing of how fast questions are answered.
        """
        began = self._clock()
        try:
            yield
        except refusals:
            self._refusals += 1
            raise
        except Exception:
            self._faults += 1
            raise
        self._answers += 1
        self._last_answer = datetime.now(UTC)
        if measured:
            self._times.append((self._clock(), self._clock() - began))

    def counted(self) -> Counted:
        """Return the figures of now."""
        since = self._clock() - _WINDOW_SECONDS
        while self._times and self._times[0][0] < since:
            self._times.popleft()
        times = tuple(seconds for _, seconds in self._times)
        return Counted(self._answers, self._refusals, self._faults, self._last_answer, times)

"""A lock that its waiters have in the order in which they came. `threading.Lock` may let one wait for very long."""

from __future__ import annotations

import itertools
import math
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from retrieval.domain.cancellation import NOT_CANCELLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.domain.cancellation import Cancellation

_LOOK_EVERY_SECONDS: Final = 0.1
"""How often a waiter looks whether it was cancelled."""


class FairLock:
    """Not reentrant."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._numbers = itertools.count()
        self._waiting: list[tuple[bool, int]] = []
        self._taken = False

    @contextmanager
    def held(
        self, cancellation: Cancellation = NOT_CANCELLED, *, first: bool = False, seconds: float = math.inf
    ) -> Iterator[None]:
        """Hold the lock in the block; a waiter that is `first` goes before all others.

        Raises WorkCancelled where the work was cancelled while it waited, and TimeoutError after `seconds` of waiting.
        """
        self._take(cancellation, time.monotonic() + seconds, first=first)
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def _take(self, cancellation: Cancellation, until: float, *, first: bool) -> None:
        with self._changed:
            ticket = (not first, next(self._numbers))
            self._waiting.append(ticket)
            try:
                cancellation.check()
                while self._taken or min(self._waiting) != ticket:
                    left = until - time.monotonic()
                    if left <= 0:
                        raise TimeoutError
                    self._changed.wait(min(left, _LOOK_EVERY_SECONDS))
                    cancellation.check()
                self._taken = True
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()

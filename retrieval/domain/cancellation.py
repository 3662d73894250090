"""Cancels work that runs in another thread.

Work checks between its steps whether to stop. Once it has begun to store its result it runs to the end, and the
canceller waits for the outcome.
"""

from __future__ import annotations

import threading
from typing import Final


class WorkCancelled(Exception):
    """The work was cancelled before it stored anything. No NewsError, since nobody waits for a message."""


class Cancellation:
    """The cancellation of one piece of work. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = False
        self._storing = False

    def cancel(self) -> bool:
        """Ask the work to stop. Returns whether it will: not where it is storing its result, or has stored it."""
        with self._lock:
            self._wanted = True
            return not self._storing

    def check(self) -> None:
        """Call between two steps of the work. Raises WorkCancelled."""
        with self._lock:
            self._stop_if_wanted()

    def begin_storing(self) -> None:
        """Call before storing: the work cannot be cancelled from then on. Raises WorkCancelled."""
        with self._lock:
            if not self._storing:
                self._stop_if_wanted()
            self._storing = True

    def stored_nothing(self) -> None:
        """Call where nothing was stored after all: the work can be cancelled again. Raises WorkCancelled."""
        with self._lock:
            self._storing = False
            self._stop_if_wanted()

    def _stop_if_wanted(self) -> None:
        if self._wanted:
            raise WorkCancelled


NOT_CANCELLED: Final = Cancellation()
"""For work that is never cancelled."""

"""How somebody in another thread tells work that its result is not wanted any more.

Work looks between its steps, and stops there. What has begun to store its result goes on to the end: whoever wanted to
cancel it learns so, and waits for the outcome instead of saying that nothing was done.
"""

from __future__ import annotations

import threading
from typing import Final


class WorkCancelled(Exception):
    """The work was cancelled before it stored anything. No NewsError: nobody waits who could be told."""


class Cancellation:
    """Belongs to one piece of work. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = False
        self._storing = False

    def cancel(self) -> bool:
        """Ask the work to stop. Whether it certainly will: not where it is storing its result, or has stored it."""
        with self._lock:
            self._wanted = True
            return not self._storing

    def check(self) -> None:
        """Between two steps of the work. Raises WorkCancelled."""
        with self._lock:
            self._stop_if_wanted()

    def begin_storing(self) -> None:
        """Before something is stored: the work cannot be cancelled from here on. Raises WorkCancelled."""
        with self._lock:
            if not self._storing:
                self._stop_if_wanted()
            self._storing = True

    def stored_nothing(self) -> None:
        """After all, nothing was stored: the work can be cancelled again. Raises WorkCancelled."""
        with self._lock:
            self._storing = False
            self._stop_if_wanted()

    def _stop_if_wanted(self) -> None:
        if self._wanted:
            raise WorkCancelled


NOT_CANCELLED: Final = Cancellation()
"""For work that nobody cancels."""

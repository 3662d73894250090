"""Keeps a distance in time between two requests to the same site."""

from __future__ import annotations

import threading
import time
from typing import Final

from retrieval.errors import FetchFailed

_MOST_HOSTS: Final = 1000


class HostRateLimit:
    """Lets requests to one host begin `delay` seconds apart. Thread-safe."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, patience: float) -> None:
        """Wait until the host may be asked. Raises FetchFailed at once if that takes longer than `patience` seconds."""
        time.sleep(self._book(host, patience))

    def _book(self, host: str, patience: float) -> float:
        """Seconds until the request may begin; the next one waits for it."""
        with self._lock:
            now = time.monotonic()
            wait = max(self._free_at.get(host, now) - now, 0.0)
            if wait > patience:
                raise FetchFailed("site.asked_often", host=host, retry_after=wait)
            if len(self._free_at) >= _MOST_HOSTS:
                self._free_at = {name: free_at for name, free_at in self._free_at.items() if free_at > now}
            self._free_at[host] = now + wait + self._delay
            return wait

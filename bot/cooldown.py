"""How soon a member may ask the next question."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Final

_MOST_WAITING: Final = 1024
"""Members whose cooldown is remembered; when there are more, those that are over are dropped."""


class Cooldown:
    """How long each member waits between two questions. Moments are arguments: those that Discord gave the commands."""

    def __init__(self, seconds: float) -> None:
        self._wait = timedelta(seconds=seconds)
        self._ready: dict[int, datetime] = {}

    def claim(self, member: int, now: datetime) -> datetime | None:
        """Return None if the member may ask, and start the wait; otherwise when to come back, in whole seconds."""
        ready = self._ready.get(member)
        if ready is not None and now < ready:
            return datetime.fromtimestamp(math.ceil(ready.timestamp()), UTC)
        if len(self._ready) >= _MOST_WAITING:
            self._ready = {each: ready for each, ready in self._ready.items() if now < ready}
        self._ready[member] = now + self._wait
        return None

    def release(self, member: int, claimed: datetime) -> None:
        """Take back the claim of that moment, because there was no answer."""
        if self._ready.get(member) == claimed + self._wait:
            del self._ready[member]

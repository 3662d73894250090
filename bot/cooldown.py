"""How long a member waits between two questions."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

_KEPT = 1024


class Cooldown:
    """One waiting time a member. The moment is an argument, so that it can be the one Discord gave the command."""

    def __init__(self, seconds: float) -> None:
        self._wait = timedelta(seconds=seconds)
        self._ready: dict[int, datetime] = {}

    def claim(self, member: int, now: datetime) -> datetime | None:
        """None where the member may ask, which starts the wait anew; else when to come back, in whole seconds."""
        ready = self._ready.get(member)
        if ready is not None and now < ready:
            return datetime.fromtimestamp(math.ceil(ready.timestamp()), UTC)
        if len(self._ready) >= _KEPT:
            self._ready = {who: when for who, when in self._ready.items() if now < when}
        self._ready[member] = now + self._wait
        return None

    def release(self, member: int, claimed: datetime) -> None:
        """Gives back what was claimed at that moment: there was no answer."""
        if self._ready.get(member) == claimed + self._wait:
            del self._ready[member]

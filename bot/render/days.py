"""Days worth offering to somebody who narrows a question down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_AGO: Final = (("Today", 0), ("Yesterday", 1), ("A week ago", 7), ("30 days ago", 30), ("A year ago", 365))


def days(now: datetime) -> tuple[tuple[str, str], ...]:
    """Label and ISO date of each, the nearest first."""
    dated = ((label, (now - timedelta(days=count)).date().isoformat()) for label, count in _AGO)
    return tuple((f"{label} ({day})", day) for label, day in dated)

"""Days as people type them: a year, a month, a day. Pure, and in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_TYPED = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_YEARS = range(1900, 2200)


def period(typed: str) -> tuple[datetime, datetime] | None:
    """First moment (UTC) of `2024`, `2024-03` or `2024-03-25`, and the first one after it; None for anything else."""
    found = _TYPED.fullmatch(typed.strip())
    if found is None or int(found[1]) not in _YEARS:
        return None
    try:
        start = datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=UTC)
    except ValueError:
        return None
    if found[3]:
        return start, start + timedelta(days=1)
    month = start.month % 12 + 1 if found[2] else 1
    year = start.year + (1 if month == 1 else 0)
    return start, datetime(year, month, 1, tzinfo=UTC)

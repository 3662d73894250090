"""When a server wants to be asked again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from retrieval.adapters.web.exchange import Answer

_LONGEST: Final = 7 * 24 * 3600.0
_SECONDS = re.compile(r"[0-9]{1,9}")


def retry_after(answer: Answer) -> float | None:
    """Seconds to wait, a week at most; None where the server says nothing of use."""
    said = answer.header("retry-after").strip()
    if _SECONDS.fullmatch(said):
        return min(float(said), _LONGEST)
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max((at - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST)

"""Stores in the archive when it was last checked and how many problems were found, for `status`."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Final

from retrieval.domain.ids import SHARED
from retrieval.domain.upkeep import LastCheck
from retrieval.errors import ArchiveError

if TYPE_CHECKING:
    from retrieval.archive.bot_state import BotState

_KEY: Final = "last_check"


def record(bot_state: BotState, last: LastCheck) -> None:
    """Store a check in the place of the last one, if the archive can be written."""
    with suppress(ArchiveError):
        bot_state.put(SHARED, _KEY, json.dumps(asdict(last), default=datetime.isoformat))


def read(bot_state: BotState) -> LastCheck | None:
    """Return the last check; None where there was none, or its record is damaged."""
    try:
        stored = json.loads(bot_state.get(SHARED, _KEY) or "{}")
        return LastCheck(datetime.fromisoformat(stored["at"]), int(stored["problems"]))
    except (ValueError, TypeError, KeyError):
        return None

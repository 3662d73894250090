"""When the archive was last checked, and how many problems were found: kept in the archive, for `status`."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from retrieval.domain.ids import SHARED
from retrieval.domain.upkeep import LastCheck
from retrieval.errors import ArchiveError

if TYPE_CHECKING:
    from retrieval.archive.bot_state import BotState

_KEY: Final = "last_check"


def record(bot_state: BotState, last: LastCheck) -> None:
    """Keep it in the place of the check before; an archive that cannot be written does without."""
    with suppress(ArchiveError):
        bot_state.put(SHARED, _KEY, json.dumps({"at": last.at.isoformat(), "problems": last.problems}))


def read(bot_state: BotState) -> LastCheck | None:
    """The last check; None where there was none, or what was kept of it cannot be read."""
    stored = bot_state.get(SHARED, _KEY)
    try:
        found = json.loads(stored or "{}")
        return LastCheck(datetime.fromisoformat(found["at"]), int(found["problems"]))
    except (ValueError, TypeError, KeyError):
        return None

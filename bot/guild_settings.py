"""What a server has set: who sees answers, where the bot answers, how long articles are kept, who may add them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, available_timezones

from retrieval.domain.announcements import Rhythm

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_RETENTION: Final = 3650
MOST_CHANNELS: Final = 40
_VERSION: Final = 1
_HOUR: Final = 8
_HOURS: Final = 24
_ZONE: Final = "UTC"


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The settings of one server; the defaults are those of a server that has set nothing."""

    private: bool = False
    """Whether answers are shown to the asker alone."""
    channels: tuple[int, ...] = ()
    """The channels in which the bot answers; empty for all."""
    retention_days: int | None = None
    """How long articles are kept; None for ever."""
    adders: int | None = None
    """The role whose members may add articles, beside those who manage the server."""
    digest_hour: int = _HOUR
    """At which hour of the day, in `zone`, follows are told what a day or a week brought."""
    zone: str = _ZONE
    """The name of a time zone."""
    keeps_unanswered: bool = False
    """Whether questions that found no answer are kept, without who asked."""

    def due_at(self, rhythm: Rhythm, now: datetime) -> datetime:
        """Return when a follow of a rhythm is told what is new now: a week's news on Monday."""
        if rhythm is Rhythm.NOW:
            return now
        here = now.astimezone(ZoneInfo(self.zone))
        due = here.replace(hour=self.digest_hour, minute=0, second=0, microsecond=0)
        if due <= here:
            due += timedelta(days=1)
        if rhythm is Rhythm.WEEKLY:
            due += timedelta(days=-due.weekday() % 7)
        return due.astimezone(UTC)

    def to_json(self) -> str:
        """Return the text that is stored."""
        return json.dumps({"version": _VERSION, **asdict(self)})

    @classmethod
    def from_json(cls, text: str) -> GuildSettings:
        """Return stored settings; what cannot be read takes its default, as another release may have written it."""
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(fields, dict):
            return cls()
        listed = fields.get("channels")
        channels = [channel for channel in listed if _is_id(channel)] if isinstance(listed, list) else []
        return cls(
            private=fields.get("private") is True,
            keeps_unanswered=fields.get("keeps_unanswered") is True,
            channels=tuple(channels[:MOST_CHANNELS]),
            retention_days=_number(fields.get("retention_days"), LONGEST_RETENTION),
            adders=_number(fields.get("adders")),
            digest_hour=_hour(fields.get("digest_hour")),
            zone=str(fields["zone"]) if is_zone(fields.get("zone")) else _ZONE,
        )


def is_zone(name: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a time zone has this name."""
    return isinstance(name, str) and name in zones()


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(available_timezones())


def _hour(value: Any) -> int:  # noqa: ANN401 - JSON
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _HOURS else _HOUR


def _is_id(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _number(value: Any, most: int | None = None) -> int | None:  # noqa: ANN401 - JSON
    return value if _is_id(value) and (most is None or value <= most) else None

"""What a server has set: who sees answers, where the bot answers, how long articles are kept, who may add them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

LONGEST_RETENTION: Final = 3650
MOST_CHANNELS: Final = 40
_VERSION: Final = 1


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
            channels=tuple(channels[:MOST_CHANNELS]),
            retention_days=_number(fields.get("retention_days"), LONGEST_RETENTION),
            adders=_number(fields.get("adders")),
        )


def _is_id(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _number(value: Any, most: int | None = None) -> int | None:  # noqa: ANN401 - JSON
    return value if _is_id(value) and (most is None or value <= most) else None

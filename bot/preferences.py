"""What each server has settled: whether answers are private, where the bot answers, how long it keeps, who may add.

Kept in the archive as one JSON text a server, and in memory, because how a command is acknowledged depends on it.
Reading is tolerant: what cannot be understood counts as not settled, so that no other release's text is a failure.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Final

from bot.settled import Preferences
from retrieval.domain.ids import CollectionId

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.newsroom import Newsroom

KEY: Final = "settings"
LONGEST_RETENTION: Final = 3650
MOST_CHANNELS: Final = 40
_VERSION: Final = 1


class PreferenceBook:
    """The preferences of all servers. `load` and `change` are to be called through the offload; `of` is only memory."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._changing = threading.Lock()
        self._known: dict[int, Preferences] = {}

    def load(self) -> None:
        """Read those of every server."""
        self._known = {
            server: _read(value) for server, key, value in self._newsroom.bot_state.entries(KEY) if key == KEY
        }

    def of(self, server: int | None) -> Preferences:
        """Those of a server; the usual ones in direct messages."""
        return Preferences() if server is None else self._known.get(server, Preferences())

    def change(self, server: CollectionId, change: Callable[[Preferences], Preferences]) -> Preferences:
        """Settle some of them anew; one change comes after the other."""
        with self._changing:
            return self._put(server, change(self.of(server)))

    def _put(self, server: CollectionId, new: Preferences) -> Preferences:
        stored = {
            "version": _VERSION,
            "private": new.private,
            "channels": list(new.channels),
            "retention_days": new.retention_days,
            "adders": new.adders,
        }
        self._newsroom.bot_state.put(server, KEY, json.dumps(stored))
        self._known = {**self._known, server: new}
        return new

    def forget(self, server: CollectionId) -> None:
        """A server's preferences were erased."""
        with self._changing:
            self._known = {known: kept for known, kept in self._known.items() if known != server}

    def retaining(self) -> tuple[tuple[CollectionId, int], ...]:
        """The servers that keep articles for so many days only."""
        return tuple(
            (CollectionId(server), kept.retention_days)
            for server, kept in self._known.items()
            if kept.retention_days is not None
        )


def _read(value: str) -> Preferences:
    try:
        fields = json.loads(value)
    except (ValueError, RecursionError):
        return Preferences()
    if not isinstance(fields, dict):
        return Preferences()
    listed = fields.get("channels")
    channels = [id_ for id_ in listed if _is_number(id_)] if isinstance(listed, list) else []
    return Preferences(
        private=fields.get("private") is True,
        channels=tuple(channels[:MOST_CHANNELS]),
        retention_days=_number(fields.get("retention_days"), LONGEST_RETENTION),
        adders=_number(fields.get("adders")),
    )


def _is_number(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _number(value: Any, most: int | None = None) -> int | None:  # noqa: ANN401 - JSON
    return value if _is_number(value) and (most is None or value <= most) else None

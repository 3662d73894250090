"""What each server has set: who sees answers, where the bot answers, how long articles are kept, who may add them.

Kept in the archive as one JSON text a server, and in memory, because how a command is acknowledged depends on it.
Fields that cannot be read take their default, so that the text of another release is no failure.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from bot.render import servers
from retrieval.domain.ids import CollectionId
from retrieval.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service import Service
    from retrieval.domain.ids import UserId
    from retrieval.domain.scope import Scope
    from retrieval.newsroom import Newsroom

KEY: Final = "settings"
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


class GuildSettingsStore:
    """The settings of all servers. Call `load` and `change` in a thread; `of` reads memory only."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._changing = threading.Lock()
        self._by_server: dict[int, GuildSettings] = {}

    def load(self) -> None:
        """Read the settings of every server."""
        self._by_server = {
            server: _read(value) for server, key, value in self._newsroom.bot_state.entries(KEY) if key == KEY
        }

    def of(self, server: int | None) -> GuildSettings:
        """Return the settings of a server; the defaults in direct messages."""
        return GuildSettings() if server is None else self._by_server.get(server, GuildSettings())

    def change(self, server: CollectionId, change: Callable[[GuildSettings], GuildSettings]) -> GuildSettings:
        """Store changed settings and return them; changes happen one after the other."""
        with self._changing:
            settings = change(self.of(server))
            stored = {
                "version": _VERSION,
                "private": settings.private,
                "channels": list(settings.channels),
                "retention_days": settings.retention_days,
                "adders": settings.adders,
            }
            self._newsroom.bot_state.put(server, KEY, json.dumps(stored))
            self._by_server = {**self._by_server, server: settings}
            return settings

    def forget(self, server: CollectionId) -> None:
        """Drop the settings of a server that was erased."""
        with self._changing:
            self._by_server = {other: settings for other, settings in self._by_server.items() if other != server}

    def retaining(self) -> tuple[tuple[CollectionId, int], ...]:
        """Return each server that keeps articles for a number of days, with that number."""
        return tuple(
            (CollectionId(server), settings.retention_days)
            for server, settings in self._by_server.items()
            if settings.retention_days is not None
        )


def change_settings(
    service: Service, home: Scope, by: UserId, detail: str, change: Callable[[GuildSettings], GuildSettings]
) -> GuildSettings:
    """Change a server's settings, write `detail` into the audit, and return the new settings."""
    assert home.server is not None
    settings = service.guild_settings.change(home.server, change)
    service.newsroom.collections.note(home, "settings changed", detail, by)
    return settings


def change_retention(service: Service, home: Scope, by: UserId, days: int) -> GuildSettings:
    """Keep articles for `days`, 0 for ever; the audit says how many articles that removes.

    Raises BadInput for too many days.
    """
    if days > LONGEST_RETENTION:
        raise BadInput("settings.too_many_days", most=LONGEST_RETENTION)
    detail = servers.retention(days)
    if days:
        detail = f"{detail} {servers.expiring(service.newsroom.collections.expiring(home, days))}"
    return change_settings(service, home, by, detail, lambda settings: replace(settings, retention_days=days or None))


def _read(value: str) -> GuildSettings:
    try:
        fields = json.loads(value)
    except (ValueError, RecursionError):
        return GuildSettings()
    if not isinstance(fields, dict):
        return GuildSettings()
    listed = fields.get("channels")
    channels = [channel for channel in listed if _is_id(channel)] if isinstance(listed, list) else []
    return GuildSettings(
        private=fields.get("private") is True,
        channels=tuple(channels[:MOST_CHANNELS]),
        retention_days=_number(fields.get("retention_days"), LONGEST_RETENTION),
        adders=_number(fields.get("adders")),
    )


def _is_id(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _number(value: Any, most: int | None = None) -> int | None:  # noqa: ANN401 - JSON
    return value if _is_id(value) and (most is None or value <= most) else None

"""The settings of every server: stored in the archive, and kept in memory, because answering depends on them."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.guild_settings import LONGEST_RETENTION, GuildSettings
from bot.render import servers
from retrieval.domain.ids import CollectionId
from retrieval.errors import BadInput
from retrieval.translation import ENGLISH, speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.ids import UserId
    from retrieval.domain.scope import Scope
    from retrieval.newsroom import Newsroom

KEY: Final = "settings"


class GuildSettingsStore:
    """The settings of all servers. Call `load` and the changes in a thread; `of` reads memory only."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._changing = threading.Lock()
        self._by_server: dict[int, GuildSettings] = {}

    def load(self) -> None:
        """Read the settings of every server."""
        self._by_server = {
            server: GuildSettings.from_json(value)
            for server, value in self._newsroom.bot_state.of_all_servers(KEY).items()
        }

    def of(self, server: int | None) -> GuildSettings:
        """Return the settings of a server; the defaults in direct messages."""
        return GuildSettings() if server is None else self._by_server.get(server, GuildSettings())

    def change(
        self, home: Scope, by: UserId, detail: str, change: Callable[[GuildSettings], GuildSettings]
    ) -> GuildSettings:
        """Store a server's changed settings, write `detail`, in English, into the audit, and return the new ones."""
        assert home.server is not None
        with self._changing:
            settings = change(self.of(home.server))
            self._newsroom.bot_state.put(home.server, KEY, settings.to_json())
            self._by_server = {**self._by_server, home.server: settings}
        self._newsroom.collections.note(home, "settings changed", detail, by)
        return settings

    def change_retention(self, home: Scope, by: UserId, days: int) -> GuildSettings:
        """Keep articles for `days`, 0 for ever; the audit says how many articles that removes.

        Raises BadInput for too many days.
        """
        if days > LONGEST_RETENTION:
            raise BadInput("settings.too_many_days", most=LONGEST_RETENTION)
        with speaking(ENGLISH):
            detail = servers.retention(days)
            if days:
                detail = f"{detail} {servers.expiring(self._newsroom.collections.expiring(home, days))}"
        return self.change(home, by, detail, lambda settings: replace(settings, retention_days=days or None))

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

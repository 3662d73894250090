"""The ids that Discord gave the commands: by them a message links a command, so that a click opens it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

import discord

from bot.delivery import CONNECTION_FAULTS
from retrieval.translation import COMMAND, pgettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discord import app_commands
    from discord.ext import commands

_PATIENCE_SECONDS: Final = 1.5
"""How long to wait for Discord before a message names its commands without links."""
_log = logging.getLogger(__name__)


class CommandIds:
    """Learnt when the commands are registered, else asked for once. For the event loop's thread alone."""

    def __init__(self, bot: commands.Bot, *, has_links: bool = True) -> None:
        self._bot = bot
        self._has_links = has_links
        """False in the preview, whose page shows no link to a command."""
        self._ids: dict[str, int] = {}

    def learn(self, registered: Iterable[app_commands.AppCommand]) -> None:
        """Remember the ids of the commands that Discord knows everywhere."""
        self._ids = {command.name: command.id for command in registered}

    async def find(self, name: str) -> int | None:
        """Return the id of a command; None if Discord does not know it. Raises what asking Discord raises."""
        if name not in self._ids:
            self.learn(await self._bot.tree.fetch_commands())
        return self._ids.get(name)

    async def load(self) -> None:
        """Ask Discord unless the ids are known; without an answer in time they stay unknown."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self.find("help")
        except (discord.HTTPException, *CONNECTION_FAULTS):
            _log.warning("Discord did not tell the ids of the commands", exc_info=True)

    def mention(self, name: str) -> str:
        """Return a command, `feed add` for one of a group, as a link that opens it, or else its name."""
        command_id = self._ids.get(name.partition(" ")[0])
        if command_id and self._has_links:
            return f"</{name}:{command_id}>"
        return f"`/{' '.join(pgettext(COMMAND, word) for word in name.split(' '))}`"

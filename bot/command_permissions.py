"""What each server's Integrations page says of who may use a command, which Discord tells only when it is asked.

Discord shows a command to those whom the page lets in; for a button nobody asks but the bot. Whom the page lets in is
asked every time. Whom it did not let in some seconds ago is refused without asking, so that nobody uses up the requests
that Discord allows by pressing again and again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Final, cast

import discord

from bot.delivery import CONNECTION_FAULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discord.ext import commands

    from bot.service import Interaction

    Overrides = Mapping[tuple[int, int], bool]
    """By kind and id of a role or a member, whether they may use the command."""

PATIENCE_SECONDS: Final = 1.5
"""How long Discord may take to tell: an interaction that is not acknowledged within three seconds is lost."""
GOOD_FOR_SECONDS: Final = 5.0
_ROLE, _USER = 1, 2
_log = logging.getLogger(__name__)


class CommandPermissions:
    """The pages of all servers. For the event loop's thread alone."""

    def __init__(self, bot: commands.Bot) -> None:
        self._bot = bot
        self._ids: dict[str, int] = {}
        self._asked: dict[tuple[int, int | str], tuple[float, asyncio.Task[Overrides]]] = {}

    async def lets_in(self, interaction: Interaction, command: int | str) -> bool:
        """Whether the server's page names this member, or a role of theirs, for a command: its id, or its name.

        Not where Discord does not tell in time.
        """
        if interaction.guild_id is None:
            return False
        key = (interaction.guild_id, command)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                refused = self._told_lately(key)
                if refused is not None and not _names(await asyncio.shield(refused), interaction):
                    return False
                return _names(await asyncio.shield(self._ask(key)), interaction)
        except (discord.HTTPException, *CONNECTION_FAULTS):  # TimeoutError is an OSError
            _log.warning("Discord did not tell who may use a command", exc_info=True)
            return False

    def _told_lately(self, key: tuple[int, int | str]) -> asyncio.Task[Overrides] | None:
        """What the page said some seconds ago, or is just being asked."""
        now = time.monotonic()
        self._asked = {each: asked for each, asked in self._asked.items() if now - asked[0] < GOOD_FOR_SECONDS}
        return self._asked[key][1] if key in self._asked else None

    def _ask(self, key: tuple[int, int | str]) -> asyncio.Task[Overrides]:
        asked = asyncio.create_task(self._fetch(*key))
        self._asked[key] = time.monotonic(), asked
        return asked

    async def _fetch(self, guild: int, command: int | str) -> Overrides:
        assert self._bot.application_id is not None  # it is logged in
        id_ = command if isinstance(command, int) else await self._id_of(command)
        if id_ is None:
            return {}
        try:
            found = await self._bot.http.get_application_command_permissions(self._bot.application_id, guild, id_)
        except discord.NotFound:  # nobody has changed anything there
            return {}
        return {(entry["type"], int(entry["id"])): entry["permission"] for entry in found["permissions"]}

    async def _id_of(self, command: str) -> int | None:
        """The id that Discord gave a command, which it keeps."""
        if command not in self._ids:
            self._ids = {each.name: each.id for each in await self._bot.tree.fetch_commands()}
        return self._ids.get(command)


def _names(said: Overrides, interaction: Interaction) -> bool:
    """Whether the page lets a member in: by name, or else by one of their roles."""
    own = said.get((_USER, interaction.user.id))
    if own is not None:
        return own
    roles = interaction.user.roles if isinstance(interaction.user, discord.Member) else []
    return any(said.get((_ROLE, role.id)) is True for role in roles)


def command_of(interaction: Interaction) -> int | None:
    """The id of the command that was used; None where it was something else, a button or a form."""
    if interaction.type is not discord.InteractionType.application_command:
        return None
    return int(cast("Any", interaction.data)["id"])

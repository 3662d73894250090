"""What each server's Integrations page says of who may use a command; Discord says it only when it is asked.

Discord shows a command to those whom the page allows; for a button only the bot asks. It asks Discord at every press,
but refuses without asking a member whom the page did not allow some seconds ago, so that nobody uses up the requests
that Discord grants by pressing again and again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import discord

from bot.delivery import CONNECTION_FAULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discord.ext import commands

    from bot.command_ids import CommandIds
    from bot.interactions import Interaction

    Overrides: TypeAlias = Mapping[tuple[int, int], bool]
    """Whether a role or a member, by kind and id, may use the command."""

PATIENCE_SECONDS: Final = 1.5
"""How long to wait for Discord: an interaction that is not acknowledged within three seconds is lost."""
GOOD_FOR_SECONDS: Final = 5.0
_ROLE, _USER = 1, 2
_log = logging.getLogger(__name__)


class CommandPermissions:
    """The Integrations pages of all servers. For the event loop's thread alone."""

    def __init__(self, bot: commands.Bot, ids: CommandIds) -> None:
        self._bot = bot
        self._ids = ids
        self._fetches: dict[tuple[int, int | str], tuple[float, asyncio.Task[Overrides]]] = {}

    async def allows(self, interaction: Interaction, command: int | str) -> bool:
        """Whether the server's page allows a command, by its id or name, to this member or a role of theirs.

        False if Discord does not say so in time.
        """
        if interaction.guild_id is None:
            return False
        key = (interaction.guild_id, command)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                recent = self._recent(key)
                if recent is not None and not _allowed(await asyncio.shield(recent), interaction):
                    return False
                fetching = asyncio.create_task(self._fetch(*key))
                self._fetches[key] = time.monotonic(), fetching
                return _allowed(await asyncio.shield(fetching), interaction)
        except (discord.HTTPException, *CONNECTION_FAULTS):
            _log.warning("Discord did not tell who may use a command", exc_info=True)
            return False

    def _recent(self, key: tuple[int, int | str]) -> asyncio.Task[Overrides] | None:
        """Return what the page said some seconds ago, or is being asked just now."""
        now = time.monotonic()
        self._fetches = {page: fetch for page, fetch in self._fetches.items() if now - fetch[0] < GOOD_FOR_SECONDS}
        return self._fetches[key][1] if key in self._fetches else None

    async def _fetch(self, guild: int, command: int | str) -> Overrides:
        assert self._bot.application_id is not None  # it is logged in
        command_id = await self._ids.find(command) if isinstance(command, str) else command
        if command_id is None:
            return {}
        try:
            page = await self._bot.http.get_application_command_permissions(self._bot.application_id, guild, command_id)
        except discord.NotFound:  # nobody has changed anything there
            return {}
        return {(entry["type"], int(entry["id"])): entry["permission"] for entry in page["permissions"]}


def _allowed(overrides: Overrides, interaction: Interaction) -> bool:
    """Whether the page allows a member, by name or else by one of their roles."""
    own = overrides.get((_USER, interaction.user.id))
    if own is not None:
        return own
    roles = interaction.user.roles if isinstance(interaction.user, discord.Member) else []
    return any(overrides.get((_ROLE, role.id)) is True for role in roles)


def command_of(interaction: Interaction) -> int | None:
    """Return the id of the command that was used; None for a button or a form."""
    if interaction.type is not discord.InteractionType.application_command:
        return None
    return int(cast("Any", interaction.data)["id"])

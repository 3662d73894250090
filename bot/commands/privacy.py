"""`/privacy`: what is stored of a member and of a server, and how to have it erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.checks import home_of
from bot.render import servers

if TYPE_CHECKING:
    from bot.service import Service


class Privacy(commands.Cog):
    """Answers everybody, everywhere; the buttons ask before they erase."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @app_commands.command(name="privacy", description="What I store of you and of this server; erase it here.")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """Erasing all of a server is offered to those who manage it."""
        manager = home_of(interaction) is not None and interaction.permissions.manage_guild
        settled = self._service.guild_settings.of(interaction.guild_id)
        reply = servers.privacy(settled, asker=interaction.user.id, manager=manager)
        await self._service.responses.send(interaction, reply)

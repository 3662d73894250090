"""`/help`: what each command does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.render import notices

if TYPE_CHECKING:
    from bot.service import Service


class Help(commands.Cog):
    """Needs neither archive nor model, so it answers always."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @app_commands.command(name="help", description="What I can do, and what I do not.")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Answers privately and at once."""
        await self._service.responses.send(interaction, notices.usage())

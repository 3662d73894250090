"""`/about`: what the archive holds, and what the bot runs on."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.render import notices
from bot.service import scope_of

if TYPE_CHECKING:
    from bot.service import Service


class About(commands.Cog):
    """Counts, the newest article, model, version and uptime."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @app_commands.command(description="How many articles I keep, the newest of them, and what I run on.")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: discord.Interaction[Any]) -> None:
        """Answers privately: it interests whoever asks."""
        service = self._service
        work = functools.partial(service.newsroom.about, scope_of(interaction))
        show = functools.partial(notices.about, version=service.version, started=service.started, low=service.gauge.low)
        await service.responses.defer_and_respond(interaction, work, show, private=True)

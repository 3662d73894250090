"""`/about`: what the archive holds, and what the bot runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.checks import everywhere
from bot.render import notices
from bot.service import scope_of, service_of
from bot.threads.request import Request

if TYPE_CHECKING:
    from bot.render.reply import Reply
    from retrieval.domain.upkeep import About


@everywhere
@app_commands.command(description="How many articles I keep, the newest of them, and what I run on.")
async def about(interaction: discord.Interaction[Any]) -> None:
    """Answer privately."""
    service, scope = service_of(interaction), scope_of(interaction)

    def render(found: About) -> Reply:
        return notices.about(found, version=service.version, started=service.started, low=service.gauge.low)

    await service.responses.defer_and_respond(interaction, Request(lambda: service.newsroom.about(scope), render))

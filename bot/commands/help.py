"""`/help`: what each command does. Needs neither archive nor model, so it answers always."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.checks import everywhere
from bot.render import notices
from bot.service import service_of


@everywhere
@app_commands.command(name="help", description="What I can do, and what I do not.")
async def help_command(interaction: discord.Interaction[Any]) -> None:
    """Answer privately and at once."""
    await service_of(interaction).responses.send(interaction, notices.usage())

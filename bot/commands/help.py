"""`/help`: what each command does. Needs neither archive nor model, so it answers always."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.command_kinds import everywhere, help_lines
from bot.render import notices
from bot.service import service_of

if TYPE_CHECKING:
    from bot.interactions import Interaction


@everywhere("What I can do, and what I do not.", name="help")
async def show_help(interaction: Interaction) -> None:
    """Answer privately and at once."""
    others = (command for command in interaction.client.tree.get_commands() if command is not interaction.command)
    await service_of(interaction).responses.send(interaction, notices.usage(help_lines(others)))

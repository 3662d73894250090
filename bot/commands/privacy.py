"""`/privacy`: what is stored of a member and of a server, with the buttons that erase it after asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.command_kinds import everywhere
from bot.interactions import home_of
from bot.render import servers
from bot.service import service_of

if TYPE_CHECKING:
    from bot.interactions import Interaction


@everywhere(
    "What I store of you and of this server; erase it here.",
    help_text="What I store of you and of this server, and how to have it erased.",
)
async def privacy(interaction: Interaction) -> None:
    """Answer everybody, everywhere; only those who manage the server are offered to erase all of it."""
    service = service_of(interaction)
    manager = home_of(interaction) is not None and interaction.permissions.manage_guild
    settings = service.guild_settings.of(interaction.guild_id)
    await service.responses.send(interaction, servers.privacy(settings, asker=interaction.user.id, manager=manager))

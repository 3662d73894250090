"""Before a question is answered: whether it is answered here and now, and whether everybody sees the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.render import notices

if TYPE_CHECKING:
    from bot.service import Service

Interaction = discord.Interaction[Any]


async def admitted(service: Service, interaction: Interaction) -> bool:
    """Whether the question is answered; else whoever asked is told where, or when, to ask."""
    channels = service.preferences.of(interaction.guild_id).channels
    if channels and not _is_in(interaction, channels):
        await service.replies.saying(interaction, notices.elsewhere(channels))
        return False
    ready = service.cooldown.claim(interaction.user.id, interaction.created_at)
    if ready is not None:
        await service.replies.saying(interaction, notices.cooling(ready))
        return False
    return True


def is_private(service: Service, interaction: Interaction) -> bool:
    """Whether the server wants answers to be shown to the asker alone."""
    return service.preferences.of(interaction.guild_id).private


def _is_in(interaction: Interaction, channels: tuple[int, ...]) -> bool:
    """A thread belongs to its channel."""
    here = {interaction.channel_id, getattr(interaction.channel, "parent_id", None)}
    return not here.isdisjoint(channels)

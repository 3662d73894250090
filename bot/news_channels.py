"""Channels in which news is announced, and what is wrong with them, without asking Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.refusals import Refused

if TYPE_CHECKING:
    from retrieval.domain.ids import ChannelId


NewsChannel: TypeAlias = discord.TextChannel | discord.VoiceChannel | discord.StageChannel
"""Takes messages by themselves; a forum takes only posts with a title."""


def channel_of(guild: discord.Guild, channel_id: ChannelId) -> NewsChannel | None:
    """Return the channel if it is still there and takes messages."""
    channel = guild.get_channel(channel_id)
    return channel if isinstance(channel, NewsChannel) else None


def trouble_with(guild: discord.Guild, channel_id: ChannelId) -> Refused | None:
    """Return why nothing can be announced there; None if nothing is in the way."""
    channel = channel_of(guild, channel_id)
    if channel is None:
        return Refused("bot.channel_gone")
    may = channel.permissions_for(guild.me)
    if not (may.view_channel and may.send_messages and may.embed_links):
        return Refused("bot.may_not_write", channel=f"<#{channel_id}>")
    return None

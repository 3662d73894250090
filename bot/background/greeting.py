"""The one message that a server gets when it adds the bot: three steps to begin with."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import discord
from discord.ext import commands

from bot.delivery import CONNECTION_FAULTS
from bot.news_channels import trouble_with
from bot.render import notices
from retrieval.domain.ids import ChannelId
from retrieval.translation import speaking

if TYPE_CHECKING:
    from bot.service import Service

_RECENTLY: Final = timedelta(hours=1)
"""A server that was joined longer ago is no new one, whatever Discord tells of it after an outage."""
_log = logging.getLogger(__name__)


class Greeting(commands.Cog):
    """Greets a server in its system channel, else in the first one where the bot may write, else nowhere."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Send the message, without notifying anybody."""
        joined_at: datetime | None = getattr(guild.me, "joined_at", None)  # after an outage it may not be known
        channel = _channel(guild) if joined_at and datetime.now(UTC) - joined_at < _RECENTLY else None
        if channel is None:
            return
        await self._service.command_ids.load()
        with speaking(guild.preferred_locale.value):
            reply = notices.greeting(self._service.command_ids.mention)
        try:
            await channel.send(embeds=list(reply.embeds), silent=True, allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, *CONNECTION_FAULTS) as problem:
            _log.warning("A server could not be greeted (%s)", type(problem).__name__)


def _channel(guild: discord.Guild) -> discord.TextChannel | None:
    channels = (guild.system_channel, *guild.text_channels)
    usable = (each for each in channels if each is not None and trouble_with(guild, ChannelId(each.id)) is None)
    return next(usable, None)

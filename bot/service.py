"""What every command and button works with, handed to them by the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope

if TYPE_CHECKING:
    from datetime import datetime

    import discord

    from bot.answer_memory import AnswerMemory
    from bot.background.tally import Tally
    from bot.checks import Cooldown
    from bot.command_permissions import CommandPermissions
    from bot.guild_settings import GuildSettingsStore
    from bot.modals import Forms
    from bot.responses import Responses
    from bot.threads.offload import Offload
    from retrieval.domain.health import DiskRoom
    from retrieval.newsroom import Newsroom


@dataclass(slots=True)
class DiskGauge:
    """The room on the archive's disk, as the heartbeat saw it last."""

    room: DiskRoom | None = None

    @property
    def low(self) -> DiskRoom | None:
        """The room, where so little is left that whoever adds articles should know."""
        return self.room if self.room is not None and self.room.is_low else None


@dataclass(frozen=True, slots=True)
class Service:
    """The newsroom, and the bot's own parts around it."""

    newsroom: Newsroom
    responses: Responses
    offload: Offload
    answer_memory: AnswerMemory
    cooldown: Cooldown
    forms: Forms
    command_permissions: CommandPermissions
    guild_settings: GuildSettingsStore
    tally: Tally
    gauge: DiskGauge
    version: str
    started: datetime
    is_preview: bool = False
    """Whether it runs in a local page, without Discord."""


class _HasService(Protocol):
    service: Service


def service_of(interaction: discord.Interaction[Any]) -> Service:
    """The service of the bot that received the interaction; for buttons, which discord.py constructs by itself."""
    return cast("_HasService", interaction.client).service


def scope_of(interaction: discord.Interaction[Any]) -> Scope:
    """For whom is asked: the server, where the bot is a member of it; else nobody in particular.

    Somebody who installed the bot for themselves can use it in any server; that server's own articles stay closed.
    """
    guild = interaction.guild_id
    if guild is None or interaction.client.get_guild(guild) is None:
        return Scope()
    return Scope(CollectionId(guild))


def party_of(interaction: discord.Interaction[Any]) -> int:
    """Whose turn it uses where many wait: the server's or, for whoever sees no server's articles, their own."""
    return scope_of(interaction).server or interaction.user.id

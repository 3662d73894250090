"""What every command and button works with, found through the bot that received the interaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import discord

from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from bot.answer_memory import AnswerMemory
    from bot.background.tally import Tally
    from bot.checks import Cooldown
    from bot.command_permissions import CommandPermissions
    from bot.files import ExportSlots
    from bot.guild_settings import GuildSettingsStore
    from bot.modals import Forms
    from bot.responses import Responses
    from bot.threads.offload import Offload
    from retrieval.domain.health import DiskRoom
    from retrieval.newsroom import Newsroom

Interaction: TypeAlias = discord.Interaction[Any]


@dataclass(slots=True)
class DiskGauge:
    """The free room on the archive's disk at the last heartbeat."""

    room: DiskRoom | None = None

    @property
    def low(self) -> DiskRoom | None:
        """The room if it is so little that whoever adds articles should know; otherwise None."""
        return self.room if self.room is not None and self.room.is_low else None


@dataclass(frozen=True, slots=True)
class Service:
    """The newsroom, and the parts of the bot around it."""

    newsroom: Newsroom
    responses: Responses
    offload: Offload
    answer_memory: AnswerMemory
    cooldown: Cooldown
    forms: Forms
    exports: ExportSlots
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


def service_of(interaction: Interaction) -> Service:
    """Return the service of the bot that received the interaction."""
    return cast("_HasService", interaction.client).service


def scope_of(interaction: Interaction) -> Scope:
    """Return the scope of the server, if the bot is a member of it; otherwise the scope of the shared articles alone.

    Somebody who installed the bot for themselves can use it in any server; that server's own articles stay closed.
    """
    guild = interaction.guild_id
    if guild is None or interaction.client.get_guild(guild) is None:
        return Scope()
    return Scope(CollectionId(guild))


def party_of(interaction: Interaction) -> int:
    """Return whose turn is used when many wait: the server's or, outside of a server's scope, the user's."""
    return scope_of(interaction).server or interaction.user.id

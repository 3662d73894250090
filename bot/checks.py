"""Who may use a command or a button, where, and how soon after the last question.

Discord decides who sees a command; permissions are checked here once more, at every press of a button too. Allowed is
whoever may manage the server, and whom the server's Integrations page lets use the command. What a message or a button
says of itself allows nobody.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands

from bot.command_permissions import command_of
from bot.render import notices
from bot.service import scope_of, service_of
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeVar

    from bot.threads.request import Request
    from retrieval.domain.scope import Scope

    Command = TypeVar("Command", bound=app_commands.Command[Any, ..., Any])
    Result = TypeVar("Result")

Interaction = discord.Interaction[Any]

_MOST_WAITING: Final = 1024
"""Members of whom a cooldown is remembered before those that are over are dropped."""


def everywhere(command: Command) -> Command:
    """Decorate a command for servers, direct messages and whoever installed the bot for themselves."""
    return app_commands.allowed_installs(guilds=True, users=True)(
        app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command)
    )


def moderator_group(name: str, description: str) -> app_commands.Group:
    """Return a group of commands that Discord shows in servers alone, to those who may manage the server."""
    return app_commands.Group(
        name=name,
        description=description,
        guild_only=True,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )


def home_of(interaction: Interaction) -> Scope | None:
    """Return the server's scope; None where the bot is no member, so that nothing can be changed."""
    scope = scope_of(interaction)
    return None if scope.server is None else scope


async def may_manage(interaction: Interaction, command: int | str | None = None) -> bool:
    """Whether the member may change what is the server's with a command: the one that was used, or an id or name."""
    if interaction.permissions.manage_guild:
        return True
    command = command or command_of(interaction)
    return command is not None and await service_of(interaction).command_permissions.lets_in(interaction, command)


async def may_add(interaction: Interaction, command: int | str | None = None) -> bool:
    """Whether the member may add articles. A role that /settings adders names replaces the Integrations page.

    `command` as in `may_manage`: neither a form nor a button names its command.
    """
    if interaction.permissions.manage_guild:
        return True
    role = service_of(interaction).guild_settings.of(interaction.guild_id).adders
    if role is None:
        return await may_manage(interaction, command)
    return isinstance(interaction.user, discord.Member) and interaction.user.get_role(role) is not None


async def authorised(
    interaction: Interaction,
    *,
    not_here: str,
    refusal: str,
    may: Callable[[Interaction], Awaitable[bool]] = may_manage,
) -> Scope | None:
    """Return the server's scope if the member is authorised; otherwise say why not and return None."""
    home = home_of(interaction)
    if home is not None and await may(interaction):
        return home
    await service_of(interaction).responses.send(interaction, notices.sentence(not_here if home is None else refusal))
    return None


async def may_ask(interaction: Interaction, validate: Callable[[], Scope]) -> Scope | None:
    """Return the scope that `validate` makes of a question if it is answered here and now; otherwise say why not.

    Checks the server's list of channels, then `validate`, then the cooldown, which a question that passes starts.
    """
    service = service_of(interaction)
    channels = service.guild_settings.of(interaction.guild_id).channels
    if channels and not _is_in(interaction, channels):
        await service.responses.send(interaction, notices.elsewhere(channels))
        return None
    try:
        scope = validate()
    except NewsError as problem:
        await service.responses.send(interaction, notices.refusal(problem))
        return None
    ready = service.cooldown.claim(interaction.user.id, interaction.created_at)
    if ready is not None:
        await service.responses.send(interaction, notices.cooling(ready))
        return None
    return scope


async def answer(interaction: Interaction, request: Request[Result]) -> None:
    """Answer a question that `may_ask` let pass: in public, unless the server's settings say otherwise.

    A refusal costs no waiting time.
    """
    service = service_of(interaction)
    private = service.guild_settings.of(interaction.guild_id).private
    if not await service.responses.defer_and_respond(interaction, replace(request, private=private)):
        service.cooldown.release(interaction.user.id, interaction.created_at)


def _is_in(interaction: Interaction, channels: tuple[int, ...]) -> bool:
    """Whether one of the channels is this one, the parent of this thread or post, or the category of either."""
    channel = interaction.channel
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    places = (interaction.channel_id, getattr(channel, "parent_id", None), getattr(parent, "category_id", None))
    return not set(places).isdisjoint(channels)


class Cooldown:
    """How long each member waits between two questions. Moments are arguments: those that Discord gave the commands."""

    def __init__(self, seconds: float) -> None:
        self._wait = timedelta(seconds=seconds)
        self._ready: dict[int, datetime] = {}

    def claim(self, member: int, now: datetime) -> datetime | None:
        """Return None if the member may ask, and start the wait; otherwise when to come back, in whole seconds."""
        ready = self._ready.get(member)
        if ready is not None and now < ready:
            return datetime.fromtimestamp(math.ceil(ready.timestamp()), UTC)
        if len(self._ready) >= _MOST_WAITING:
            self._ready = {who: when for who, when in self._ready.items() if now < when}
        self._ready[member] = now + self._wait
        return None

    def release(self, member: int, claimed: datetime) -> None:
        """Take back the claim of that moment, because there was no answer."""
        if self._ready.get(member) == claimed + self._wait:
            del self._ready[member]

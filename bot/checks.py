"""Who may use a command or a button, where, and how soon after the last question.

Discord decides who sees a command; permissions are checked here once more, at every press of a button too. A member is
allowed who may manage the server, or whom its Integrations page lets use the command. What a message or a button says
of itself allows nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import discord

from bot.command_permissions import command_of
from bot.interactions import home_of
from bot.refusals import Refused
from bot.render.dates import relative
from bot.service import service_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from typing import TypeVar

    from bot.interactions import Interaction
    from bot.threads.request import Request
    from retrieval.domain.scope import Scope

    Result = TypeVar("Result")

ONLY_ME: Final = "True: only you see the answer; Share posts what you choose of it"
"""Describes an option of the commands that answer."""
_CHANNELS: Final = 10
"""How many of the channels for answers a refusal names."""


async def may_manage(interaction: Interaction, command: int | str | None = None) -> bool:
    """Whether the member may use a moderators' command here, given by id or name; None is the one that was used."""
    if interaction.permissions.manage_guild:
        return True
    command = command or command_of(interaction)
    return command is not None and await service_of(interaction).command_permissions.allows(interaction, command)


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


def require_home(interaction: Interaction, not_here: str = "bot.not_here") -> Scope:
    """Return the server's scope. Raises Refused with the code `not_here` where the bot is no member."""
    home = home_of(interaction)
    if home is None:
        raise Refused(not_here)
    return home


async def authorise(
    interaction: Interaction,
    *,
    not_here: str = "bot.not_here",
    not_allowed: str = "bot.not_allowed",
    may: Callable[[Interaction], Awaitable[bool]] = may_manage,
) -> Scope:
    """Return the server's scope if the member is authorised. Raises Refused otherwise, with one of the codes."""
    home = require_home(interaction, not_here)
    if not await may(interaction):
        raise Refused(not_allowed)
    return home


async def authorise_adder(interaction: Interaction) -> Scope:
    """Return the server's scope if the member may add articles. Raises Refused otherwise."""
    return await authorise(interaction, not_allowed="bot.not_an_adder", may=may_add)


def require_answer_channel(interaction: Interaction) -> None:
    """Raise Refused if the server lists channels for answers, and neither this one nor its parents are listed.

    A thread or a forum's post belongs to its channel, a channel to its category.
    """
    listed = service_of(interaction).guild_settings.of(interaction.guild_id).channels
    channel = interaction.channel
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    places = {interaction.channel_id, getattr(channel, "parent_id", None), getattr(parent, "category_id", None)}
    if listed and places.isdisjoint(listed):
        raise elsewhere(listed)


def require_writer(interaction: Interaction) -> None:
    """Raise Refused if the member may not write in this channel themselves."""
    may, is_thread = interaction.permissions, isinstance(interaction.channel, discord.Thread)
    if interaction.guild_id is not None and not (may.send_messages_in_threads if is_thread else may.send_messages):
        raise Refused("bot.not_a_writer")


def elsewhere(channels: Sequence[int]) -> Refused:
    """Return the refusal of a question that was asked in none of these channels."""
    mentions = ", ".join(f"<#{channel}>" for channel in channels[:_CHANNELS])
    return Refused("bot.elsewhere_too" if len(channels) > _CHANNELS else "bot.elsewhere", channels=mentions)


def start_cooldown(interaction: Interaction) -> None:
    """Start the member's wait for the next question. Raises Refused while they still wait after the last one."""
    ready = service_of(interaction).cooldown.claim(interaction.user.id, interaction.created_at)
    if ready is not None:
        raise Refused("bot.cooldown", ready=relative(ready))


def release_cooldown(interaction: Interaction) -> None:
    """Take the wait back that this interaction has started, because it was not answered."""
    service_of(interaction).cooldown.release(interaction.user.id, interaction.created_at)


async def answer(interaction: Interaction, request: Request[Result], *, only_me: bool = False) -> None:
    """Answer a question, in public unless the server's settings or the member want it otherwise.

    Refusals and slips cost no waiting.
    """
    private = only_me or service_of(interaction).guild_settings.of(interaction.guild_id).private
    if not await service_of(interaction).responses.defer_and_respond(interaction, replace(request, private=private)):
        release_cooldown(interaction)

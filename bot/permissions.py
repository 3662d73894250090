"""Who may look after a server's articles and settings. Discord decides who sees a command; this is asked once more.

Allowed is whoever may manage the server, and whom the server's own Integrations page lets use the command. A button is
good for a quarter of an hour: it stands under an answer that only somebody allowed was given.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import aiohttp
import discord

from bot.render import notices
from bot.service import reader_of, service_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from retrieval.domain.readers import Reader

Interaction = discord.Interaction[Any]

_BUTTON_GOOD_FOR: Final = timedelta(minutes=15)
_PATIENCE_SECONDS: Final = 1.5
"""How long Discord may take to tell: a command that is not acknowledged within three seconds is lost."""
_ROLE, _USER = 1, 2
_log = logging.getLogger(__name__)


def home_of(interaction: Interaction) -> Reader | None:
    """The server as a reader with a collection of its own; None where there is none, so nothing can be changed."""
    reader = reader_of(interaction)
    return None if reader.server is None else reader


async def may_manage(interaction: Interaction) -> bool:
    """Whether whoever used a command may change what is this server's."""
    return interaction.permissions.manage_guild or await _let_in(interaction)


async def may_add(interaction: Interaction, command: int | None = None) -> bool:
    """Whether they may add articles: also with the role that the server's settings name, and then nobody else.

    `command` is what a form was opened with, for a form that is sent names no command.
    """
    if interaction.permissions.manage_guild:
        return True
    role = service_of(interaction).preferences.of(interaction.guild_id).adders
    if role is None:
        return await _let_in(interaction, command)
    return isinstance(interaction.user, discord.Member) and interaction.user.get_role(role) is not None


async def let_in(
    interaction: Interaction,
    *,
    elsewhere: str,
    refusal: str,
    may: Callable[[Interaction], Awaitable[bool]] = may_manage,
) -> Reader | None:
    """The server, where whoever used the command may do this; else they are told why not, and there is none."""
    home = home_of(interaction)
    if home is not None and await may(interaction):
        return home
    said = notices.sentence(elsewhere if home is None else refusal)
    await service_of(interaction).replies.saying(interaction, said)
    return None


def may_press(interaction: Interaction, asker: int) -> bool:
    """Whether a button under a moderator's answer may still be pressed by whoever did."""
    if interaction.user.id != asker or interaction.message is None:
        return False
    fresh = interaction.created_at - interaction.message.created_at < _BUTTON_GOOD_FOR
    return interaction.permissions.manage_guild or fresh


def command_of(interaction: Interaction) -> int | None:
    """The id of the command that was used; None where it was something else, a button or a form."""
    if interaction.type is not discord.InteractionType.application_command:
        return None
    return int(cast("Any", interaction.data)["id"])


async def _let_in(interaction: Interaction, command: int | None = None) -> bool:
    """Whether the server's Integrations page names this member, or a role of theirs, for the command."""
    command = command or command_of(interaction)
    if command is None or interaction.guild_id is None:
        return False
    try:
        asked = interaction.client.http.get_application_command_permissions(
            interaction.application_id, interaction.guild_id, command
        )
        found = await asyncio.wait_for(asked, _PATIENCE_SECONDS)
    except discord.NotFound:  # nobody has changed anything there
        return False
    except (discord.HTTPException, aiohttp.ClientError, OSError):  # TimeoutError is an OSError
        _log.warning("Discord did not tell who may use a command", exc_info=True)
        return False
    roles = {role.id for role in interaction.user.roles} if isinstance(interaction.user, discord.Member) else set()
    said = {(entry["type"], int(entry["id"])): entry["permission"] for entry in found["permissions"]}
    own = said.get((_USER, interaction.user.id))
    if own is not None:
        return own is True
    return any(said.get((_ROLE, role)) is True for role in roles)

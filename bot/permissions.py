"""Who may look after a server's articles and settings. Discord decides who sees a command; this is asked once more.

Allowed is whoever may manage the server, and whom the server's own Integrations page lets use the command. The same is
asked at every press of a button, of the command under whose answer it stands: what a message or a button says of
itself lets nobody in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.integrations import command_of
from bot.render import notices
from bot.service import scope_of, service_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from retrieval.domain.scope import Scope

Interaction = discord.Interaction[Any]


def home_of(interaction: Interaction) -> Scope | None:
    """The server as a reader with a collection of its own; None where there is none, so nothing can be changed."""
    scope = scope_of(interaction)
    return None if scope.server is None else scope


async def may_manage(interaction: Interaction, command: int | str | None = None) -> bool:
    """Whether they may change what is this server's, by a command: the one that was used, or by its id or name."""
    if interaction.permissions.manage_guild:
        return True
    command = command or command_of(interaction)
    return command is not None and await service_of(interaction).integrations.lets_in(interaction, command)


async def may_add(interaction: Interaction, command: int | str | None = None) -> bool:
    """Whether they may add articles: also with the role that the server's settings name, and then nobody else.

    `command` as in `may_manage`: neither a form that is sent nor a button names its command.
    """
    if interaction.permissions.manage_guild:
        return True
    role = service_of(interaction).preferences.of(interaction.guild_id).adders
    if role is None:
        return await may_manage(interaction, command)
    return isinstance(interaction.user, discord.Member) and interaction.user.get_role(role) is not None


async def let_in(
    interaction: Interaction,
    *,
    elsewhere: str,
    refusal: str,
    may: Callable[[Interaction], Awaitable[bool]] = may_manage,
) -> Scope | None:
    """The server, where whoever used the command may do this; else they are told why not, and there is none."""
    home = home_of(interaction)
    if home is not None and await may(interaction):
        return home
    said = notices.sentence(elsewhere if home is None else refusal)
    await service_of(interaction).replies.saying(interaction, said)
    return None

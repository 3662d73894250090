"""What follows from an interaction alone: the scope that its member sees, and the party whose turn it takes."""

from __future__ import annotations

from typing import Any, TypeAlias

import discord

from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope

Interaction: TypeAlias = discord.Interaction[Any]


def scope_of(interaction: Interaction) -> Scope:
    """Return the scope of the server, if the bot is a member of it; otherwise the scope of the shared articles alone.

    Somebody who installed the bot for themselves can use it in any server; that server's own articles stay closed.
    """
    guild = interaction.guild_id
    if guild is None or interaction.client.get_guild(guild) is None:
        return Scope()
    return Scope(CollectionId(guild))


def home_of(interaction: Interaction) -> Scope | None:
    """Return the server's scope; None if the bot is no member of it, so that nothing can be changed."""
    scope = scope_of(interaction)
    return None if scope.server is None else scope


def is_private(interaction: Interaction) -> bool:
    """Whether only one member sees the message whose button was pressed, or whose form was sent."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def party_of(interaction: Interaction) -> int:
    """Return the id by which waiting work takes turns: the server's or, outside of a server's scope, the user's."""
    return scope_of(interaction).server or interaction.user.id

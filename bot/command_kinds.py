"""The two kinds of slash commands: for everybody everywhere, and for those who manage a server.

A command that raises `Refused` or a NewsError before it acknowledges is answered with that, privately.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands

from bot.responses import Refused
from bot.service import service_of
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.service import Interaction

Callback = TypeVar("Callback", bound="Callable[..., Coroutine[Any, Any, None]]")
Command = app_commands.Command[Any, ..., None]
AnyCommand = TypeVar("AnyCommand", Command, app_commands.ContextMenu)


def answer_refusals(command: AnyCommand) -> AnyCommand:
    """Decorate a command or a context menu: a refusal that its function raises becomes its answer."""
    callback: Callable[..., Coroutine[Any, Any, None]] = command.callback

    @functools.wraps(callback)
    async def answered(interaction: Interaction, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # the command's own
        try:
            await callback(interaction, *arguments, **options)
        except (Refused, NewsError) as refusal:
            await service_of(interaction).responses.refuse(interaction, refusal)

    command._callback = answered  # noqa: SLF001  # discord.py reads a function's options only where it was defined
    return command


def everywhere(description: str, name: str | None = None) -> Callable[[Callback], Command]:
    """Decorate the function of a command for servers, direct messages and user installs."""

    def command(callback: Callback) -> Command:
        made = answer_refusals(app_commands.command(name=name or callback.__name__, description=description)(callback))
        return app_commands.allowed_installs(guilds=True, users=True)(
            app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(made)
        )

    return command


class ModeratorGroup(app_commands.Group):
    """Commands that Discord shows in servers alone, to those who may manage the server."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            name=name,
            description=description,
            guild_only=True,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            default_permissions=discord.Permissions(manage_guild=True),
        )

    def subcommand(self, description: str, name: str | None = None) -> Callable[[Callback], Command]:
        """Decorate the function of a command of this group."""

        def command(callback: Callback) -> Command:
            return answer_refusals(self.command(name=name or callback.__name__, description=description)(callback))

        return command

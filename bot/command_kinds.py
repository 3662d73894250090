"""The kinds of commands: for everybody, for those who manage a server, on a member or a message; their help texts.

A command that raises a NewsError before it acknowledges is answered with that, privately.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import discord
from discord import app_commands

from bot.service import service_of
from retrieval.errors import NewsError
from retrieval.translation import COMMAND, gettext, pgettext

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from bot.interactions import Interaction

Callback = TypeVar("Callback", bound="Callable[..., Coroutine[Any, Any, None]]")
Command = app_commands.Command[Any, ..., None]
AppCommand: TypeAlias = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
AnyCommand = TypeVar("AnyCommand", Command, app_commands.ContextMenu)
HELP: Final = "help"
"""The key in a command's `extras` of its text in /help; a command without it is not shown there."""


def answer_refusals(command: AnyCommand) -> AnyCommand:
    """Decorate a command or a context menu: a refusal that its function raises becomes its answer."""
    callback: Callable[..., Coroutine[Any, Any, None]] = command.callback

    @functools.wraps(callback)
    async def answered(interaction: Interaction, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # the command's own
        try:
            await callback(interaction, *arguments, **options)
        except NewsError as refusal:
            await service_of(interaction).responses.report_error(interaction, refusal)

    command._callback = answered  # noqa: SLF001  # discord.py reads a function's options only where it was defined
    return command


def everywhere(description: str, name: str | None = None, *, help_text: str = "") -> Callable[[Callback], Command]:
    """Decorate the function of a command for servers, direct messages and user installs."""

    def command(callback: Callback) -> Command:
        decorate = app_commands.command(
            name=name or callback.__name__, description=description, extras={HELP: help_text or description}
        )
        made: Command = decorate(callback)
        made.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        made.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
        return answer_refusals(made)

    return command


def on_member(name: str, help_text: str) -> Callable[[Callback], app_commands.ContextMenu]:
    """Decorate a function that takes a member: the context menu of that name on the members of a server."""

    def menu(callback: Callback) -> app_commands.ContextMenu:
        decorate = app_commands.context_menu(name=name, extras={HELP: help_text})
        return app_commands.allowed_installs(guilds=True)(
            app_commands.allowed_contexts(guilds=True)(answer_refusals(decorate(callback)))
        )

    return menu


def on_message(name: str, help_text: str) -> Callable[[Callback], app_commands.ContextMenu]:
    """Decorate a function that takes a message: the context menu of that name on messages everywhere."""

    def menu(callback: Callback) -> app_commands.ContextMenu:
        made = app_commands.context_menu(name=name, extras={HELP: help_text})(callback)
        made.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        made.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
        return answer_refusals(made)

    return menu


class ServerGroup(app_commands.Group):
    """Commands that Discord shows in servers alone; `help_text` stands in /help."""

    def __init__(
        self, name: str, description: str, *, help_text: str = "", permissions: discord.Permissions | None = None
    ) -> None:
        super().__init__(
            name=name,
            description=description,
            guild_only=True,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            default_permissions=permissions,
            extras={HELP: help_text or description},
        )

    def subcommand(self, description: str, name: str | None = None) -> Callable[[Callback], Command]:
        """Decorate the function of a command of this group."""

        def command(callback: Callback) -> Command:
            return answer_refusals(self.command(name=name or callback.__name__, description=description)(callback))

        return command


class ModeratorGroup(ServerGroup):
    """Commands that Discord shows to those who may manage the server."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, description, permissions=discord.Permissions(manage_guild=True))


def help_lines(commands: Iterable[AppCommand], mention: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return each command and its help text: what takes options first, then groups and menus, then the rest, by name.

    `mention` makes the link that opens a command of a name; a group has one for each of its commands.
    """

    def order(command: AppCommand) -> tuple[int, str]:
        if isinstance(command, app_commands.Group | app_commands.ContextMenu):
            return 1, command.name
        return (0 if command.parameters else 2), command.name

    def links(command: AppCommand) -> str:
        if isinstance(command, app_commands.Group):
            return " ".join(mention(each.qualified_name) for each in command.walk_commands())
        is_menu = isinstance(command, app_commands.ContextMenu)
        return f"*{pgettext(COMMAND, command.name)}*" if is_menu else mention(command.name)

    shown = (command for command in sorted(commands, key=order) if HELP in command.extras)
    return [(links(command), gettext(command.extras[HELP])) for command in shown]


def is_for_moderators(command: AppCommand) -> bool:
    """Whether Discord shows a command only to those who may manage the server, unless they allow it to others."""
    return command.default_permissions is not None

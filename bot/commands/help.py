"""`/help`: what each command does, with an example from the articles. Needs neither archive nor model to answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.autocomplete import suggest
from bot.checks import may_add, may_manage
from bot.command_kinds import everywhere, help_lines, is_for_moderators
from bot.interactions import home_of, scope_of
from bot.render import notices
from bot.service import service_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.command_kinds import AppCommand
    from bot.interactions import Interaction


@everywhere("What I can do, and what I do not.", name="help")
async def show_help(interaction: Interaction) -> None:
    """Answer privately; the example and the links are left out if they do not come in time."""
    service, scope = service_of(interaction), scope_of(interaction)
    in_server = home_of(interaction) is not None
    others = [command for command in interaction.client.tree.get_commands() if command is not interaction.command]
    if not in_server:
        others = [command for command in others if command.allowed_contexts.dm_channel]
    examples, allowed, _ = await asyncio.gather(
        suggest(interaction, lambda: service.newsroom.examples(scope)),
        _allowed(interaction, filter(is_for_moderators, others)),
        service.command_ids.load(),
    )
    mention = service.command_ids.mention
    for_all = help_lines((command for command in others if not is_for_moderators(command)), mention)
    example = next(iter(examples), None)
    reply = notices.usage(for_all, help_lines(allowed, mention), mention, example, in_server=in_server)
    await service.responses.send(interaction, reply)


async def _allowed(interaction: Interaction, commands: Iterable[AppCommand]) -> list[AppCommand]:
    """Return those of the moderators' commands that the member may use here."""
    listed = list(commands)
    checks = ((may_add if command.name == "article" else may_manage)(interaction, command.name) for command in listed)
    may = await asyncio.gather(*checks)
    return [command for command, allowed in zip(listed, may, strict=True) if allowed]

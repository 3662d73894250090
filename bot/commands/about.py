"""`/about`: what the archive holds, and what the bot runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.command_kinds import everywhere
from bot.interactions import scope_of
from bot.render import notices
from bot.service import service_of
from bot.threads.request import Request

if TYPE_CHECKING:
    from bot.interactions import Interaction


@everywhere("How many articles I keep, the newest of them, and what I run on.")
async def about(interaction: Interaction) -> None:
    """Answer privately."""
    service, scope = service_of(interaction), scope_of(interaction)
    version, started, low = service.version, service.started, service.low_disk
    request = Request(
        lambda: service.newsroom.about(scope),
        lambda contents: notices.about(contents, version=version, started=started, low=low),
    )
    await service.responses.defer_and_respond(interaction, request)

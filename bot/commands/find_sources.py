"""*Find sources*, on a message: what the archive says about its claims, for the member alone. Its text is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord  # noqa: TC002  # discord.py reads the annotations of commands

from bot.checks import answer, require_answer_channel, start_cooldown
from bot.command_kinds import on_message
from bot.interactions import party_of, scope_of
from bot.message_text import text_of
from bot.refusals import Refused
from bot.render.found_sources import found_sources
from bot.service import service_of
from bot.threads.request import Request

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from retrieval.domain.answers import Abstention, Answer


@on_message(
    "Find sources",
    help_text="On a message, under *Apps*: which passages bear on what it says. I quote, I do not judge.",
)
async def find_sources(interaction: Interaction, message: discord.Message) -> None:
    """Answer with a passage for each claim."""
    service, scope, party = service_of(interaction), scope_of(interaction), party_of(interaction)
    require_answer_channel(interaction)
    text, said_at = text_of(message), message.created_at
    if not text:
        raise Refused("bot.message_without_words")
    start_cooldown(interaction)

    def work() -> tuple[Answer | Abstention, ...]:
        return service.newsroom.sources(scope, text, said_at, hurry=service.offload.answering.is_awaited(party))

    request = Request(work, found_sources, wait_for=service.newsroom.warm_up)
    await answer(interaction, request, only_me=True)

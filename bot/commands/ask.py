"""`/ask`: a question in one's own words, answered with the passage that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot import autocomplete
from bot.checks import answer, everywhere, may_ask
from bot.render import answers
from bot.service import scope_of, service_of
from bot.threads.request import Request
from retrieval.domain.answers import Answer

if TYPE_CHECKING:
    from bot.render.reply import Reply
    from retrieval.domain.answers import Abstention
    from retrieval.domain.scope import Scope


@everywhere
@app_commands.command(description="Ask about the news; I answer with the passage that says it, word for word.")
@app_commands.describe(
    question="Your question, in your own words",
    source="Only articles of this publisher",
    since="Only from this day on: 2024-03-25, 2024-03 or 2024",
    until="Only up to this day: 2024-03-25, 2024-03 or 2024",
)
@app_commands.autocomplete(source=autocomplete.publisher, since=autocomplete.day, until=autocomplete.day)
async def ask(
    interaction: discord.Interaction[Any],
    question: app_commands.Range[str, 3, 300],
    source: app_commands.Range[str, 1, 100] | None = None,
    since: app_commands.Range[str, 4, 10] | None = None,
    until: app_commands.Range[str, 4, 10] | None = None,
) -> None:
    """Answer, or say that the archive does not hold the answer; remember the passages that "more" shows."""
    service, asker, token = service_of(interaction), interaction.user.id, interaction.id
    room = service.newsroom

    def validate() -> Scope:
        room.check_question(question)
        return room.narrowed(scope_of(interaction), source, since, until)

    scope = await may_ask(interaction, validate)
    if scope is None:
        return

    def work() -> Answer | Abstention:
        result = room.ask(scope, question)
        if isinstance(result, Answer) and len(result.citations) > 1:
            service.answer_memory.keep_passages(scope, token, asker, [citation.ref for citation in result.citations])
        return result

    def render(result: Answer | Abstention) -> Reply:
        return answers.outcome(result, asker=asker, token=token)

    await answer(interaction, Request(work, render, wait_for=room.warm_up))

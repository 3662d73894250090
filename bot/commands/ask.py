"""`/ask`: a question in one's own words, answered with the passage that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot import autocomplete
from bot.autocomplete import Day, with_days
from bot.checks import answer, require_answer_channel, start_cooldown
from bot.command_kinds import everywhere
from bot.interactions import party_of, scope_of
from bot.render import answers
from bot.service import service_of
from bot.threads.request import Request
from retrieval.domain.answers import Answer
from retrieval.domain.limits import LONGEST_QUESTION

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from retrieval.domain.answers import Abstention

Question = app_commands.Range[str, 1, LONGEST_QUESTION]


@everywhere(
    "Ask about the news; I answer with the passage that says it, word for word.",
    help_text="Ask in your own words. I show the passage that answers, word for word, with the answering sentence in "
    "bold, a name, date or number that answers underlined. `source`, `since` and `until` narrow it to a publisher and "
    "to days.",
)
@app_commands.describe(question="Your question, in your own words", source="Only articles of this publisher")
@app_commands.autocomplete(source=autocomplete.publisher)
@with_days
async def ask(
    interaction: Interaction,
    question: Question,
    source: app_commands.Range[str, 1, 100] | None = None,
    since: Day | None = None,
    until: Day | None = None,
) -> None:
    """Answer, or say that the archive does not hold the answer; remember the passages that "more" shows."""
    service, asker, token = service_of(interaction), interaction.user.id, interaction.id
    party = party_of(interaction)
    require_answer_channel(interaction)
    service.newsroom.clean_question(question)
    scope = service.newsroom.narrowed(scope_of(interaction), source, since, until)
    start_cooldown(interaction)

    def work() -> Answer | Abstention:
        result = service.newsroom.ask(scope, question, hurry=service.offload.answering.is_awaited(party))
        if isinstance(result, Answer) and len(result.citations) > 1:
            service.answer_memory.keep_passages(scope, token, asker, result.refs)
        return result

    request = Request(
        work,
        lambda result: answers.outcome(result, asker=asker, token=token),
        wait_for=service.newsroom.warm_up,
    )
    await answer(interaction, request)

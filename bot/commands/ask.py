"""`/ask`: a question in one's own words, answered with the passage that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot import autocomplete
from bot.asking import asking_request
from bot.autocomplete import Day, with_days
from bot.checks import ONLY_ME, answer, require_answer_channel, start_cooldown
from bot.command_kinds import everywhere
from bot.interactions import scope_of
from bot.message_text import words_of
from bot.service import service_of
from retrieval.domain.answers import Context
from retrieval.domain.limits import LONGEST_QUESTION

if TYPE_CHECKING:
    from bot.interactions import Interaction

Question = app_commands.Range[str, 1, LONGEST_QUESTION]


@everywhere(
    "Ask about the news; I answer with the passage that says it, word for word.",
    help_text="Ask in your own words. I show the passage that answers, its sentence in bold. A follow-up (“and "
    "when?”) is about your last answer here. *Share* posts a passage; *In context* shows, cites and verifies it.",
)
@app_commands.describe(
    question="Your question, in your own words", source="Only articles of this publisher", only_me=ONLY_ME
)
@app_commands.autocomplete(source=autocomplete.publisher)
@with_days
async def ask(
    interaction: Interaction,
    question: Question,
    source: app_commands.Range[str, 1, 100] | None = None,
    since: Day | None = None,
    until: Day | None = None,
    *,
    only_me: bool = False,
) -> None:
    """Answer, or say that the archive does not hold the answer; the last answer here is what a follow-up refers to."""
    service = service_of(interaction)
    require_answer_channel(interaction)
    question = service.newsroom.clean_question(words_of(question))
    scope = service.newsroom.narrowed(scope_of(interaction), source, since, until)
    start_cooldown(interaction)
    last = service.last_answers.recall(interaction.user.id, interaction.channel_id)
    context = None if last is None else Context(last.passage)
    await answer(interaction, asking_request(interaction, scope, question, context), only_me=only_me)

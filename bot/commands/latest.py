"""`/latest`: the newest articles, or those about a topic; menus ask about one and show who is quoted in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot import autocomplete
from bot.checks import ONLY_ME, answer, require_answer_channel, start_cooldown
from bot.command_kinds import everywhere
from bot.interactions import scope_of
from bot.message_text import words_of
from bot.options import given, narrowed
from bot.render import latest_articles
from bot.service import service_of
from bot.threads.request import Request

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from retrieval.domain.articles import Latest


@everywhere(
    "Read the newest headlines, or those about a topic.",
    help_text="The newest articles, or those about a topic, a line each; those on one event stand together.",
)
@app_commands.describe(topic="Only articles about this", source="Only articles of this publisher", only_me=ONLY_ME)
@app_commands.autocomplete(source=autocomplete.publisher)
async def latest(
    interaction: Interaction,
    topic: app_commands.Range[str, 1, 200] | None = None,
    source: app_commands.Range[str, 1, 100] | None = None,
    *,
    only_me: bool = False,
) -> None:
    """Answer with the first page, and remember the options where there are more."""
    service, asker, token = service_of(interaction), interaction.user.id, interaction.id
    require_answer_channel(interaction)
    if topic:
        topic = service.newsroom.check_question(words_of(topic))
    options, scope = given(topic=topic, source=source), scope_of(interaction)
    narrowed_scope = narrowed(service, scope, options)
    start_cooldown(interaction)

    def work() -> Latest:
        found = service.newsroom.latest(narrowed_scope, topic)
        if len(latest_articles.pages(found)) > 1:
            service.answer_memory.keep_filters(scope, token, asker, options)
        return found

    request = Request(
        work,
        lambda found: latest_articles.listing(found, asker=asker, token=token, filters=narrowed_scope.filters),
        wait_for=service.newsroom.warm_up,
        is_incomplete=None if topic else lambda found: not found.stories,
    )
    await answer(interaction, request, only_me=only_me)

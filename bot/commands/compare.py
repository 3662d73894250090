"""`/compare`: what two people said about one subject, one beside the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot import autocomplete
from bot.autocomplete import Day, with_days
from bot.checks import ONLY_ME, answer, require_answer_channel, start_cooldown
from bot.command_kinds import everywhere
from bot.comparing import comparing_request
from bot.interactions import scope_of
from bot.message_text import words_of
from bot.options import given, narrowed
from bot.service import service_of

if TYPE_CHECKING:
    from bot.interactions import Interaction


@everywhere(
    "Read what two people said about the same thing, word for word.",
    help_text="What two people said about one subject, word for word, or that one of them said nothing about it.",
)
@app_commands.describe(
    first="Begin to type a name and pick it from the list",
    second="Whom to compare with",
    about="What both are to have spoken about",
    source="Only articles of this publisher",
    only_me=ONLY_ME,
)
@app_commands.autocomplete(first=autocomplete.speaker, second=autocomplete.speaker, source=autocomplete.publisher)
@with_days
async def compare(
    interaction: Interaction,
    first: app_commands.Range[str, 1, 100],
    second: app_commands.Range[str, 1, 100],
    about: app_commands.Range[str, 3, 200],
    *,
    source: app_commands.Range[str, 1, 100] | None = None,
    since: Day | None = None,
    until: Day | None = None,
    only_me: bool = False,
) -> None:
    """Answer with a card a speaker, and remember the options for the buttons to the rest of what they said."""
    service, asker, token = service_of(interaction), interaction.user.id, interaction.id
    require_answer_channel(interaction)
    about = service.newsroom.check_question(words_of(about))
    scope = scope_of(interaction)
    options = given(first=first, second=second, about=about, source=source, since=since, until=until)
    narrowed(service, scope, options)
    start_cooldown(interaction)
    request = comparing_request(service, scope, lambda: options, asker=asker, token=token)
    await answer(interaction, request, only_me=only_me)

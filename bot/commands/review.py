"""`/review`: what members say is wrong, what stayed unanswered, what was corrected. For those who manage a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.buttons.review import questions_request, report_request
from bot.checks import authorise
from bot.command_kinds import ModeratorGroup
from bot.render import review
from bot.service import service_of
from bot.threads.request import Request

if TYPE_CHECKING:
    from bot.interactions import Interaction

review_group = ModeratorGroup("review", "What members say is wrong, and what stayed unanswered.")


@review_group.subcommand("What members say is wrong, the most often first; correct it with a button.")
async def reports(interaction: Interaction) -> None:
    """Show the first report."""
    home, service = await authorise(interaction), service_of(interaction)
    await service.responses.defer_and_respond(interaction, report_request(service, home))


@review_group.subcommand("Questions that found no answer, without who asked. /settings unanswered keeps them.")
async def questions(interaction: Interaction) -> None:
    """Show the questions, or that none are kept."""
    home, service = await authorise(interaction), service_of(interaction)
    await service.responses.defer_and_respond(interaction, questions_request(service, home, interaction.user.id))


@review_group.subcommand("What was corrected here, newest first; undo it with a button.")
async def corrections(interaction: Interaction) -> None:
    """Show the last corrections of quotations."""
    home, service = await authorise(interaction), service_of(interaction)
    own = home.own
    request = Request(
        lambda: [made for made in service.newsroom.overrides.corrections(home) if made.collection == own],
        review.corrections,
    )
    await service.responses.defer_and_respond(interaction, request)

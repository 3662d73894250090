"""`/quote`: what somebody said, between quotation marks: newest first, or about something and best match first."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from discord import app_commands

from bot import autocomplete
from bot.autocomplete import picked_speaker
from bot.checks import ONLY_ME, answer, require_answer_channel, start_cooldown
from bot.command_kinds import everywhere
from bot.interactions import scope_of
from bot.refusals import Refused
from bot.render import quotations
from bot.service import service_of
from bot.threads.request import Request
from retrieval.domain.quotations import (
    NotQuotedAbout,
    QuotationsFound,
    SpeakerAmbiguous,
    SpeakerUnknown,
    UnnamedSources,
)

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.scope import Scope

    Outcome: TypeAlias = QuotationsFound | NotQuotedAbout | SpeakerAmbiguous | SpeakerUnknown | UnnamedSources


@everywhere(
    "Read what somebody said, word for word, newest first.",
    help_text="What somebody said, word for word, newest first. Begin to type a name and pick it from the list. "
    "*Fragments* and *Disputed* show what is no whole statement, and what articles deny or doubt. "
    "`about` narrows it to what they said about something, the nearest first.",
)
@app_commands.describe(
    speaker="Begin to type a name and pick it from the list",
    about="Only what they said about this, the nearest first",
    only_me=ONLY_ME,
)
@app_commands.autocomplete(speaker=autocomplete.speaker)
async def quote(
    interaction: Interaction,
    speaker: app_commands.Range[str, 1, 100],
    about: app_commands.Range[str, 3, 200] | None = None,
    *,
    only_me: bool = False,
) -> None:
    """Answer with the quotations, ask which speaker is meant, or offer similar names."""
    service, scope, asker = service_of(interaction), scope_of(interaction), interaction.user.id
    require_answer_channel(interaction)
    if about:
        service.newsroom.check_question(about)
    start_cooldown(interaction)
    token = interaction.id
    request = Request(
        lambda: find_quotations(service, scope, speaker, about, asker=asker, token=token),
        lambda outcome: _render(outcome, speaker, asker=asker, token=token, narrowed=about is not None),
        wait_for=service.newsroom.warm_up,
        is_incomplete=None if about else lambda outcome: isinstance(outcome, SpeakerUnknown),
    )
    await answer(interaction, request, only_me=only_me)


def find_quotations(
    service: Service, scope: Scope, speaker: str, about: str | None, *, asker: int, token: int
) -> Outcome:
    """Return the quotations of the picked or typed speaker; store under `token` what the buttons must know.

    Raises QuestionRejected and ModelUnavailable where there is an `about`.
    """
    newsroom, picked = service.newsroom, picked_speaker(speaker)
    outcome = newsroom.quotes_by(scope, speaker, about) if picked is None else newsroom.quotes_of(scope, picked, about)
    remembered = outcome.words if isinstance(outcome, UnnamedSources) else about
    if remembered:
        service.answer_memory.keep_about(scope, token, asker, remembered)
    return outcome


def _render(outcome: Outcome, speaker: str, *, asker: int, token: int, narrowed: bool) -> Reply:
    about = token if narrowed else None
    if isinstance(outcome, QuotationsFound):
        return quotations.listing(outcome, asker=asker, token=about)
    if isinstance(outcome, UnnamedSources):
        return quotations.unnamed(outcome, asker=asker, token=token)
    if isinstance(outcome, NotQuotedAbout):
        return quotations.not_about(outcome, asker=asker)
    if isinstance(outcome, SpeakerAmbiguous):
        return quotations.ambiguous(outcome, asker=asker, token=about)
    if picked_speaker(speaker) is not None:
        raise Refused("bot.speaker_gone")
    return quotations.unknown(outcome, asker=asker, token=about)

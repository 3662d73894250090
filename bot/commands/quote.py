"""`/quote`: what somebody said, between quotation marks: newest first, or about something and best match first.

Without a speaker it is who said what about something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from discord import app_commands

from bot import autocomplete
from bot.autocomplete import Day, picked_speaker, with_days
from bot.checks import ONLY_ME, answer, require_answer_channel, start_cooldown
from bot.command_kinds import everywhere
from bot.interactions import scope_of
from bot.message_text import words_of
from bot.options import given, narrowed
from bot.refusals import Refused
from bot.render import quotations, voices
from bot.service import service_of
from bot.threads.request import Request
from retrieval.domain.quotations import (
    NotQuotedAbout,
    QuotationsFound,
    SpeakerAmbiguous,
    SpeakersQuoted,
    SpeakerUnknown,
    UnnamedSources,
)
from retrieval.errors import QuestionRejected

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.scope import Filters, Scope

    Outcome: TypeAlias = (
        QuotationsFound | NotQuotedAbout | SpeakerAmbiguous | SpeakerUnknown | UnnamedSources | SpeakersQuoted
    )


@everywhere(
    "Read what somebody said, or who spoke about something, word for word.",
    help_text="What somebody said, word for word, newest first. `about` narrows it to a subject; without a speaker it "
    "shows who said what about it.",
)
@app_commands.describe(
    speaker="Begin to type a name and pick it from the list",
    about="Only what was said about this; without a speaker, whoever said it",
    source="Only articles of this publisher",
    only_me=ONLY_ME,
)
@app_commands.autocomplete(speaker=autocomplete.speaker, source=autocomplete.publisher)
@with_days
async def quote(
    interaction: Interaction,
    *,
    speaker: app_commands.Range[str, 1, 100] | None = None,
    about: app_commands.Range[str, 3, 200] | None = None,
    source: app_commands.Range[str, 1, 100] | None = None,
    since: Day | None = None,
    until: Day | None = None,
    only_me: bool = False,
) -> None:
    """Answer with the quotations, ask which speaker is meant, or offer similar names."""
    service, scope, asker, token = service_of(interaction), scope_of(interaction), interaction.user.id, interaction.id
    require_answer_channel(interaction)
    if not speaker and not about:
        raise QuestionRejected("question.no_speaker_no_subject")
    if about:
        about = service.newsroom.check_question(words_of(about))
    options = given(speaker=speaker, about=about, source=source, since=since, until=until)
    filters = narrowed(service, scope, options).filters
    start_cooldown(interaction)
    request = Request(
        lambda: find_quotations(service, scope, options, asker=asker, token=token),
        lambda outcome: _render(outcome, options, filters, asker=asker, token=token),
        wait_for=service.newsroom.warm_up,
        is_incomplete=None if about else lambda outcome: isinstance(outcome, SpeakerUnknown),
    )
    await answer(interaction, request, only_me=only_me)


def find_quotations(service: Service, scope: Scope, options: dict[str, str], *, asker: int, token: int) -> Outcome:
    """Return the quotations of the picked or typed speaker, or of everybody; keep what buttons need under `token`.

    Raises QuestionRejected and ModelUnavailable where there is an `about`.
    """
    newsroom, seen, about = service.newsroom, narrowed(service, scope, options), options.get("about")
    outcome: Outcome
    if "speaker" not in options:
        outcome = newsroom.quoted_about(seen, about or "")
    elif (picked := picked_speaker(options["speaker"])) is not None:
        outcome = newsroom.quotes_of(seen, picked, about)
    else:
        outcome = newsroom.quotes_by(seen, options["speaker"], about)
    if isinstance(outcome, UnnamedSources) or _narrows(options):
        service.answer_memory.keep_filters(scope, token, asker, options)
    return outcome


def _narrows(options: dict[str, str]) -> bool:
    """Whether a button to quotations needs what is remembered."""
    return options.keys() != {"speaker"}


def _render(outcome: Outcome, options: dict[str, str], filters: Filters | None, *, asker: int, token: int) -> Reply:
    remembered = token if _narrows(options) else None
    if isinstance(outcome, SpeakersQuoted):
        return voices.quoted_about(outcome, asker=asker, token=token, filters=filters)
    if isinstance(outcome, QuotationsFound):
        return quotations.listing(outcome, asker=asker, token=remembered, filters=filters)
    if isinstance(outcome, UnnamedSources):
        return quotations.unnamed(outcome, asker=asker, token=token)
    if isinstance(outcome, NotQuotedAbout):
        return quotations.not_about(outcome, asker=asker)
    if isinstance(outcome, SpeakerAmbiguous):
        return quotations.ambiguous(outcome, asker=asker, token=remembered)
    if picked_speaker(options["speaker"]) is not None:
        raise Refused("bot.speaker_gone")
    return quotations.unknown(outcome, asker=asker, token=remembered)

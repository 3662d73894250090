"""The buttons by which members say what is wrong, and by which moderators correct it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import Id, ModeratorButton, PersistentButton, excerpt_of, picked
from bot.checks import require_home
from bot.interactions import scope_of
from bot.render import review, speakers
from bot.render.custom_ids import ClearId, CorrectId, DismissId, GiveId, QuoteId, ReportId, ReviewId, WrongId
from bot.threads.request import Request
from retrieval.domain.ids import UserId
from retrieval.domain.overrides import OverrideKind
from retrieval.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.excerpts import Excerpt, ExcerptRef
    from retrieval.domain.ids import SpeakerId
    from retrieval.domain.overrides import OverrideResult
    from retrieval.domain.quotations import CitedQuotation
    from retrieval.domain.reports import Reported, UnansweredQuestion
    from retrieval.domain.scope import Scope

    Found = tuple[Reported, Excerpt, CitedQuotation | None, int]
    """A report, its words, the quotation in them, and the report's place among all."""


class AskWhatIsWrong(PersistentButton[WrongId]):
    """Asks privately what is wrong with the words, or whether they are good."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: WrongId) -> None:
        require_home(interaction, "bot.report_not_here")
        scope, ref, asker = scope_of(interaction), fields.ref, interaction.user.id

        def work() -> tuple[Excerpt, bool]:
            excerpt = excerpt_of(service, scope, ref)
            return excerpt, service.newsroom.speakers.quotation_in(scope, ref) is not None

        def render(found: tuple[Excerpt, bool]) -> Reply:
            excerpt, quotes = found
            return review.what_is_wrong(excerpt, quotes=quotes, asker=asker)

        await service.responses.defer_and_respond(interaction, Request(work, render))


class SendReport(PersistentButton[ReportId]):
    """Counts the voice of the member who presses it, in place of the one before."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: ReportId) -> None:
        home, member = require_home(interaction, "bot.report_not_here"), UserId(interaction.user.id)
        ref, kind = fields.ref, review.kind_of(fields)

        def work() -> None:
            excerpt_of(service, home, ref)
            service.newsroom.reports.keep(home.own, ref, member, kind)

        await service.responses.edit_in_place(interaction, Request(work, lambda _: review.thanks(kind)))


class _Reviewing(ModeratorButton[Id]):
    """A button of `/review`."""

    command = "review"


class TurnReports(_Reviewing[ReviewId]):
    """Shows another report."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: ReviewId) -> None:
        await service.responses.edit_in_place(interaction, report_request(service, home, fields.ref, fields.place))


class CorrectWords(_Reviewing[CorrectId]):
    """Corrects the quotation in the words; asks first whose words they are where they are somebody else's."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: CorrectId) -> None:
        kind, ref, asker = review.correction_of(fields), fields.ref, interaction.user.id
        if kind is OverrideKind.SPEAKER:
            asking = Request(
                lambda: service.newsroom.speakers.candidates(home, ref),
                lambda found: review.whose(found, ref, asker=asker),
            )
            await service.responses.edit_in_place(interaction, asking)
        else:
            await _correct(interaction, service, home, ref, kind)


class GiveWords(_Reviewing[GiveId]):
    """Gives the words to the speaker that was picked from the menu."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: GiveId) -> None:
        speaker = picked(interaction, QuoteId).speaker
        await _correct(interaction, service, home, fields.ref, OverrideKind.SPEAKER, to=speaker)


class DismissReport(_Reviewing[DismissId]):
    """Deletes what was said of the words, and shows the next report."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: DismissId) -> None:
        ref = fields.ref
        following = report_request(service, home)

        def work() -> Found | None:
            service.newsroom.reports.dismiss(home.own, ref)
            return following.work()

        await service.responses.edit_in_place(interaction, Request(work, following.render))


class ClearQuestions(_Reviewing[ClearId]):
    """Deletes the unanswered questions that are kept."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: ClearId) -> None:
        request = Request(lambda: service.newsroom.unanswered.clear(home.own), review.cleared)
        await service.responses.edit_in_place(interaction, request)


def report_request(
    service: Service, home: Scope, behind: ExcerptRef | None = None, place: int = 0
) -> Request[Found | None]:
    """Return the request that shows the report behind that of some words, after the last the first.

    Where those are no longer reported, what followed them stands in their `place`. Reports of words that are gone are
    deleted.
    """

    def work() -> Found | None:
        while reported := service.newsroom.reports.of(home.own):
            refs = [one.ref for one in reported]
            shown = (refs.index(behind) + 1 if behind in refs else place) % len(refs)
            excerpt = service.newsroom.excerpts.find(home, refs[shown])
            if excerpt is not None:
                return reported[shown], excerpt, service.newsroom.speakers.quotation_in(home, refs[shown]), shown
            service.newsroom.reports.dismiss(home.own, refs[shown])
        return None

    def render(found: Found | None) -> Reply:
        return review.no_report() if found is None else review.report(*found)

    return Request(work, render)


def questions_request(service: Service, home: Scope, asker: int) -> Request[Sequence[UnansweredQuestion]]:
    """Return the request that shows the unanswered questions."""
    keeps = service.guild_settings.of(home.own).keeps_unanswered
    return Request(
        lambda: service.newsroom.unanswered.of(home.own),
        lambda asked: review.questions(asked, keeps=keeps, asker=asker),
    )


async def _correct(
    interaction: Interaction,
    service: Service,
    home: Scope,
    ref: ExcerptRef,
    kind: OverrideKind,
    *,
    to: SpeakerId | None = None,
) -> None:
    """Correct a quotation, which settles the reports of it."""
    by = UserId(interaction.user.id)

    def work() -> OverrideResult:
        result = service.newsroom.overrides.correct(home, ref, kind, to, by)
        service.newsroom.reports.dismiss(home.own, ref)
        return result

    def render(result: OverrideResult) -> Reply:
        reply = speakers.decided(result, asker=by)
        return replace(reply, controls=(*reply.controls, review.next_report(ref, 0, gettext("Next report"))))

    await service.responses.edit_in_place(interaction, Request(work, render))

"""The buttons under an answer: more passages, pages of quotations, delete.

Only the asker turns the pages of a public answer; anybody else is shown the page privately, in a copy of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from typing_extensions import override

from bot.asking import asking_request
from bot.autocomplete import speaker_value
from bot.buttons.base import PersistentButton, is_own, may_edit, respond
from bot.checks import release_cooldown, require_answer_channel, start_cooldown
from bot.comparing import SIDES, comparing_request
from bot.interactions import is_private, scope_of
from bot.modals import AskAboutArticle
from bot.options import narrowed
from bot.refusals import Refused
from bot.render import answers, quotations, voices
from bot.render.custom_ids import (
    AboutId,
    AloneId,
    CompareId,
    DeleteId,
    DisputedId,
    FragmentsId,
    MoreId,
    QuoteId,
    SpeakersId,
    UnnamedId,
)
from bot.threads.request import Request
from retrieval.domain.quotations import NotQuotedAbout, QuotationsFound, UnnamedSources

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.answers import Citation
    from retrieval.domain.quotations import SpeakersQuoted, SpeakerUnknown
    from retrieval.domain.scope import Filters

    Outcome = tuple[QuotationsFound | NotQuotedAbout | SpeakerUnknown, Filters | None]

_ViewId = TypeVar("_ViewId", bound=QuoteId)


class MorePassages(PersistentButton[MoreId]):
    """Shows another page of the passages behind an answer."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: MoreId) -> None:
        scope, token = scope_of(interaction), fields.token
        embeds = interaction.message.embeds if interaction.message else []
        in_place = bool(embeds) and may_edit(interaction, fields.asker)
        top = embeds[0] if in_place and not is_private(interaction) else None

        def work() -> tuple[Citation, ...]:
            refs = service.answer_memory.recall_passages(scope, token)
            return service.newsroom.cite(scope, refs) if refs else ()

        def render(citations: tuple[Citation, ...]) -> Reply:
            page, last = fields.page, answers.further_pages(len(citations))
            if page and last < 1:
                raise Refused("bot.answer_forgotten")
            page = min(page, last)
            return answers.further(citations, page=page, asker=interaction.user.id, token=token, under=top)

        await respond(interaction, service, Request(work, render), in_place=in_place)


class AskAbout(PersistentButton[AboutId]):
    """Opens a form for a question about the article of the answer, for whoever presses it."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: AboutId) -> None:
        require_answer_channel(interaction)
        modal = AskAboutArticle(service, fields.passage, asker=interaction.user.id)
        await service.responses.open_modal(interaction, modal)


class AskAlone(PersistentButton[AloneId]):
    """Asks a follow-up again without the article that it was taken to be about, for the asker."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: AloneId) -> None:
        asker, channel = interaction.user.id, interaction.channel_id
        if fields.asker != asker:
            raise Refused("bot.not_your_button")
        follow_up = service.follow_ups.recall(asker, fields.token)
        if follow_up is None:
            raise Refused("bot.follow_up_forgotten")
        start_cooldown(interaction)
        not_meant = service.last_answers.recall(asker, channel)
        request = asking_request(interaction, follow_up.scope, follow_up.question)
        if not await respond(interaction, service, request, in_place=may_edit(interaction, asker)):
            release_cooldown(interaction)
        elif not_meant is not None:
            service.last_answers.drop(asker, channel, not_meant)


class _TurnPages(PersistentButton[_ViewId]):
    """Shows a page of a view of a speaker's quotations, which are found again as the custom id names them.

    The model is needed only if they were narrowed by a topic.
    """

    @override
    async def press(self, interaction: Interaction, service: Service, fields: _ViewId) -> None:
        scope, speaker, token = scope_of(interaction), fields.speaker, fields.token
        in_place = may_edit(interaction, fields.asker)
        alone = is_private(interaction) or not in_place

        def work() -> Outcome:
            options = {} if token is None else service.answer_memory.recall_filters(scope, token)
            if options is None:
                raise Refused("bot.about_forgotten")
            seen = narrowed(service, scope, options)
            return service.newsroom.quotes_of(seen, speaker, options.get("about")), seen.filters

        def render(found: Outcome) -> Reply:
            outcome, filters = found
            asker, page, view = interaction.user.id, fields.page, type(fields)
            if isinstance(outcome, QuotationsFound):
                return quotations.listing(
                    outcome, asker=asker, page=page, alone=alone, token=token, view=view, filters=filters
                )
            if isinstance(outcome, NotQuotedAbout):
                return quotations.not_about(outcome, asker=asker)
            raise Refused("bot.speaker_gone")

        wait_for = None if token is None else service.newsroom.warm_up
        await respond(interaction, service, Request(work, render, wait_for=wait_for), in_place=in_place)


class TurnQuotations(_TurnPages[QuoteId]):
    """Shows a page of a speaker's quotations; also the choice among several speakers."""


class TurnFragments(_TurnPages[FragmentsId]):
    """Shows a page of a speaker's fragments."""


class TurnDisputed(_TurnPages[DisputedId]):
    """Shows a page of the disputed words that a speaker is said to have said."""


class TurnUnnamed(PersistentButton[UnnamedId]):
    """Shows a page of what sources said that articles do not name."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: UnnamedId) -> None:
        scope, asker = scope_of(interaction), interaction.user.id
        in_place = may_edit(interaction, fields.asker)

        def work() -> UnnamedSources:
            options = service.answer_memory.recall_filters(scope, fields.token) or {}
            if "speaker" not in options:
                raise Refused("bot.about_forgotten")
            words, seen = options["speaker"], narrowed(service, scope, options)
            return UnnamedSources(words, service.newsroom.speakers.unnamed(seen, words))

        def render(found: UnnamedSources) -> Reply:
            alone = is_private(interaction) or not in_place
            return quotations.unnamed(found, asker=asker, token=fields.token, page=fields.page, alone=alone)

        await respond(interaction, service, Request(work, render), in_place=in_place)


class TurnSpeakers(PersistentButton[SpeakersId]):
    """Shows another page of who said what about something."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: SpeakersId) -> None:
        scope, asker = scope_of(interaction), interaction.user.id
        in_place = may_edit(interaction, fields.asker)

        def work() -> tuple[SpeakersQuoted, Filters | None]:
            options = service.answer_memory.recall_filters(scope, fields.token) or {}
            if "about" not in options:
                raise Refused("bot.about_forgotten")
            seen = narrowed(service, scope, options)
            return service.newsroom.quoted_about(seen, options["about"]), seen.filters

        def render(found: tuple[SpeakersQuoted, Filters | None]) -> Reply:
            quoted, filters = found
            alone = is_private(interaction) or not in_place
            return voices.quoted_about(
                quoted, asker=asker, token=fields.token, page=fields.page, alone=alone, filters=filters
            )

        request = Request(work, render, wait_for=service.newsroom.warm_up)
        await respond(interaction, service, request, in_place=in_place)


class CompareChosen(PersistentButton[CompareId]):
    """Compares with the speaker who was chosen for an ambiguous name; the message of the choice is private."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: CompareId) -> None:
        scope = scope_of(interaction)

        def recall() -> dict[str, str]:
            options = service.answer_memory.recall_filters(scope, fields.token) or {}
            if not options.keys() >= {*SIDES, "about"}:
                raise Refused("bot.about_forgotten")
            return {**options, SIDES[fields.side]: speaker_value(fields.speaker)}

        asker = interaction.user.id
        token = interaction.id  # a new one: what the question remembers stays as it is
        request = comparing_request(service, scope, recall, asker=asker, token=token)
        await service.responses.defer_and_respond(interaction, request)


class DeleteAnswer(PersistentButton[DeleteId]):
    """Deletes the answer, for the asker and for those who may manage messages here."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: DeleteId) -> None:
        if is_own(interaction, fields.asker) or interaction.permissions.manage_messages:
            last = service.last_answers.recall(fields.asker, interaction.channel_id)
            if last is not None and last.token == fields.token:
                service.last_answers.drop(fields.asker, interaction.channel_id, last)
            await service.responses.delete_message(interaction)
        else:
            raise Refused("bot.not_your_answer")

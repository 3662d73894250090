"""The buttons under an answer. They are made anew from their custom ids at every press, so they survive a restart.

Only who asked turns the pages of a public answer; everybody else is shown the page privately, in a copy of their own.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeVar

from typing_extensions import override

from bot.buttons.base import Interaction, PersistentButton, is_own, is_private
from bot.render import answers, notices, paragraphs, quotations
from bot.render.reply import DELETE_TEMPLATE, MORE_TEMPLATE, QUOTE_TEMPLATE, Reply
from bot.service import scope_of
from retrieval.domain.ids import SpeakerId
from retrieval.domain.quotations import NotQuotedAbout, QuotationsFound

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    import discord

    from bot.service import Service
    from retrieval.domain.answers import Citation
    from retrieval.domain.quotations import SpeakerUnknown
    from retrieval.domain.scope import Scope

    Found = QuotationsFound | NotQuotedAbout | SpeakerUnknown | None

Result = TypeVar("Result")


class MorePassages(PersistentButton, template=MORE_TEMPLATE):
    """Another page of the passages behind an answer."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        work = functools.partial(_passages, service, scope_of(interaction), fields["token"])
        shown = interaction.message.embeds if interaction.message else []
        turn = bool(shown) and _may_turn(interaction, fields["asker"])
        top = shown[0] if turn and not is_private(interaction) else None
        show = functools.partial(
            _page, page=fields["page"], asker=interaction.user.id, token=fields["token"], under=top
        )
        await _answer(interaction, service, work, show, turn=turn)


def _passages(service: Service, scope: Scope, token: int) -> tuple[Citation, ...]:
    remembered = service.answer_memory.recall(scope, token)
    return service.newsroom.cite(scope, remembered.refs) if remembered else ()


def _page(citations: tuple[Citation, ...], *, page: int, asker: int, token: int, under: discord.Embed | None) -> Reply:
    last = answers.pages(len(citations))
    if page and last < 1:
        return notices.sentence(notices.FORGOTTEN)
    return answers.more(citations, page=min(page, last), asker=asker, token=token, under=under)


class TurnQuotations(PersistentButton, template=QUOTE_TEMPLATE):
    """A page of a speaker's quotations; also the choice among several speakers."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        token = fields.get("token")
        turn = _may_turn(interaction, fields["asker"])
        alone = is_private(interaction) or not turn
        show = functools.partial(_quotations, asker=interaction.user.id, page=fields["page"], alone=alone, token=token)
        await _answer_found(interaction, service, fields, show, turn=turn)


def _found(service: Service, scope: Scope, speaker: SpeakerId, token: int | None) -> Found:
    """The quotations again; None where it was forgotten what they are to be about."""
    if token is None:
        return service.newsroom.quotes_of(scope, speaker)
    about = service.answer_memory.recall_about(scope, token)
    return None if about is None else service.newsroom.quotes_of(scope, speaker, about)


def _quotations(result: Found, *, asker: int, page: int, alone: bool, token: int | None) -> Reply:
    if result is None:
        return notices.sentence(notices.ABOUT_FORGOTTEN)
    if isinstance(result, QuotationsFound):
        return quotations.found(result, asker=asker, page=page, alone=alone, token=token)
    if isinstance(result, NotQuotedAbout):
        return quotations.elsewhere(result, asker=asker)
    return notices.sentence(notices.SPEAKER_GONE)


class ShowParagraphs(PersistentButton, template=paragraphs.TEMPLATE):
    """A speaker's quotations one after the other, each in its whole paragraph, for who pressed alone."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        token = fields.get("token")
        show = functools.partial(_paragraphs, asker=interaction.user.id, first=fields["first"], token=token)
        turn = is_private(interaction) and bool(fields["turns"])
        await _answer_found(interaction, service, fields, show, turn=turn)


def _paragraphs(result: Found, *, asker: int, first: int, token: int | None) -> Reply:
    if isinstance(result, QuotationsFound):
        return paragraphs.whole(result, asker=asker, first=first, token=token)
    return _quotations(result, asker=asker, page=0, alone=True, token=token)


class DeleteAnswer(PersistentButton, template=DELETE_TEMPLATE):
    """Takes the answer away, for who asked and for whoever may manage messages here."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        if is_own(interaction, fields["asker"]) or interaction.permissions.manage_messages:
            await service.responses.delete_message(interaction)
        else:
            await service.responses.send(interaction, notices.sentence(notices.NOT_YOURS))


def _may_turn(interaction: Interaction, asker: int) -> bool:
    """Whether the message itself becomes the other page: not somebody else's, and not what a moderator has emptied.

    Embeds that a moderator removed stay away from everybody's eyes; whoever presses is shown a copy.
    """
    if is_private(interaction):
        return True
    emptied = interaction.message is not None and interaction.message.flags.suppress_embeds
    return is_own(interaction, asker) and not emptied


async def _answer_found(
    interaction: Interaction, service: Service, fields: dict[str, int], show: Callable[[Found], Reply], *, turn: bool
) -> None:
    """The quotations that the button names, as `show` shows them; the model is needed where they were narrowed."""
    token = fields.get("token")
    work = functools.partial(_found, service, scope_of(interaction), SpeakerId(fields["speaker"]), token)
    after = None if token is None else service.newsroom.warm_up
    await _answer(interaction, service, work, show, turn=turn, after=after)


async def _answer(
    interaction: Interaction,
    service: Service,
    work: Callable[[], Result],
    show: Callable[[Result], Reply],
    *,
    turn: bool,
    after: Future[None] | None = None,
) -> None:
    """In the place of the message where it may `turn`, else privately, in a copy for who pressed."""
    if turn:
        await service.responses.edit_in_place(interaction, work, show, after=after)
    else:
        await service.responses.defer_and_respond(interaction, work, show, private=True, after=after)

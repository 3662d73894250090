"""The buttons of one excerpt: share it, show it in its context, verify it, copy it as a citation; and the menu."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import PersistentButton, excerpt_of, picked, respond
from bot.checks import release_cooldown, require_answer_channel, require_writer, start_cooldown
from bot.interactions import is_private, scope_of
from bot.refusals import Refused
from bot.render import excerpts
from bot.render.citations import citations
from bot.render.custom_ids import CiteId, ContextId, ExcerptsId, ShareId, VerifyId
from bot.threads.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.excerpts import Excerpt, ExcerptRef


class ShareExcerpt(PersistentButton[ShareId]):
    """Posts the words into the channel, for members who may write there; a second press posts nothing.

    It costs the wait of a question.
    """

    @override
    async def press(self, interaction: Interaction, service: Service, fields: ShareId) -> None:
        member, channel, ref = interaction.user.id, interaction.channel_id, fields.ref
        require_answer_channel(interaction)
        require_writer(interaction)
        if service.shared.recall(member, (channel, ref)):
            raise Refused("bot.shared_already")
        start_cooldown(interaction)
        service.shared.keep(member, (channel, ref), value=True)
        request = _request(interaction, service, ref, lambda excerpt: excerpts.shared(excerpt, by=member))
        if not await service.responses.defer_and_respond(interaction, replace(request, private=False)):
            service.shared.drop(member, (channel, ref))
            release_cooldown(interaction)


class ShowContext(PersistentButton[ContextId]):
    """Shows the words among the paragraphs around them, privately."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: ContextId) -> None:
        await service.responses.defer_and_respond(
            interaction, _request(interaction, service, fields.ref, excerpts.in_context)
        )


class PickExcerpt(PersistentButton[ExcerptsId]):
    """Shows the excerpt that was picked in its context, privately."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: ExcerptsId) -> None:
        ref = picked(interaction, ContextId).ref
        await service.responses.defer_and_respond(interaction, _request(interaction, service, ref, excerpts.in_context))


class VerifyExcerpt(PersistentButton[VerifyId]):
    """Adds what proves the words to their context."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: VerifyId) -> None:
        request = _request(interaction, service, fields.ref, lambda one: excerpts.in_context(one, verified=True))
        await respond(interaction, service, request, in_place=is_private(interaction))


class CiteExcerpt(PersistentButton[CiteId]):
    """Shows the words as citations, privately."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: CiteId) -> None:
        await service.responses.defer_and_respond(interaction, _request(interaction, service, fields.ref, citations))


def _request(
    interaction: Interaction, service: Service, ref: ExcerptRef, render: Callable[[Excerpt], Reply]
) -> Request[Excerpt]:
    """Return the request that finds the words and renders them; a refusal where they are not to be seen any more."""
    scope = scope_of(interaction)
    return Request(lambda: excerpt_of(service, scope, ref), render)

"""What stands under the newest articles: their pages, a question about one of them, and who is quoted in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import PersistentButton, may_edit, picked, respond
from bot.checks import require_answer_channel
from bot.interactions import is_private, scope_of
from bot.modals import AskAboutArticle
from bot.options import narrowed
from bot.refusals import Refused
from bot.render import latest_articles, voices
from bot.render.custom_ids import AboutId, AskMenuId, LatestId, QuotedInId, QuotedMenuId
from bot.threads.request import Request

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import Latest
    from retrieval.domain.quotations import SpeakersQuoted
    from retrieval.domain.scope import Filters


class TurnLatest(PersistentButton[LatestId]):
    """Shows another page of the newest articles, as they are now."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: LatestId) -> None:
        scope, asker, token = scope_of(interaction), interaction.user.id, fields.token
        in_place = may_edit(interaction, fields.asker)

        def work() -> tuple[Latest, Filters | None]:
            options = service.answer_memory.recall_filters(scope, token)
            if options is None:
                raise Refused("bot.latest_forgotten")
            narrowed_scope = narrowed(service, scope, options)
            return service.newsroom.latest(narrowed_scope, options.get("topic")), narrowed_scope.filters

        def render(found: tuple[Latest, Filters | None]) -> Reply:
            latest, filters = found
            alone = is_private(interaction) or not in_place
            return latest_articles.listing(
                latest, asker=asker, token=token, page=fields.page, alone=alone, filters=filters
            )

        request = Request(work, render, wait_for=service.newsroom.warm_up)
        await respond(interaction, service, request, in_place=in_place)


class PickToAsk(PersistentButton[AskMenuId]):
    """Opens a form for a question about the article that was picked."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: AskMenuId) -> None:
        require_answer_channel(interaction)
        passage = picked(interaction, AboutId).passage
        await service.responses.open_modal(interaction, AskAboutArticle(service, passage, asker=interaction.user.id))


class PickQuoted(PersistentButton[QuotedMenuId]):
    """Shows privately who is quoted in the article that was picked."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: QuotedMenuId) -> None:
        request = _quoted_in(interaction, service, picked(interaction, QuotedInId))
        await respond(interaction, service, request, in_place=False)


class TurnQuotedIn(PersistentButton[QuotedInId]):
    """Shows another page of who is quoted in an article."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: QuotedInId) -> None:
        request = _quoted_in(interaction, service, fields)
        await respond(interaction, service, request, in_place=is_private(interaction))


def _quoted_in(interaction: Interaction, service: Service, fields: QuotedInId) -> Request[SpeakersQuoted]:
    scope = scope_of(interaction)
    return Request(
        lambda: service.newsroom.quotes_in(scope, fields.passage),
        lambda quoted: voices.quoted_in(quoted, fields.passage, page=fields.page),
    )

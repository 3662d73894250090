"""The buttons under the list of feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.background.news_channels import feeds_page
from bot.buttons.base import ModeratorButton
from bot.render import feeds
from bot.render.custom_ids import FeedsId
from bot.threads.request import Request

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.service import Service
    from retrieval.domain.scope import Scope


class TurnFeeds(ModeratorButton[FeedsId]):
    """Shows another page of the feeds that the server follows."""

    command = "feed"
    refusal = feeds.NOT_ALLOWED

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: FeedsId) -> None:
        request = Request(
            lambda: service.newsroom.feeds.listed(home),
            lambda followed: feeds_page(followed, guild=interaction.guild, asker=fields.asker, page=fields.page),
        )
        await service.responses.edit_in_place(interaction, request)

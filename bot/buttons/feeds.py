"""The buttons under the list of feeds."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.background.news_channels import feeds_page
from bot.buttons.base import ModeratorButton
from bot.render import feeds
from bot.render.reply import FEEDS_TEMPLATE

if TYPE_CHECKING:
    from bot.buttons.base import Interaction
    from bot.service import Service
    from retrieval.domain.scope import Scope


class TurnFeeds(ModeratorButton, template=FEEDS_TEMPLATE):
    """Another page of what the server follows, on a message that nobody sees but who asked for the list."""

    command = "feed"
    refusal = feeds.NOT_ALLOWED

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        work = functools.partial(service.newsroom.feeds.listed, home)
        show = functools.partial(feeds_page, guild=interaction.guild, asker=fields["asker"], page=fields["page"])
        await service.responses.edit_in_place(interaction, work, show)

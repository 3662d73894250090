"""The buttons under the list of feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import ModeratorButton
from bot.news_channels import trouble_with
from bot.render import feeds
from bot.render.custom_ids import FeedsId
from bot.threads.request import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    import discord

    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.feeds import FeedHealth
    from retrieval.domain.scope import Scope


class TurnFeeds(ModeratorButton[FeedsId]):
    """Shows another page of the feeds that the server follows."""

    command = "feed"
    not_allowed = "bot.feeds_not_allowed"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: FeedsId) -> None:
        await service.responses.edit_in_place(interaction, feeds_request(service, home, interaction.guild, fields))


def feeds_request(
    service: Service, home: Scope, guild: discord.Guild | None, fields: FeedsId
) -> Request[Sequence[FeedHealth]]:
    """Return the request that shows a page of the feeds, with what is wrong with their channels now."""

    def render(followed: Sequence[FeedHealth]) -> Reply:
        troubles = {
            feed.id: trouble.text()
            for feed in followed
            if guild is not None and feed.channel is not None and (trouble := trouble_with(guild, feed.channel))
        }
        return feeds.listing(followed, troubles, asker=fields.asker, page=fields.page)

    return Request(lambda: service.newsroom.feeds.listed(home), render)

"""The buttons under the list of feeds."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.pressed import Interaction, Pressed
from bot.channels import feeds_page
from bot.permissions import home_of, may_press
from bot.render import feeds, notices
from bot.render.reply import FEEDS_TEMPLATE

if TYPE_CHECKING:
    from bot.service import Service


class TurnFeeds(Pressed, template=FEEDS_TEMPLATE):
    """Another page of what the server follows, on a message that nobody sees but who asked for the list."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        reader = home_of(interaction)
        if reader is None or not may_press(interaction, fields["asker"]):
            await service.replies.saying(interaction, notices.sentence(feeds.NOT_ALLOWED))
            return
        work = functools.partial(service.newsroom.feeds.listed, reader)
        show = functools.partial(feeds_page, guild=interaction.guild, asker=fields["asker"], page=fields["page"])
        await service.replies.turning(interaction, work, show)


ALL: tuple[type[Pressed], ...] = (TurnFeeds,)

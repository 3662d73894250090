"""What the buttons of moderators have in common: each asks at every press whether who pressed it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from bot.buttons.pressed import Interaction, PersistentButton
from bot.permissions import home_of, may_add, may_manage
from bot.render import notices, servers
from retrieval.domain.ids import ArticleNumber
from retrieval.errors import ArticleUnknown

if TYPE_CHECKING:
    from bot.service import Service
    from retrieval.domain.articles import ArticleShown
    from retrieval.domain.scope import Scope


class ModeratorButton(PersistentButton, template=r"(?!)"):
    """A button under a moderator's answer, for whoever may use its `command` now, in a server that the bot is in.

    Somebody else than who was given it is told so; whoever may not use the command is told the `refusal`.
    """

    command: ClassVar[str]
    refusal: ClassVar[str] = servers.NOT_ALLOWED

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        home = home_of(interaction)
        if home is None or fields.get("asker", interaction.user.id) != interaction.user.id:
            await service.replies.saying(interaction, notices.sentence(servers.NOT_YOUR_BUTTON))
        elif not await self.may(interaction):
            await service.replies.saying(interaction, notices.sentence(self.refusal))
        else:
            await self.press_at(interaction, service, home, fields)

    async def may(self, interaction: Interaction) -> bool:
        """Whether who pressed may use the command."""
        return await may_manage(interaction, self.command)

    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        """What the button does there."""
        raise NotImplementedError


class AdderButton(ModeratorButton, template=r"(?!)"):
    """A button of `/article` for whoever may add articles."""

    command = "article"
    refusal = servers.NOT_AN_ADDER

    @override
    async def may(self, interaction: Interaction) -> bool:
        return await may_add(interaction, self.command)


def article_under(service: Service, home: Scope, fields: dict[str, int]) -> ArticleShown | None:
    """The article whose `number` and `mark` a button carries; None where this version of it is not there any more."""
    desk = service.newsroom.desk
    try:
        found = desk.show(home, desk.numbered(home, ArticleNumber(fields["number"])))
    except ArticleUnknown:
        return None
    return found if found.article.mark == fields["mark"] else None

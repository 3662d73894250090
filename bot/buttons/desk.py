"""The buttons under what moderators are shown: undo, remove, turn a list or the audit, forget a member, erase a server.

Each asks once more whether it may, and works in the server in which it is pressed and no other.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.pressed import Interaction, Pressed
from bot.permissions import home_of, may_press
from bot.render import articles, notices, servers
from bot.render.reply import (
    ARTICLES_TEMPLATE,
    AUDIT_TEMPLATE,
    ERASE_TEMPLATE,
    FORGET_TEMPLATE,
    REMOVE_TEMPLATE,
    UNDO_TEMPLATE,
)
from retrieval.domain.ids import ArticleId, CollectionId, UserId
from retrieval.errors import ArticleUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import ArticleEntry, ArticlePage
    from retrieval.domain.readers import Reader


class _Guarded(Pressed, template=r"(?!)"):
    """A button for whoever was given it, in a server that the bot is in."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        home = home_of(interaction)
        if home is None or not may_press(interaction, fields["asker"]):
            await service.replies.saying(interaction, notices.sentence(servers.NOT_YOUR_BUTTON))
            return
        await self.press_at(interaction, service, home, fields)

    async def press_at(self, interaction: Interaction, service: Service, home: Reader, fields: dict[str, int]) -> None:
        """What the button does there."""
        raise NotImplementedError


class UndoAdding(_Guarded, template=UNDO_TEMPLATE):
    """Takes back what was added."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Reader, fields: dict[str, int]) -> None:
        work = functools.partial(
            service.newsroom.desk.undo, home, ArticleId(fields["article"]), UserId(interaction.user.id)
        )
        await service.replies.turning(interaction, functools.partial(_if_there, work), _or_gone(articles.undone))


class RemoveArticle(_Guarded, template=REMOVE_TEMPLATE):
    """Removes an article, after it was asked for."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Reader, fields: dict[str, int]) -> None:
        work = functools.partial(
            service.newsroom.desk.remove, home, ArticleId(fields["article"]), UserId(interaction.user.id)
        )
        await service.replies.turning(interaction, functools.partial(_if_there, work), _or_gone(articles.removed))


class TurnArticles(_Guarded, template=ARTICLES_TEMPLATE):
    """Another page of the list of articles."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Reader, fields: dict[str, int]) -> None:
        token, filters = fields["token"], {}

        def work() -> ArticlePage | None:
            known = service.memory.recall_filters(home, token)
            if known is None:
                return None
            filters.update(known)
            return page_of(service, home, filters, fields["page"])

        def show(page: ArticlePage | None) -> Reply:
            if page is None:
                return notices.sentence(notices.FORGOTTEN)
            return articles.listing(page, asker=interaction.user.id, token=token, filters=filters)

        await service.replies.turning(interaction, work, show)


class TurnAudit(_Guarded, template=AUDIT_TEMPLATE):
    """Another page of the audit."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Reader, fields: dict[str, int]) -> None:
        people_only = bool(fields["people"])
        work = functools.partial(service.newsroom.desk.audit, home, fields["page"], people_only=people_only)
        show = functools.partial(servers.audit, asker=interaction.user.id, people_only=people_only)
        await service.replies.turning(interaction, work, show)


class ForgetMember(Pressed, template=FORGET_TEMPLATE):
    """Makes the bot forget whoever presses it, wherever they do; asks first."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        user = interaction.user.id
        if fields["asker"] != user:
            await service.replies.saying(interaction, notices.sentence(servers.NOT_YOUR_BUTTON))
        elif not fields["sure"]:
            await service.replies.saying(interaction, servers.confirm_forgetting(asker=user))
        else:
            await service.replies.turning(interaction, functools.partial(_forgotten, service, user), servers.forgotten)


class EraseServer(_Guarded, template=ERASE_TEMPLATE):
    """Erases everything of the server; asks first."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Reader, fields: dict[str, int]) -> None:
        user, desk = interaction.user.id, service.newsroom.desk
        assert home.server is not None
        if not interaction.permissions.manage_guild:
            await service.replies.saying(interaction, notices.sentence(servers.NOT_ALLOWED))
        elif not fields["sure"]:
            show = functools.partial(servers.confirm_erasing, asker=user)
            await service.replies.thinking(interaction, functools.partial(desk.amount, home), show, private=True)
        else:
            work = functools.partial(_erased, service, home.server)
            await service.replies.turning(interaction, work, servers.erased)


def page_of(service: Service, reader: Reader, filters: dict[str, str], number: int) -> ArticlePage:
    """A page of the articles that the filters leave."""
    room = service.newsroom
    narrowed = room.narrowed(reader, filters.get("source"), filters.get("since"), filters.get("until"))
    return room.desk.page(narrowed, filters.get("search"), number)


def _if_there(work: Callable[[], ArticleEntry]) -> ArticleEntry | None:
    try:
        return work()
    except ArticleUnknown:
        return None


def _or_gone(show: Callable[[ArticleEntry], Reply]) -> Callable[[ArticleEntry | None], Reply]:
    return lambda entry: notices.sentence(articles.GONE) if entry is None else show(entry)


def _forgotten(service: Service, user: int) -> int:
    service.newsroom.desk.forget_user(UserId(user))
    return service.memory.forget(user)


def _erased(service: Service, server: CollectionId) -> int:
    taken = service.newsroom.desk.erase(server)
    service.preferences.forget(server)
    return taken


ALL: tuple[type[Pressed], ...] = (UndoAdding, RemoveArticle, TurnArticles, TurnAudit, ForgetMember, EraseServer)

"""The buttons under what moderators are shown: undo, remove, turn a list or the audit, forget a member, erase a server.

Each asks once more whether it may, and works in the server in which it is pressed and no other.
"""

from __future__ import annotations

import functools
from contextlib import suppress
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.guarded import AdderButton, ModeratorButton, article_under
from bot.buttons.pressed import Interaction, PersistentButton
from bot.permissions import may_manage
from bot.render import articles, notices, servers
from bot.render.reply import (
    ARTICLES_TEMPLATE,
    AUDIT_TEMPLATE,
    ERASE_TEMPLATE,
    FORGET_TEMPLATE,
    REMOVE_TEMPLATE,
    UNDO_TEMPLATE,
)
from bot.work import LongWork
from retrieval.domain.ids import CollectionId, UserId
from retrieval.errors import ArticleRejected, ArticleUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import ArticleEntry, ArticlePage
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.ids import ArticleId
    from retrieval.domain.scope import Scope


class UndoAdding(AdderButton, template=UNDO_TEMPLATE):
    """Takes back what was added: who may only add takes back what they added themselves."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        by, undo = interaction.user.id, service.newsroom.desk.undo
        anybodys = await may_manage(interaction, self.command)

        def struck(stop: Cancellation) -> ArticleEntry:
            strike = functools.partial(undo, cancellation=stop)
            return _struck(service, strike, home, fields, by, anybodys=anybodys)

        await service.replies.turning(interaction, LongWork(struck), articles.undone, meanwhile=articles.UNDOING)


class RemoveArticle(ModeratorButton, template=REMOVE_TEMPLATE):
    """Removes an article, after it was asked for."""

    command = "article"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        work = functools.partial(_struck, service, service.newsroom.desk.remove, home, fields, interaction.user.id)
        await service.replies.turning(interaction, work, articles.removed)


class TurnArticles(AdderButton, template=ARTICLES_TEMPLATE):
    """Another page of the list of articles."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        work = functools.partial(_page_again, service, home, fields)
        show = functools.partial(_listing, asker=interaction.user.id, token=fields["token"])
        await service.replies.turning(interaction, work, show)


class TurnAudit(ModeratorButton, template=AUDIT_TEMPLATE):
    """Another page of the audit."""

    command = "settings"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        people_only = bool(fields["people"])
        work = functools.partial(service.newsroom.desk.audit, home, fields["page"], people_only=people_only)
        show = functools.partial(servers.audit, asker=interaction.user.id, people_only=people_only)
        await service.replies.turning(interaction, work, show)


class ForgetMember(PersistentButton, template=FORGET_TEMPLATE):
    """Makes the bot forget whoever presses it, wherever they do; asks first."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        user = interaction.user.id
        if fields["asker"] != user:
            await service.replies.saying(interaction, notices.sentence(servers.NOT_YOUR_BUTTON))
        elif not fields["sure"]:
            await service.replies.saying(interaction, servers.confirm_forgetting(asker=user))
        else:
            work = LongWork(functools.partial(_forgotten, service, user))
            await service.replies.turning(interaction, work, servers.forgotten, meanwhile=servers.FORGETTING)


class EraseServer(ModeratorButton, template=ERASE_TEMPLATE):
    """Erases everything of the server, for those alone who may manage it; asks first."""

    @override
    async def may(self, interaction: Interaction) -> bool:
        return interaction.permissions.manage_guild

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        user, desk = interaction.user.id, service.newsroom.desk
        assert home.server is not None
        if not fields["sure"]:
            show = functools.partial(servers.confirm_erasing, asker=user)
            await service.replies.thinking(interaction, functools.partial(desk.amount, home), show, private=True)
        else:
            work = LongWork(functools.partial(_erased, service, home.server))
            await service.replies.turning(interaction, work, servers.erased)


def page_of(service: Service, scope: Scope, filters: dict[str, str], number: int) -> ArticlePage:
    """A page of the articles that the filters leave."""
    room = service.newsroom
    narrowed = room.narrowed(scope, filters.get("source"), filters.get("since"), filters.get("until"))
    return room.desk.page(narrowed, filters.get("search"), number)


def _page_again(service: Service, home: Scope, fields: dict[str, int]) -> tuple[ArticlePage, dict[str, str]] | None:
    """The page with the filters that it was narrowed by; None where they were forgotten."""
    filters = service.memory.recall_filters(home, fields["token"])
    return None if filters is None else (page_of(service, home, filters, fields["page"]), filters)


def _listing(again: tuple[ArticlePage, dict[str, str]] | None, *, asker: int, token: int) -> Reply:
    if again is None:
        return notices.sentence(notices.FORGOTTEN)
    page, filters = again
    return articles.listing(page, asker=asker, token=token, filters=filters)


def _struck(
    service: Service,
    strike: Callable[[Scope, ArticleId, UserId], ArticleEntry],
    home: Scope,
    fields: dict[str, int],
    by: int,
    *,
    anybodys: bool = True,
) -> ArticleEntry:
    """The server's own article that is struck off: what `by` added or, where they may, `anybodys`.

    Raises ArticleRejected where this version of it is not there.
    """
    found = article_under(service, home, fields)
    if found is not None and (anybodys or found.added_by == by):
        with suppress(ArticleUnknown):
            return strike(home, found.article.id, UserId(by))
    raise ArticleRejected(articles.GONE)


def _forgotten(service: Service, user: int, cancellation: Cancellation) -> int:
    cancellation.begin_storing()
    service.newsroom.desk.forget_user(UserId(user))
    service.forms.forget(user)
    return service.memory.forget(user)


def _erased(service: Service, server: CollectionId, cancellation: Cancellation) -> int:
    cancellation.begin_storing()
    taken = service.newsroom.desk.erase(server)
    service.preferences.forget(server)
    return taken


ALL: tuple[type[PersistentButton], ...] = (
    UndoAdding,
    RemoveArticle,
    TurnArticles,
    TurnAudit,
    ForgetMember,
    EraseServer,
)

"""The buttons under what moderators are shown: undo, remove, turn a list or the audit, forget a member, erase a server.

Each asks once more whether it may, and works in the server in which it is pressed and no other.
"""

from __future__ import annotations

import functools
from contextlib import suppress
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import AdderButton, Interaction, ModeratorButton, article_of
from bot.checks import may_manage
from bot.modals import PasteText
from bot.render import articles, notices
from bot.render.reply import (
    ARTICLES_TEMPLATE,
    FORM_TEMPLATE,
    REMOVE_TEMPLATE,
    UNDO_TEMPLATE,
    UNEDIT_TEMPLATE,
)
from bot.threads.request import LongWork
from retrieval.domain.ids import UserId
from retrieval.errors import ArticleRejected, ArticleUnknown, NothingToUndo

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import ArticleEntry, ArticlePage
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.editing import Edited
    from retrieval.domain.ids import ArticleId
    from retrieval.domain.scope import Scope


class UndoEdit(ModeratorButton, template=UNEDIT_TEMPLATE):
    """Gives an article back what an edit changed."""

    command = "article"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        work = LongWork(functools.partial(_undone, service, home, fields, UserId(interaction.user.id)))
        await service.responses.edit_in_place(interaction, work, articles.edit_undone, meanwhile=articles.UNDOING)


class CorrectForm(AdderButton, template=FORM_TEMPLATE):
    """Opens the form that was refused, with everything that was filled in."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        assert home.server is not None
        user = interaction.user.id
        form = service.forms.recall(home.server, user)
        if form is None:
            await service.responses.send(interaction, notices.sentence(articles.FORM_FORGOTTEN))
        else:
            await service.responses.open_modal(interaction, PasteText(service, home, self.command, form, asker=user))


def _undone(service: Service, home: Scope, fields: dict[str, int], by: UserId, cancellation: Cancellation) -> Edited:
    """The article without the edit. Raises NothingToUndo where this version of it is not there any more."""
    found = article_of(service, home, fields)
    if found is None:
        raise NothingToUndo(articles.EDIT_OUTDATED)
    return service.newsroom.editing.undo(home, found.article.id, by, cancellation=cancellation)


class UndoAdding(AdderButton, template=UNDO_TEMPLATE):
    """Takes back what was added: who may only add takes back what they added themselves."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        by, undo = interaction.user.id, service.newsroom.importer.undo
        anybodys = await may_manage(interaction, self.command)

        def struck(stop: Cancellation) -> ArticleEntry:
            strike = functools.partial(undo, cancellation=stop)
            return _struck(service, strike, home, fields, by, anybodys=anybodys)

        await service.responses.edit_in_place(
            interaction, LongWork(struck), articles.undone, meanwhile=articles.UNDOING
        )


class RemoveArticle(ModeratorButton, template=REMOVE_TEMPLATE):
    """Removes an article, after it was asked for."""

    command = "article"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        work = functools.partial(_struck, service, service.newsroom.articles.remove, home, fields, interaction.user.id)
        await service.responses.edit_in_place(interaction, work, articles.removed)


class TurnArticles(AdderButton, template=ARTICLES_TEMPLATE):
    """Another page of the list of articles."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        work = functools.partial(_page_again, service, home, fields)
        show = functools.partial(_listing, asker=interaction.user.id, token=fields["token"])
        await service.responses.edit_in_place(interaction, work, show)


def page_of(service: Service, scope: Scope, filters: dict[str, str], number: int) -> ArticlePage:
    """A page of the articles that the filters leave."""
    room = service.newsroom
    narrowed = room.narrowed(scope, filters.get("source"), filters.get("since"), filters.get("until"))
    return room.articles.page(narrowed, filters.get("search"), number)


def _page_again(service: Service, home: Scope, fields: dict[str, int]) -> tuple[ArticlePage, dict[str, str]] | None:
    """The page with the filters that it was narrowed by; None where they were forgotten."""
    filters = service.answer_memory.recall_filters(home, fields["token"])
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
    found = article_of(service, home, fields)
    if found is not None and (anybodys or found.added_by == by):
        with suppress(ArticleUnknown):
            return strike(home, found.article.id, UserId(by))
    raise ArticleRejected(articles.GONE)

"""The buttons under articles: undo an addition or an edit, remove, turn the list's pages, open a refused form again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import AdderButton, ModeratorButton, article_of
from bot.checks import may_manage
from bot.modals import PasteText
from bot.options import narrowed
from bot.refusals import Refused
from bot.render import articles
from bot.render.custom_ids import ArticlesId, FormId, RemoveId, UndoId, UneditId, VersionId
from bot.threads.request import LongWork, Request
from retrieval.domain.ids import UserId
from retrieval.errors import ArticleRejected, ArticleUnknown, NothingToUndo

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import ArticleEntry, ArticlePage
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.editing import Edited
    from retrieval.domain.ids import ArticleId
    from retrieval.domain.scope import Scope


class UndoAdding(AdderButton[UndoId]):
    """Takes an added article back; who may only add takes back only what they added."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: UndoId) -> None:
        by = UserId(interaction.user.id)
        added_by = None if await may_manage(interaction, self.command) else by

        @LongWork
        def work(stop: Cancellation) -> ArticleEntry:
            undo = service.newsroom.importer.undo
            return _take_away(service, home, fields, lambda id_: undo(home, id_, by, cancellation=stop), added_by)

        request = Request(work, articles.undone, progress=articles.UNDOING)
        await service.responses.edit_in_place(interaction, request)


class RemoveArticle(ModeratorButton[RemoveId]):
    """Removes an article, after confirmation."""

    command = "article"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: RemoveId) -> None:
        by, remove = UserId(interaction.user.id), service.newsroom.articles.remove
        request = Request(
            lambda: _take_away(service, home, fields, lambda id_: remove(home, id_, by)), articles.removed
        )
        await service.responses.edit_in_place(interaction, request)


def _take_away(
    service: Service,
    home: Scope,
    fields: VersionId,
    take_away: Callable[[ArticleId], ArticleEntry],
    added_by: UserId | None = None,
) -> ArticleEntry:
    """Take away the version of the server's own article that the button names; only one `added_by` that member.

    Raises ArticleRejected if there is none.
    """
    shown = article_of(service, home, fields)
    if shown is not None and added_by in {None, shown.added_by}:
        with suppress(ArticleUnknown):
            return take_away(shown.article.id)
    raise ArticleRejected("article.not_own_any_more")


class UndoEdit(ModeratorButton[UneditId]):
    """Undoes an edit of an article."""

    command = "article"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: UneditId) -> None:
        @LongWork
        def work(stop: Cancellation) -> Edited:
            shown, by = article_of(service, home, fields), UserId(interaction.user.id)
            if shown is None:
                raise NothingToUndo("article.edit_outdated")
            return service.newsroom.editor.undo(home, shown.article.id, by, cancellation=stop)

        request = Request(work, articles.edit_undone, progress=articles.UNDOING)
        await service.responses.edit_in_place(interaction, request)


class TurnArticles(AdderButton[ArticlesId]):
    """Shows another page of the list of articles, with the same filters."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: ArticlesId) -> None:
        token = fields.token

        def work() -> tuple[ArticlePage, dict[str, str]] | None:
            filters = service.answer_memory.recall_filters(home, token)
            return None if filters is None else (filtered_page(service, home, filters, fields.page), filters)

        def render(result: tuple[ArticlePage, dict[str, str]] | None) -> Reply:
            if result is None:
                raise Refused("bot.answer_forgotten")
            page, filters = result
            return articles.listing(page, asker=interaction.user.id, token=token, filters=filters)

        await service.responses.edit_in_place(interaction, Request(work, render))


def filtered_page(service: Service, scope: Scope, filters: dict[str, str], number: int) -> ArticlePage:
    """Return a page of the articles that match the filters of `/article list`. Raises QuestionRejected for no day."""
    return service.newsroom.articles.page(narrowed(service, scope, filters), filters.get("search"), number)


class CorrectForm(AdderButton[FormId]):
    """Opens the form that was refused, with everything that was filled in."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: FormId) -> None:
        assert home.server is not None
        form = service.forms.recall(home.server, interaction.user.id)
        if form is None:
            raise Refused("bot.form_forgotten")
        modal = PasteText(service, home, self.command, form, asker=interaction.user.id)
        await service.responses.open_modal(interaction, modal)

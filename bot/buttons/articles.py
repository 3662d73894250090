"""The buttons under articles: undo an addition or an edit, remove, turn the list's pages, open a refused form again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import AdderButton, ModeratorButton, all_picked, article_of
from bot.checks import may_manage
from bot.modals import PasteText
from bot.options import narrowed
from bot.refusals import Refused
from bot.render import articles
from bot.render.custom_ids import (
    ArticlesId,
    BringBackId,
    FormId,
    PickArticlesId,
    RemoveId,
    RemovePickedId,
    UndoId,
    UneditId,
)
from bot.threads.request import LongWork, Request
from retrieval.domain.ids import ArticleNumber, UserId
from retrieval.errors import ArticleRejected, ArticleUnknown, NothingToUndo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import ArticleEntry, ArticlePage, ArticleShown
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
            shown = article_of(service, home, fields)
            if shown is not None and added_by in {None, shown.added_by}:
                with suppress(ArticleUnknown):
                    return service.newsroom.importer.undo(home, shown.article.id, by, cancellation=stop)
            raise ArticleRejected("article.not_own_any_more")

        request = Request(work, articles.undone, progress=articles.UNDOING)
        await service.responses.edit_in_place(interaction, request)


class PickArticles(AdderButton[PickArticlesId]):
    """Shows the article that was picked from a list; of several, asks whether to remove them."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: PickArticlesId) -> None:
        asker, token, values = interaction.user.id, interaction.id, all_picked(interaction)
        manager = await may_manage(interaction, self.command)

        def work() -> Sequence[ArticleShown]:
            shown = _shown(service, home, values)
            if manager and len(shown) > 1:  # only then is there a button that removes them
                service.answer_memory.keep_articles(home, token, asker, [each.article.id for each in shown if each.own])
            return shown

        def render(shown: Sequence[ArticleShown]) -> Reply:
            if len(shown) == 1:
                return articles.details(shown[0], remover=asker if manager else None)
            return articles.picked(shown, asker=asker, token=token if manager else None)

        await service.responses.defer_and_respond(interaction, Request(work, render))


def _shown(service: Service, home: Scope, values: Iterable[str]) -> list[ArticleShown]:
    """Return the articles of these numbers that are there. Raises ArticleUnknown if none is."""
    repository = service.newsroom.articles
    shown: list[ArticleShown] = []
    for number in filter(None, map(ArticleNumber.parse, values)):
        with suppress(ArticleUnknown):
            shown.append(repository.show(home, repository.numbered(home, number)))
    if not shown:
        raise ArticleUnknown
    return shown


class RemoveArticle(ModeratorButton[RemoveId]):
    """Removes an article, which can be undone for a day."""

    command = "article"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: RemoveId) -> None:
        def work() -> Sequence[ArticleEntry]:
            shown = article_of(service, home, fields)
            return _remove(service, home, () if shown is None else (shown.article.id,), interaction)

        await service.responses.edit_in_place(interaction, Request(work, _removed(interaction)))


class RemovePicked(ModeratorButton[RemovePickedId]):
    """Removes the articles that were picked from a list, which can be undone for a day."""

    command = "article"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: RemovePickedId) -> None:
        def work() -> Sequence[ArticleEntry]:
            ids = service.answer_memory.recall_articles(home, fields.token)
            if ids is None:
                raise Refused("bot.picked_forgotten")
            return _remove(service, home, ids, interaction)

        await service.responses.edit_in_place(interaction, Request(work, _removed(interaction)))


def _remove(
    service: Service, home: Scope, ids: Sequence[ArticleId], interaction: Interaction
) -> Sequence[ArticleEntry]:
    """Remove the server's own articles; remember first which, for undoing. Raises ArticleRejected if there is none."""
    by = UserId(interaction.user.id)
    service.answer_memory.keep_articles(home, interaction.id, by, ids)
    removed = service.newsroom.removals.set_aside(home, ids, by)
    if not removed:
        raise ArticleRejected("article.not_own_any_more")
    return removed


def _removed(interaction: Interaction) -> Callable[[Sequence[ArticleEntry]], Reply]:
    return lambda entries: articles.removed(entries, asker=interaction.user.id, token=interaction.id)


class BringBack(ModeratorButton[BringBackId]):
    """Brings removed articles back."""

    command = "article"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: BringBackId) -> None:
        def work() -> Sequence[ArticleEntry]:
            ids = service.answer_memory.recall_articles(home, fields.token) or ()
            back = service.newsroom.removals.bring_back(home, ids, UserId(interaction.user.id))
            if not back:
                raise NothingToUndo("article.removal_final")
            return back

        await service.responses.edit_in_place(interaction, Request(work, articles.brought_back))


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
        form = service.forms.kept.recall(interaction.user.id, home.server)
        if form is None:
            raise Refused("bot.form_forgotten")
        modal = PasteText(service, home, self.command, form, asker=interaction.user.id)
        await service.responses.open_modal(interaction, modal)

"""The buttons under what was edited or refused: undo an edit, open the form again."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.guarded import AdderButton, ModeratorButton, article_under
from bot.pasting import PasteText
from bot.render import articles, notices
from bot.render.reply import FORM_TEMPLATE, UNEDIT_TEMPLATE
from bot.work import LongWork
from retrieval.domain.ids import UserId
from retrieval.errors import NothingToUndo

if TYPE_CHECKING:
    from bot.buttons.pressed import Interaction, PersistentButton
    from bot.service import Service
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.editing import Edited
    from retrieval.domain.scope import Scope


class UndoEdit(ModeratorButton, template=UNEDIT_TEMPLATE):
    """Gives an article back what an edit changed."""

    command = "article"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        work = LongWork(functools.partial(_undone, service, home, fields, UserId(interaction.user.id)))
        await service.replies.turning(interaction, work, articles.edit_undone, meanwhile=articles.UNDOING)


class CorrectForm(AdderButton, template=FORM_TEMPLATE):
    """Opens the form that was refused, with everything that was filled in."""

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        assert home.server is not None
        user = interaction.user.id
        form = service.forms.recall(home.server, user)
        if form is None:
            await service.replies.saying(interaction, notices.sentence(articles.FORM_FORGOTTEN))
        else:
            await service.replies.opening(interaction, PasteText(service, home, self.command, form, asker=user))


def _undone(service: Service, home: Scope, fields: dict[str, int], by: UserId, cancellation: Cancellation) -> Edited:
    """The article without the edit. Raises NothingToUndo where this version of it is not there any more."""
    found = article_under(service, home, fields)
    if found is None:
        raise NothingToUndo(articles.EDIT_OUTDATED)
    return service.newsroom.editing.undo(home, found.article.id, by, cancellation=cancellation)


ALL: tuple[type[PersistentButton], ...] = (UndoEdit, CorrectForm)

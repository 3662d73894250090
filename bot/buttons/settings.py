"""The button that has articles kept for fewer days, once whoever asked for it has seen how many that removes."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import Interaction, ModeratorButton, PersistentButton
from bot.guild_settings import change_retention
from bot.render import notices, servers
from bot.render.reply import AUDIT_TEMPLATE, ERASE_TEMPLATE, FORGET_TEMPLATE, RETAIN_TEMPLATE
from bot.threads.request import LongWork
from retrieval.domain.ids import CollectionId, UserId

if TYPE_CHECKING:
    from bot.service import Service
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.scope import Scope


class Retain(ModeratorButton, template=RETAIN_TEMPLATE):
    """Settles for how many days articles are kept."""

    command = "settings"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        days = fields["days"]
        work = functools.partial(change_retention, service, home, UserId(interaction.user.id), days)
        await service.responses.edit_in_place(
            interaction, work, functools.partial(servers.settings, changed=servers.kept(days))
        )


class TurnAudit(ModeratorButton, template=AUDIT_TEMPLATE):
    """Another page of the audit."""

    command = "settings"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        people_only = bool(fields["people"])
        work = functools.partial(service.newsroom.collections.audit, home, fields["page"], people_only=people_only)
        show = functools.partial(servers.audit, asker=interaction.user.id, people_only=people_only)
        await service.responses.edit_in_place(interaction, work, show)


class ForgetMember(PersistentButton, template=FORGET_TEMPLATE):
    """Makes the bot forget whoever presses it, wherever they do; asks first."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        user = interaction.user.id
        if fields["asker"] != user:
            await service.responses.send(interaction, notices.sentence(servers.NOT_YOUR_BUTTON))
        elif not fields["sure"]:
            await service.responses.send(interaction, servers.confirm_forgetting(asker=user))
        else:
            work = LongWork(functools.partial(_forgotten, service, user))
            await service.responses.edit_in_place(interaction, work, servers.forgotten, meanwhile=servers.FORGETTING)


class EraseServer(ModeratorButton, template=ERASE_TEMPLATE):
    """Erases everything of the server, for those alone who may manage it; asks first."""

    @override
    async def may(self, interaction: Interaction) -> bool:
        return interaction.permissions.manage_guild

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        user = interaction.user.id
        assert home.server is not None
        if not fields["sure"]:
            show = functools.partial(servers.confirm_erasing, asker=user)
            count = functools.partial(service.newsroom.articles.count, home)
            await service.responses.defer_and_respond(interaction, count, show, private=True)
        else:
            work = LongWork(functools.partial(_erased, service, home.server))
            await service.responses.edit_in_place(interaction, work, servers.erased)


def _forgotten(service: Service, user: int, cancellation: Cancellation) -> int:
    cancellation.begin_storing()
    service.newsroom.collections.forget_member(UserId(user))
    service.forms.forget(user)
    return service.answer_memory.forget(user)


def _erased(service: Service, server: CollectionId, cancellation: Cancellation) -> int:
    cancellation.begin_storing()
    taken = service.newsroom.collections.erase(server)
    service.guild_settings.forget(server)
    return taken

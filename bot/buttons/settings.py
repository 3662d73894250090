"""The buttons under settings and `/privacy`: keep articles shorter, turn the audit, forget a member, erase a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import ModeratorButton, PersistentButton
from bot.refusals import Refused
from bot.render import servers
from bot.render.custom_ids import AuditId, EraseId, ForgetId, RetainId
from bot.threads.request import LongWork, Request
from retrieval.domain.ids import UserId

if TYPE_CHECKING:
    from bot.guild_settings import GuildSettings
    from bot.interactions import Interaction
    from bot.service import Service
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.scope import Scope
    from retrieval.domain.upkeep import AuditPage


class Retain(ModeratorButton[RetainId]):
    """Sets for how many days articles are kept, after confirmation."""

    command = "settings"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: RetainId) -> None:
        request = retention_request(service, home, UserId(interaction.user.id), fields.days)
        await service.responses.edit_in_place(interaction, request)


def retention_request(service: Service, home: Scope, by: UserId, days: int) -> Request[GuildSettings]:
    """Return the request that keeps articles for `days`, 0 for ever, and shows the settings."""
    return Request(
        lambda: service.guild_settings.change_retention(home, by, days),
        lambda settings: servers.settings(settings, changed=servers.retention(days)),
    )


class TurnAudit(ModeratorButton[AuditId]):
    """Shows another page of the audit."""

    command = "settings"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: AuditId) -> None:
        await service.responses.edit_in_place(interaction, audit_request(service, home, fields))


def audit_request(service: Service, home: Scope, fields: AuditId) -> Request[AuditPage]:
    """Return the request that shows a page of the audit."""
    return Request(
        lambda: service.newsroom.collections.audit(home, fields.page, people_only=fields.people),
        lambda page: servers.audit(page, asker=fields.asker, people_only=fields.people),
    )


class ForgetMember(PersistentButton[ForgetId]):
    """Forgets the member who presses it, in every server; asks first."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: ForgetId) -> None:
        user = UserId(interaction.user.id)
        if fields.asker != user:
            raise Refused("bot.not_your_button")
        if not fields.sure:
            await service.responses.send(interaction, servers.confirm_forgetting(asker=user))
            return

        @LongWork
        def work(stop: Cancellation) -> int:
            stop.begin_storing()
            answers = service.answer_memory.forget(user)
            service.newsroom.collections.forget_member(user)
            for memory in (service.forms.kept, service.last_answers, service.follow_ups, service.shared):
                memory.forget(user)
            return answers

        await service.responses.edit_in_place(
            interaction, Request(work, servers.forgotten, progress=servers.FORGETTING)
        )


class EraseServer(ModeratorButton[EraseId]):
    """Erases everything of the server, only for those who may manage it; asks first."""

    @override
    async def may(self, interaction: Interaction) -> bool:
        return interaction.permissions.manage_guild

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: EraseId) -> None:
        newsroom, server = service.newsroom, home.server
        assert server is not None
        if not fields.sure:
            question = Request(
                lambda: newsroom.articles.count(home),
                lambda articles: servers.confirm_erasing(articles, asker=interaction.user.id),
            )
            await service.responses.defer_and_respond(interaction, question)
            return

        @LongWork
        def work(stop: Cancellation) -> int:
            stop.begin_storing()
            articles = newsroom.collections.erase(server)
            service.guild_settings.forget(server)
            return articles

        await service.responses.edit_in_place(interaction, Request(work, servers.erased))

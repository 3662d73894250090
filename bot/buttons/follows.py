"""The buttons that end a follow, under what it brings and in the list of follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from typing_extensions import override

from bot.buttons.base import PersistentButton
from bot.interactions import home_of
from bot.refusals import Refused
from bot.render import follows
from bot.render.custom_ids import FollowsId, StopFollowId, UnfollowId
from bot.threads.request import Request
from retrieval.domain.ids import UserId
from retrieval.errors import FollowRejected, FollowUnknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.interactions import Interaction
    from bot.service import Service
    from retrieval.domain.announcements import Follow
    from retrieval.domain.ids import FollowId
    from retrieval.domain.scope import Scope


class Unfollow(PersistentButton[UnfollowId]):
    """Ends a follow, for whoever follows or may manage the server."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: UnfollowId) -> None:
        request = Request(lambda: end(interaction, service, fields.follow), follows.ended)
        await service.responses.defer_and_respond(interaction, request)


class TurnFollows(PersistentButton[FollowsId]):
    """Shows another page of what is followed."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: FollowsId) -> None:
        home = _home(interaction, fields)
        await service.responses.edit_in_place(interaction, follows_request(interaction, service, home, fields.page))


class StopFollow(PersistentButton[StopFollowId]):
    """Ends a follow of the list, and shows the list without it."""

    @override
    async def press(self, interaction: Interaction, service: Service, fields: StopFollowId) -> None:
        home = _home(interaction, fields)
        shown = follows_request(interaction, service, home, fields.page)

        def work() -> Sequence[Follow]:
            end(interaction, service, fields.follow)
            return shown.work()

        await service.responses.edit_in_place(interaction, Request(work, shown.render))


def follows_request(interaction: Interaction, service: Service, home: Scope, page: int) -> Request[Sequence[Follow]]:
    """Return the request that shows a page of what the member follows, and of what they may manage."""
    user, manages = UserId(interaction.user.id), interaction.permissions.manage_guild
    listed = service.newsroom.announcer.follows.listed
    return Request(
        lambda: listed(home.own, user, channels=manages), lambda shown: follows.listing(shown, asker=user, page=page)
    )


def end(interaction: Interaction, service: Service, follow_id: FollowId) -> Follow:
    """End a follow. Raises FollowUnknown where it has ended, and FollowRejected for who may not end it."""
    repository, user = service.newsroom.announcer.follows, UserId(interaction.user.id)
    follow = repository.find(follow_id)
    if follow is None:
        raise FollowUnknown
    manages = interaction.guild_id == follow.collection and interaction.permissions.manage_guild
    if follow.user != user and not (manages and follow.channel is not None):
        raise FollowRejected("follow.not_yours")
    return repository.remove(follow.collection, follow_id, user, discord.utils.utcnow())


def _home(interaction: Interaction, fields: FollowsId) -> Scope:
    """Return the server's scope where the presser was shown the list. Raises Refused."""
    home = home_of(interaction)
    if home is None or fields.asker != interaction.user.id:
        raise Refused("bot.not_your_button")
    return home

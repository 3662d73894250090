"""`/feed`: what moderators make the bot follow: add by the address of a feed or of a page, list with health, remove."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.background.news_channels import NewsChannel, feeds_page, trouble_with
from bot.checks import authorised, home_of
from bot.render import feeds, limits
from bot.render.reply import Reply
from bot.service import party_of
from bot.threads.request import LongWork
from retrieval.domain.ids import ChannelId, UserId
from retrieval.errors import FeedRejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service import Service
    from retrieval.domain.feeds import FeedHealth
    from retrieval.domain.scope import Scope

Result = TypeVar("Result")

_PICKED = "feed:"


class Feed(commands.Cog):
    """The feeds of the server in which the command is used."""

    feed = app_commands.Group(
        name="feed",
        description="News feeds that I follow for this server.",
        guild_only=True,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, service: Service) -> None:
        self._service = service

    @feed.command(description="Follow a feed: I read its new articles for this server.")
    @app_commands.describe(
        url="The address of a feed, or of a page that names one",
        channel="Where I announce new articles; without one, nowhere",
    )
    async def add(
        self,
        interaction: discord.Interaction[Any],
        url: app_commands.Range[str, 4, 2000],
        channel: NewsChannel | None = None,
    ) -> None:
        """Follows a feed, or announces one that is followed already somewhere else."""
        scope = await self._let_in(interaction)
        if scope is None:
            return
        announced = None if channel is None else ChannelId(channel.id)
        if announced is not None and interaction.guild is not None:
            trouble = trouble_with(interaction.guild, announced)
            if trouble is not None:
                await self._service.responses.send(interaction, Reply(content=trouble))
                return
        by = UserId(interaction.user.id)
        add = functools.partial(self._service.newsroom.feeds.add, scope, url, by, announced)
        work = LongWork(lambda stop: add(cancellation=stop))
        await self._service.responses.defer_and_respond(
            interaction, work, feeds.added, private=True, meanwhile=feeds.READING
        )

    @feed.command(name="list", description="The feeds that I follow here, and how each is doing.")
    async def listed(self, interaction: discord.Interaction[Any]) -> None:
        """Answers privately, page by page."""
        scope = await self._let_in(interaction)
        if scope is not None:
            work = functools.partial(self._service.newsroom.feeds.listed, scope)
            show = functools.partial(feeds_page, guild=interaction.guild, asker=interaction.user.id, page=0)
            await self._answer(interaction, work, show)

    @feed.command(description="Follow a feed no longer; its articles stay.")
    @app_commands.describe(feed="Begin to type its name and pick it from the list")
    async def remove(self, interaction: discord.Interaction[Any], feed: app_commands.Range[str, 1, 200]) -> None:
        """Removes the feed that was picked, or the only one that what was typed can mean."""
        scope = await self._let_in(interaction)
        if scope is not None:
            work = functools.partial(self._removed, scope, feed, UserId(interaction.user.id))
            await self._answer(interaction, work, feeds.removed)

    async def _answer(
        self, interaction: discord.Interaction[Any], work: Callable[[], Result], show: Callable[[Result], Reply]
    ) -> None:
        await self._service.responses.defer_and_respond(interaction, work, show, private=True)

    @remove.autocomplete("feed")
    async def _names(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Feeds as they are typed; none rather than an error where there is trouble."""
        scope = home_of(interaction)
        if scope is None:
            return []
        work = functools.partial(self._service.newsroom.feeds.like, scope, typed, limits.CHOICES)
        found = await self._service.offload.suggested(work, party_of(interaction))
        return [app_commands.Choice(name=feeds.choice(feed), value=f"{_PICKED}{feed.mark}") for feed in found]

    def _removed(self, scope: Scope, typed: str, by: UserId) -> FeedHealth:
        desk, mark = self._service.newsroom.feeds, typed.strip().removeprefix(_PICKED)
        picked = [feed for feed in desk.listed(scope) if feed.mark == mark]
        meant = picked or desk.like(scope, typed)
        if len(meant) != 1:
            raise FeedRejected(feeds.NO_SUCH_FEED)
        return desk.remove(scope, meant[0].id, by)

    async def _let_in(self, interaction: discord.Interaction[Any]) -> Scope | None:
        """The server, where its feeds may be looked after by whoever tries; else they are told why not."""
        return await authorised(interaction, not_here=feeds.NOT_HERE, refusal=feeds.NOT_ALLOWED)

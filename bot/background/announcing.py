"""Sends what is to be announced: news of feeds, and what follows are told, in channels and direct messages.

Each announcement is recorded until Discord has taken it, and has a number of its own under which Discord takes it once
within minutes: a stop loses nothing, and doubles nothing that is tried again soon. Nobody is pinged but a role that a
follow names.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import discord

from bot.delivery import CONNECTION_FAULTS
from bot.news_channels import channel_of, trouble_with
from bot.render import feeds, follows
from retrieval.domain.announcements import Stopped
from retrieval.translation import speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from discord.abc import Messageable

    from bot.render.reply import Control, Menu
    from bot.settings_store import GuildSettingsStore
    from bot.threads.lanes import Lane
    from retrieval.domain.announcements import Announcement, Rhythm
    from retrieval.domain.ids import CollectionId
    from retrieval.newsroom import Newsroom

AGAIN_AFTER: Final = timedelta(hours=1)
"""When a member who took no message is tried again."""
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_TAKES_NOTHING: Final = frozenset({401, 429})
_log = logging.getLogger(__name__)


class Announcing:
    """Matches new articles with follows, and sends announcements, in the `lane` of feeds.

    `view_of` makes the buttons that discord.py sends; `proceed` says between two messages whether to go on.
    """

    def __init__(
        self,
        bot: discord.Client,
        newsroom: Newsroom,
        guild_settings: GuildSettingsStore,
        lane: Lane,
        *,
        view_of: Callable[[Sequence[Control | Menu]], discord.ui.View | None],
        proceed: Callable[[], bool],
    ) -> None:
        self._bot = bot
        self._newsroom = newsroom
        self._guild_settings = guild_settings
        self._lane = lane
        self._view_of = view_of
        self._proceed = proceed
        self._pause = _FIRST_PAUSE
        self._not_before = 0.0

    async def match(self) -> None:
        """Match all articles that are new. Raises NewsError."""
        while self._proceed() and await self._lane.run(partial(self._newsroom.announcer.match, self._due_at)):
            pass

    async def send(self) -> None:
        """Send all that is due. What Discord could not be told stays for the next time. Raises NewsError.

        Where Discord takes nothing at all, nothing more is sent for a while, which grows each time.
        """
        if time.monotonic() < self._not_before:
            return
        due = self._newsroom.announcer.due(discord.utils.utcnow(), self._is_here)
        while self._proceed() and (step := await self._lane.run(partial(next, due, None))) is not None:
            for announcement in step:
                try:
                    await self._send(announcement)
                except discord.HTTPException as problem:
                    self._wait(problem)
                    return
                self._pause = _FIRST_PAUSE

    def _wait(self, problem: discord.HTTPException) -> None:
        _log.warning("Discord takes no announcements; the next is tried in %s: %s", self._pause, problem)
        self._not_before = time.monotonic() + self._pause.total_seconds()
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def _due_at(self, server: CollectionId, rhythm: Rhythm) -> datetime:
        return self._guild_settings.of(server).due_at(rhythm, discord.utils.utcnow())

    def _is_here(self, server: CollectionId) -> bool:
        guild = self._bot.get_guild(server)
        return guild is not None and not guild.unavailable

    async def _send(self, announcement: Announcement) -> None:
        """Send one announcement, and record what became of it. Raises HTTPException where Discord takes none at all."""
        guild = self._bot.get_guild(announcement.collection)
        if guild is None:
            return
        try:
            place = await self._place(guild, announcement)
            if place is not None:
                await self._write(place, guild, announcement)
                await self._lane.run(partial(self._newsroom.announcer.sent, announcement, discord.utils.utcnow()))
        except (discord.DiscordServerError, *CONNECTION_FAULTS) as problem:
            _log.warning("An announcement could not be sent, and is tried again: %s", problem)
        except discord.HTTPException as problem:
            if not _is_about_message(problem):
                raise
            _log.warning("An announcement was not taken: %s", problem)
            await self._refused(announcement, forbidden=isinstance(problem, discord.Forbidden | discord.NotFound))

    async def _place(self, guild: discord.Guild, announcement: Announcement) -> Messageable | None:
        """Return where to write; None, which is recorded, where nobody can be told any more."""
        follow = announcement.follow
        if announcement.channel is not None:
            if trouble_with(guild, announcement.channel) is None:
                return channel_of(guild, announcement.channel)
            _log.info("Nothing can be announced in server %d, channel %d", guild.id, announcement.channel)
            await self._refused(announcement, forbidden=True)
            return None
        assert follow is not None  # only follows have no channel
        assert follow.user is not None
        try:
            return await guild.fetch_member(follow.user)
        except discord.NotFound as problem:  # who has left a server must not be told of its articles
            if not _is_about_message(problem):
                raise
            await self._lane.run(partial(self._newsroom.announcer.follows.forget, follow.user, follow.collection))
            return None

    async def _write(self, place: Messageable, guild: discord.Guild, announcement: Announcement) -> None:
        follow, news = announcement.follow, announcement.news
        with speaking(guild.preferred_locale.value):
            reply = feeds.news(news) if follow is None else follows.news(follow, news, guild.name)
        role = None if follow is None or follow.role is None else guild.get_role(follow.role)
        mentions = discord.AllowedMentions(everyone=False, users=False, roles=[role] if role else False)
        content = "\n".join(filter(None, (role.mention if role else None, reply.content)))
        view = self._view_of(reply.controls) or discord.utils.MISSING
        nonce = str(announcement.id)
        await place.send(content, embeds=list(reply.embeds), view=view, allowed_mentions=mentions, nonce=nonce)

    async def _refused(self, announcement: Announcement, *, forbidden: bool) -> None:
        """Record that a message was not taken; a channel that cannot be written stops its follow."""
        announcer, follow = self._newsroom.announcer, announcement.follow
        if follow is None or not forbidden:
            await self._lane.run(partial(announcer.drop, announcement))
        elif follow.channel is not None:
            await self._lane.run(partial(announcer.follows.stop, follow.id, Stopped.NO_CHANNEL))
        else:
            again_at = discord.utils.utcnow() + AGAIN_AFTER
            await self._lane.run(partial(announcer.refused, announcement, again_at))


def _is_about_message(problem: discord.HTTPException) -> bool:
    """Whether Discord refused one message, or one member or channel; else it, or what is before it, takes none.

    What Discord refuses itself has a code of its own.
    """
    has_code = problem.code != 0 or not isinstance(problem, discord.Forbidden | discord.NotFound)
    return has_code and problem.status not in _TAKES_NOTHING

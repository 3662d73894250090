"""The loop that has the newsroom read feeds, has news announced, and reports feeds that have failed for long.

It has a thread of its own, so that no answer waits for a feed. Errors are logged and the loop goes on.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import secrets
import threading
import time
from typing import TYPE_CHECKING, Final

import discord
from discord.ext import tasks

from bot.background.announcing import Announcing
from bot.delivery import CONNECTION_FAULTS
from bot.news_channels import channel_of, trouble_with
from bot.render import feeds
from bot.threads.lanes import Lane, NotDone, Rules
from bot.threads.offload import succeeded
from retrieval.domain.ids import SHARED, ChannelId
from retrieval.errors import NewsError, unpacked
from retrieval.translation import speaking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from discord.abc import Messageable

    from bot.render.reply import Control, Menu, Reply
    from bot.settings_store import GuildSettingsStore
    from retrieval.domain.feeds import FeedHealth, FeedUpdate
    from retrieval.newsroom import Newsroom

EVERY_SECONDS: Final = 30.0
_TURN_SECONDS: Final = 60.0
"""How long one feed is read before its news is announced and another feed has its turn."""
_LIMIT_SECONDS: Final = 600.0
_log = logging.getLogger(__name__)


class Feeding:
    """Started and stopped by the bot."""

    def __init__(
        self,
        bot: discord.Client,
        newsroom: Newsroom,
        guild_settings: GuildSettingsStore,
        view_of: Callable[[Sequence[Control | Menu]], discord.ui.View | None],
    ) -> None:
        self._bot = bot
        self._newsroom = newsroom
        self._lane = Lane("feeds", Rules(workers=1, seconds=_LIMIT_SECONDS, wait_expected=_LIMIT_SECONDS, typical=1.0))
        self._stopped = threading.Event()
        self._announcing = Announcing(
            bot, newsroom, guild_settings, self._lane, view_of=view_of, proceed=lambda: not self._stopped.is_set()
        )
        self._loop = tasks.loop(seconds=EVERY_SECONDS)(self._run_round)

    def start(self) -> None:
        """Read now, and check every thirty seconds whether a feed is due."""
        self._loop.start()

    def stop(self) -> None:
        """Begin nothing new: the article that is being read is the last."""
        self._stopped.set()
        self._loop.stop()

    async def close(self, seconds: float) -> None:
        """Stop, and wait at most `seconds` for the article that is being read; others are read after the next start."""
        self.stop()
        task = self._loop.get_task()
        if task is not None and self._lane.load:
            await asyncio.wait({task}, timeout=seconds)
        self._loop.cancel()
        self._lane.close()

    async def _run_round(self) -> None:
        """Read, announce and report; no error ends the loop. Nothing is read before the model is loaded."""
        await self._bot.wait_until_ready()
        if succeeded(self._newsroom.warm_up):
            await self._try(self._read_due)
            await self._try(self._announcing.match)
        await self._try(self._announcing.send)
        await self._try(self._report_failing)

    async def _try(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do a part of a round, unless the bot stops; log what goes wrong."""
        if self._stopped.is_set():
            return
        try:
            await work()
        except NotDone as problem:  # its sentence is for members
            _log.warning("Feeds could not be read: %r", problem)
        except NewsError as problem:
            _log.warning("Feeds could not be read: %s", problem)
        except Exception:  # noqa: BLE001  # a background loop: nobody else would log it
            _log.exception("Feeds could not be read (reference %s); the next round follows", secrets.token_hex(4))

    async def _read_due(self) -> None:
        """Read the feeds that are due, one after the other, and announce what each brought."""
        while not self._stopped.is_set():
            update = await self._lane.run(self._read_next)
            if update is None:
                return
            if update.problem is not None:
                _log.info("Feed %d, %s: %s", update.feed, update.name, update.problem)
            elif update.added or update.changed or update.rejected:
                counts = (update.added, update.changed, update.rejected)
                _log.info("Feed %d, %s: %d articles added, %d changed, %d refused", update.feed, update.name, *counts)
                await self._announcing.match()
                await self._announcing.send()

    def _read_next(self) -> FeedUpdate | None:
        """Read the next feed that is due, in the thread; stop between two articles when its turn is over."""
        until = time.monotonic() + _TURN_SECONDS
        return self._newsroom.feeds.update(
            discord.utils.utcnow(), lambda: not self._stopped.is_set() and time.monotonic() < until
        )

    async def _report_failing(self) -> None:
        """Report each feed that has failed for long, once."""
        now = discord.utils.utcnow()
        for feed in await self._lane.run(lambda: self._newsroom.feeds.failing(now)):
            if feed.collection != SHARED and self._bot.get_guild(feed.collection) is None:
                continue  # the bot is no member there, for now or for good
            if await self._report(feed):
                await self._lane.run(functools.partial(self._newsroom.feeds.subscriptions.mark_notified, feed, now))

    async def _report(self, feed: FeedHealth) -> bool:
        """Report a feed in its channel, else in the server's own, else to the owner; return False to try again later.

        Where no message can be sent, `/feed list` still shows it.
        """
        _log.warning("Feed %d, %s, has failed for long: %s", feed.id, feed.name, unpacked(feed.last_error or ""))
        guild = self._bot.get_guild(feed.collection)
        if guild is None:
            return True
        with speaking(guild.preferred_locale.value):
            reply = feeds.failing(feed)
        own = None if feed.channel is None else channel_of(guild, feed.channel)
        for channel in (own, guild.system_channel):
            is_usable = channel is not None and trouble_with(guild, ChannelId(channel.id)) is None
            if channel is not None and is_usable and await self._send(channel, reply):
                return True
        try:
            owner = await self._bot.fetch_user(guild.owner_id or 0)
        except discord.HTTPException:
            return True
        except CONNECTION_FAULTS:
            return False
        await self._send(owner, reply)
        return True

    async def _send(self, place: Messageable, reply: Reply) -> bool:
        """Send a message without pings; return whether it was sent."""
        try:
            await place.send(reply.content, embeds=list(reply.embeds), allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, *CONNECTION_FAULTS) as problem:
            _log.warning("A message about a feed could not be sent to %s: %s", place, problem)
            return False
        return True

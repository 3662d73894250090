"""The background loop: lets the newsroom look at feeds, announces what is new, tells moderators what has failed long.

It has a worker of its own, so that no answer waits for a feed. Whatever goes wrong is logged, and the loop goes on.
What was found and not yet announced when the bot is stopped is not announced later: `/feed` promises articles, and a
word about them only while it is there to say it.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import secrets
import threading
import time
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import discord
from discord.ext import tasks

from bot.background.news_channels import channel_of, trouble_with
from bot.delivery import CONNECTION_FAULTS
from bot.render import feeds
from bot.threads.lanes import Lane, NotDone, Rules
from bot.threads.offload import succeeded
from retrieval.domain.ids import SHARED, ChannelId
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord.abc import Messageable

    from bot.render.reply import Reply
    from retrieval.domain.feeds import FeedHealth, FeedNews
    from retrieval.newsroom import Newsroom

EVERY_SECONDS: Final = 30.0
_TURN_SECONDS: Final = 60.0
"""How long one feed is read before what it brought is announced and it is another feed's turn."""
_LIMIT_SECONDS: Final = 600.0
_CHANNEL: Final = attrgetter("channel")
_log = logging.getLogger(__name__)


class Feeding:
    """Started and stopped by the bot."""

    def __init__(self, bot: discord.Client, newsroom: Newsroom) -> None:
        self._bot = bot
        self._newsroom = newsroom
        self._lane = Lane("feeds", Rules(workers=1, seconds=_LIMIT_SECONDS, wait_expected=_LIMIT_SECONDS, typical=1.0))
        self._stopped = threading.Event()
        self._loop = tasks.loop(seconds=EVERY_SECONDS)(self._look)

    def start(self) -> None:
        """Look now, and every thirty seconds whether it is some feed's turn."""
        self._loop.start()

    def stop(self) -> None:
        """Begin nothing new: the article that is being read is the last."""
        self._stopped.set()
        self._loop.stop()

    async def close(self, seconds: float) -> None:
        """Stop, and wait for the article that is being read, at most so long; what is left is read after the start."""
        self.stop()
        task = self._loop.get_task()
        if task is not None and self._lane.held:
            await asyncio.wait({task}, timeout=seconds)
        self._loop.cancel()
        self._lane.close()

    async def _look(self) -> None:
        """The door of the loop: nothing that goes wrong in here ends it."""
        try:
            await self._bot.wait_until_ready()
            if self._can_read():
                await self._read_all()
            if not self._stopped.is_set():
                await self._tell_all()
        except (NewsError, NotDone) as problem:
            _log.warning("Feeds could not be read: %s", str(problem) or type(problem).__name__)
        except Exception:  # noqa: BLE001  # the door of a background loop: nobody else would catch it
            _log.exception("The loop that reads feeds stumbled (reference %s); it goes on", secrets.token_hex(4))

    def _can_read(self) -> bool:
        """Whether the model is there, without which no article is stored."""
        return not self._stopped.is_set() and succeeded(self._newsroom.warm_up)

    async def _read_all(self) -> None:
        """Everything whose turn it is, one feed after the other."""
        while not self._stopped.is_set():
            turn = functools.partial(self._goes_on, time.monotonic() + _TURN_SECONDS)
            look = functools.partial(self._newsroom.feeds.update, discord.utils.utcnow(), turn)
            update = await self._lane.run(look)
            if update is None:
                return
            if update.problem is not None:
                _log.info("Feed %d, %s: %s", update.feed, update.name, update.problem)
            elif update.added or update.changed or update.refused:
                what = (update.feed, update.name, update.added, update.changed, update.refused)
                _log.info("Feed %d, %s: %d articles added, %d changed, %d refused", *what)
            for _, items in groupby(sorted(update.news, key=_CHANNEL), _CHANNEL):
                await self._announce(tuple(items))

    def _goes_on(self, until: float) -> bool:
        return not self._stopped.is_set() and time.monotonic() < until

    async def _announce(self, items: Sequence[FeedNews]) -> None:
        """New articles of one feed, in one message to one channel; a channel's trouble is shown by `/feed list`."""
        guild = self._bot.get_guild(items[0].collection)
        if guild is None or trouble_with(guild, items[0].channel) is not None:
            _log.info("Server %d cannot be told of news in channel %d", items[0].collection, items[0].channel)
            return
        channel = channel_of(guild, items[0].channel)
        assert channel is not None  # no trouble with it
        await self._said(channel, feeds.news(items))

    async def _tell_all(self) -> None:
        """Whoever is to know of a failing feed; whom nothing reaches at all finds it in the list."""
        now = discord.utils.utcnow()
        for feed in await self._lane.run(functools.partial(self._newsroom.feeds.failing, now)):
            if feed.collection != SHARED and self._bot.get_guild(feed.collection) is None:
                continue  # the bot is no member there, for now or for good
            if await self._tell(feed):
                await self._lane.run(functools.partial(self._newsroom.feeds.notified, feed, now))

    async def _tell(self, feed: FeedHealth) -> bool:
        """In the channel for its news, or the server's own, or to the owner; False where it has to be tried again."""
        _log.warning("Feed %d, %s, has failed for long: %s", feed.id, feed.name, feed.last_error)
        guild = self._bot.get_guild(feed.collection)
        if guild is None:
            return True
        named = [feed.channel] if feed.channel is not None else []
        places: list[Messageable] = [
            channel
            for channel in (*(channel_of(guild, id_) for id_ in named), guild.system_channel)
            if channel is not None and trouble_with(guild, ChannelId(channel.id)) is None
        ]
        for place in places:
            if await self._said(place, feeds.failing(feed)):
                return True
        return await self._told_owner(guild, feed)

    async def _told_owner(self, guild: discord.Guild, feed: FeedHealth) -> bool:
        try:
            owner = await self._bot.fetch_user(guild.owner_id or 0)
        except discord.HTTPException:
            return True
        except CONNECTION_FAULTS:
            return False
        await self._said(owner, feeds.failing(feed))
        return True

    async def _said(self, place: Messageable, reply: Reply) -> bool:
        """Whether the message was sent; it can ping nobody."""
        try:
            await place.send(reply.content, embeds=list(reply.embeds), allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, *CONNECTION_FAULTS) as problem:
            _log.warning("Something about a feed could not be said in %s: %s", place, problem)
            return False
        return True

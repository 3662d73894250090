"""What is due without anybody asking: erasing servers left, expiring articles, rechecking pages, backups.

A server that the bot has left keeps everything for thirty days, in case the bot comes back; then it is erased. Whether
it was left follows from the servers that the bot is in, so nothing is missed while it does not run.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import discord
from discord.ext import commands, tasks
from typing_extensions import override

from bot.threads.offload import succeeded
from retrieval.domain.ids import SHARED
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.answer_memory import AnswerMemory
    from bot.service import Service
    from bot.settings_store import GuildSettingsStore
    from retrieval.domain.ids import CollectionId
    from retrieval.newsroom import Newsroom

Result = TypeVar("Result")

LEFT: Final = "left"
"""The key of the time at which the bot was first found to have left a server."""
SWEPT: Final = "swept"
"""The key of the time of the last sweep."""
_LONGEST_PAUSE: Final = timedelta(days=2)
KEPT_AFTER_LEAVING: Final = timedelta(days=30)
KEPT_AFTER_REMOVAL: Final = timedelta(days=1)
"""How long the removal of an article can be undone."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers that the bot is in, as far as their events come to this process."""

    present: Collection[int]
    shard_count: int = 1
    shards: Collection[int] = (0,)

    @classmethod
    def of(cls, client: discord.Client) -> Servers:
        """Return the servers of a client that is ready."""
        present = frozenset(guild.id for guild in client.guilds)
        own = client.shards if isinstance(client, discord.AutoShardedClient) else (client.shard_id or 0,)
        return cls(present, client.shard_count or 1, frozenset(own))

    def are_ours(self, server: int) -> bool:
        """Whether this process would know if the bot were in a server: Discord gives each shard the ids of its own."""
        return (server >> 22) % self.shard_count in self.shards


class Maintenance(commands.Cog):
    """Erases and expires once an hour, rechecks one page a minute, and makes the daily backup.

    Its threads are its own: nobody waits for them at a stop, while asyncio's would be waited for, and a page may take
    half a minute.
    """

    def __init__(self, service: Service, bot: commands.Bot, retention_days: int | None = None) -> None:
        self._service = service
        self._bot = bot
        self._retention_days = retention_days
        self._pool = ThreadPoolExecutor(1, "maintenance")
        self._backup_pool = ThreadPoolExecutor(1, "backup")
        self._loops = (self._every_hour, self._every_minute, self._every_ten_minutes)

    @override
    async def cog_load(self) -> None:
        for loop in self._loops:
            loop.start()

    @override
    async def cog_unload(self) -> None:
        for loop in self._loops:
            loop.cancel()
        for pool in (self._pool, self._backup_pool):
            pool.shutdown(wait=False, cancel_futures=True)

    @tasks.loop(hours=1)
    async def _every_hour(self) -> None:
        servers = Servers.of(self._bot)
        service, newsroom, now = self._service, self._service.newsroom, datetime.now(UTC)
        if await self._run(lambda: check_clock(newsroom, now)):
            await self._run(lambda: sweep(newsroom, service.guild_settings, servers, now))
            await self._run(lambda: expire_shared(newsroom, self._retention_days, now))
            await self._run(lambda: erase_removed(newsroom, service.answer_memory, now))
            await self._run(lambda: service.answer_memory.forget_old(now))
            await self._run(lambda: newsroom.reports.prune(now))
            await self._run(lambda: newsroom.unanswered.prune(now))

    @tasks.loop(minutes=1)
    async def _every_minute(self) -> None:
        newsroom = self._service.newsroom
        if succeeded(newsroom.warm_up):
            await self._run(lambda: newsroom.rechecker.recheck(datetime.now(UTC), 1))

    @tasks.loop(minutes=10)
    async def _every_ten_minutes(self) -> None:
        await self._run(lambda: back_up(self._service.newsroom), self._backup_pool)

    @_every_hour.before_loop
    @_every_minute.before_loop
    @_every_ten_minutes.before_loop
    async def _wait(self) -> None:
        await self._bot.wait_until_ready()

    async def _run(self, work: Callable[[], Result], pool: ThreadPoolExecutor | None = None) -> Result | None:
        """Return the result of `work`, done in a thread; after any error log it and return None."""
        try:
            return await asyncio.get_running_loop().run_in_executor(pool or self._pool, work)
        except NewsError as problem:
            _log.warning("Maintenance: %s", problem)
        except Exception:  # noqa: BLE001  # a background loop: it is logged, and the next round is tried
            _log.exception("Maintenance failed")
        return None


def check_clock(newsroom: Newsroom, now: datetime) -> bool:
    """Store the time, and return whether it is at most two days after the time stored before.

    A machine may start years ahead until it hears the time. After such a jump, or a long pause, the next hour decides.
    """
    stored = newsroom.bot_state.get(SHARED, SWEPT)
    newsroom.bot_state.put(SHARED, SWEPT, now.isoformat())
    try:
        plausible = stored is None or timedelta() <= now - datetime.fromisoformat(stored) <= _LONGEST_PAUSE
    except (ValueError, TypeError):
        plausible = False
    if not plausible:
        _log.warning("By its clock, more than two days have passed, or none: nothing is erased in this hour")
    return plausible


def sweep(newsroom: Newsroom, guild_settings: GuildSettingsStore, servers: Servers, now: datetime) -> None:
    """Erase servers left thirty days ago, and expire articles and audit lines of the others."""
    for server in filter(servers.are_ours, newsroom.collections.ids()):
        if server in servers.present:
            if newsroom.bot_state.get(server, LEFT) is not None:
                newsroom.bot_state.delete(server, LEFT)
        elif _left_since(newsroom, server, now) <= now - KEPT_AFTER_LEAVING:
            erased = newsroom.collections.erase(server)
            guild_settings.forget(server)
            _log.info("Erased server %d, which was left thirty days ago: %d articles", server, erased)
    for server, days in guild_settings.retaining():
        if servers.are_ours(server):
            newsroom.collections.expire(server, now - timedelta(days=days))
    newsroom.collections.prune_audit(now)


def expire_shared(newsroom: Newsroom, days: int | None, now: datetime) -> None:
    """Remove the shared articles that were added more than `days` ago; None keeps them for ever."""
    if days is not None:
        expired = newsroom.collections.expire(SHARED, now - timedelta(days=days))
        if expired:
            _log.info("Removed %d shared articles that were kept for %d days", expired, days)


def erase_removed(newsroom: Newsroom, memory: AnswerMemory, now: datetime) -> None:
    """Erase the articles that were removed more than a day ago, or by a member who had the bot forget them."""
    waiting = newsroom.removals.waiting()  # first: what is removed from now on is not among them
    erased = newsroom.removals.erase(waiting - memory.articles_since(now - KEPT_AFTER_REMOVAL))
    if erased:
        _log.info("Erased %d removed articles", erased)


def back_up(newsroom: Newsroom) -> None:
    """Make the daily backup if it is due; log a failure, which `python -m retrieval status` shows too.

    If none is due, warn about a folder that cannot be written.
    """
    backups = newsroom.backups
    if backups is None:
        return
    state = backups.if_due(datetime.now(UTC))
    if state is None:
        problem = backups.folder_problem()
        if problem is not None:
            _log.warning("The next backup cannot be made: %s", problem)
    elif state.problem is not None:
        _log.warning("The archive was not backed up: %s", state.problem)
    else:
        _log.info("The archive was backed up")


def _left_since(newsroom: Newsroom, server: CollectionId, now: datetime) -> datetime:
    """Return since when the server is known to be left; now, which is stored, if it was not known."""
    stored = newsroom.bot_state.get(server, LEFT)
    if stored is not None:
        try:
            return datetime.fromisoformat(stored)
        except ValueError:
            _log.warning("Since when server %d was left cannot be read: counted from now on", server)
    newsroom.bot_state.put(server, LEFT, now.isoformat())
    return now

"""What is due without anybody asking: servers left, articles kept long enough, pages to look at again, backups.

A server that the bot has left keeps what it had for thirty days, in case the bot comes back; then all of it is erased.
Whether it was left is told from the servers that the bot is in, so nothing is missed while it is not running.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from discord.ext import commands, tasks
from typing_extensions import override

from bot.threads.offload import succeeded
from retrieval.domain.ids import SHARED
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.guild_settings import GuildSettingsStore
    from bot.service import Service
    from retrieval.domain.ids import CollectionId
    from retrieval.newsroom import Newsroom

Result = TypeVar("Result")

LEFT: Final = "left"
"""Under this key is remembered since when the bot is not in a server any more."""
SWEPT: Final = "swept"
"""Under this key is remembered when something was last to be erased."""
_LONGEST_PAUSE: Final = timedelta(days=2)
KEPT_AFTER_LEAVING: Final = timedelta(days=30)

_log = logging.getLogger(__name__)


class Maintenance(commands.Cog):
    """Sweeps once an hour, looks at one page again every minute, and makes the daily backup."""

    def __init__(self, service: Service, bot: commands.Bot, retention_days: int | None = None) -> None:
        self._service = service
        self._bot = bot
        self._retention_days = retention_days
        self._pool = ThreadPoolExecutor(1, "housekeeping")
        self._backup_pool = ThreadPoolExecutor(1, "backup")

    @override
    async def cog_load(self) -> None:
        self._hourly.start()
        self._every_minute.start()
        self._backing_up.start()

    @override
    async def cog_unload(self) -> None:
        for loop in (self._hourly, self._every_minute, self._backing_up):
            loop.cancel()
        for pool in (self._pool, self._backup_pool):
            pool.shutdown(wait=False, cancel_futures=True)

    @tasks.loop(hours=1)
    async def _hourly(self) -> None:
        present = frozenset(guild.id for guild in self._bot.guilds)
        service, now = self._service, datetime.now(UTC)
        if not await self._done(functools.partial(is_plausible, service.newsroom, now)):
            return
        await self._done(functools.partial(sweep, service.newsroom, service.guild_settings, present, now))
        await self._done(functools.partial(expire_shared, service.newsroom, self._retention_days, now))
        await self._done(functools.partial(service.answer_memory.forget_old, now))

    @tasks.loop(minutes=1)
    async def _every_minute(self) -> None:
        if succeeded(self._service.newsroom.warm_up):
            await self._done(functools.partial(self._service.newsroom.importer.recheck, datetime.now(UTC), 1))

    @tasks.loop(minutes=10)
    async def _backing_up(self) -> None:
        if self._service.newsroom.backups is not None:
            await self._done(functools.partial(back_up, self._service.newsroom), self._backup_pool)

    @_hourly.before_loop
    @_every_minute.before_loop
    @_backing_up.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()

    async def _done(self, work: Callable[[], Result], pool: ThreadPoolExecutor | None = None) -> Result | None:
        """Works in a thread that neither an answer nor a stop waits for; None, and goes on, after whatever happened.

        asyncio's own threads would be waited for at the end, and a page may take half a minute.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(pool or self._pool, work)
        except NewsError as problem:
            _log.warning("Housekeeping: %s", problem)
        except Exception:  # noqa: BLE001  # a background loop: it is logged, and the next round is tried
            _log.exception("Housekeeping failed")
        return None


def is_plausible(newsroom: Newsroom, now: datetime) -> bool:
    """Whether the clock went on by two days at most since this was last asked, which is remembered.

    A machine may start years ahead until it hears the time. After such a jump, as after a long pause, the next hour
    decides.
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


def sweep(newsroom: Newsroom, guild_settings: GuildSettingsStore, present: Collection[int], now: datetime) -> None:
    """Erase what was left long enough ago and what was kept long enough, in all servers."""
    for server in newsroom.collections.ids():
        if server in present:
            if newsroom.bot_state.get(server, LEFT) is not None:
                newsroom.bot_state.delete(server, LEFT)
        elif _left_since(newsroom, server, now) <= now - KEPT_AFTER_LEAVING:
            taken = newsroom.collections.erase(server)
            guild_settings.forget(server)
            _log.info("Erased server %d, which was left thirty days ago: %d articles", server, taken)
    for server, days in guild_settings.retaining():
        newsroom.collections.expire(server, now - timedelta(days=days))
    newsroom.collections.prune_audit(now)


def expire_shared(newsroom: Newsroom, days: int | None, now: datetime) -> None:
    """Remove the shared articles that were added more than so many days ago; None keeps them for good."""
    if days is not None:
        taken = newsroom.collections.expire(SHARED, now - timedelta(days=days))
        if taken:
            _log.info("Removed %d shared articles that were kept for %d days", taken, days)


def back_up(newsroom: Newsroom) -> None:
    """Make the daily backup if it is due; a failure is logged, and `python -m retrieval status` says it.

    Where none is due, a folder that could not be written is logged.
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
    """Since when the server is known to have been left; since now where that was not known."""
    stored = newsroom.bot_state.get(server, LEFT)
    if stored is not None:
        try:
            return datetime.fromisoformat(stored)
        except ValueError:
            _log.warning("Since when server %d was left cannot be read: counted from now on", server)
    newsroom.bot_state.put(server, LEFT, now.isoformat())
    return now

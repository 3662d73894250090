"""A few times a minute: checks that the bot can answer, writes its vitals beside the archive, tells systemd.

A beat comes from the event loop and passes through a thread that reads the archive. It fails to come if the loop hangs
or the archive cannot be read, but not if the disk cannot be written: the bot goes on answering then.
"""

from __future__ import annotations

import asyncio
import logging
import math
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import discord
from discord.ext import commands, tasks
from typing_extensions import override

from retrieval.domain.health import Vitals
from retrieval.errors import ArchiveError, NewsError

if TYPE_CHECKING:
    from concurrent.futures import Future
    from datetime import datetime

    from bot.background.service_manager import ServiceManager
    from bot.service import Service
    from retrieval.domain.health import Health

EVERY_SECONDS: Final = 20.0
_DAY_SECONDS: Final = 86_400.0
_LONGEST_TROUBLE: Final = 500
_RESTART_SECONDS: Final = 90.0
"""How long two bots may run on one archive while one replaces the other."""
_ANOTHER: Final = (
    "Another bot, or a preview, runs on the same archive. Stop one of them, or set another ARCHIVE_PATH: "
    "`status` tells of one alone, and two bots with one token both answer."
)
_log = logging.getLogger(__name__)


class Heartbeat(commands.Cog):
    """Beats from the login to the stop."""

    def __init__(self, service: Service, bot: commands.Bot, manager: ServiceManager) -> None:
        self._service = service
        self._bot = bot
        self._manager = manager
        self._pool = ThreadPoolExecutor(1, "heartbeat")
        self._every = min(EVERY_SECONDS, (manager.watchdog_seconds or math.inf) / 3)
        self._loop = tasks.loop(seconds=self._every)(self._beat)
        self._connected_since: datetime | None = None
        self._offline_since: datetime | None = service.started
        self._reported_at = -math.inf
        self._cannot_publish = self._disk_was_low = False
        self._beats_beside_another = 0

    @override
    async def cog_load(self) -> None:
        self._loop.start()

    @override
    async def cog_unload(self) -> None:
        self._loop.cancel()
        self._pool.submit(self._service.newsroom.withdraw)  # after the last beat, which would say it again
        self._pool.shutdown(wait=False)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Note that the bot is connected, and knows every server."""
        self._connected()
        self._manager.ready()

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Note that the bot is connected again."""
        self._connected()

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Note that the connection is lost, or that a try to connect again failed."""
        self._connected_since = None
        self._offline_since = self._offline_since or discord.utils.utcnow()

    def _connected(self) -> None:
        self._connected_since, self._offline_since = discord.utils.utcnow(), None

    async def _beat(self) -> None:
        """Beat once; no error ends the loop."""
        try:
            examined = asyncio.get_running_loop().run_in_executor(self._pool, self._examine, self._vitals())
            health = await asyncio.wait_for(examined, self._every)
        except (NewsError, TimeoutError) as problem:
            _log.warning("The archive could not be examined: %s", str(problem) or "it took too long")
        except Exception:  # noqa: BLE001  # a background loop: nobody else would log it
            _log.exception("A heartbeat failed; the next one follows")
        else:
            self._service.disk = health.disk
            self._manager.alive(health.line)
            self._report(health)

    def _examine(self, vitals: Vitals) -> Health:
        """Read the archive's health and publish the vitals, in the thread. Raises ArchiveError if it cannot be read."""
        self._notice_another(is_alone=self._service.newsroom.is_alone())
        health = self._service.newsroom.examine(vitals, self._service.version)
        try:
            self._service.newsroom.publish(vitals)
        except ArchiveError as error:
            if not self._cannot_publish:
                _log.warning("The vitals cannot be written: %s", error)
            self._cannot_publish = True
        else:
            self._cannot_publish = False
        return health

    def _notice_another(self, *, is_alone: bool) -> None:
        """Log once that another bot uses the archive: in a preview at once, else after the time of a restart."""
        patience = 1 if self._service.is_preview else math.ceil(_RESTART_SECONDS / self._every)
        self._beats_beside_another = 0 if is_alone else self._beats_beside_another + 1
        if self._beats_beside_another == patience:
            _log.error(_ANOTHER)  # no warning: the preview shows errors alone

    def _vitals(self) -> Vitals:
        service, counted = self._service, self._service.tally.counted()
        times = sorted(counted.recent)
        return Vitals(
            at=discord.utils.utcnow(),
            version=service.version,
            started=service.started,
            servers=len(self._bot.guilds),
            connected_since=self._connected_since,
            offline_since=self._offline_since,
            answers=counted.answers,
            refusals=counted.refusals,
            faults=counted.faults,
            last_answer=counted.last_answer,
            hour=len(times),
            median_ms=statistics.median(times) * 1000 if times else None,
            p95_ms=times[math.ceil(len(times) * 0.95) - 1] * 1000 if times else None,
            trouble=_trouble(service.newsroom.warm_up),
            preview=service.is_preview,
        )

    def _report(self, health: Health) -> None:
        """Log the status once a day, and a nearly full disk at once."""
        is_low = health.disk is not None and health.disk.is_low
        if is_low and not self._disk_was_low:
            _log.warning("The archive's disk is nearly full: %s", health.line)
        self._disk_was_low = is_low
        ready = self._connected_since is not None and self._service.newsroom.warm_up.done()
        if ready and time.monotonic() - self._reported_at >= _DAY_SECONDS:
            self._reported_at = time.monotonic()
            _log.info("Status: %s", health.line)


def _trouble(warm_up: Future[None]) -> str | None:
    """Return why loading the model failed; None while it may still succeed."""
    error = warm_up.exception() if warm_up.done() and not warm_up.cancelled() else None
    return None if error is None else (str(error) or type(error).__name__)[:_LONGEST_TROUBLE]

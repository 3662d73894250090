"""The real bot in a local page that looks like Discord: simcord replaces Discord. No token, no network.

The model is loaded before the page opens, because simcord allows a bot five seconds to start.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import discord
import simcord
from simcord._clock import Clock
from simcord.backend.errors import SetupError
from typing_extensions import override

from config.exit_codes import ExitCode

if TYPE_CHECKING:
    from concurrent.futures import Future

    from bot.client import PullquoteBot

NAME, SERVER, CHANNEL, MEMBER = "Pullquote", "Pullquote preview", "news", "reader"
_GUILD_ID = 100_000_000_000_000_001
"""The same at every start: what was added in one preview is there in the next."""
_HOST = "127.0.0.1"
_SETTLE_SECONDS = 60.0
_SPINNER = "|/-\\"


class LiveClock(Clock):
    """A clock that runs, so that cooldowns and dates are true; simcord's own stands still."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._skipped = 0.0
        self._epoch = datetime.now(UTC)

    @property
    @override
    def elapsed(self) -> float:  # type: ignore[override]  # simcord keeps a number here, and only reads it elsewhere
        """Seconds since the start."""
        return time.perf_counter() - self._started + self._skipped

    @override
    def now(self) -> datetime:
        return self._epoch + timedelta(seconds=self.elapsed)

    @override
    def advance(self, seconds: float) -> None:
        self._skipped += seconds


def port_problem(port: int) -> str | None:
    """Return why the page cannot be served at that port; None if it can."""
    try:
        with socket.create_server((_HOST, port)):
            return None
    except OverflowError:
        return f"The preview cannot be shown at port {port}: a port is a number from 0 to 65535."
    except OSError as error:
        return f"The preview cannot be shown at port {port}: {error.strerror or error}. Give another --port, or none."


async def run_preview(bot: PullquoteBot, warm_up: Future[None], *, port: int | None = None) -> int:
    """Serve the page until Ctrl-C, SIGTERM, or its own "end" button; return the exit code."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if not await _warmed(warm_up, stop):
        return 0
    env = simcord.Env(bot, settle_timeout=_SETTLE_SECONDS)
    env.backend.clock = LiveClock()
    env.backend.bot_user.name = NAME
    guild = env.create_guild(SERVER, id=_GUILD_ID)
    channel = guild.create_text_channel(CHANNEL)
    manager = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    member = guild.add_member(env.create_user(MEMBER), roles=[manager])  # so that every command can be tried
    await env.start()
    try:
        async with env.preview(channel, viewers=[member], layout="channel", port=port) as page:
            _say(f"Pullquote is ready. Open this address in your browser:\n\n    {page.url}\n")
            _say(
                "Type /ask there, press Tab, then type your question; likewise /quote, /latest, /help. Ctrl-C ends it."
            )
            await _first(stop.wait(), page.wait_closed())
    except SetupError as problem:
        sys.stderr.write(f"The preview cannot be shown: {problem}\n")
        return ExitCode.BAD_INPUT
    finally:
        await bot.drain(0)
        await env.shutdown()
        await bot.close()
    _say("Stopped.")
    return 0


async def _warmed(warm_up: Future[None], stop: asyncio.Event) -> bool:
    """Wait for the model and show that time passes; return False if the user stopped it. Raises what loading raised."""
    started, turn, live = time.perf_counter(), 0, sys.stdout.isatty()
    if not live and not warm_up.done():
        _say("Loading the model and the articles …")
    while not warm_up.done() and not stop.is_set():
        if live:
            passed = time.perf_counter() - started
            sys.stdout.write(f"\rLoading the model and the articles … {passed:3.0f} s {_SPINNER[turn % 4]}")
            sys.stdout.flush()
        turn += 1
        await asyncio.sleep(0.2)
    if live and turn:
        sys.stdout.write("\r\033[K")
    if warm_up.done():
        warm_up.result()
    return warm_up.done()


async def _first(*waits: object) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]  # type: ignore[call-overload]  # each is a coroutine
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()

"""`python -m bot` runs the bot on Discord; `python -m bot --preview` runs it in a local page, without a token."""

from __future__ import annotations

from config.address_space import require_address_space

if __name__ == "__main__":
    require_address_space()

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, NoReturn

import discord

from bot.background.service_manager import ServiceManager
from bot.client import PullquoteBot
from bot.delivery import CONNECTION_FAULTS
from config.exit_codes import ExitCode
from config.logs import log_uncaught, start_logging
from config.release import version
from config.settings import SettingsInvalid, load_settings
from retrieval.assembly import open_newsroom
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.settings import Settings
    from retrieval.newsroom import Newsroom

_TOKENLESS = (
    "There is no DISCORD_TOKEN, so there is no Discord to connect to. "
    "Set one in the environment or in .env, or try the bot in a local page: python -m bot --preview"
)
_REFUSED = "Discord does not accept this DISCORD_TOKEN. Copy it again from your application's page, under Bot."
_NO_PREVIEW = "The preview needs simcord ({}). Install it into this environment: pip install 'simcord[preview]'"
_OFFLINE = "Discord cannot be reached: {}"
_NEW_ARCHIVE = (
    "%s is new, so the archive begins with the seeds alone. If you expected your articles: keep ARCHIVE_PATH on a "
    "persistent volume."
)
_TOKEN_WITHDRAWN = 4004
"""The code with which the gateway closes when the token was reset while the bot ran."""
_LEAVING_SECONDS = 1.0
_log = logging.getLogger("bot")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bot until it is told to stop; return the exit code."""
    options = _options(arguments)
    log_uncaught()
    try:
        settings = load_settings()
    except SettingsInvalid as problem:
        start_logging("ERROR", problem.log_format)
        return _refuse(str(problem), ExitCode.BAD_INPUT)
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    start_logging("ERROR" if options.preview else settings.log_level, settings.log_format, (token,))
    if not options.preview and not token:
        return _refuse(_TOKENLESS, ExitCode.BAD_INPUT)
    try:
        return _preview(settings, options.port) if options.preview else _discord(settings, token)
    except NewsError as problem:
        return _refuse(str(problem), problem.exit_code)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Pullquote: the news, in its own words.")
    parser.add_argument("--preview", action="store_true", help="show the bot in a local page; needs no token")
    parser.add_argument("--port", type=int, default=None, help="the local page's port; a free one where not given")
    return parser.parse_args(arguments)


def _refuse(sentence: str, code: ExitCode) -> ExitCode:
    _log.critical(sentence)
    return code


def _discord(settings: Settings, token: str) -> int:
    with open_newsroom(settings, stays=True) as newsroom:
        if newsroom.is_new:
            _log.warning(_NEW_ARCHIVE, newsroom.place)
        return asyncio.run(serve(make_bot(newsroom, settings), token, settings.drain_seconds))


def _preview(settings: Settings, port: int | None) -> int:
    try:
        from bot.preview import port_problem, run_preview  # noqa: PLC0415  # its library is installed only where it is wanted
    except ModuleNotFoundError as missing:
        return _refuse(_NO_PREVIEW.format(missing), ExitCode.BAD_INPUT)
    problem = port_problem(port) if port is not None else None
    if problem is not None:
        return _refuse(problem, ExitCode.BAD_INPUT)
    with open_newsroom(settings, stays=True) as newsroom:
        bot = make_bot(newsroom, settings, is_preview=True)
        return asyncio.run(run_preview(bot, newsroom.warm_up, port=port))


def make_bot(newsroom: Newsroom, settings: Settings, *, is_preview: bool = False) -> PullquoteBot:
    """Return the bot as the settings describe it."""
    return PullquoteBot(
        newsroom,
        version=version(),
        workers=settings.workers,
        answer_seconds=settings.answer_seconds,
        cooldown_seconds=settings.cooldown_seconds,
        dev_guild_id=settings.dev_guild_id,
        is_preview=is_preview,
        retention_days=settings.retention_days,
        manager=ServiceManager.of_environment(),
    )


async def serve(bot: PullquoteBot, token: str, drain_seconds: float) -> int:
    """Run the bot until SIGTERM or SIGINT, let running answers finish, and return the exit code."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with bot:
        running = asyncio.create_task(bot.start(token))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if running.done():
            return _ended(running)
        _log.info("Stopping: no new commands; running answers may take %g seconds", drain_seconds)
        if not await bot.drain(drain_seconds):
            _log.warning("Some answers were not finished in time")
        await bot.close()
        await asyncio.gather(running, return_exceptions=True)
    _log.info("Stopped")
    return ExitCode.DONE


def _ended(running: asyncio.Task[None]) -> ExitCode:
    """Log why the bot ended by itself, and return the exit code: a fault of Discord's may pass, a refused token not."""
    try:
        running.result()
    except discord.LoginFailure:
        return _refuse(_REFUSED, ExitCode.REFUSED)
    except discord.PrivilegedIntentsRequired as problem:
        return _refuse(str(problem), ExitCode.REFUSED)
    except discord.ConnectionClosed as problem:
        if problem.code == _TOKEN_WITHDRAWN:
            return _refuse(_REFUSED, ExitCode.REFUSED)
        return _refuse(_OFFLINE.format(problem), ExitCode.UNREACHABLE)
    except (*CONNECTION_FAULTS, discord.HTTPException, discord.GatewayNotFound) as problem:
        return _refuse(_OFFLINE.format(problem), ExitCode.UNREACHABLE)
    return _refuse(_OFFLINE.format("the connection ended"), ExitCode.UNREACHABLE)


def leave(code: int) -> NoReturn:
    """End the process after everything is closed, without waiting for threads that still fetch a page."""
    others = [each for each in threading.enumerate() if not each.daemon and each is not threading.current_thread()]
    until = time.monotonic() + _LEAVING_SECONDS
    for thread in others:
        thread.join(max(until - time.monotonic(), 0.0))
    waiting = [thread.name for thread in others if thread.is_alive()]
    if not waiting:
        sys.exit(code)
    _log.info("Left without %s", ", ".join(waiting))
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    leave(main())

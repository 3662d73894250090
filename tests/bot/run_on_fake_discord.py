"""`python -m tests.bot.run_on_fake_discord PORT TOKEN [LEVEL]` runs the bot against the stand-in on that port.

Its answers take a second, so that a stop finds one in flight; a page that it looks at again takes half a minute.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, cast

from discord.gateway import DiscordWebSocket
from discord.http import Route
from typing_extensions import override
from yarl import URL

from bot.__main__ import leave, serve
from bot.background.service_manager import ServiceManager
from bot.client import PullquoteBot
from config.logs import start_logging
from config.settings import LogFormat
from tests.bot.fakes import FakeNewsroom, NoPages

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.newsroom import Newsroom


class _Slow(NoPages):
    """A page takes long."""

    @override
    def recheck(self, _now: datetime, _limit: int) -> int:
        time.sleep(30)
        return 0


def main(port: str, token: str, level: str = "INFO") -> int:
    """Runs until a signal comes; returns the exit code."""
    Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = URL(f"ws://127.0.0.1:{port}/ws")
    start_logging(level, LogFormat.JSON, (token,))
    newsroom = FakeNewsroom()
    newsroom.rechecker = _Slow()
    newsroom.seconds = 1.0
    manager = ServiceManager.of_environment()
    bot = PullquoteBot(cast("Newsroom", newsroom), version="0.1.0", cooldown_seconds=0.0, manager=manager)
    return asyncio.run(serve(bot, token, 8.0))


if __name__ == "__main__":
    leave(main(*sys.argv[1:]))

"""`python -m tests.bot.run_on_fake_discord PORT TOKEN` runs the bot against the stand-in on that port of loopback.

Its answers take a second, so that a stop finds one in flight.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, cast

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.__main__ import serve
from bot.client import PullquoteBot
from config.logs import start_logging
from config.settings import LogFormat
from tests.bot.fakes import FakeNewsroom

if TYPE_CHECKING:
    from retrieval.newsroom import Newsroom


def main(port: str, token: str) -> int:
    """Runs until a signal comes; returns the exit code."""
    Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = URL(f"ws://127.0.0.1:{port}/ws")
    start_logging("INFO", LogFormat.JSON, (token,))
    newsroom = FakeNewsroom()
    newsroom.seconds = 1.0
    bot = PullquoteBot(cast("Newsroom", newsroom), version="0.1.0")
    return asyncio.run(serve(bot, token, 8.0))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

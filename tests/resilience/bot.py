"""`python -m tests.resilience.bot DISCORD_PORT WEB_PORT`: the real bot, on stand-ins for Discord and for the web.

The settings are those of the environment. Every name of the web leads to the one server at WEB_PORT; apart from that
pages are fetched as always, with robots.txt, turns and limits.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.__main__ import leave, make_bot, serve
from config.logs import start_logging
from config.settings import LogFormat, load_settings
from retrieval.adapters.web.fetcher import WebFetcher
from retrieval.assembly import open_newsroom
from tests.retrieval.web_server import HERE

if TYPE_CHECKING:
    from retrieval.adapters.web.addresses import IPAddress


def main(discord_port: str, web_port: str) -> int:
    """Runs until a signal comes; returns the exit code."""
    Route.BASE = f"http://{HERE}:{discord_port}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = URL(f"ws://{HERE}:{discord_port}/ws")
    settings = load_settings()
    start_logging("INFO", LogFormat.JSON, ("secret-token",))
    fetcher = WebFetcher(None, 0.0, resolve=lambda _host, _port: [(HERE, int(web_port))], allowed=_is_the_web)
    with open_newsroom(settings, fetcher=fetcher, stays=True) as newsroom:
        return asyncio.run(serve(make_bot(newsroom, settings), "secret-token", settings.drain_seconds))


def _is_the_web(address: IPAddress) -> bool:
    return str(address) == HERE


if __name__ == "__main__":
    leave(main(*sys.argv[1:]))

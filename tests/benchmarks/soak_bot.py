"""Runs the bot over a real archive, on the stand-in for Discord at a port.

    python -m tests.benchmarks.soak_bot PORT [still]

The settings are those of the environment. A feed of the test's own grows by a story every half minute, and is read;
with "still" there is none.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from discord.gateway import DiscordWebSocket
from discord.http import Route
from typing_extensions import override
from yarl import URL

from bot.__main__ import leave, make_bot, serve
from config.logs import start_logging
from config.settings import LogFormat, load_settings
from retrieval.assembly import open_newsroom
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from tests.support.feeds import FEED, Story, Web

if TYPE_CHECKING:
    from retrieval.domain.pages import Fetched, NotModified, Validators
    from retrieval.newsroom import Newsroom

_EVERY = 30
_SHOWN = 5


class GrowingWeb(Web):
    """A feed with a new story every half minute, and the pages of those it shows."""

    @override
    def fetch(self, url: str, validators: Validators | None = None) -> Fetched | NotModified:
        newest = int(time.time()) // _EVERY
        self.publish(*(Story(number) for number in range(newest - _SHOWN, newest)))
        found = super().fetch(url, validators)
        self._pages.clear()
        self.asked.clear()
        return found


def main(port: str, still: str = "") -> int:
    """Runs until a signal comes; returns the exit code."""
    Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = URL(f"ws://127.0.0.1:{port}/ws")
    settings = load_settings()
    start_logging("INFO", LogFormat.JSON, ("secret-token",))
    with open_newsroom(settings, fetcher=GrowingWeb(), stays=True) as newsroom:
        if not still:
            newsroom.feeds.add(Scope(), FEED)
            threading.Thread(target=_wake, args=(newsroom,), daemon=True).start()
        return asyncio.run(serve(make_bot(newsroom, settings), "secret-token", settings.drain_seconds))


def _wake(newsroom: Newsroom) -> None:
    while True:
        newsroom.feeds.schedule.make_due(SHARED, datetime.now(UTC))
        time.sleep(_EVERY)


if __name__ == "__main__":
    leave(main(*sys.argv[1:]))

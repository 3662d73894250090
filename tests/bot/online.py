"""The bot on discord.py's real client, connected to the stand-in for Discord on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.bot.conftest import new_bot
from tests.bot.discord_people import Asker
from tests.bot.fake_discord import FakeDiscord, fake_discord
from tests.bot.fakes import FakeNewsroom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    import pytest

    from bot.client import PullquoteBot
    from retrieval.newsroom import Newsroom
    from tests.bot.discord_exchanges import Exchange, Message


class Quick:
    """asyncio for discord.py's retries, which does not wait."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the module has
        return getattr(asyncio, name)

    async def sleep(self, _seconds: float) -> None:
        await asyncio.sleep(0)


class Online:
    """A bot that is connected, and its Discord."""

    def __init__(self, wire: FakeDiscord, bot: PullquoteBot, newsroom: Any) -> None:  # noqa: ANN401  # real or a fake
        self.wire = wire
        self.newsroom = newsroom
        self.bot = bot
        self._tokens = itertools.count(1)

    async def ask(self, token: str = "interaction-token") -> None:
        await self.wire.send_command(token, "why was the delegation cancelled")

    async def answer(self, token: str = "interaction-token", seconds: float = 10) -> str:
        """The title of the answer to the command of that token."""
        await until(lambda: token in self.wire.answered, seconds)
        return str(self.wire.answered[token]["embeds"][0]["title"])

    async def idle(self) -> None:
        """Until nothing is being answered any more."""
        await asyncio.sleep(0.05)
        assert await self.bot.service.responses.drained(10)

    async def command(self, name: str, who: Asker | None = None, **options: object) -> Exchange:
        """Somebody uses a command; what came of it."""
        return await self.done((who or Asker()).command(self._token(), name, options))

    async def press(self, message: Message, label: str, who: Asker | None = None) -> Exchange:
        """Somebody presses a button."""
        return await self.done((who or Asker()).press(self._token(), message, message.buttons[label]), message)

    async def send(self, form: Mapping[str, Any], who: Asker | None = None, **values: str) -> Exchange:
        """Somebody fills in a form and sends it."""
        return await self.done((who or Asker()).send(self._token(), form, values))

    async def typing(self, name: str, option: str, typed: str, who: Asker | None = None) -> list[str]:
        """What is offered to somebody who types."""
        exchange = await self.done((who or Asker()).typing(self._token(), name, option, typed))
        return [choice["name"] for choice in exchange.choices]

    async def done(self, interaction: dict[str, Any], source: Message | None = None) -> Exchange:
        """Does it, and waits until whoever did waits for nothing any more."""
        await self.wire.send(interaction, source)
        exchange = self.wire.exchanges.by_token[interaction["token"]]
        await until(lambda: exchange.settled)
        await self.idle()
        return exchange

    def _token(self) -> str:
        return f"token-{next(self._tokens)}"


async def until(condition: Any, seconds: float = 10) -> None:  # noqa: ANN401  # a function without arguments
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # what is waited for sets no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def connected(
    monkeypatch: pytest.MonkeyPatch,
    newsroom: FakeNewsroom | Newsroom | None = None,
    wire: FakeDiscord | None = None,
    **options: float,
) -> AsyncIterator[Online]:
    """The bot over a newsroom until the block ends; whatever Discord was to be like is said to a `wire` before."""
    async with fake_discord(wire) as served:
        monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{served.port}/api/v10")
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(f"ws://127.0.0.1:{served.port}/ws"))
        newsroom = newsroom or FakeNewsroom()
        bot = new_bot(newsroom, **options)
        async with bot:
            running = asyncio.create_task(bot.start("secret-token"))
            await asyncio.wait_for(served.ready.wait(), 10)
            if served.guild is not None:
                await until(lambda: bot.guilds and not bot.guilds[0].unavailable)
            yield Online(served, bot, newsroom)
            assert not running.done(), "the bot ended by itself"
            await bot.close()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

"""A running bot in a server with a channel and members, over a newsroom that the test may set up first."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest
import simcord

from bot import delivery
from bot.client import PullquoteBot
from bot.preview import LiveClock
from bot.threads import request
from tests.bot.fakes import FakeNewsroom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle, GuildHandle
    from simcord.results import InteractionResult

    from retrieval.newsroom import Newsroom

QUESTION = "why was the delegation cancelled"


def new_bot(newsroom: FakeNewsroom | Newsroom, **options: float | bool) -> PullquoteBot:
    settings: dict[str, Any] = {"version": "0.1.0", "cooldown_seconds": 0.0, **options}
    return PullquoteBot(cast("Newsroom", newsroom), **settings)


@dataclass(slots=True)
class Stage:
    """A server to act in: `asker` and `other` are members, `owner` may do everything."""

    env: simcord.Env
    newsroom: FakeNewsroom
    guild: GuildHandle
    channel: ChannelHandle
    asker: MemberActor
    other: MemberActor
    owner: MemberActor

    @property
    def bot(self) -> PullquoteBot:
        return cast("PullquoteBot", self.env.bot)

    async def ask(self, question: str = QUESTION) -> InteractionResult:
        return await self.asker.slash(self.channel, "ask", question=question)

    async def quote(self, speaker: str, **options: str) -> InteractionResult:
        return await self.asker.slash(self.channel, "quote", speaker=speaker, **options)


@pytest.fixture
def newsroom() -> FakeNewsroom:
    return FakeNewsroom()


@pytest.fixture
def staged(newsroom: FakeNewsroom) -> Callable[..., AbstractAsyncContextManager[Stage]]:
    """Opens the stage with options for the bot.

    `live` lets simcord's clock run: standing still, it never reaches a time limit while a worker is busy.
    """

    @asynccontextmanager
    async def open_stage(*, check_errors: bool = True, live: bool = False, **options: float) -> AsyncIterator[Stage]:
        env = simcord.Env(new_bot(newsroom, **options))
        if live:
            env.backend.clock = LiveClock()
        await env.start()
        boss = env.create_user("owner")
        guild = env.create_guild("Newsreaders", owner=boss)
        channel = guild.create_text_channel("news")
        asker, other = (guild.add_member(env.create_user(name)) for name in ("asker", "other"))
        owner = simcord.MemberActor(env, guild, boss)
        try:
            yield Stage(env, newsroom, guild, channel, asker, other, owner)
        finally:
            await env.shutdown()
            await env.bot.close()
        if check_errors:
            env.raise_errors()

    return open_stage


@pytest.fixture
async def stage(staged: Callable[..., AbstractAsyncContextManager[Stage]]) -> AsyncIterator[Stage]:
    async with staged() as opened:
        yield opened


def text_of(result: InteractionResult) -> str:
    """Everything that the last answer says."""
    message = result.followups[-1] if result.followups else result.response
    assert message is not None
    parts: list[str | None] = [message.content]
    for embed in message.embeds:
        parts += [embed.author.name, embed.title, embed.description, embed.footer.text]
        parts += [text for field in embed.fields for text in (field.name, field.value)]
    return "\n".join(part for part in parts if part)


def labels_of(result: InteractionResult) -> list[str]:
    """What the buttons say; "menu" stands for a menu."""
    assert result.response is not None
    return [button.get("label", "menu") for row in result.response.components for button in row["components"]]


def menus_of(result: InteractionResult) -> list[dict[str, Any]]:
    """The menus, with their options."""
    assert result.response is not None
    return [each for row in result.response.components for each in row["components"] if "options" in each]


@pytest.fixture
def quick_and_without_a_bug(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Tries follow each other at once, and nothing is logged that is told as a bug."""
    monkeypatch.setattr(delivery, "PATIENTLY", (0.01, 0.01, 0.01))
    monkeypatch.setattr(request, "_PATIENCE_SECONDS", 0.1)
    yield
    assert [line.getMessage() for line in caplog.get_records("call") if "reference" in line.getMessage()] == []

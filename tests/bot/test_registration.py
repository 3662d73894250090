"""Commands are registered beside everything else: no trouble with that keeps the bot from answering."""

from __future__ import annotations

import asyncio

import discord.http
import pytest

from bot.background import registration
from retrieval.errors import ArchiveFull
from tests.bot.fake_discord import CUT, FakeDiscord, Fault, rate_limited
from tests.bot.fakes import FakeState
from tests.bot.in_server import (
    VOTE_QUESTION,
    said,
)
from tests.bot.online import Quick, connected, until

COMMANDS = "/commands"

pytestmark = pytest.mark.usefixtures("quick_and_without_a_bug")


@pytest.mark.parametrize(
    "faults", [[rate_limited(45)], [Fault(500)] * 5, [Fault(403, 50001)], [CUT] * 5], ids=["429", "500", "403", "cut"]
)
async def test_the_bot_answers_while_its_commands_cannot_be_registered(
    faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = FakeDiscord()
    wire.fail(COMMANDS, *faults)
    async with connected(monkeypatch, None, wire) as online:
        assert "Gaza cease-fire" in said(await online.command("ask", **VOTE_QUESTION))
        assert not [key for _, key in online.newsroom.bot_state.kept if key.startswith("commands:")]


@pytest.mark.parametrize("faults", [[rate_limited(0.05)] * 7, [Fault(500)] * 12, [CUT] * 6], ids=["429", "500", "cut"])
async def test_commands_are_registered_once_discord_takes_them(
    faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "_PAUSES_SECONDS", (0.01,))
    monkeypatch.setattr(discord.http, "asyncio", Quick())
    wire = FakeDiscord()
    wire.fail(COMMANDS, *faults)
    async with connected(monkeypatch, None, wire) as online:
        state = online.newsroom.bot_state
        await until(lambda: any(key.startswith("commands:") for _, key in state.kept))
        assert wire.tries(COMMANDS) == len(faults) + 1


async def test_what_discord_refuses_to_register_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "_PAUSES_SECONDS", (0.01,))
    wire = FakeDiscord()
    wire.fail(COMMANDS, Fault(403, 50001))
    async with connected(monkeypatch, None, wire):
        await until(lambda: wire.tries(COMMANDS))
        await asyncio.sleep(0.1)
        assert wire.tries(COMMANDS) == 1


async def test_commands_are_not_sent_again_because_that_cannot_be_remembered(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(registration, "_PAUSES_SECONDS", (0.01,))

    def full(*_: object) -> None:
        message = "the disk is full"
        raise ArchiveFull(message)

    monkeypatch.setattr(FakeState, "put", full)
    wire = FakeDiscord()
    async with connected(monkeypatch, None, wire):
        await until(lambda: "the disk is full" in caplog.text)
        await asyncio.sleep(0.1)
        assert wire.tries(COMMANDS) == 1

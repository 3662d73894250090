"""What Discord and the line to it do wrong, with the real client on loopback: no answer lost that could be given."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord.webhook.async_
import pytest

from bot import delivery
from retrieval.errors import ArchiveFull
from tests.bot.fake_discord import (
    ANSWER,
    CALLBACK,
    CUT,
    CUT_AFTER,
    KNOWN_ALREADY,
    TOKEN_EXPIRED,
    UNKNOWN_INTERACTION,
    Fault,
    rate_limited,
)
from tests.bot.online import Online, Quick, connected, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


TITLE = "Gaza cease-fire vote"
FOLLOWUP = "/webhooks/11/interaction-token"


@pytest.fixture
async def online(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Online]:
    monkeypatch.setattr(delivery, "PATIENTLY", (0.01, 0.01, 0.01))
    async with connected(monkeypatch) as opened:
        yield opened


@pytest.mark.parametrize(
    "faults",
    [
        [rate_limited(0.05)],
        [rate_limited(0.02)] * 3,
        [Fault(500)],
        [Fault(502), Fault(503)],
        [CUT],
        [CUT, CUT],
        [CUT_AFTER],
        [Fault(503)] * 5,
        [CUT, rate_limited(0.02), Fault(500), CUT],
    ],
    ids=lambda faults: "-".join(str(fault.status or "cut") for fault in faults),
)
async def test_the_answer_arrives_after_all(
    online: Online, faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.webhook.async_, "asyncio", Quick())
    online.wire.fail(ANSWER, *faults)
    await online.ask()
    await until(lambda: online.wire.tries(ANSWER) == len(faults) + 1)
    assert (await online.answer()).startswith(TITLE)


@pytest.mark.parametrize(
    "faults",
    [[rate_limited(0.05)], [Fault(500)], [CUT], [CUT_AFTER, KNOWN_ALREADY], [Fault(500, done=True), KNOWN_ALREADY]],
    ids=["429", "500", "cut", "cut after it arrived", "500 after it arrived"],
)
async def test_a_command_is_acknowledged_and_answered_although_the_first_try_failed(
    online: Online, faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.webhook.async_, "asyncio", Quick())
    online.wire.fail(CALLBACK, *faults)
    await online.ask()
    assert (await online.answer()).startswith(TITLE)


async def test_an_acknowledgement_that_takes_its_time_changes_nothing(online: Online) -> None:
    online.wire.fail(CALLBACK, Fault(500, done=True, after_seconds=1.0), KNOWN_ALREADY)
    await online.ask()
    assert (await online.answer()).startswith(TITLE)


async def test_a_command_that_came_too_late_is_dropped_without_an_apology_or_a_trace(
    online: Online, caplog: pytest.LogCaptureFixture
) -> None:
    online.wire.fail(CALLBACK, UNKNOWN_INTERACTION)
    await online.ask()
    await until(lambda: online.wire.tries(CALLBACK))
    await online.idle()
    assert online.newsroom.scopes == []
    assert (online.wire.tries(CALLBACK), online.wire.tries(ANSWER), online.wire.tries(FOLLOWUP)) == (1, 0, 0)
    assert [record.levelname for record in caplog.records if record.name.startswith("bot")] == ["WARNING"]
    await online.ask("next")
    assert (await online.answer("next")).startswith(TITLE)


@pytest.mark.parametrize("fault", [TOKEN_EXPIRED, Fault(404, 10008), Fault(404, 10015)])
async def test_an_answer_that_nobody_can_be_given_any_more_is_let_go(
    online: Online, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    online.wire.fail(ANSWER, fault)
    await online.ask()
    await until(lambda: online.wire.tries(ANSWER))
    await online.idle()
    assert (online.wire.tries(ANSWER), online.wire.tries(FOLLOWUP)) == (1, 0)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_line_that_stays_dead_is_logged_once_and_the_next_command_is_answered(
    online: Online, caplog: pytest.LogCaptureFixture
) -> None:
    online.wire.fail(ANSWER, *[CUT] * 4)
    await online.ask()
    await until(lambda: online.wire.tries(FOLLOWUP))
    await online.idle()
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    _, _, body = next(request for request in online.wire.requests if request[1].endswith(FOLLOWUP))
    assert "tell the operator this" in body["content"]
    await online.ask("next")
    assert (await online.answer("next")).startswith(TITLE)


@pytest.mark.parametrize("code", [4000, 4009, 1001, 1006])
@pytest.mark.parametrize("forgetful", [False, True], ids=["resumes", "begins anew"])
async def test_a_gateway_that_closes_in_mid_answer_comes_back_and_nothing_is_lost(
    online: Online, code: int, *, forgetful: bool
) -> None:
    online.newsroom.seconds = 0.3
    online.wire.forgetful = forgetful
    await online.ask("before")
    await until(lambda: online.newsroom.scopes)
    await (online.wire.cut_gateway() if code == 1006 else online.wire.hang_up(code))
    back = online.wire.ready if forgetful else online.wire.resumed
    assert (await online.answer("before")).startswith(TITLE)
    await asyncio.wait_for(back.wait(), 20)
    assert online.wire.identified == 1 + forgetful
    await online.ask("after")
    assert (await online.answer("after")).startswith(TITLE)


async def test_a_gateway_that_is_away_for_a_while_is_found_again(online: Online) -> None:
    online.newsroom.seconds = 0.5
    await online.ask("before")
    await until(lambda: online.newsroom.scopes)
    online.wire.away = True
    await online.wire.hang_up(4000)
    assert (await online.answer("before")).startswith(TITLE)
    await asyncio.sleep(3)
    assert not online.wire.resumed.is_set()
    online.wire.away = False
    await asyncio.wait_for(online.wire.resumed.wait(), 60)
    await online.ask("after")
    assert (await online.answer("after")).startswith(TITLE)


async def test_an_answer_is_given_although_the_disk_is_full(
    online: Online, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        message = "The disk that holds the archive is full."
        raise ArchiveFull(message)

    monkeypatch.setattr(online.newsroom.remembered, "put", full)
    await online.ask()
    assert (await online.answer()).startswith(TITLE)
    assert "kept in memory alone: The disk" in caplog.text

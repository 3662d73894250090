"""Slow, stuck, broken and stopping: the user is always answered, and nobody else waits."""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.render import answers, excerpts, notices, quotations
from retrieval.errors import ModelUnavailable, messages
from tests.bot.conftest import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from bot.render.reply import Reply
    from bot.threads.lanes import Lane
    from tests.bot.conftest import Stage

    Staged = Callable[..., AbstractAsyncContextManager[Stage]]


async def test_the_loop_goes_on_while_an_answer_is_computed(stage: Stage) -> None:
    """Computed on the loop, the answer would wait in vain for what the loop does next."""
    stage.newsroom.gate = threading.Event()
    acting = asyncio.ensure_future(stage.ask())
    await asyncio.to_thread(stage.newsroom.entered.wait, 20)
    stage.newsroom.gate.set()
    assert "Gaza cease-fire" in text_of(await acting)


async def test_whoever_has_others_waiting_behind_is_answered_in_a_hurry(stage: Stage) -> None:
    await stage.ask()
    assert stage.channel.guild is not None
    lane, gate, party = stage.bot.service.offload.answering, threading.Event(), stage.channel.guild.id
    before = asyncio.ensure_future(lane.run(lambda: gate.wait(20), party))
    acting = asyncio.ensure_future(stage.ask())
    await _loaded(lane, 2)
    behind = asyncio.ensure_future(lane.run(lambda: None, party))
    await _loaded(lane, 3)
    gate.set()
    await asyncio.gather(before, acting, behind)
    assert stage.newsroom.hurried == [False, True]


async def _loaded(lane: Lane, calls: int) -> None:
    """Until so many calls run or wait."""
    while lane.load < calls:  # noqa: ASYNC110  # a lane tells nobody
        await asyncio.sleep(0.01)


async def test_an_answer_is_rendered_off_the_loop(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that renders what takes long acknowledges nobody's command meanwhile."""
    threads: list[int] = []
    for where, name in ((quotations, "listing"), (excerpts, "in_context"), (answers, "answer")):
        monkeypatch.setattr(where, name, functools.partial(_noted, threads, getattr(where, name)))
    asked = await stage.ask()
    await stage.asker.slash(stage.channel, "quote", speaker="John Kirby")
    assert asked.response is not None
    await stage.asker.click(asked.response, label="In context")
    assert len(threads) == 3
    assert threading.get_ident() not in threads


def _noted(threads: list[int], render: Callable[..., Reply], *given: object, **named: object) -> Reply:
    threads.append(threading.get_ident())
    return render(*given, **named)


async def test_the_acknowledgement_comes_before_anything_else(stage: Stage) -> None:
    await stage.ask()
    sent = [request for request in stage.env.http_requests if "/interactions/" in request.path]
    assert sent[0].path.endswith("/callback")


async def test_an_answer_that_takes_too_long_is_given_up_with_a_sentence(staged: Staged) -> None:
    async with staged(live=True, answer_seconds=1.0) as stage:
        stage.newsroom.gate = threading.Event()
        acting = asyncio.ensure_future(stage.ask())
        await asyncio.sleep(1.3)
        stage.newsroom.gate.set()
        assert text_of(await acting) == messages()["bot.too_slow"]


async def test_a_bug_is_told_with_the_reference_that_the_log_has(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.newsroom.failure = RuntimeError("a bug")
    said = text_of(await stage.ask())
    reference = said.rsplit("`", 2)[1]
    assert reference in caplog.text
    assert "a bug" in caplog.text
    assert "delegation" not in caplog.text


@pytest.mark.parametrize("answered", [False, True], ids=["before the first response", "after a deferral"])
async def test_a_bug_outside_the_boundary_is_answered_in_both_states(staged: Staged, *, answered: bool) -> None:
    async with staged(check_errors=False) as stage:

        @app_commands.command(name="broken", description="Breaks.")
        async def broken(interaction: discord.Interaction[Any]) -> None:
            if answered:
                await interaction.response.defer(thinking=True)
            message = "a bug"
            raise RuntimeError(message)

        stage.bot.tree.add_command(broken)
        stage.env.strict_sync = False
        result = await stage.asker.slash(stage.channel, "broken")
        assert "tell the operator this" in text_of(result)


async def test_a_cut_line_is_tried_once_more(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    edit = discord.Interaction.edit_original_response
    tries: list[dict[str, Any]] = []

    async def cut_once(interaction: discord.Interaction[Any], **fields: Any) -> object:  # noqa: ANN401  # passed on
        tries.append(fields)
        if len(tries) == 1:
            raise aiohttp.ServerDisconnectedError
        return await edit(interaction, **fields)

    monkeypatch.setattr(discord.Interaction, "edit_original_response", cut_once)
    assert "Gaza cease-fire" in text_of(await stage.ask())
    assert len(tries) == 2


async def test_a_question_during_start_up_is_told_so_and_answered(staged: Staged) -> None:
    async with staged(live=True) as stage:
        stage.newsroom.warm_up = Future()
        acting = asyncio.ensure_future(stage.ask())
        await asyncio.sleep(2.4)
        assert any(notices.STARTING in str(request) for request in stage.env.http_requests)
        stage.newsroom.warm_up.set_result(None)
        result = await acting
        assert "Gaza cease-fire" in text_of(result)
        assert notices.STARTING not in text_of(result)


async def test_an_answer_that_takes_long_is_given_although_nobody_could_be_told_that_it_does(
    staged: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = discord.Interaction.edit_original_response

    async def cut_while_starting(interaction: discord.Interaction[Any], **fields: Any) -> object:  # noqa: ANN401  # passed on
        if fields["content"] == notices.STARTING:
            stage.newsroom.warm_up.set_result(None)
            raise aiohttp.ServerDisconnectedError
        return await edit(interaction, **fields)

    monkeypatch.setattr(discord.Interaction, "edit_original_response", cut_while_starting)
    async with staged(live=True) as stage:
        stage.newsroom.warm_up = Future()
        result = await stage.ask()
        assert stage.newsroom.warm_up.done()
        assert "Gaza cease-fire" in text_of(result)


async def test_a_page_of_narrowed_quotations_waits_for_the_model_beside_the_message(staged: Staged) -> None:
    async with staged(live=True) as stage:
        stage.newsroom.copies = 4
        quoted = await stage.quote("Kirby", about="a perception of daylight")
        stage.newsroom.warm_up = Future()
        assert quoted.response is not None
        acting = asyncio.ensure_future(stage.asker.click(quoted.response, label="More quotations"))
        await asyncio.sleep(2.4)
        assert any(notices.STARTING in str(request) for request in stage.env.http_requests)
        assert notices.STARTING not in quoted.response.content
        stage.newsroom.warm_up.set_result(None)
        await acting
        assert "Quotations 6 to 8 of 8" in str(quoted.response.embeds[-1].footer.text)


async def test_a_model_that_cannot_be_loaded_is_its_own_sentence(stage: Stage) -> None:
    stage.newsroom.warm_up = Future()
    stage.newsroom.warm_up.set_exception(ModelUnavailable("The model is not there."))
    assert text_of(await stage.ask()) == "The model is not there."
    assert "John Kirby" in text_of(await stage.quote("Kirby"))


async def test_a_stop_waits_for_the_answer_in_flight_and_takes_nothing_new(stage: Stage) -> None:
    stage.newsroom.gate = threading.Event()
    acting = asyncio.ensure_future(stage.ask())
    await asyncio.to_thread(stage.newsroom.entered.wait, 5)
    draining = asyncio.ensure_future(stage.bot.drain(5))
    await asyncio.sleep(0.05)
    assert not draining.done()
    stage.newsroom.gate.set()
    assert await draining
    assert "Gaza cease-fire" in text_of(await acting)
    assert text_of(await stage.quote("Kirby")) == messages()["bot.stopping"]


async def test_a_stop_does_not_wait_for_ever(stage: Stage) -> None:
    stage.newsroom.gate = threading.Event()
    acting = asyncio.ensure_future(stage.ask())
    await asyncio.to_thread(stage.newsroom.entered.wait, 5)
    assert not await stage.bot.drain(0.05)
    stage.newsroom.gate.set()
    await acting


async def test_nothing_that_was_asked_is_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await stage.ask("why was the delegation cancelled")
    assert "delegation" not in caplog.text

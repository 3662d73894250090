"""Whatever the bot sends is sent again where the line was cut, through discord.py's real client."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.forms import OPEN_EACH
from retrieval.domain.ids import SHARED
from retrieval.errors import messages
from tests.bot.fake_discord import ANSWER, CALLBACK, CUT, CUT_AFTER, Fault
from tests.bot.in_server import (
    BRIDGE_QUESTION,
    MANAGER,
    NEWS,
    OTHER,
    VOTE_QUESTION,
    in_server,
    said,
)
from tests.bot.online import Online, connected
from tests.support.articles import BRIDGE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


pytestmark = pytest.mark.usefixtures("quick_and_without_a_bug")


@pytest.fixture
async def online(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Online]:
    """Over a newsroom of one article, in direct messages."""
    async with connected(monkeypatch) as opened:
        yield opened
        assert opened.wire.refused == []


@pytest.mark.parametrize("fault", [CUT, CUT_AFTER], ids=["before it arrived", "after it arrived"])
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("help", {}),
        ("privacy", {}),
        ("settings show", {}),
        ("settings channels", {"remove": NEWS}),
        ("article list", {}),
        ("article add", {}),
        ("ask", {**BRIDGE_QUESTION, "since": "soon"}),
        ("ask", BRIDGE_QUESTION),
    ],
)
async def test_every_first_response_is_tried_again(
    fault: Fault, command: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        online.newsroom.importer.add(BRIDGE, SHARED)
        online.wire.fail(CALLBACK, fault)
        answered = await online.command(command, MANAGER, **options)
        assert answered.form or said(answered)
        assert [refused for refused in online.wire.refused if " 40060 " not in refused] == []
        online.wire.refused.clear()


async def test_a_button_s_refusal_a_private_message_and_a_deletion_are_tried_again(online: Online) -> None:
    asked = (await online.command("ask", **VOTE_QUESTION)).messages[0]
    online.wire.fail(CALLBACK, CUT)
    assert "Only whoever asked" in said(await online.press(asked, "Delete", OTHER))
    online.newsroom.remembered.kept.clear()
    online.wire.fail("/webhooks/11/token-3", CUT)
    assert said(await online.press(asked, "More passages")) == messages()["bot.answer_forgotten"]
    online.wire.fail(ANSWER, CUT)
    await online.press(asked, "Delete")
    assert asked.deleted


@pytest.mark.parametrize("fault", [CUT, CUT_AFTER], ids=["before it arrived", "after it arrived"])
async def test_a_form_is_taken_although_the_line_was_cut_while_it_was_opened(
    fault: Fault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        online.wire.fail(CALLBACK, fault)
        opened = (await online.command("article add", MANAGER)).form
        assert opened is not None
        added = await online.send(opened, MANAGER, text=BRIDGE.text, headline="The bridge is closed")
        assert "The bridge is closed" in said(added)
        assert "Quoted\nAda Okafor" in said(added)
        online.wire.refused.clear()


async def test_a_form_that_was_open_over_a_restart_is_handed_back_and_can_be_sent_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        opened = (await online.command("article add", MANAGER)).form
        assert opened is not None
    async with in_server(monkeypatch, tmp_path) as online:
        handed_back = await online.send(opened, MANAGER, text=BRIDGE.text, headline="The bridge is closed")
        assert "I was started again while this form was open" in said(handed_back)
        again = (await online.press(handed_back.messages[0], "Correct it", MANAGER)).form
        assert again is not None
        added = await online.send(again, MANAGER, text=BRIDGE.text, headline="The bridge is closed")
        assert "The bridge is closed" in said(added)


async def test_the_first_of_too_many_open_forms_is_handed_back_and_the_last_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        first, *_, last = [(await online.command("article add", MANAGER)).form for _ in range(OPEN_EACH + 1)]
        assert first is not None
        assert last is not None
        handed_back = await online.send(first, MANAGER, text=BRIDGE.text)
        assert messages()["bot.form_outdated"] in said(handed_back)
        assert "Added" in said(await online.send(last, MANAGER, text=BRIDGE.text))
        assert not online.bot.service.forms.is_open(last["custom_id"])


async def test_forms_that_are_opened_and_closed_are_not_kept_for_good(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        known = online.bot._connection._view_store._modals
        for _ in range(OPEN_EACH + 3):
            await online.command("article add", MANAGER)
        assert len(known) == OPEN_EACH
        await online.command("article add", replace(MANAGER, user="31"))
        assert len(known) == OPEN_EACH + 1


async def test_a_form_of_another_release_is_answered(online: Online) -> None:
    answered = await online.send({"custom_id": "0123456789abcdef", "components": []}, text="x")
    assert "I was started again while this form was open" in said(answered)

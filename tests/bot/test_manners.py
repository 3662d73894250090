"""How the bot behaves towards people on Discord, through discord.py's real client and a Discord that refuses.

The stand-in refuses what Discord's documented limits forbid; nothing that the bot sends here is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.render import notices
from bot.threads.lanes import Busy, TooSlow
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED, CollectionId, UserId
from retrieval.domain.overrides import SplitKind
from retrieval.domain.scope import Scope
from retrieval.errors import ModelUnavailable, messages
from tests.bot.fake_discord import CUT
from tests.bot.in_server import (
    BRIDGE_QUESTION,
    MANAGER,
    OTHER,
    SERVER,
    VOTE_QUESTION,
    SlowModel,
    in_server,
    member,
    private,
    said,
)
from tests.bot.online import Online, connected, until
from tests.support.articles import BAKERY, BRIDGE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.bot.discord_exchanges import Message

pytestmark = pytest.mark.usefixtures("quick_and_without_a_bug")


@pytest.fixture
async def online(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Online]:
    """Over a newsroom of one article, in direct messages."""
    async with connected(monkeypatch) as opened:
        yield opened
        assert opened.wire.refused == []


async def test_everybody_may_press_every_button_of_everybody_s_answer(online: Online) -> None:
    online.newsroom.copies = 3
    for asked in (
        await online.command("ask", **VOTE_QUESTION),
        await online.command("quote", speaker="Kirby"),
        await online.command("quote", speaker="Kirby", about="a perception of daylight"),
        await online.command("quote", speaker="nobody"),
    ):
        await _press_everything(online, asked.messages[0])


async def _press_everything(online: Online, message: Message, pages: int = 2) -> None:
    """Somebody else presses every button, and then the asker turns the page."""
    before = message.text
    for label in [label for label in message.buttons if label not in {"Ask about this article", "Share", "Delete"}]:
        copy = await online.press(message, label, OTHER)
        assert private(copy)
        assert copy.messages[0].text
        for further in list(copy.messages[0].buttons):
            if further in copy.messages[0].buttons:
                await online.press(copy.messages[0], further, OTHER)
    assert "Only whoever asked" in said(await online.press(message, "Delete", OTHER))
    assert (message.text, message.deleted) == (before, False)
    on = next((label for label in message.buttons if label.startswith("More")), None)
    if pages and on:
        await online.press(message, on)
        await _press_everything(online, message, pages - 1)


async def test_back_pressed_by_another_member_shows_them_the_answer(online: Online) -> None:
    asked = (await online.command("ask", **VOTE_QUESTION)).messages[0]
    await online.press(asked, "More passages")
    copy = await online.press(asked, "Back", OTHER)
    assert "Passage 1 of 8" in said(copy)
    assert private(copy)
    assert "Passage 2 of 8" in asked.text


async def test_an_answer_that_a_moderator_emptied_stays_empty_and_the_asker_reads_on_alone(online: Online) -> None:
    online.newsroom.copies = 4
    asked = (await online.command("ask", **VOTE_QUESTION)).messages[0]
    quoted = (await online.command("quote", speaker="Kirby")).messages[0]
    for message, label, expected in (
        (asked, "More passages", "Passage 2 of 8"),
        (quoted, "More quotations", "Quotations 6 to 10 of 12"),
    ):
        message.suppressed, before = True, dict(message.body)
        copy = await online.press(message, label)
        assert private(copy)
        assert expected in said(copy)
        assert message.body == before


async def test_pages_do_not_need_what_the_message_showed(online: Online) -> None:
    asked = (await online.command("ask", **VOTE_QUESTION)).messages[0]
    asked.body["embeds"] = []
    copy = await online.press(asked, "More passages")
    assert private(copy)
    assert "Passage 2 of 8" in said(copy)


@pytest.mark.parametrize("custom_id", ["more:22:7", "ancient", "quote:x:1:2", "delete:", "whole:1:2:3:4"])
async def test_a_button_of_another_release_says_that_it_is_outdated(custom_id: str, online: Online) -> None:
    asked = (await online.command("ask", **VOTE_QUESTION)).messages[0]
    old = {"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}
    asked.body["components"] = [{"type": 1, "components": [old]}]
    pressed = await online.press(asked, "Old")
    assert said(pressed) == messages()["bot.outdated"]
    assert private(pressed)


async def test_long_headlines_and_paragraphs_fit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        for number in range(6):
            words = f"number {number} " + "and the committee agreed with what the inspectors had written down " * 13
            text = f"“This is {words}indeed,” said Ada Okafor, the mayor of Port Selby.\n\nNobody else spoke."
            title = f"Report {number} " + "on the state of the harbour bridge after the winter " * 6
            online.newsroom.importer.add(Draft(text, title=title[:300], publisher="The Selby Courier " * 5), SHARED)
        quoted = (await online.command("quote", member(), speaker="Ada Okafor")).messages[0]
        while "More quotations" in quoted.buttons:
            await online.press(quoted, "More quotations", member())
        assert "Report 0" in quoted.text


async def test_every_command_can_be_used_while_there_is_nothing_and_the_model_is_loading(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = SlowModel()
    async with in_server(monkeypatch, tmp_path, model, answer_seconds=0.2) as online:
        for command, options in (
            ("about", {}),
            ("help", {}),
            ("privacy", {}),
            ("article list", {}),
            ("article export", {}),
            ("article show", {"article": "x"}),
            ("feed list", {}),
            ("settings show", {}),
            ("settings audit", {}),
            ("speaker show", {"speaker": "x"}),
            ("settings retention", {"days": 1}),
        ):
            assert said(await online.command(command, MANAGER, **options))
        for command, option in (("quote", "speaker"), ("ask", "source"), ("article show", "article")):
            assert await online.typing(command, option, "", MANAGER) == []
        model.gate.set()


async def test_who_cannot_be_found_while_the_articles_are_loading_is_looked_for_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "bridge.txt").write_text(BRIDGE.text, encoding="utf-8")
    model = SlowModel()
    async with in_server(monkeypatch, tmp_path, model) as online:
        asked: dict[str, dict[str, Any]] = {
            "quote": {"speaker": "Ada Okafor"},
            "ask": BRIDGE_QUESTION,
            "speaker show": {"speaker": "Ada Okafor"},
            "article list": {},
            "article show": {"article": "Harbour bridge"},
        }
        for command, options in asked.items():
            await online.wire.send(MANAGER.command(command, command, options))
        answered = online.wire.answered
        await until(lambda: len(answered) == len(asked))
        assert {body["content"] for body in answered.values()} == {notices.STARTING}
        model.gate.set()
        await until(lambda: all(body.get("embeds") for body in answered.values()))
        assert "Nobody was ever in danger" in str(answered["quote"])


async def test_a_wait_for_the_articles_ends_with_a_sentence_that_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = SlowModel()
    async with in_server(monkeypatch, tmp_path, model, answer_seconds=0.1) as online:
        for command, options in (("quote", {"speaker": "Ada Okafor"}), ("ask", BRIDGE_QUESTION)):
            refused = await online.command(command, member(), **options)
            assert said(refused) == messages()["bot.still_loading"]
            assert private(refused)
        model.gate.set()


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("ask", {**VOTE_QUESTION, "since": "soon"}),
        ("ask", {"question": "?!?!"}),
        ("quote", {"speaker": "Kirby", "about": "?!?!"}),
    ],
)
async def test_what_cannot_be_asked_is_refused_privately_and_costs_no_waiting_time(
    command: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(monkeypatch, cooldown_seconds=600) as online:
        refused = await online.command(command, **options)
        assert refused.original is not None
        assert private(refused)
        assert "Gaza cease-fire" in said(await online.command("ask", **VOTE_QUESTION))
        assert "One question at a time" in said(await online.command("quote", speaker="Kirby"))


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("ask", {"question": "hi"}),
        ("ask", {**VOTE_QUESTION, "source": "The Gazette of Nowhere"}),
        ("quote", {"speaker": "Nobody"}),
        ("quote", {"speaker": "port"}),
    ],
)
async def test_a_slip_costs_no_waiting_time_and_an_answer_does(
    command: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path, cooldown_seconds=600) as online:
        online.newsroom.importer.add(BRIDGE, SHARED)
        await online.command(command, **options)
        assert "bridge" in said(await online.command("ask", **BRIDGE_QUESTION))
        assert "One question at a time" in said(await online.command("ask", **BRIDGE_QUESTION))


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (ModelUnavailable("The model is not there."), "The model is not there."),
        (Busy(30), "Many people are asking at once."),
        (TooSlow(), messages()["bot.too_slow"]),
    ],
    ids=["error", "busy", "too slow"],
)
async def test_a_failed_answer_is_told_privately_leaves_nothing_public_and_costs_no_waiting_time(
    failure: Exception, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(monkeypatch, cooldown_seconds=600) as online:
        online.newsroom.failure = failure
        refused = await online.command("ask", **VOTE_QUESTION)
        assert refused.original is not None
        assert refused.original.deleted
        assert private(refused)
        assert said(refused).startswith(told)
        online.newsroom.failure = None
        assert "Gaza cease-fire" in said(await online.command("ask", **VOTE_QUESTION))
        assert online.wire.refused == []


async def test_a_speaker_that_is_gone_is_told_privately(online: Online) -> None:
    refused = await online.command("quote", speaker="speaker:999")
    assert private(refused)
    assert said(refused) == messages()["bot.speaker_gone"]


async def test_a_public_refusal_that_cannot_be_made_private_can_be_deleted(online: Online) -> None:
    online.newsroom.failure = ModelUnavailable("The model is not there.")
    online.wire.fail("/webhooks/11/token-1", *[CUT] * 4)
    refused = await online.command("ask", **VOTE_QUESTION)
    assert said(refused) == "The model is not there."
    online.newsroom.failure = None
    await online.press(refused.messages[0], "Delete")
    assert refused.messages == []


async def test_articles_that_are_kept_for_one_day_are_not_kept_for_1_days(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        for command, options in (("settings retention", {"days": 1}), ("settings show", {}), ("settings audit", {})):
            assert "1 days" not in said(await online.command(command, MANAGER, **options))


async def test_two_speakers_of_one_name_look_different_in_every_list(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        room, here = online.newsroom, Scope(CollectionId(int(SERVER)))
        later = Draft(
            "New lane on the bridge\n\n“It will open in June,” said Ada Okafor, the mayor of Port Selby.\n",
            publisher="Selby Radio",
            published_at=BAKERY.published_at,
        )
        room.importer.add(BRIDGE, SHARED)
        room.importer.add(later, SHARED)
        whole = room.speakers.shown(here, room.speakers.named(here, "Ada Okafor").speaker.id)
        apart = next(part for part in whole.split_candidates if part.kind is SplitKind.ARTICLE)
        room.overrides.split(here, whole.speaker.id, apart.kind, apart.number, UserId(1))
        offered = await online.typing("quote", "speaker", "okafor", member())
        assert len(offered) == len({name.rpartition(" (")[0] for name in offered}) == 2
        assert any("7 May 2024: Harbour bridge closed" in name for name in offered)
        asked = (await online.command("quote", member(), speaker="Ada Okafor")).messages[0]
        assert len(set(asked.buttons) - {"Delete"}) == 2


async def test_what_a_pasted_article_lacks_is_given_and_corrected_by_hand_and_taken_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        opened = (await online.command("article add", MANAGER, publisher="The Selby Courier")).form
        assert opened is not None
        added = said(await online.send(opened, MANAGER, text=BRIDGE.text, date="2024-05-07"))
        assert "The Selby Courier" in added
        edited = await online.command(
            "article edit", MANAGER, article="1", title="Bridge shut", publisher="Índice Político", date="2024-05-09"
        )
        assert private(edited)
        for change in ("→ Bridge shut", "→ Índice Político", "→ <t:1715256000:D>"):
            assert change in said(edited)
        assert "Bridge shut" in said(await online.command("article list", MANAGER, source="índice político"))
        await online.press(edited.messages[0], "Undo", MANAGER)
        assert "The Selby Courier" in said(await online.command("article show", MANAGER, article="1"))


async def test_a_refused_form_keeps_what_was_pasted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        opened = (await online.command("article add", MANAGER)).form
        assert opened is not None
        refused = await online.send(opened, MANAGER, text=BRIDGE.text, date="soon")
        assert private(refused)
        assert "Nothing that you wrote is lost" in said(refused)
        again = (await online.press(refused.messages[0], "Correct it", MANAGER)).form
        assert again is not None
        values = {field["custom_id"]: field.get("value") for row in again["components"] for field in row["components"]}
        assert (values["text"], values["date"]) == (BRIDGE.text, "soon")
        assert "Added" in said(await online.send(again, MANAGER, text=BRIDGE.text, date="2024-05-07"))

"""How the bot behaves towards people on Discord, through discord.py's real client and a Discord that refuses.

The stand-in refuses what Discord's documented limits forbid; nothing that the bot sends here is refused.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import discord.http
import pytest
from typing_extensions import override

from bot import delivery, registration, working
from bot.lanes import Busy, TooSlow
from bot.render import feeds, notices, servers
from config.settings import QuotationParser, Settings
from retrieval.assembly import open_newsroom
from retrieval.domain.articles import Draft
from retrieval.domain.ids import ChannelId, CollectionId, UserId
from retrieval.domain.readers import Reader
from retrieval.domain.rulings import PartKind
from retrieval.errors import ArchiveFull, ModelUnavailable
from tests.articles import BAKERY, BRIDGE
from tests.bot.discord_people import Asker, Place, server
from tests.bot.fake_discord import ANSWER, CALLBACK, CUT, CUT_AFTER, FakeDiscord, Fault, rate_limited
from tests.bot.fakes import FakeState
from tests.bot.online import Online, Quick, connected, until
from tests.fakes import FakeFetcher, HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from retrieval.ports import Embedder
    from tests.bot.discord_exchanges import Exchange, Message

SERVER = "1000000000000000077"
CATEGORY = Place("1000000000000000100", 4, "reading rooms")
NEWS = Place("1000000000000000101", 0, "news")
VOICE = Place("1000000000000000102", 2, "voice", CATEGORY.id)
STAGE = Place("1000000000000000103", 13, "stage")
FORUM = Place("1000000000000000104", 15, "forum")
POST = Place("1000000000000000105", 11, "a post", FORUM.id)
THREAD = Place("1000000000000000106", 11, "a thread", NEWS.id)
BRIDGE_QUESTION: dict[str, Any] = {"question": "why was the harbour bridge closed"}
VOTE_QUESTION: dict[str, Any] = {"question": "why was the delegation cancelled"}
OTHER = Asker("23")
MANAGER = Asker(guild=SERVER, place=NEWS, permissions=discord.Permissions(manage_guild=True).value)
COMMANDS = "/commands"


@pytest.fixture(autouse=True)
def _quick_and_without_a_bug(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    monkeypatch.setattr(delivery, "PATIENTLY", (0.01, 0.01, 0.01))
    monkeypatch.setattr(working, "_PATIENCE_SECONDS", 0.1)
    yield
    assert [line.getMessage() for line in caplog.get_records("call") if "reference" in line.getMessage()] == []


@pytest.fixture
async def online(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Online]:
    """Over a newsroom of one article, in direct messages."""
    async with connected(monkeypatch) as opened:
        yield opened
        assert opened.wire.refused == []


class _Slow(HashingEmbedder):
    """A model that is being loaded until the gate opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    @override
    def warm_up(self) -> None:
        assert self.gate.wait(20)


@asynccontextmanager
async def in_server(
    monkeypatch: pytest.MonkeyPatch, folder: Path, embedder: Embedder | None = None, **options: float
) -> AsyncIterator[Online]:
    """Over a real newsroom, in a server with a channel of every kind; the seeds are those of the folder."""
    wire = FakeDiscord()
    wire.guild = server(SERVER, CATEGORY, NEWS, VOICE, STAGE, FORUM, POST, THREAD)
    settings = Settings(
        _env_file=None,
        archive_path=folder / "a.sqlite3",
        seeds_path=folder / "seeds",
        quotation_parser=QuotationParser.RULES,
    )
    with open_newsroom(settings, embedder or HashingEmbedder(), fetcher=FakeFetcher()) as room:
        async with connected(monkeypatch, room, wire, **options) as opened:
            yield opened
            assert wire.refused == []


def member(place: Place = NEWS) -> Asker:
    return Asker(guild=SERVER, place=place)


def said(exchange: Exchange) -> str:
    """The one message that came of it."""
    (message,) = exchange.messages
    return message.text


def private(exchange: Exchange) -> bool:
    return all(message.ephemeral for message in exchange.messages)


# In which channels it answers


async def test_taking_a_channel_off_no_list_changes_nothing_and_says_how_a_list_begins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        online.newsroom.add_article(BRIDGE)
        assert said(await online.command("settings channels", MANAGER, remove=NEWS)) == servers.NO_CHANNEL_LIST
        assert "Harbour bridge" in said(await online.command("ask", member(), **BRIDGE_QUESTION))
        assert "Nothing has been changed" in said(await online.command("settings audit", MANAGER))


async def test_the_last_channel_stays_on_the_list_until_everywhere_is_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        online.newsroom.add_article(BRIDGE)
        await online.command("settings channels", MANAGER, add=NEWS)
        assert "Without #news no channel" in said(await online.command("settings channels", MANAGER, remove=NEWS))
        assert f"only in <#{NEWS.id}>" in said(await online.command("settings channels", MANAGER))
        refused = await online.command("ask", member(VOICE), **BRIDGE_QUESTION)
        assert said(refused) == f"In this server I answer in <#{NEWS.id}>."
        assert "is not on the list" in said(await online.command("settings channels", MANAGER, remove=VOICE))
        await online.command("settings channels", MANAGER, add=VOICE, remove=NEWS)
        refused = await online.command("ask", member(), **BRIDGE_QUESTION)
        assert said(refused) == f"In this server I answer in <#{VOICE.id}>."
        await online.command("settings channels", MANAGER, everywhere=True)
        assert "Harbour bridge" in said(await online.command("ask", member(), **BRIDGE_QUESTION))


async def test_a_channel_that_is_gone_does_not_count_as_one_that_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        await online.command("settings channels", MANAGER, add=Place("1000000000000000999", 0, "gone"))
        await online.command("settings channels", MANAGER, add=NEWS)
        assert "Without #news no channel" in said(await online.command("settings channels", MANAGER, remove=NEWS))


@pytest.mark.parametrize(
    ("listed", "asked_in", "elsewhere"),
    [
        (FORUM, POST, NEWS),
        (VOICE, VOICE, STAGE),
        (STAGE, STAGE, VOICE),
        (NEWS, THREAD, POST),
        (THREAD, THREAD, NEWS),
        (CATEGORY, VOICE, NEWS),
    ],
    ids=["forum", "voice", "stage", "thread of a channel", "thread", "category"],
)
async def test_every_kind_of_channel_can_be_listed_and_is_answered_in(
    listed: Place, asked_in: Place, elsewhere: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        online.newsroom.add_article(BRIDGE)
        assert f"only in <#{listed.id}>" in said(await online.command("settings channels", MANAGER, add=listed))
        assert "Harbour bridge" in said(await online.command("ask", member(asked_in), **BRIDGE_QUESTION))
        refused = await online.command("ask", member(elsewhere), **BRIDGE_QUESTION)
        assert said(refused) == f"In this server I answer in <#{listed.id}>."
        assert private(refused)


@pytest.mark.parametrize("channel", [NEWS, VOICE, STAGE], ids=["text", "voice", "stage"])
async def test_news_can_be_announced_wherever_messages_can_be_written(
    channel: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        told = said(await online.command("feed add", MANAGER, url="https://wire.example/feed", channel=channel))
        assert told == feeds.may_not_write(ChannelId(int(channel.id)))  # there is such a channel, and no permission


async def test_a_setting_without_options_is_shown_and_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        await online.command("settings channels", MANAGER, add=NEWS)
        for command in ("settings channels", "settings adders"):
            assert f"only in <#{NEWS.id}>" in said(await online.command(command, MANAGER))
        assert "1 to 1 of 1" in said(await online.command("settings audit", MANAGER))


# Buttons


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
    for label in [label for label in message.buttons if label != "Delete"]:
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
    online.newsroom.copies = 2
    asked = (await online.command("ask", **VOTE_QUESTION)).messages[0]
    quoted = (await online.command("quote", speaker="Kirby")).messages[0]
    for message, label, expected in (
        (asked, "More passages", "Passage 2 of 8"),
        (quoted, "More quotations", "Quotations 7 to 12 of 12"),
        (quoted, "In the paragraph", "White House spokesperson John Kirby"),
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


@pytest.mark.parametrize("custom_id", ["more:22:7", "ancient", "quote:x:1:2", "delete:", "whole:2:1:1:1"])
async def test_a_button_of_another_release_says_that_it_is_outdated(custom_id: str, online: Online) -> None:
    asked = (await online.command("ask", **VOTE_QUESTION)).messages[0]
    old = {"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}
    asked.body["components"] = [{"type": 1, "components": [old]}]
    pressed = await online.press(asked, "Old")
    assert said(pressed) == notices.OUTDATED
    assert private(pressed)


# What fits


async def test_long_headlines_and_paragraphs_fit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        for number in range(6):
            words = f"number {number} " + "and the committee agreed with what the inspectors had written down " * 13
            text = f"“This is {words}indeed,” said Ada Okafor, the mayor of Port Selby.\n\nNobody else spoke."
            title = f"Report {number} " + "on the state of the harbour bridge after the winter " * 6
            online.newsroom.add_article(Draft(text, title=title[:300], publisher="The Selby Courier " * 5))
        quoted = (await online.command("quote", member(), speaker="Ada Okafor")).messages[0]
        whole = (await online.press(quoted, "In the paragraph", member())).messages[0]
        while "Next" in whole.buttons:
            await online.press(whole, "Next", member())
        assert "Report 0" in whole.text


# While it starts


async def test_every_command_can_be_used_while_there_is_nothing_and_the_model_is_loading(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = _Slow()
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
    model = _Slow()
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
    model = _Slow()
    async with in_server(monkeypatch, tmp_path, model, answer_seconds=0.1) as online:
        for command, options in (("quote", {"speaker": "Ada Okafor"}), ("ask", BRIDGE_QUESTION)):
            refused = await online.command(command, member(), **options)
            assert said(refused) == notices.LOADING
            assert private(refused)
        model.gate.set()


# Refusals


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
    ("failure", "told"),
    [
        (ModelUnavailable("The model is not there."), "The model is not there."),
        (Busy(30), "Many people are asking at once."),
        (TooSlow(), notices.TOO_SLOW),
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
    assert said(refused) == notices.SPEAKER_GONE


async def test_a_public_refusal_that_cannot_be_made_private_can_be_deleted(online: Online) -> None:
    online.newsroom.failure = ModelUnavailable("The model is not there.")
    online.wire.fail("/webhooks/11/token-1", *[CUT] * 4)
    refused = await online.command("ask", **VOTE_QUESTION)
    assert said(refused) == "The model is not there."
    online.newsroom.failure = None
    await online.press(refused.messages[0], "Delete")
    assert refused.messages == []


# A line that is cut


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
        online.newsroom.add_article(BRIDGE)
        online.wire.fail(CALLBACK, fault)
        answered = await online.command(command, MANAGER, **options)
        assert answered.form or said(answered)
        assert [refused for refused in online.wire.refused if " 40060 " not in refused] == []
        online.wire.refused.clear()


async def test_a_button_s_refusal_a_private_message_and_a_deletion_are_tried_again(online: Online) -> None:
    asked = (await online.command("ask", **VOTE_QUESTION)).messages[0]
    online.wire.fail(CALLBACK, CUT)
    assert "Only whoever asked" in said(await online.press(asked, "Delete", OTHER))
    online.newsroom.bot_state.kept.clear()
    online.wire.fail("/webhooks/11/token-3", CUT)
    assert said(await online.press(asked, "More passages")) == notices.FORGOTTEN
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


# Registration


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


async def test_what_discord_refuses_to_register_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "_PAUSES_SECONDS", (0.01,))
    wire = FakeDiscord()
    wire.fail(COMMANDS, Fault(403, 50001))
    async with connected(monkeypatch, None, wire):
        await until(lambda: wire.tries(COMMANDS))
        await asyncio.sleep(0.1)
        assert wire.tries(COMMANDS) == 1


# Words


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
        room, here = online.newsroom, Reader(CollectionId(int(SERVER)))
        later = Draft(
            "New lane on the bridge\n\n“It will open in June,” said Ada Okafor, the mayor of Port Selby.\n",
            publisher="Selby Radio",
            published_at=BAKERY.published_at,
        )
        room.add_article(BRIDGE)
        room.add_article(later)
        whole = room.speakers.shown(here, room.speakers.named(here, "Ada Okafor").speaker.id)
        apart = next(part for part in whole.parts if part.kind is PartKind.ARTICLE)
        room.speakers.split(here, whole.speaker.id, apart.kind, apart.number, UserId(1))
        offered = await online.typing("quote", "speaker", "okafor", member())
        assert len(offered) == len({name.rpartition(" (")[0] for name in offered}) == 2
        assert any("2024-05-07: Harbour bridge closed" in name for name in offered)
        asked = (await online.command("quote", member(), speaker="Ada Okafor")).messages[0]
        assert len(set(asked.buttons) - {"Delete"}) == 2

"""What the bot says is in the language of the member who reads it, if there is a catalogue in that language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot import registry
from bot.buttons.feeds import feeds_request
from bot.command_kinds import HELP
from bot.render import notices
from bot.render.custom_ids import FeedsId
from bot.threads.lanes import Busy, TooSlow
from retrieval import translation
from retrieval.domain.feeds import FeedHealth
from retrieval.domain.ids import SHARED, ChannelId, CollectionId, FeedId
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveFull, FetchFailed, messages
from tests.bot.discord_people import Asker
from tests.bot.discord_rules import lines_of, message_of
from tests.bot.in_server import (
    BRIDGE_QUESTION,
    CATEGORY,
    MANAGER,
    NEWS,
    SERVER,
    VOICE,
    VOTE_QUESTION,
    SlowModel,
    in_server,
    private,
    said,
)
from tests.bot.online import connected, until
from tests.bot.test_greeting import greetings, joined
from tests.support.articles import BRIDGE
from tests.support.german import GERMAN, speak_german

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.service import Service
    from tests.bot.discord_exchanges import Exchange
    from tests.bot.online import Online

IN_GERMAN = replace(MANAGER, locale="de")


@pytest.fixture(autouse=True)
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_german(monkeypatch)


async def refused(online: Online, who: Asker, failure: Exception) -> Exchange:
    online.newsroom.failure = failure
    exchange = await online.command("ask", who, **VOTE_QUESTION)
    online.newsroom.failure = None
    return exchange


async def every_refusal(online: Online, who: Asker) -> dict[str, Exchange]:
    exchanges = {
        "error": await refused(online, who, FetchFailed("site.busy", host="news.example")),
        "before it is acknowledged": await online.command("feed list", who),
        "while it is rendered": await online.command("quote", who, speaker="speaker:999"),
        "archive": await refused(online, who, ArchiveFull(path="/srv/a.sqlite3")),
        "busy": await refused(online, who, Busy(30)),
        "too slow": await refused(online, who, TooSlow()),
        "fault": await refused(online, who, RuntimeError("a bug")),
    }
    await online.command("ask", who, **VOTE_QUESTION)
    exchanges["cooldown"] = await online.command("ask", who, **VOTE_QUESTION)
    online.bot.service.responses.stop_accepting()
    exchanges["stopping"] = await online.command("about", who)
    return exchanges


@pytest.mark.parametrize(("locale", "is_german"), [("de", True), ("en-US", False), ("fr", False)])
async def test_every_kind_of_refusal_is_in_the_members_language_and_private(
    locale: str, *, is_german: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(monkeypatch, cooldown_seconds=600) as online:
        exchanges = await every_refusal(online, Asker(locale=locale))
    assert {kind for kind, exchange in exchanges.items() if said(exchange).startswith(GERMAN) is not is_german} == set()
    assert all(map(private, exchanges.values()))
    assert re.search(r"ask again <t:\d+:R>\.$", said(exchanges["cooldown"]))


async def test_a_form_that_is_refused_is_returned_in_the_members_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        form = (await online.command("article add", IN_GERMAN)).form
        assert form is not None
        too_short = await online.send(form, IN_GERMAN, text="A few words.")
        outdated = await online.send({"custom_id": "form:of an earlier start"}, IN_GERMAN, text="A few words.")
    for exchange in (too_short, outdated):
        assert [line.startswith(GERMAN) for line in said(exchange).split("\n")] == [True, True]


@pytest.mark.parametrize(("locale", "language"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("../en", "en")])
def test_a_locale_without_a_file_of_its_own_takes_that_of_its_language_or_english(locale: str, language: str) -> None:
    assert translation.language_for(locale) == language


def english(body: Mapping[str, Any]) -> list[str]:
    """The lines that members read of a message or a form, and that are no German sentence, name, or example."""
    return [line for line in lines_of(body) if re.search(r"[a-z] [a-z]", line) and GERMAN not in line]


def shown(exchange: Exchange) -> list[str]:
    """The lines of everything that came of it that are English."""
    bodies = [*(message.body for message in exchange.messages), *filter(None, [exchange.form])]
    assert bodies
    return [line for body in bodies for line in english(body)]


async def test_forms_are_in_the_members_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        online.newsroom.importer.add(BRIDGE, SHARED)
        answered = await online.command("ask", IN_GERMAN, **BRIDGE_QUESTION)
        (label,) = (each for each in answered.messages[0].buttons if "Ask about this article" in each)
        forms = [
            await online.command("article add", IN_GERMAN),
            await online.press(answered.messages[0], label, IN_GERMAN),
        ]
    assert [shown(form) for form in forms] == [[], []]
    assert sum(line.startswith(GERMAN) for form in forms for line in lines_of(form.form or {})) == 9


async def test_help_says_what_each_command_does_in_the_members_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        (message,) = (await online.command("help", IN_GERMAN)).messages
    for command in registry.COMMANDS:
        if HELP in command.extras and command.name != "help":
            assert f"\n{GERMAN}{command.extras[HELP]}" in message.text


CHANGES: tuple[tuple[str, dict[str, object]], ...] = (
    ("private", {"only_asker": True}),
    ("private", {"only_asker": False}),
    ("channels", {"add": VOICE}),
    ("channels", {"add": CATEGORY}),
    ("channels", {"remove": VOICE}),
    ("channels", {"everywhere": True}),
    ("adders", {"nobody": True}),
    ("digest", {"hour": 7, "zone": "Europe/Berlin"}),
    ("unanswered", {"keep": True}),
    ("unanswered", {"keep": False}),
)


async def test_what_was_set_is_said_in_the_members_language_and_noted_in_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        for command, options in CHANGES:
            _, changed, *_ = said(await online.command(f"settings {command}", IN_GERMAN, **options)).split("\n")
            assert changed.startswith(GERMAN)
        await online.command("settings retention", IN_GERMAN, days=0)
        audited = said(await online.command("settings audit", IN_GERMAN))
        noted = online.newsroom.collections.audit(Scope(CollectionId(int(SERVER))), 0, people_only=True).lines
    assert f"\n{GERMAN}settings changed\n" in audited
    assert noted[0].detail == "Articles are kept for ever."
    assert [line.detail for line in noted if GERMAN in line.detail or not line.detail.endswith(".")] == []


async def test_what_is_shown_while_somebody_waits_is_in_their_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = SlowModel()
    async with in_server(monkeypatch, tmp_path, model) as online:
        await online.wire.send(IN_GERMAN.command("waiting", "ask", BRIDGE_QUESTION))
        await until(lambda: "waiting" in online.wire.answered)
        assert online.wire.answered["waiting"]["content"] == f"{GERMAN}{notices.STARTING}"
        model.gate.set()
        await online.idle()


async def test_a_public_answer_that_is_refused_can_be_deleted_in_the_members_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with connected(monkeypatch) as online:
        exchange = await refused(online, IN_GERMAN, FetchFailed("site.busy", host="news.example"))
        (button,) = online.wire.answered[exchange.token]["components"][0]["components"]
    assert button["label"] == f"{GERMAN}Delete"


def test_what_is_wrong_with_a_feeds_channel_is_said_in_the_members_language() -> None:
    feed = FeedHealth(FeedId(1), "https://courier.example/feed", "A", ChannelId(1), 1, datetime.now(UTC))
    guild: Any = SimpleNamespace(get_channel=lambda _channel: None)
    request = feeds_request(cast("Service", None), Scope(), guild, FeedsId(1, 0))
    with translation.speaking("de"):
        assert f"{GERMAN}{messages()['bot.channel_gone']}" in str(message_of(request.render((feed,))))


async def test_days_are_offered_in_the_members_language(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(monkeypatch) as online:
        offered = await online.typing("ask", "since", "week", IN_GERMAN)
    assert [GERMAN in label for label in offered] == [True]


async def test_a_new_server_is_greeted_in_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(monkeypatch) as online:
        await online.bot.wait_until_ready()
        new = joined((NEWS,), writable=NEWS, ago=timedelta(seconds=2))
        await online.wire.tell("GUILD_CREATE", {**new, "preferred_locale": "de"})
        await until(lambda: greetings(online.wire))
        [(_, body)] = greetings(online.wire)
    assert english(body) == []

"""What the bot says is in the language of the member who reads it, if there is a catalogue in that language."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.threads.lanes import Busy, TooSlow
from retrieval import translation
from retrieval.errors import ArchiveFull, FetchFailed
from tests.bot.discord_people import Asker
from tests.bot.in_server import MANAGER, VOTE_QUESTION, in_server, private, said
from tests.bot.online import connected
from tests.support.german import GERMAN, speak_german

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.discord_exchanges import Exchange
    from tests.bot.online import Online


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
    german = replace(MANAGER, locale="de")
    async with in_server(monkeypatch, tmp_path) as online:
        form = (await online.command("article add", german)).form
        assert form is not None
        too_short = await online.send(form, german, text="A few words.")
        outdated = await online.send({"custom_id": "form:of an earlier start"}, german, text="A few words.")
    for exchange in (too_short, outdated):
        assert [line.startswith(GERMAN) for line in said(exchange).split("\n")] == [True, True]


@pytest.mark.parametrize(("locale", "language"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("../en", "en")])
def test_a_locale_without_a_file_of_its_own_takes_that_of_its_language_or_english(locale: str, language: str) -> None:
    assert translation.language_for(locale) == language

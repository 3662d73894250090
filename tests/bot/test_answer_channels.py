"""In which channels the bot answers and announces, through discord.py's real client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.refusals import Refused
from retrieval.domain.ids import SHARED
from retrieval.errors import messages
from tests.bot.discord_people import Place
from tests.bot.in_server import (
    BRIDGE_QUESTION,
    CATEGORY,
    FORUM,
    MANAGER,
    NEWS,
    POST,
    STAGE,
    THREAD,
    VOICE,
    in_server,
    member,
    private,
    said,
)
from tests.support.articles import BRIDGE

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.usefixtures("quick_and_without_a_bug")


async def test_taking_a_channel_off_no_list_changes_nothing_and_says_how_a_list_begins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        online.newsroom.importer.add(BRIDGE, SHARED)
        assert (
            said(await online.command("settings channels", MANAGER, remove=NEWS))
            == messages()["settings.no_channel_list"]
        )
        assert "Harbour bridge" in said(await online.command("ask", member(), **BRIDGE_QUESTION))
        assert "Nothing has been changed" in said(await online.command("settings audit", MANAGER))


async def test_the_last_channel_stays_on_the_list_until_everywhere_is_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        online.newsroom.importer.add(BRIDGE, SHARED)
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
        online.newsroom.importer.add(BRIDGE, SHARED)
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
        missing = Refused("bot.may_not_write", channel=f"<#{channel.id}>")
        assert told == str(missing)  # there is such a channel, and no permission


async def test_a_setting_without_options_is_shown_and_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        await online.command("settings channels", MANAGER, add=NEWS)
        for command in ("settings channels", "settings adders"):
            assert f"only in <#{NEWS.id}>" in said(await online.command(command, MANAGER))
        assert "1 to 1 of 1" in said(await online.command("settings audit", MANAGER))

"""Links to sites that hardly answer, added by one server, while somebody else asks: real pages, by the real client."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bot.render import notices
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.scope import Scope
from retrieval.errors import messages
from tests.bot.discord_people import Asker, Place, new_id, server
from tests.bot.fake_discord import ANSWER, FakeDiscord, Fault
from tests.bot.online import Online, connected, until
from tests.retrieval.web_server import serving
from tests.retrieval.web_visits import fetcher
from tests.support.articles import BRIDGE
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pytest

    from tests.bot.discord_exchanges import Exchange

STORY = "".join(
    f"<p>The harbour of Port Selby has {number} cranes, and each of them was painted by somebody else last year.</p>"
    for number in range(12)
)
HEADER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"
GUILD, NEWS = "77", Place("78", 0, "news")
HERE = Scope(CollectionId(int(GUILD)))
MODERATOR = Asker("23", GUILD, NEWS, permissions=32)
SLOW = [f"http://slow{number}.example/story" for number in range(10)]


class SlowSites:
    """Sites that send a byte now and then until they are let go, and then their story."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.asked = 0

    def dribble(self, stream: socket.socket) -> None:
        self.asked += 1
        stream.sendall(HEADER)
        while not self.let_go.wait(0.02):
            stream.sendall(b" ")
        stream.sendall(f"<body><article>{STORY}</article></body></html>".encode())


@asynccontextmanager
async def online(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Online, SlowSites]]:
    sites, wire = SlowSites(), FakeDiscord()
    wire.guild = server(GUILD, NEWS)
    with serving() as web, newsroom_in(folder, fetcher=fetcher(web)) as room:
        for link in SLOW:
            web.page(link, sites.dribble)
        room.importer.add(BRIDGE, SHARED)
        async with connected(monkeypatch, room, wire) as bot:
            try:
                yield bot, sites
            finally:
                sites.let_go.set()


async def begun(bot: Online, who: Asker, command: str, **options: object) -> Exchange:
    """Somebody uses a command, and nobody waits for what comes of it."""
    return await sent(bot, who.command(new_id(), command, options))


async def sent(bot: Online, interaction: dict[str, Any]) -> Exchange:
    await bot.wire.send(interaction)
    return bot.wire.exchanges.by_token[interaction["token"]]


def saying(exchanges: list[Exchange], text: str) -> list[Exchange]:
    """Those whose message says so."""
    return [one for one in exchanges if any(text in message.text for message in one.messages)]


async def test_ten_links_to_slow_sites_keep_nobody_elses_question_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with online(tmp_path, monkeypatch) as (bot, sites):
        links = [await begun(bot, MODERATOR, "article add", url=link) for link in SLOW]
        await until(lambda: sites.asked)
        for _ in range(20):
            question = await begun(bot, Asker(), "ask", question="why was the harbour bridge closed?")
            await until(lambda question=question: saying([question], "cracks in two of its bearings"))
        typed = await sent(bot, Asker().typing(new_id(), "ask", "source", "sel"))
        await until(lambda: [choice["name"] for choice in typed.choices] == ["The Selby Courier"])
        assert sites.asked == 1
        assert len(saying(links, "already has 5 articles waiting")) == 5
        await until(lambda: len(saying(links, notices.WAITING)) == 4)
        sites.let_go.set()
        await bot.idle()
        said = ("Added", "Already known", "already has")
        assert [len(saying(links, each)) for each in said] == [5, 0, 5]  # five papers print the text
        assert len(bot.newsroom.articles.entries(HERE)) == 6


async def test_what_waits_for_the_network_shares_the_threads_of_adding_and_lists_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with online(tmp_path, monkeypatch) as (bot, _):
        for link in SLOW[:5]:
            await begun(bot, MODERATOR, "article add", url=link)
        await until(lambda: bot.bot.service.offload.adding.load == 5)
        refused = [
            await begun(bot, MODERATOR, "feed add", url="https://courier.example/feed.json"),
            await begun(bot, MODERATOR, "article export"),
            await begun(bot, MODERATOR, "article edit", article="Harbour", title="Another"),
        ]
        await until(lambda: len(saying(refused, "already has 5 articles waiting")) == len(refused))
        listed = await begun(bot, MODERATOR, "article list")
        await until(lambda: saying([listed], "Harbour bridge closed"))


async def test_what_was_given_up_is_not_added_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.threads.offload._ADDING_SECONDS", 0.5)
    async with online(tmp_path, monkeypatch) as (bot, sites):
        link = await begun(bot, MODERATOR, "article add", url=SLOW[0])
        await until(lambda: saying([link], messages()["bot.given_up"]))
        sites.let_go.set()
        await until(lambda: bot.bot.service.offload.adding.load == 0)
        assert len(bot.newsroom.articles.entries(HERE)) == 1


async def test_work_stops_where_the_message_that_waits_for_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with online(tmp_path, monkeypatch) as (bot, sites):
        bot.wire.fail(ANSWER, Fault(404, 10008))
        await begun(bot, MODERATOR, "article add", url=SLOW[0])
        await until(lambda: bot.wire.tries(ANSWER))
        sites.let_go.set()
        await until(lambda: bot.bot.service.offload.adding.load == 0)
        assert len(bot.newsroom.articles.entries(HERE)) == 1


async def test_at_a_stop_whoever_waits_for_their_turn_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with online(tmp_path, monkeypatch) as (bot, sites):
        links = [await begun(bot, MODERATOR, "article add", url=link) for link in SLOW[:3]]
        await until(lambda: sites.asked and bot.bot.service.offload.adding.load == 3)
        assert not await bot.bot.drain(0.5)
        await until(lambda: len(saying(links, messages()["bot.stopping"])) == 2)

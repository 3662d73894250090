"""A server with a channel of every kind, over a real newsroom, on discord.py's real client; and what came of it."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import discord
from typing_extensions import override

from retrieval.assembly import open_newsroom
from tests.bot.discord_people import Asker, Place, server
from tests.bot.fake_discord import FakeDiscord
from tests.bot.online import Online, connected
from tests.support.fakes import FakeFetcher, HashingEmbedder
from tests.support.newsrooms import settings_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pytest

    from retrieval.ports import Embedder
    from tests.bot.discord_exchanges import Exchange

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


class SlowModel(HashingEmbedder):
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
    settings = settings_in(folder, seeds_path=folder / "seeds")
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

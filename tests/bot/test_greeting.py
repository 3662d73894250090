"""A server that has just added the bot gets one quiet message, where the bot may write; no other server gets one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from discord import Permissions

from bot.command_kinds import is_for_moderators
from bot.registry import COMMANDS
from bot.render import notices
from tests.bot.discord_people import APPLICATION, Place, server
from tests.bot.discord_rules import broken
from tests.bot.in_server import FORUM, NEWS, SERVER, VOICE
from tests.bot.online import connected, until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bot.fake_discord import FakeDiscord

RULES = Place("1000000000000000200", 0, "rules")
WRITING = Permissions(view_channel=True, send_messages=True, embed_links=True).value
SILENT = 4096

pytestmark = pytest.mark.usefixtures("quick_and_without_a_bug")


def joined(places: Sequence[Place], *, writable: Place | None, system: Place | None = None, ago: timedelta) -> Any:  # noqa: ANN401  # JSON
    guild = server(SERVER, *places)
    user = {"id": APPLICATION, "username": "Pullquote", "discriminator": "0", "avatar": None, "bot": True}
    at = (datetime.now(UTC) - ago).isoformat()
    member = {"user": user, "roles": [], "joined_at": at, "deaf": False, "mute": False, "flags": 0}
    for channel in guild["channels"]:
        if writable is not None and channel["id"] == writable.id:
            allowed = {"id": APPLICATION, "type": 1, "allow": str(WRITING), "deny": "0"}
            channel["permission_overwrites"] = [allowed]
    return {**guild, "members": [member], "system_channel_id": system and system.id}


def greetings(wire: FakeDiscord) -> list[tuple[str, Any]]:
    sent = [(path, body) for method, path, body in wire.requests if method == "POST" and path.endswith("/messages")]
    return [(path.split("/")[2], body) for path, body in sent]


async def test_a_new_server_is_greeted_once_and_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    places = (VOICE, FORUM, RULES, NEWS)
    for system, writable in ((None, NEWS), (NEWS, NEWS), (RULES, NEWS)):
        async with connected(monkeypatch) as online:
            await online.bot.wait_until_ready()
            await online.wire.tell(
                "GUILD_CREATE", joined(places, writable=writable, system=system, ago=timedelta(seconds=2))
            )
            await until(lambda: greetings(online.wire))
            await asyncio.sleep(0.05)
            [(channel, body)] = greetings(online.wire)
            assert (channel, body["flags"]) == (NEWS.id, SILENT)
            assert body["allowed_mentions"] == {"parse": []}
            assert "1. Give me articles" in body["embeds"][0]["description"]


@pytest.mark.parametrize(("writable", "days"), [(None, 0), (NEWS, 3)], ids=["may write nowhere", "joined long ago"])
async def test_no_other_server_is_greeted(writable: Place | None, days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(monkeypatch) as online:
        await online.bot.wait_until_ready()
        guild = joined((RULES, NEWS), writable=writable, system=NEWS, ago=timedelta(days=days))
        await online.wire.tell("GUILD_CREATE", guild)
        await until(lambda: online.bot.guilds)
        await asyncio.sleep(0.1)
        assert greetings(online.wire) == []


def test_the_greeting_fits_and_names_commands_that_there_are() -> None:
    named: list[str] = []

    def mention(name: str) -> str:
        named.append(name)
        return f"</{name}:1000000000000000000>"

    reply = notices.greeting(mention)
    assert broken(reply) == []
    leaves = {each.qualified_name for command in COMMANDS for each in getattr(command, "commands", [command])}
    assert set(named) <= leaves
    assert any(is_for_moderators(command) for command in COMMANDS if command.name == named[0].split()[0])

"""`/follow` as members use it, over a real archive: what they are told where, how it stops, and whom nobody pings."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import AsyncMock, Mock

import aiohttp
import discord
import pytest
import sqlalchemy as sa

from bot.background import announcing
from bot.guild_settings import GuildSettings
from retrieval.archive.schema import announcements
from retrieval.domain.announcements import Rhythm, Stopped
from retrieval.domain.articles import Draft
from retrieval.domain.ids import UserId
from retrieval.errors import messages
from tests.bot.conftest import labels_of, new_bot, text_of
from tests.bot.desks import BRIDGE, two_servers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle
    from simcord.results import InteractionResult

    from bot.client import PullquoteBot
    from tests.bot.desks import Desks

SPEECH = (
    "The council met on Friday evening to hear what will become of the old crossing.\n\n"
    "“The bridge will open again in {month},” said Ada Okafor, the mayor of Port Selby.\n\n"
    "Nobody else spoke at the meeting, which lasted for an hour and ended without a vote."
)


@dataclass
class Room:
    """A server whose archive knows the mayor; `member` may nothing in particular there."""

    desks: Desks

    @property
    def bot(self) -> PullquoteBot:
        return self.desks.bot

    @property
    def member(self) -> MemberActor:
        return self.desks.one.member

    async def follow(self, who: MemberActor | None = None, what: str = "speaker", **options: Any) -> InteractionResult:  # noqa: ANN401 - as each option is
        given = {"speaker": "Ada Okafor"} if what == "speaker" else {}
        return await self.desks.one.slash_by(who or self.member, f"follow {what}", **given, **options)

    async def says(self, month: str) -> None:
        """Add an article in which the mayor speaks, and let the bot go round once."""
        draft = Draft(SPEECH.format(month=month), title=f"Open in {month}")
        self.desks.room.importer.add(draft, self.desks.one.scope.own)
        await self.round()

    async def round(self) -> None:
        await self.bot._feeding._run_round()

    def told(self, place: ChannelHandle | None = None) -> list[discord.Message]:
        return (place or self.member.user.dm_channel).history()

    async def listed(self, who: MemberActor | None = None) -> InteractionResult:
        return await self.desks.one.slash_by(who or self.member, "follow list")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with two_servers(tmp_path) as desks:
        desks.room.importer.add(Draft(BRIDGE, title="Bridge closed"), desks.one.scope.own)
        opened = Room(desks)
        await opened.round()
        yield opened


async def test_a_member_is_told_in_direct_messages_what_a_speaker_says(room: Room) -> None:
    followed = await room.follow()
    assert followed.ephemeral
    assert "From now on I tell you in direct messages what Ada Okafor says, as it comes." in text_of(followed)
    await room.round()
    assert room.told() == []
    await room.says("spring")
    (message,) = room.told()
    assert message.content == "New words of Ada Okafor · One"
    (embed,) = message.embeds
    assert embed.title == "Open in spring"
    assert "> “The bridge will open again in spring,”\nAda Okafor, mayor of Port Selby" in str(embed.description)
    assert "article 2" in str(embed.footer.text)
    await room.round()
    assert len(room.told()) == 1


async def test_the_button_under_a_message_ends_the_follow_also_after_a_restart_and_twice(room: Room) -> None:
    await room.follow()
    await room.says("spring")
    await room.desks.env.restart_bot(new_bot(room.desks.room))
    (message,) = room.told()
    stopped = await room.member.user.click(message, label="Stop")
    assert text_of(stopped) == "I no longer tell you in direct messages what Ada Okafor says."
    again = await room.member.user.click(message, label="Stop")
    assert text_of(again) == messages()["follow.gone"]
    await room.says("summer")
    assert len(room.told()) == 1


async def test_a_channel_is_told_for_those_who_may_manage_and_a_role_pinged_that_they_may_ping(room: Room) -> None:
    one = room.desks.one
    wire, role = one.guild.create_text_channel("wire"), one.guild.create_role("readers")
    refused = await room.follow(channel=wire)
    assert text_of(refused) == messages()["follow.channel_not_allowed"]
    managing = one.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    manager = one.guild.add_member(room.desks.env.create_user("manager"), roles=[managing])
    assert text_of(await room.follow(manager, role=role)) == messages()["follow.role_needs_channel"]
    assert text_of(await room.follow(manager, channel=wire, role=role)) == messages()["follow.role_not_allowed"]
    refused = await room.follow(one.owner, channel=wire, role=one.guild.default_role)
    assert text_of(refused) == messages()["follow.role_not_allowed"]
    mentioned = one.guild.create_role("listeners", mentionable=True)
    followed = await room.follow(manager, channel=wire, role=mentioned)
    assert (
        f"From now on I tell <#{wire.id}> what Ada Okafor says, as it comes, and ping <@&{mentioned.id}>."
        in text_of(followed)
    )
    await room.says("spring")
    (message,) = room.told(wire)
    assert message.content == f"<@&{mentioned.id}>\nNew words of Ada Okafor"
    assert [each.id for each in message.role_mentions] == [mentioned.id]
    assert not message.mention_everyone


async def test_a_channels_follow_is_ended_by_who_may_manage_and_by_nobody_else(room: Room) -> None:
    one = room.desks.one
    await room.follow(one.owner, channel=one.channel)
    await room.says("spring")
    message = room.told(one.channel)[-1]
    refused = await room.member.click(message, label="Stop")
    assert refused.ephemeral
    assert text_of(refused) == messages()["follow.not_yours"]
    assert f"I no longer tell <#{one.channel.id}>" in text_of(await one.owner.click(message, label="Stop"))


async def test_a_topic_is_followed_and_a_hostile_one_comes_to_nothing(room: Room) -> None:
    evil = "@everyone [x](https://evil.example) `**<@1>"
    followed = text_of(await room.follow(what="topic", topic=evil))
    assert "@everyone" not in followed.replace("\\@everyone", "")
    assert "](" not in followed
    assert "<@1>" not in followed
    assert "There is no word in that question." in text_of(await room.follow(what="topic", topic="?!…"))


async def test_the_quotation_of_the_day_is_followed_and_listed(room: Room) -> None:
    followed = text_of(await room.follow(what="quotation"))
    assert "From now on I tell you in direct messages the quotation of the day, once a day, next <t:" in followed
    listed = await room.listed()
    assert "**Quotation of the day**\none quotation · in direct messages · once a day" in text_of(listed)
    assert labels_of(listed) == ["Stop Quotation of the day"]


async def test_nobody_is_followed_whom_the_archive_does_not_know(room: Room) -> None:
    unknown = await room.desks.one.slash_by(room.member, "follow speaker", speaker="Nora Quist")
    assert "Nora Quist" in text_of(unknown)
    assert "You follow nothing here yet" in text_of(await room.listed())


async def test_the_list_shows_ones_own_and_to_managers_the_channels_and_ends_by_a_press(room: Room) -> None:
    one = room.desks.one
    await room.follow(when="weekly")
    await room.follow(one.owner, channel=one.channel)
    mine = await room.listed()
    assert mine.ephemeral
    assert "**Ada Okafor**\nspeaker · in direct messages · once a week" in text_of(mine)
    assert f"in <#{one.channel.id}>" not in text_of(mine)
    theirs = text_of(await room.listed(one.owner))
    assert f"in <#{one.channel.id}> · as it comes" in theirs
    assert "once a week" not in theirs
    assert mine.response is not None
    await room.member.click(mine.response, label="Stop Ada Okafor")
    assert "You follow nothing here yet" in text_of(mine)


async def test_the_list_turns_its_pages(room: Room) -> None:
    for number in range(7):
        await room.follow(what="topic", topic=f"harbour {number}")
    listed = await room.listed()
    assert labels_of(listed) == [*(f"Stop harbour {number}" for number in range(5)), "More"]
    assert listed.response is not None
    await room.member.click(listed.response, label="More")
    assert "7 follows, page 2 of 2" in text_of(listed)
    assert labels_of(listed) == ["Stop harbour 5", "Stop harbour 6", "Back"]


async def test_who_has_left_the_server_is_told_nothing_more(room: Room) -> None:
    await room.follow()
    room.desks.one.guild.remove_member(room.member)
    await room.says("spring")
    assert room.told() == []
    assert room.desks.room.announcer.follows.seeing(room.desks.one.scope.own) == ()


class Refusing:
    """Discord's answer to a member who takes no message."""

    status, reason = 403, "Forbidden"


async def test_a_member_who_takes_no_messages_is_told_so_in_the_list_after_the_third(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.follow()
    tries: list[str] = []

    async def refuse(*_: object, nonce: str, **__: object) -> None:
        tries.append(nonce)
        raise discord.Forbidden(cast("aiohttp.ClientResponse", Refusing()), {"code": 50007, "message": "closed"})

    monkeypatch.setattr(discord.Member, "send", refuse)
    monkeypatch.setattr(announcing, "AGAIN_AFTER", timedelta())
    await room.says("spring")
    for _ in range(4):
        await room.round()
    assert len(tries) == 3
    assert len(set(tries)) == 1
    home = room.desks.one.scope.own
    (follow,) = room.desks.room.announcer.follows.listed(home, UserId(room.member.id), channels=False)
    assert follow.stopped is Stopped.REFUSED
    assert "⚠ Stopped: you take no direct messages from me." in text_of(await room.listed())


class Refused:
    """An answer that is about no message, but about the bot or its address."""

    reason = "Refused"

    def __init__(self, status: int) -> None:
        self.status = status


@pytest.mark.parametrize(
    "problem",
    [
        discord.HTTPException(cast("aiohttp.ClientResponse", Refused(429)), "error code: 1015"),
        discord.HTTPException(cast("aiohttp.ClientResponse", Refused(401)), {"code": 0, "message": "401"}),
        discord.Forbidden(cast("aiohttp.ClientResponse", Refused(403)), "Access denied"),
        discord.NotFound(cast("aiohttp.ClientResponse", Refused(404)), "Nothing here"),
    ],
)
async def test_what_is_no_answer_to_a_message_stops_the_round_and_loses_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch, problem: discord.HTTPException
) -> None:
    one, tries = room.desks.one, list[str]()
    wire = one.guild.create_text_channel("wire")
    await room.follow(one.owner, channel=wire)
    await room.follow()

    async def refuse(*_: object, nonce: str, **__: object) -> None:
        tries.append(nonce)
        raise problem

    passed, tried = timedelta(), list[int]()
    clock = Mock(monotonic=lambda: time.monotonic() + passed.total_seconds())
    monkeypatch.setattr(announcing, "time", clock)
    with monkeypatch.context() as refusing:
        refusing.setattr(discord.abc.Messageable, "send", refuse)
        await room.says("spring")
        for minutes in (0.5, 1, 1, 1):
            tried.append(len(tries))
            passed += timedelta(minutes=minutes)
            await room.round()
    assert tried == [1, 1, 2, 2]
    assert len(tries) == 3
    passed += timedelta(hours=1)
    await room.round()
    assert len(room.told()) == len(room.told(wire)) == 1


async def test_who_seems_to_have_left_by_an_answer_of_nobody_keeps_their_follow(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.follow()
    nothing_here = discord.NotFound(cast("aiohttp.ClientResponse", Refused(404)), "Nothing here")
    monkeypatch.setattr(discord.Guild, "fetch_member", AsyncMock(side_effect=nothing_here))
    await room.says("spring")
    (follow,) = room.desks.room.announcer.follows.seeing(room.desks.one.scope.own)
    assert follow.stopped is None


async def test_a_digest_that_is_followed_as_it_comes_is_told_at_once_and_the_other_way_round(room: Room) -> None:
    await room.follow(when="weekly")
    await room.says("spring")
    await room.follow(when="now")
    await room.round()
    assert [message.content for message in room.told()] == ["New words of Ada Okafor · One"]
    await room.says("summer")
    await room.follow(when="daily")
    with room.desks.room._archive.announcements._connections.reading() as connection:
        waiting = connection.scalars(sa.select(announcements.c.due_at)).all()
    assert waiting == [GuildSettings().due_at(Rhythm.DAILY, datetime.now(UTC))]


async def test_a_channel_that_is_gone_stops_its_follow_and_the_list_says_so(room: Room) -> None:
    one = room.desks.one
    wire = one.guild.create_text_channel("wire")
    await room.follow(one.owner, channel=wire)
    channel = room.bot.get_channel(wire.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.delete()
    await room.says("spring")
    assert "⚠ Stopped: the channel is gone, or I may not write there." in text_of(await room.listed(one.owner))


async def test_a_message_that_did_not_arrive_is_sent_again_under_its_number_and_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.follow()
    send, numbers = discord.Member.send, list[str]()

    async def cut(self: discord.Member, *arguments: Any, nonce: str, **options: Any) -> discord.Message:  # noqa: ANN401 - as Discord's
        numbers.append(nonce)
        if len(numbers) == 1:
            raise aiohttp.ClientConnectionError
        return await send(self, *arguments, nonce=nonce, **options)

    monkeypatch.setattr(discord.Member, "send", cut)
    await room.says("spring")
    assert room.told() == []
    await room.round()
    assert len(room.told()) == 1
    assert numbers[0] == numbers[1]
    await room.round()
    assert len(numbers) == 2


async def test_a_stop_before_it_is_recorded_sends_the_same_number_again(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await room.follow()
    send, numbers = discord.Member.send, list[str]()

    async def counted(self: discord.Member, *arguments: Any, nonce: str, **options: Any) -> discord.Message:  # noqa: ANN401 - as Discord's
        numbers.append(nonce)
        return await send(self, *arguments, nonce=nonce, **options)

    def stop(*_: object) -> None:
        message = "the program was stopped"
        raise RuntimeError(message)

    monkeypatch.setattr(discord.Member, "send", counted)
    with monkeypatch.context() as stopping:
        stopping.setattr(type(room.desks.room.announcer), "sent", stop)
        await room.says("spring")
    assert "the program was stopped" in caplog.text
    await room.desks.env.restart_bot(new_bot(room.desks.room))
    await room.round()
    await room.round()
    assert len(numbers) == 2
    assert numbers[0] == numbers[1]  # which Discord takes once


async def test_a_digest_comes_at_the_hour_of_the_server(room: Room) -> None:
    one = room.desks.one
    settings = await one.slash("settings digest", hour=18, zone="Europe/Madrid")
    assert "Digests come at 18\\:00, Europe/Madrid." in text_of(settings)
    assert "Digests come\nat 18:00, Europe/Madrid" in text_of(await one.slash("settings show"))
    assert text_of(await one.slash("settings digest", hour=18, zone="Atlantis")) == messages()["settings.no_zone"]
    choices = await one.owner.autocomplete(one.channel, "settings digest", "zone", "new york")
    assert [choice["value"] for choice in choices] == ["America/New_York"]
    followed = text_of(await room.follow(when="daily"))
    assert "once a day, next <t:" in followed
    await room.says("spring")
    await room.says("summer")
    assert room.told() == []
    with room.desks.room._archive.announcements._connections.writing() as connection:
        connection.exec_driver_sql("UPDATE announcements SET due_at = '2020-01-01 00:00:00.000000'")
    await room.round()
    (message,) = room.told()
    assert message.content == "New words of Ada Okafor · daily digest · One"
    assert [embed.title for embed in message.embeds] == ["Open in spring", "Open in summer"]


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [
        (Rhythm.NOW, datetime(2026, 3, 27, 17, 30, tzinfo=UTC)),
        (Rhythm.DAILY, datetime(2026, 3, 28, 17, tzinfo=UTC)),
        (Rhythm.WEEKLY, datetime(2026, 3, 30, 16, tzinfo=UTC)),  # the clocks went forward on Sunday
    ],
)
def test_a_digest_is_due_at_the_next_such_hour_there(rhythm: Rhythm, due: datetime) -> None:
    settings = GuildSettings(digest_hour=18, zone="Europe/Madrid")
    friday = datetime(2026, 3, 27, 17, 30, tzinfo=UTC)
    assert settings.due_at(rhythm, friday) == due


@pytest.mark.parametrize("stored", [{"digest_hour": 24, "zone": "Atlantis"}, {"digest_hour": True, "zone": 7}, {}])
def test_an_hour_or_zone_that_is_none_is_the_default(stored: dict[str, object]) -> None:
    default = GuildSettings()
    assert GuildSettings.from_json(json.dumps({"private": True, **stored})) == replace(default, private=True)

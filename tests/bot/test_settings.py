"""What a server settles, who changed it, what is stored, and how all of it is erased."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from bot.background.maintenance import KEPT_AFTER_LEAVING, LEFT, Maintenance, Servers, expire_shared, sweep
from bot.guild_settings import MOST_CHANNELS, GuildSettings
from bot.render.custom_ids import RetainId
from bot.settings_store import GuildSettingsStore
from retrieval.archive.backup.daily import Backups, read_state
from retrieval.articles.storing import embed_article
from retrieval.domain.ids import SHARED, CollectionId, UserId
from retrieval.domain.scope import Scope
from retrieval.errors import BadInput, messages
from retrieval.reading import read_article
from tests.bot.conftest import labels_of, text_of
from tests.bot.desks import Desks, Server, two_servers
from tests.bot.test_forged import forged
from tests.support.articles import BAKERY, BRIDGE
from tests.support.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import tzinfo
    from pathlib import Path

    from simcord.results import InteractionResult

QUESTION = "why was the harbour bridge closed"
NOW = datetime.now(UTC)


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[Desks]:
    async with two_servers(tmp_path) as opened:
        yield opened


def home(server: Server) -> CollectionId:
    return CollectionId(server.guild.id)


async def retain(server: Server, days: int) -> InteractionResult:
    """`/settings retention`, confirmed where that is asked for."""
    result = await server.slash("settings retention", days=days)
    if labels_of(result):
        await server.click(result.response, labels_of(result)[0])
    return result


async def test_a_retention_that_removes_more_is_counted_and_asked_for_once_more(desks: Desks) -> None:
    for days_ago in (0, 2, 9):
        draft = replace(BRIDGE, url=None, text=f"{BRIDGE.text}\n\nThat was {days_ago} days ago.")
        desks.room._archive.articles.add(
            embed_article(read_article(draft), HashingEmbedder()), HashingEmbedder().spec, collection=home(desks.one),
            now=NOW - timedelta(days=days_ago),
        )  # fmt: skip
    desks.room.importer.add(BAKERY, SHARED)
    kept = desks.bot.service.guild_settings
    asked = await desks.one.slash("settings retention", days=1)
    assert "Keep articles for 1 day?" in text_of(asked)
    assert "That is 2 of 3 articles now, and 1 later." in text_of(asked)
    assert labels_of(asked) == ["Keep for 1 day", "Change nothing"]
    assert kept.of(desks.one.guild.id).retention_days is None
    sweep(desks.room, kept, Servers({home(desks.one)}), NOW)
    assert desks.room.about(desks.one.scope).articles == 4
    for user, days in ((desks.one.member, 1), (desks.one.owner, 99999)):
        await forged(desks.one, user, str(RetainId(user.id, days)))
        assert kept.of(desks.one.guild.id).retention_days is None
    await desks.one.click(asked.response, "Keep for 1 day")
    assert "for 1 day after they were added" in text_of(asked)
    assert kept.of(desks.one.guild.id).retention_days == 1
    assert "That is 2 of 3 articles now" in text_of(await desks.one.slash("settings audit"))
    sweep(desks.room, kept, Servers({home(desks.one)}), NOW)
    assert desks.room.about(desks.one.scope).articles == 2


async def test_only_a_retention_that_removes_more_is_asked_for(desks: Desks) -> None:
    kept, guild = desks.bot.service.guild_settings, desks.one.guild.id
    await retain(desks.one, 30)
    for days, asks in ((30, False), (60, False), (59, True), (0, False), (3650, True)):
        result = await desks.one.slash("settings retention", days=days)
        assert bool(labels_of(result)) is asks, days
        if not asks:
            assert kept.of(guild).retention_days == (days or None)
    last = await desks.one.slash("settings retention", days=7)
    await desks.one.click(last.response, "Change nothing")
    assert last.response is None
    assert kept.of(guild).retention_days is None


async def test_a_server_begins_with_open_answers_in_every_channel_kept_for_ever(desks: Desks) -> None:
    said = text_of(await desks.one.slash("settings show"))
    for line in ("to everybody in the channel", "in every channel", "for ever", "those who may manage the server"):
        assert line in said


async def test_answers_are_private_where_the_server_wants_that_and_only_there(desks: Desks) -> None:
    desks.room.importer.add(BRIDGE, SHARED)
    await desks.one.slash("settings private", only_asker=True)
    for command, options in (("ask", {"question": QUESTION}), ("quote", {"speaker": "Ada Okafor"})):
        assert (await desks.one.slash(command, **options)).ephemeral
        assert not (await desks.other.slash(command, **options)).ephemeral
    await desks.one.slash("settings private", only_asker=False)
    assert not (await desks.one.slash("ask", question=QUESTION)).ephemeral


async def test_elsewhere_than_in_the_chosen_channels_the_asker_is_sent_there(desks: Desks) -> None:
    desks.room.importer.add(BRIDGE, SHARED)
    chosen = desks.one.guild.create_text_channel("questions")
    await desks.one.slash("settings channels", add=chosen)
    for command, options in (("ask", {"question": QUESTION}), ("quote", {"speaker": "Ada Okafor"})):
        refused = await desks.one.slash(command, **options)
        assert refused.ephemeral
        assert text_of(refused) == f"In this server I answer in <#{chosen.id}>."
        answered = await desks.one.owner.slash(chosen, command, **options)
        assert "Harbour bridge" in text_of(answered)
    await desks.one.slash("settings channels", everywhere=True)
    assert "Harbour bridge" in text_of(await desks.one.slash("ask", question=QUESTION))


async def test_a_thread_counts_as_its_channel(desks: Desks) -> None:
    desks.room.importer.add(BRIDGE, SHARED)
    chosen, other = (desks.one.guild.create_text_channel(name) for name in ("questions", "talk"))
    await desks.one.slash("settings channels", add=chosen)
    for channel in (chosen, other):
        opened = desks.bot.get_channel(channel.id)
        assert isinstance(opened, discord.TextChannel)
        await opened.create_thread(name="one story", type=discord.ChannelType.public_thread)
    said = [
        text_of(await desks.one.owner.slash(channel.threads[0], "ask", question=QUESTION))
        for channel in (chosen, other)
    ]
    assert "Harbour bridge" in said[0]
    assert said[1] == f"In this server I answer in <#{chosen.id}>."


async def test_one_channel_too_many_is_refused_and_no_other_is_lost(desks: Desks) -> None:
    channels = [desks.one.guild.create_text_channel(f"c{number}") for number in range(MOST_CHANNELS + 1)]
    for channel in channels[:-1]:
        await desks.one.slash("settings channels", add=channel)
    refused = await desks.one.slash("settings channels", add=channels[-1])
    assert text_of(refused) == str(BadInput("settings.too_many_channels", most=MOST_CHANNELS))
    settled = desks.bot.service.guild_settings.of(desks.one.guild.id)
    assert sorted(settled.channels) == sorted(channel.id for channel in channels[:-1])
    await desks.one.slash("settings channels", add=channels[-1], remove=channels[0])
    settled = desks.bot.service.guild_settings.of(desks.one.guild.id)
    assert sorted(settled.channels) == sorted(channel.id for channel in channels[1:])


async def test_settings_outlive_a_restart(desks: Desks) -> None:
    await desks.one.slash("settings private", only_asker=True)
    book = GuildSettingsStore(desks.room)
    book.load()
    assert book.of(desks.one.guild.id) == GuildSettings(private=True)
    assert book.of(desks.other.guild.id) == GuildSettings()
    assert book.of(None) == GuildSettings()


async def test_the_audit_tells_who_changed_what_and_pages(desks: Desks) -> None:
    for days in range(11):
        await retain(desks.one, days)
    desks.room.importer.add(BRIDGE, home(desks.one))
    audit = await desks.one.slash("settings audit")
    said = text_of(audit)
    assert "Settings changed\nArticles that were added more than 10 days ago are removed, within the hour." in said
    assert f" · <@{desks.one.owner.id}>" in said
    assert "1 to 10 of 11" in said
    assert "Harbour" not in said
    assert labels_of(audit) == ["Older"]
    await desks.one.click(audit.response, "Older")
    assert "Articles are kept for ever" in text_of(audit)
    assert "Article added\nHarbour bridge" in text_of(await desks.one.slash("settings audit", everything=True))
    assert "Nothing has been changed" in text_of(await desks.other.slash("settings audit", everything=True))


async def test_what_was_kept_long_enough_goes_in_that_server_alone(desks: Desks) -> None:
    for where in (SHARED, home(desks.one), home(desks.other)):
        desks.room.importer.add(BRIDGE if where == SHARED else BAKERY, where)
    await retain(desks.one, 30)
    book = desks.bot.service.guild_settings
    present = {desks.one.guild.id, desks.other.guild.id}
    sweep(desks.room, book, Servers(present), NOW + timedelta(days=29))
    assert desks.room.about(desks.one.scope).articles == 2
    sweep(desks.room, book, Servers(present), NOW + timedelta(days=31))
    assert desks.room.about(desks.one.scope).articles == 1
    assert desks.room.about(desks.other.scope).articles == 2
    audit = text_of(await desks.one.slash("settings audit", everything=True))
    assert "Articles expired\n1 kept for as long as was set" in audit


async def test_shared_articles_are_kept_for_as_long_as_the_operator_wants(
    desks: Desks, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.background.maintenance")
    desks.room.importer.add(BRIDGE, SHARED)
    desks.room.importer.add(BAKERY, home(desks.one))
    expire_shared(desks.room, None, NOW + timedelta(days=3000))
    expire_shared(desks.room, 30, NOW + timedelta(days=29))
    assert desks.room.about(desks.one.scope).articles == 2
    assert caplog.messages == []
    expire_shared(desks.room, 30, NOW + timedelta(days=31))
    assert [entry.source.title for entry in desks.room.articles.entries(desks.one.scope)] == [
        "Oldest bakery in Port Selby wins national prize"
    ]
    assert caplog.messages == ["Removed 1 shared articles that were kept for 30 days"]


class _Later(datetime):
    """A month from now."""

    @classmethod
    @override
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(days=31)


async def test_a_clock_that_is_years_ahead_for_a_while_erases_nothing(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desks.room.importer.add(BRIDGE, SHARED)
    now = datetime.now(UTC) + timedelta(minutes=1)
    cog = Maintenance(desks.bot.service, desks.bot, retention_days=30)

    async def hour(at: datetime) -> int:
        monkeypatch.setattr("bot.background.maintenance.datetime", type("At", (datetime,), {"now": lambda _: at}))
        await cog._every_hour()
        return desks.room.about(desks.one.scope).articles

    for at in (now, now + timedelta(days=4000), now + timedelta(hours=2), now + timedelta(hours=3)):
        assert await hour(at) == 1
    assert caplog.text.count("nothing is erased in this hour") == 2
    later = now + timedelta(days=31)  # the bot was stopped for a month
    assert [await hour(later), await hour(later + timedelta(hours=1))] == [1, 0]


async def test_the_operator_s_retention_reaches_the_hourly_sweep(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    desks.room.importer.add(BRIDGE, SHARED)
    cog = Maintenance(desks.bot.service, desks.bot, retention_days=30)
    monkeypatch.setattr("bot.background.maintenance.datetime", _Later)
    await cog._every_hour()
    await cog._every_hour()  # after a pause of a month, the second one decides
    assert desks.room.about(desks.one.scope).articles == 0


async def test_the_daily_backup_is_made_and_a_failure_is_logged(
    desks: Desks, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    desks.room.backups = Backups(desks.room._archive._connections.path, folder, 7, desks.room.bot_state)
    cog = Maintenance(desks.bot.service, desks.bot, retention_days=None)
    await cog._every_ten_minutes()
    await cog._every_ten_minutes()
    (made,) = folder.iterdir()
    made.rename(tmp_path / "made")
    folder.rmdir()
    await cog._every_ten_minutes()
    assert f"The next backup cannot be made: There is no folder {folder}." in caplog.text
    folder.mkdir()
    made = (tmp_path / "made").rename(folder / made.name)
    assert read_state(desks.room.bot_state, folder).problem is None
    desks.room.bot_state.delete(SHARED, "backups")
    desks.room.backups = Backups(made, folder / "none", 7, desks.room.bot_state)
    await cog._every_ten_minutes()
    assert f"The archive was not backed up: There is no folder {folder / 'none'}." in caplog.text
    await cog.cog_unload()


async def test_a_server_that_was_left_is_erased_after_thirty_days_unless_the_bot_comes_back(desks: Desks) -> None:
    room, book = desks.room, desks.bot.service.guild_settings
    one, other = home(desks.one), home(desks.other)
    for where in (one, other):
        room.importer.add(BRIDGE, where, UserId(5))
    await desks.one.slash("settings private", only_asker=True)
    sweep(room, book, Servers({other}), NOW)
    sweep(room, book, Servers({one, other}), NOW + timedelta(days=20))
    assert room.bot_state.get(one, LEFT) is None
    sweep(room, book, Servers({other}), NOW + timedelta(days=21))
    sweep(room, book, Servers({other}), NOW + timedelta(days=21) + KEPT_AFTER_LEAVING - timedelta(hours=1))
    assert room.about(desks.one.scope).articles == 1
    sweep(room, book, Servers({other}), NOW + timedelta(days=21) + KEPT_AFTER_LEAVING)
    assert room.about(desks.one.scope).articles == 0
    assert room.about(desks.other.scope).articles == 1
    assert one not in room.collections.ids()
    assert book.of(one) == GuildSettings()


async def test_servers_of_other_processes_are_neither_erased_nor_noted_as_left(desks: Desks) -> None:
    room, book = desks.room, desks.bot.service.guild_settings
    one, other = CollectionId(7 << 22), CollectionId(8 << 22)
    for where in (one, other):
        room.importer.add(BRIDGE, where)
    book.change(Scope(other), UserId(5), "", keep_for_a_day)
    for days in (0, 40):
        sweep(room, book, Servers((), shard_count=2, shards={1}), NOW + timedelta(days=days))
    assert (one in room.collections.ids(), room.about(Scope(other)).articles) == (False, 1)
    assert room.bot_state.get(other, LEFT) is None


async def test_a_client_without_shards_has_all_servers(desks: Desks) -> None:
    servers = Servers.of(desks.bot)
    assert servers.present == {desks.one.guild.id, desks.other.guild.id}
    assert all(map(servers.are_ours, (0, 7 << 22, 8 << 22, 2**62)))


def keep_for_a_day(settings: GuildSettings) -> GuildSettings:
    return replace(settings, retention_days=1)


async def test_a_date_of_leaving_that_cannot_be_read_counts_from_now(desks: Desks) -> None:
    one = home(desks.one)
    desks.room.importer.add(BRIDGE, one)
    desks.room.bot_state.put(one, LEFT, "long ago")
    sweep(desks.room, desks.bot.service.guild_settings, Servers(set()), NOW)
    assert desks.room.about(desks.one.scope).articles == 1
    assert desks.room.bot_state.get(one, LEFT) == NOW.isoformat()


async def test_everybody_is_told_what_is_stored_and_only_managers_are_offered_to_erase_the_server(desks: Desks) -> None:
    mine = await desks.one.slash("privacy")
    theirs = await desks.one.slash_by(desks.one.member, "privacy")
    assert mine.ephemeral
    assert "30 days" in text_of(mine)
    of_the_server, of_you = text_of(mine).split("About you")
    assert "feeds that it follows" in of_the_server
    assert "decided about speakers" in of_the_server
    assert "articles and feeds that you added, what you decided about speakers" in of_you
    assert labels_of(mine) == ["Forget me", "Erase all of this server"]
    assert labels_of(theirs) == ["Forget me"]


async def test_a_member_is_forgotten_with_what_was_remembered_for_them_and_nobody_else(desks: Desks) -> None:
    one, room = desks.one, desks.room
    for user in (one.owner.id, one.member.id):
        room.remembered.put(home(one), "answer", user, '{"refs": []}', UserId(user), most=9, turn_seconds=9)
    room.importer.add(BRIDGE, home(one), UserId(one.owner.id))
    await one.slash("quote", speaker="Ada Okafor", about="danger")
    stored = await one.slash("privacy")
    asked = await one.click(stored.response, "Forget me")
    assert "Forget you?" in text_of(asked)
    assert "what you follow yourself and what you said under *Wrong?* is erased" in text_of(asked)
    done = await one.click(asked.response, "Forget me")
    told = text_of(asked if asked.response else done)
    assert "2 remembered answers erased. Whatever you followed yourself or said under *Wrong?* is erased too." in told
    assert room.remembered.get(home(one), "answer", one.member.id) is not None
    assert f"<@{one.owner.id}>" not in text_of(await one.slash("settings audit", everything=True))
    (entry,) = room.articles.entries(one.scope)
    assert room.articles.show(one.scope, entry.id).added_by is None


async def test_everything_of_a_server_is_erased_only_after_it_was_asked_for(desks: Desks) -> None:
    for server in (desks.one, desks.other):
        desks.room.importer.add(BRIDGE, home(server), UserId(server.owner.id))
        await server.slash("settings private", only_asker=True)
    stored = await desks.one.slash("privacy")
    asked = await desks.one.click(stored.response, "Erase all of this server")
    assert "Its 1 article, feeds, settings" in text_of(asked)
    assert desks.room.about(desks.one.scope).articles == 1
    await desks.one.click(asked.response, "Erase everything")
    assert "Everything is erased" in text_of(asked)
    assert home(desks.one) not in desks.room.collections.ids()
    assert desks.bot.service.guild_settings.of(desks.one.guild.id) == GuildSettings()
    assert desks.room.about(desks.other.scope).articles == 1
    assert desks.bot.service.guild_settings.of(desks.other.guild.id).private


async def test_moderators_commands_do_nothing_where_the_bot_is_no_member(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing done there may ever reach what is shared."""
    monkeypatch.setattr(type(desks.bot), "get_guild", lambda _bot, _id: None)
    for command in ("article list", "article add", "settings show", "settings audit"):
        assert text_of(await desks.one.slash(command)) == messages()["bot.not_here"]


@given(st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_settings_that_cannot_be_understood_count_as_not_settled(stored: str) -> None:
    assert GuildSettings.from_json(stored) == GuildSettings()


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({"private": True, "of_a_later_release": 1}, GuildSettings(private=True)),
        ({"private": "yes", "channels": [1, "2", -3, True, 4]}, GuildSettings(channels=(1, 4))),
        ({"retention_days": 10**9, "adders": 7}, GuildSettings(adders=7)),
        ({"retention_days": 30, "channels": 5}, GuildSettings(retention_days=30)),
    ],
)
def test_settings_are_read_as_far_as_they_are_understood(stored: object, expected: GuildSettings) -> None:
    assert GuildSettings.from_json(json.dumps(stored)) == expected

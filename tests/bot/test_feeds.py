"""Feeds as moderators use them, and what the bot says of itself: over a real archive and a web that is laid out."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import discord
import pytest
import sqlalchemy as sa
from simcord.actors import MemberActor
from simcord.backend.errors import SetupError

from bot.background.feeding import EVERY_SECONDS, Feeding
from bot.registry import view_of
from bot.render import feeds
from bot.settings_store import GuildSettingsStore
from retrieval.archive import schema
from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope
from retrieval.errors import messages
from tests.bot.conftest import labels_of, text_of
from tests.support.feeds import FEED, SITE, FeedRoom, Story, open_room, rss
from tests.support.german import GERMAN, speak_german

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from pathlib import Path

    from simcord.builders import ChannelHandle
    from simcord.results import InteractionResult

    from retrieval.domain.feeds import FeedUpdate
    from retrieval.newsroom import Newsroom
    from tests.bot.conftest import Stage
    from tests.bot.fakes import FakeNewsroom

    Staged = Callable[..., AbstractAsyncContextManager[Stage]]


@dataclass
class Press:
    """A server whose newsroom follows feeds; `owner` may manage it, `asker` may not."""

    stage: Stage
    room: FeedRoom

    @property
    def guild(self) -> Any:  # noqa: ANN401  # simcord's handle, never None here
        return self.stage.channel.guild

    async def feed(self, what: str, **options: object) -> InteractionResult:
        return await self.stage.owner.slash(self.stage.channel, f"feed {what}", **options)

    @property
    def scope(self) -> Scope:
        return Scope(CollectionId(self.guild.id))

    async def looked(self) -> None:
        """Let the bot look at every feed once more."""
        self.room.feeds.schedule.make_due(self.scope.own, self.stage.env.now())
        await self.stage.env.advance_time(EVERY_SECONDS + 1)

    def said_in(self, channel: ChannelHandle) -> list[discord.Message]:
        return channel.history()


@pytest.fixture
def opened(staged: Staged, newsroom: FakeNewsroom, tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Press]]:
    @asynccontextmanager
    async def open_press(**options: bool) -> AsyncIterator[Press]:
        with open_room(tmp_path / "a.sqlite3", clock=discord.utils.utcnow) as room:
            room.web.publish(Story(1))
            newsroom.feeds, newsroom.announcer = room.feeds, room.announcer
            async with staged(**options) as stage:
                yield Press(stage, room)

    return open_press


@pytest.fixture
async def press(opened: Callable[..., AbstractAsyncContextManager[Press]]) -> AsyncIterator[Press]:
    async with opened() as press:
        yield press


async def test_well_known_papers_are_offered_by_name_and_a_name_is_enough(press: Press) -> None:
    stage = press.stage
    offered = await stage.owner.autocomplete(stage.channel, "feed add", "url", "monde")
    assert offered == [{"name": "Le Monde (fr)", "value": "https://www.lemonde.fr/rss/une.xml"}]
    press.room.web.page("https://www.lemonde.fr/rss/une.xml", rss(Story(1), title="Le Monde"), "application/xml")
    assert "Following “Le Monde” from now on." in text_of(await press.feed("add", url="monde"))
    assert (await stage.owner.autocomplete(stage.channel, "feed add", "url", "https://courier.example/rss")) == []


async def test_a_feed_is_added_read_and_listed_with_its_health(press: Press) -> None:
    added = await press.feed("add", url=FEED)
    assert added.ephemeral
    assert "Following “The Selby Courier” from now on. New articles are announced nowhere." in text_of(added)
    assert "I start to read its newest article within a minute" in text_of(added)
    assert "0 articles · not announced · not asked yet" in text_of(await press.feed("list"))
    await press.looked()
    listed = await press.feed("list")
    assert listed.ephemeral
    assert "**The Selby Courier**\nhttps\\://courier.example/rss" in text_of(listed)
    assert "1 article · not announced · answers" in text_of(listed)


async def test_a_page_is_taken_for_the_feed_it_names_and_its_others_are_offered(press: Press) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    press.room.web.page(f"{SITE}/", link.format("/rss") + link.format("/sport.xml"))
    assert "That page names other feeds too: https\\://courier.example/sport.xml" in text_of(
        await press.feed("add", url=SITE)
    )


async def test_trouble_with_an_address_is_one_kind_sentence(press: Press) -> None:
    press.room.web.page(f"{SITE}/page", "<p>Nothing here</p>")
    assert "There is no feed at that address" in text_of(await press.feed("add", url=f"{SITE}/page"))
    assert "nor the name of a paper" in text_of(await press.feed("add", url="the news"))
    press.room.web.refuses("https://inner.example/")
    assert "private network" in text_of(await press.feed("add", url="https://inner.example/"))
    assert "No feed is followed here yet" in text_of(await press.feed("list"))


async def test_a_feed_is_removed_by_what_the_list_offers_and_its_articles_stay(press: Press) -> None:
    await press.feed("add", url=FEED)
    await press.looked()
    (choice,) = await press.stage.owner.autocomplete(press.stage.channel, "feed remove", "feed", "selby")
    assert choice["name"] == "The Selby Courier"
    removed = await press.feed("remove", feed=choice["value"])
    assert text_of(removed) == "“The Selby Courier” is no longer followed. 1 article of it stays here."
    assert len(press.room.archive.articles.entries(press.scope)) == 1
    assert messages()["feed.unknown_name"] in text_of(await press.feed("remove", feed=choice["value"]))


async def test_a_feed_is_removed_by_a_name_only_one_can_mean(press: Press) -> None:
    press.room.web.page(f"{SITE}/b", rss(Story(2), title="The Selby Gazette"), "application/rss+xml")
    for url in (FEED, f"{SITE}/b"):
        await press.feed("add", url=url)
    assert text_of(await press.feed("remove", feed="selby")) == messages()["feed.unknown_name"]
    assert "“The Selby Gazette” is no longer followed." in text_of(await press.feed("remove", feed="gazette"))


async def test_a_feed_is_filtered_by_words_and_the_list_says_so(press: Press) -> None:
    await press.feed("add", url=FEED)
    await press.looked()
    (choice,) = await press.stage.owner.autocomplete(press.stage.channel, "feed filter", "feed", "courier")
    said = text_of(await press.feed("filter", feed=choice["value"], only="number 3, tram*", without="sport"))
    assert "Only articles with “number 3” or “tram\\*”, and without “sport” are read" in said
    assert "Only articles with “number 3”" in text_of(await press.feed("list"))
    press.room.web.publish(*map(Story, (1, 2, 3)))
    await press.looked()
    assert {entry.source.title for entry in press.room.archive.articles.entries(press.scope)} == {
        Story(1).title,
        Story(3).title,
    }
    assert "Every new article is read" in text_of(await press.feed("filter", feed=choice["value"]))


async def test_a_feed_is_tried_as_it_would_be_announced_and_nothing_is_stored(press: Press) -> None:
    press.room.web.publish(Story(1), Story(2))
    for feed in (FEED, SITE.partition("//")[2] + "/rss"):
        tried = await press.feed("test", feed=feed)
        assert tried.ephemeral
        assert "would be announced like this; nothing was stored" in text_of(tried)
        assert Story(2).title in text_of(tried)
        assert "> “Nothing of report 2 may be lost to the sea,”\nAda Okafor" in text_of(tried)
    assert press.room.archive.articles.entries(press.scope) == ()
    assert press.room.feeds.listed(press.scope) == ()


async def test_a_trial_says_what_a_filter_keeps_out_and_what_is_wrong(press: Press) -> None:
    await press.feed("add", url=FEED)
    await press.feed("filter", feed="selby", without="number 1", announcements=True)
    assert "would be read but not announced" in text_of(await press.feed("test", feed="selby"))
    await press.feed("filter", feed="selby", only="submarine")
    assert "would not be read" in text_of(await press.feed("test", feed="selby"))
    press.room.web.page(FEED, rss(), "application/rss+xml")
    assert messages()["feed.empty"] in text_of(await press.feed("test", feed="selby"))
    press.room.web.publish(Story(3))
    press.room.web.page(Story(3).link, "<p>Please subscribe.</p>")
    assert "There is no article on that page." in text_of(await press.feed("test", feed="selby"))
    assert press.room.archive.articles.entries(press.scope) == ()


async def test_the_commands_are_for_who_may_manage_the_server_or_was_let_in(press: Press) -> None:
    with pytest.raises(SetupError):
        await press.stage.asker.slash(press.stage.channel, "feed list")
    command = next(each for each in await press.stage.bot.tree.fetch_commands() if each.name == "feed")
    press.guild.set_command_permissions(command, {press.stage.asker: True})
    assert "No feed is followed" in text_of(await press.stage.asker.slash(press.stage.channel, "feed list"))


async def test_it_is_asked_once_more_whether_somebody_may(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    command = next(each for each in await press.stage.bot.tree.fetch_commands() if each.name == "feed")
    press.guild.set_command_permissions(command, {press.stage.asker: True})

    async def nobody(*_: object) -> dict[str, list[object]]:
        return {"permissions": []}

    monkeypatch.setattr(press.stage.bot.http, "get_application_command_permissions", nobody)
    for what, options in (("list", {}), ("add", {"url": FEED}), ("remove", {"feed": "selby"})):
        refused = await press.stage.asker.slash(press.stage.channel, f"feed {what}", **options)
        assert text_of(refused) == messages()["bot.feeds_not_allowed"]
    assert press.room.feeds.listed(press.scope) == ()


async def test_who_added_a_feed_stands_in_the_audit(press: Press) -> None:
    await press.feed("add", url=FEED)
    (line,) = press.room.archive.collections.audit(press.scope, number=0, size=5).lines
    assert (line.action, line.detail, line.user) == ("feed added", FEED, press.stage.owner.id)


async def test_news_is_announced_with_headline_link_and_best_quotation(press: Press) -> None:
    wire = press.guild.create_text_channel("wire")
    added = await press.feed("add", url=FEED, channel=wire)
    assert f"New articles are announced in <#{wire.id}>." in text_of(added)
    await press.looked()
    assert press.said_in(wire) == []
    press.room.web.publish(Story(2), Story(1))
    await press.looked()
    (message,) = press.said_in(wire)
    (embed,) = message.embeds
    assert embed.title == "Report number 2 from the harbour"
    assert str(embed.url).startswith(f"{Story(2).link}#:~:text=Nothing%20of%20report%202")
    assert "> “Nothing of report 2 may be lost to the sea,”\nAda Okafor, mayor of Port Selby" in str(embed.description)
    assert embed.footer.text == "The Selby Courier · article 2"


async def test_of_many_new_articles_one_message_says_how_many_more_there_are(press: Press) -> None:
    wire = press.guild.create_text_channel("wire")
    await press.feed("add", url=FEED, channel=wire)
    await press.looked()
    press.room.web.publish(*map(Story, range(1, 10)))
    await press.looked()
    (message,) = press.said_in(wire)
    assert len(message.embeds) == feeds.MOST_CARDS
    assert message.content == "and 3 more of “The Selby Courier”"


async def test_two_servers_that_follow_one_feed_are_each_told_in_one_message(press: Press) -> None:
    env, boss = press.stage.env, press.stage.owner.user
    other = env.create_guild("Elsewhere", owner=boss)
    wires = press.guild.create_text_channel("wire"), other.create_text_channel("wire")
    await press.feed("add", url=FEED, channel=wires[0])
    await MemberActor(env, other, boss).slash(wires[1], "feed add", url=FEED, channel=wires[1])
    await press.looked()
    press.room.web.publish(*map(Story, range(1, 4)))
    await press.looked()
    for wire in wires:
        (message,) = press.said_in(wire)
        assert len(message.embeds) == 2


async def test_a_channel_in_which_nothing_may_be_written_is_refused(press: Press) -> None:
    everyone = press.guild.default_role
    closed = press.guild.create_text_channel(
        "closed",
        overwrites={
            press.guild.me: discord.PermissionOverwrite(send_messages=False),
            everyone: discord.PermissionOverwrite(send_messages=False),
        },
    )
    refused = await press.feed("add", url=FEED, channel=closed)
    assert f"I may not write in <#{closed.id}>. Give me View Channel" in text_of(refused)
    assert "No feed is followed here yet" in text_of(await press.feed("list"))


async def test_a_deleted_channel_is_told_in_the_list_and_disturbs_nothing(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    wire = press.guild.create_text_channel("wire")
    await press.feed("add", url=FEED, channel=wire)
    await press.looked()
    channel = press.stage.bot.get_channel(wire.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.delete()
    press.room.web.publish(Story(2), Story(1))
    await press.looked()
    assert "could not be read" not in caplog.text
    listed = text_of(await press.feed("list"))
    assert "⚠ The channel for its news is gone" in listed
    assert "2 articles" in listed


async def test_the_list_turns_its_pages(press: Press) -> None:
    for number in range(7):
        url = f"https://paper{number}.example/rss"
        press.room.web.page(url, rss(Story(number), title=f"Paper {number}"), "application/rss+xml")
        await press.feed("add", url=url)
    listed = await press.feed("list")
    assert labels_of(listed) == ["More feeds"]
    assert "7 feeds, page 1 of 2" in text_of(listed)
    assert listed.response is not None
    await press.stage.owner.click(listed.response, label="More feeds")
    assert "Paper 6" in text_of(listed)
    assert labels_of(listed) == ["Back"]


async def failing_for_a_week(press: Press, channel: ChannelHandle | None = None) -> None:
    await press.feed("add", url=FEED, **({"channel": channel} if channel else {}))
    await press.looked()
    press.room.web.fails(FEED, 500)
    await press.looked()
    assert "⚠ Failing since <t:" in text_of(await press.feed("list"))
    with press.room.archive._connections.writing() as connection:
        connection.execute(
            sa.update(schema.subscriptions).values(failing_since=press.stage.env.now() - timedelta(days=8))
        )
    await press.looked()


async def test_moderators_are_told_once_in_the_channel_for_news_that_a_feed_fails(press: Press) -> None:
    wire = press.guild.create_text_channel("wire")
    await failing_for_a_week(press, wire)
    await press.looked()
    (message,) = press.said_in(wire)
    assert "The feed “The Selby Courier” has failed since <t:" in message.content
    assert "That site answered with an error \\(500\\)." in message.content


async def test_news_and_failures_are_told_in_the_servers_language(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_german(monkeypatch)
    guild, wire = press.stage.bot.get_guild(press.guild.id), press.guild.create_text_channel("wire")
    assert guild is not None
    guild.preferred_locale = discord.Locale.german
    await press.feed("add", url=FEED, channel=wire)
    await press.looked()
    press.room.web.publish(Story(2), Story(1))
    await press.looked()
    await failing_for_a_week(press, wire)
    news, failure = press.said_in(wire)
    assert GERMAN in str(news.embeds[0].footer.text)
    assert failure.content.startswith(GERMAN)


async def test_without_such_a_channel_they_are_told_in_the_servers_own(press: Press) -> None:
    press.guild._guild.system_channel_id = press.stage.channel.id
    guild = press.stage.bot.get_guild(press.guild.id)
    assert guild is not None
    guild._system_channel_id = press.stage.channel.id
    await failing_for_a_week(press)
    told = [message.content for message in press.said_in(press.stage.channel) if "has failed since" in message.content]
    assert len(told) == 1


async def test_without_any_channel_the_owner_is_told(press: Press) -> None:
    await failing_for_a_week(press)
    (message,) = press.stage.owner.user.dm_channel.history()
    assert "The feed “The Selby Courier” has failed since" in message.content


async def test_hostile_titles_and_errors_come_to_nothing(press: Press) -> None:
    evil = "@everyone [x](https://evil.example) `**<@1>\u202e</feed add:1>"
    press.room.web.publish(Story(1), title=evil)
    await press.feed("add", url=FEED, channel=press.guild.create_text_channel("wire"))
    for said in (text_of(await press.feed("list")), text_of(await press.feed("remove", feed="everyone"))):
        assert "@everyone" not in said.replace("\\@everyone", "")
        assert "](" not in said
        assert "<@1>" not in said
        assert "\u202e" not in said


class Broken:
    """A desk where everything goes wrong."""

    def __init__(self) -> None:
        self.looks = 0

    def update(self, _now: datetime, _go_on: object) -> FeedUpdate | None:
        self.looks += 1
        message = "a bug"
        raise RuntimeError(message)


async def test_the_loop_outlives_a_bug_and_logs_it(
    staged: Staged, newsroom: FakeNewsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.feeds = broken = Broken()
    async with staged() as stage:
        await stage.env.advance_time(95)
        assert broken.looks == 4
    assert "a bug" in caplog.text


class Slow:
    """A desk that reads for as long as it may go on."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.reading, self.stopped, self.deaf = threading.Event(), threading.Event(), deaf

    def update(self, _now: datetime, proceed: Callable[[], bool]) -> FeedUpdate | None:
        self.reading.set()
        while proceed() or (self.deaf and not self.stopped.is_set()):
            self.stopped.wait(0.01)
        self.stopped.set()
        return None

    def failing(self, _now: datetime) -> tuple[()]:
        return ()


class ReadyBot:
    """A client that is connected, and member of nothing."""

    async def wait_until_ready(self) -> None:
        """It is."""


def feeding_of(newsroom: FakeNewsroom) -> Feeding:
    real = cast("Newsroom", newsroom)
    return Feeding(cast("discord.Client", ReadyBot()), real, GuildSettingsStore(real), view_of)


async def test_a_stop_ends_the_reading_and_waits_for_it(newsroom: FakeNewsroom) -> None:
    newsroom.feeds = slow = Slow()
    feeding = feeding_of(newsroom)
    feeding.start()
    assert await asyncio.to_thread(slow.reading.wait, 5)
    await asyncio.sleep(0.05)
    assert not slow.stopped.is_set()
    await feeding.close(5)
    assert slow.stopped.is_set()


async def test_a_stop_does_not_wait_for_ever(newsroom: FakeNewsroom) -> None:
    newsroom.feeds = stuck = Slow(deaf=True)
    feeding = feeding_of(newsroom)
    feeding.start()
    assert await asyncio.to_thread(stuck.reading.wait, 5)
    started = time.monotonic()
    await feeding.close(0.2)
    assert time.monotonic() - started < 1
    stuck.stopped.set()


async def test_nothing_is_read_before_the_model_is_there(
    staged: Staged, newsroom: FakeNewsroom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    newsroom.feeds = broken = Broken()
    newsroom.warm_up = type(newsroom.warm_up)()
    async with staged() as stage:
        await stage.env.advance_time(60)
        assert broken.looks == 0
        newsroom.warm_up.set_result(None)
        await stage.env.advance_time(31)
        assert broken.looks == 1

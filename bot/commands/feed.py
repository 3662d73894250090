"""`/feed`: the news feeds that a server follows: add, try, list with health, filter, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot import autocomplete
from bot.autocomplete import picked_feed
from bot.buttons.feeds import feeds_request
from bot.checks import authorise
from bot.command_kinds import ModeratorGroup
from bot.news_channels import NewsChannel, trouble_with
from bot.render import feeds
from bot.render.custom_ids import FeedsId
from bot.service import service_of
from bot.threads.request import LongWork, Request
from retrieval.domain.ids import ChannelId, UserId
from retrieval.errors import FeedRejected

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.service import Service
    from retrieval.domain.feeds import FeedHealth
    from retrieval.domain.scope import Scope

feed_group = ModeratorGroup("feed", "News feeds that I follow for this server.")


@feed_group.subcommand("Follow a feed: I read its new articles for this server.")
@app_commands.describe(
    url="A paper from the list, the address of a feed, or of a page that names one",
    channel="Where I announce new articles; without one, nowhere",
)
@app_commands.autocomplete(url=autocomplete.new_feed)
async def add(
    interaction: Interaction, url: app_commands.Range[str, 2, 2000], channel: NewsChannel | None = None
) -> None:
    """Follow a feed, or announce one that is followed already in another channel."""
    home = await _authorise(interaction)
    service, by = service_of(interaction), UserId(interaction.user.id)
    announce_in = None if channel is None else ChannelId(channel.id)
    if announce_in is not None and interaction.guild is not None:
        trouble = trouble_with(interaction.guild, announce_in)
        if trouble is not None:
            raise trouble
    work = LongWork(lambda stop: service.newsroom.feeds.add(home, url, by, announce_in, cancellation=stop))
    await service.responses.defer_and_respond(interaction, Request(work, feeds.added, progress=feeds.READING))


@feed_group.subcommand("The feeds that I follow here, and how each is doing.", name="list")
async def list_feeds(interaction: Interaction) -> None:
    """Answer privately, page by page."""
    home = await _authorise(interaction)
    service, first_page = service_of(interaction), FeedsId(interaction.user.id, 0)
    request = feeds_request(service, home, interaction.guild, first_page)
    await service.responses.defer_and_respond(interaction, request)


@feed_group.subcommand(
    "Read or announce only articles with or without some words; name none to end that.", name="filter"
)
@app_commands.describe(
    feed="Begin to type its name and pick it from the list",
    only="Words with commas between; one must stand in headline or text. “strike*” also finds “strikes”",
    without="Words with commas between; none of them may stand there",
    announcements="True: everything is read, and only these articles are announced",
)
@app_commands.autocomplete(feed=autocomplete.feed)
async def filter_feed(
    interaction: Interaction,
    feed: app_commands.Range[str, 1, 200],
    only: app_commands.Range[str, 1, 500] = "",
    without: app_commands.Range[str, 1, 500] = "",
    announcements: bool = False,  # noqa: FBT001, FBT002  # an option as Discord gives it
) -> None:
    """Set the words that count from now on."""
    home = await _authorise(interaction)
    service, by = service_of(interaction), UserId(interaction.user.id)

    def work() -> FeedHealth:
        picked = _picked(service, home, feed)
        return service.newsroom.feeds.set_filter(home, picked, only, without, by, announcements_only=announcements)

    await service.responses.defer_and_respond(interaction, Request(work, feeds.filtered))


@feed_group.subcommand("Show the newest entry of a feed as it would be announced. Nothing is stored.", name="test")
@app_commands.describe(feed="One that is followed, from the list, or the address of any")
@app_commands.autocomplete(feed=autocomplete.feed)
async def try_feed(interaction: Interaction, feed: app_commands.Range[str, 1, 2000]) -> None:
    """Read the newest entry and show it privately."""
    home = await _authorise(interaction)
    service = service_of(interaction)
    work = LongWork(lambda stop: service.newsroom.feeds.trial(home, picked_feed(feed), cancellation=stop))
    await service.responses.defer_and_respond(interaction, Request(work, feeds.trial, progress=feeds.READING))


@feed_group.subcommand("Follow a feed no longer; its articles stay.")
@app_commands.describe(feed="Begin to type its name and pick it from the list")
@app_commands.autocomplete(feed=autocomplete.feed)
async def remove(interaction: Interaction, feed: app_commands.Range[str, 1, 200]) -> None:
    """Remove the feed that was picked, or the only one that what was typed can mean."""
    home = await _authorise(interaction)
    service, by = service_of(interaction), UserId(interaction.user.id)

    def work() -> FeedHealth:
        return service.newsroom.feeds.remove(home, _picked(service, home, feed).id, by)

    await service.responses.defer_and_respond(interaction, Request(work, feeds.removed))


def _picked(service: Service, home: Scope, feed: str) -> FeedHealth:
    """Return the feed that was picked, or the only one that what was typed can mean. Raises FeedRejected."""
    picked = service.newsroom.feeds.picked(home, picked_feed(feed))
    if picked is None:
        raise FeedRejected("feed.unknown_name")
    return picked


async def _authorise(interaction: Interaction) -> Scope:
    return await authorise(interaction, not_here="bot.feeds_not_here", not_allowed="bot.feeds_not_allowed")

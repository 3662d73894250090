"""`/follow`: have yourself, or a channel, told what a speaker says or what is new about a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import discord
from discord import app_commands

from bot import autocomplete
from bot.autocomplete import Typed, find_speaker
from bot.buttons.follows import follows_request
from bot.checks import require_home
from bot.command_kinds import ServerGroup
from bot.message_text import words_of
from bot.news_channels import NewsChannel, trouble_with
from bot.render import follows
from bot.service import service_of
from bot.threads.request import Request
from retrieval.domain.announcements import Rhythm
from retrieval.domain.ids import ChannelId, RoleId, UserId
from retrieval.domain.scope import Scope
from retrieval.errors import FollowRejected

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from retrieval.domain.announcements import Follow

    Followed: TypeAlias = tuple[Follow, bool]

_PLACES: Final = {
    "channel": "Tell this channel, not me: for those who may manage the server",
    "when": "As it comes, or one digest a day or a week",
    "role": "Ping this role with each message",
}
_RHYTHMS: Final = [
    app_commands.Choice(name="now", value=Rhythm.NOW.value),
    app_commands.Choice(name="daily", value=Rhythm.DAILY.value),
    app_commands.Choice(name="weekly", value=Rhythm.WEEKLY.value),
]

follow_group = ServerGroup("follow", "Have me tell you what somebody says, or what is new about something.")


@follow_group.subcommand("Tell me what somebody says from now on, word for word.")
@app_commands.describe(speaker="Begin to type a name and pick it from the list", **_PLACES)
@app_commands.choices(when=_RHYTHMS)
@app_commands.autocomplete(speaker=autocomplete.speaker)
async def speaker(
    interaction: Interaction,
    speaker: Typed,
    channel: NewsChannel | None = None,
    when: str = Rhythm.NOW.value,
    role: discord.Role | None = None,
) -> None:
    """Follow a speaker of the server's archive."""
    home, place, pinged = require_home(interaction), _channel(interaction, channel), _role(interaction, channel, role)
    newsroom, by, rhythm, now = service_of(interaction).newsroom, UserId(interaction.user.id), Rhythm(when), _now()
    follow, due = newsroom.announcer.follow_speaker, _due_at(interaction, home, rhythm)

    def work() -> Followed:
        found = find_speaker(newsroom, home, speaker)
        return follow(home, found, by, rhythm, now, channel=place, role=pinged, due_at=due)

    await _respond(interaction, work)


@follow_group.subcommand("Tell me which new articles are about something.")
@app_commands.describe(topic="A few words, such as “rail strikes”", **_PLACES)
@app_commands.choices(when=_RHYTHMS)
async def topic(
    interaction: Interaction,
    topic: app_commands.Range[str, 3, 100],
    channel: NewsChannel | None = None,
    when: str = Rhythm.NOW.value,
    role: discord.Role | None = None,
) -> None:
    """Follow a topic."""
    home, place, pinged = require_home(interaction), _channel(interaction, channel), _role(interaction, channel, role)
    newsroom, by, rhythm, now = service_of(interaction).newsroom, UserId(interaction.user.id), Rhythm(when), _now()
    follow, due = newsroom.announcer.follow_topic, _due_at(interaction, home, rhythm)
    words = words_of(topic)
    await _respond(interaction, lambda: follow(home, words, by, rhythm, now, channel=place, role=pinged, due_at=due))


@follow_group.subcommand("Tell me one of the day's new quotations, once a day.")
@app_commands.describe(channel=_PLACES["channel"])
async def quotation(interaction: Interaction, channel: NewsChannel | None = None) -> None:
    """Follow the quotation of the day."""
    home, place = require_home(interaction), _channel(interaction, channel)
    newsroom, by, now = service_of(interaction).newsroom, UserId(interaction.user.id), _now()
    await _respond(interaction, lambda: newsroom.announcer.follow_quotation(home, by, now, channel=place))


@follow_group.subcommand("What you follow here, with buttons that end it.", name="list")
async def list_follows(interaction: Interaction) -> None:
    """Answer privately, page by page."""
    service = service_of(interaction)
    request = follows_request(interaction, service, require_home(interaction), 0)
    await service.responses.defer_and_respond(interaction, request)


async def _respond(interaction: Interaction, work: Callable[[], Followed]) -> None:
    service = service_of(interaction)

    def render(followed: Followed) -> Reply:
        follow, known = followed
        return follows.added(follow, _due_at(interaction, Scope(follow.collection), follow.rhythm), known=known)

    request = Request(work, render, wait_for=service.newsroom.warm_up, is_incomplete=lambda _: False)
    await service.responses.defer_and_respond(interaction, request)


def _due_at(interaction: Interaction, home: Scope, rhythm: Rhythm) -> datetime:
    """Return when a server's follows of a rhythm are told next."""
    return service_of(interaction).guild_settings.of(home.own).due_at(rhythm, _now())


def _channel(interaction: Interaction, channel: NewsChannel | None) -> ChannelId | None:
    """Return the channel that is to be told, None for the member. Raises FollowRejected and Refused."""
    if channel is None:
        return None
    if not interaction.permissions.manage_guild:
        raise FollowRejected("follow.channel_not_allowed")
    trouble = None if interaction.guild is None else trouble_with(interaction.guild, ChannelId(channel.id))
    if trouble is not None:
        raise trouble
    return ChannelId(channel.id)


def _role(interaction: Interaction, channel: NewsChannel | None, role: discord.Role | None) -> RoleId | None:
    """Return the role to ping, where the member and the bot may ping it. Raises FollowRejected."""
    if role is None:
        return None
    if channel is None:
        raise FollowRejected("follow.role_needs_channel")
    pinging = [each for each in (interaction.user, role.guild.me) if isinstance(each, discord.Member)]
    may = all(channel.permissions_for(each).mention_everyone for each in pinging)
    if role.is_default() or not (role.mentionable or may):
        raise FollowRejected("follow.role_not_allowed")
    return RoleId(role.id)


_now: Final = discord.utils.utcnow

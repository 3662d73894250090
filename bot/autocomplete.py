"""What is suggested while an option is typed: speakers, publishers, days, articles, feeds; and reading what was picked.

A suggestion's value is a stable id; what is typed without picking is accepted too. Where there is trouble, nothing is
suggested rather than an error shown.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias

from discord import app_commands

from bot.guild_settings import zones
from bot.interactions import home_of, party_of, scope_of
from bot.render import articles, feeds, limits
from bot.render.dates import offered_days
from bot.render.people import entry_label
from bot.service import service_of
from retrieval.domain.ids import ArticleNumber, SpeakerId
from retrieval.domain.quotations import SpeakerAmbiguous, SpeakerUnknown
from retrieval.errors import OverrideRejected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import TypeVar

    from bot.interactions import Interaction
    from retrieval.domain.quotations import SpeakerEntry
    from retrieval.domain.scope import Scope
    from retrieval.newsroom import Newsroom

    Callback = TypeVar("Callback", bound=Callable[..., object])
    Item = TypeVar("Item")

Choices: TypeAlias = list[app_commands.Choice[str]]

Day = app_commands.Range[str, 4, 10]
Typed = app_commands.Range[str, 1, 100]

_SPEAKER: Final = re.compile(r"speaker:(\d{1,18})")
_ARTICLE: Final = "article:"
_FEED: Final = "feed:"


async def suggest(interaction: Interaction, work: Callable[[], Sequence[Item]]) -> Sequence[Item]:
    """Return what `work` finds in a thread; nothing if there is trouble or it takes too long."""
    return await service_of(interaction).offload.suggested(work, party_of(interaction))


async def speaker(interaction: Interaction, typed: str) -> Choices:
    """Return at most 25 speakers whose name `typed` may mean, most quoted first; none after an error or 2.5 s."""
    newsroom, scope = service_of(interaction).newsroom, scope_of(interaction)
    return speaker_choices(await suggest(interaction, lambda: newsroom.speakers.like(scope, typed, limits.CHOICES)))


async def publisher(interaction: Interaction, typed: str) -> Choices:
    """Return at most 25 publishers whose name `typed` may mean; none after an error or 2.5 s."""
    newsroom, scope = service_of(interaction).newsroom, scope_of(interaction)
    return name_choices(await suggest(interaction, lambda: newsroom.publishers_like(scope, typed, limits.CHOICES)))


async def day(interaction: Interaction, typed: str) -> Choices:
    """Return a few days counted back from today whose label contains `typed`."""
    return day_choices(typed, interaction.created_at)


async def zone(_interaction: Interaction, typed: str) -> Choices:
    """Suggest time zones whose name contains what was typed, with or without blanks."""
    wanted = typed.strip().replace(" ", "_").casefold()
    return name_choices([name for name in sorted(zones()) if wanted in name.casefold()])


def with_days(callback: Callback) -> Callback:
    """Decorate a command's function: describe its options `since` and `until`, of type Day, and suggest days."""
    described = app_commands.describe(
        since="Only from this day on: 2024-03-25, 2024-03 or 2024",
        until="Only up to this day: 2024-03-25, 2024-03 or 2024",
    )(callback)
    return app_commands.autocomplete(since=day, until=day)(described)


async def article(interaction: Interaction, typed: str) -> Choices:
    """Suggest headlines of the articles that the server sees."""
    return await _headlines(interaction, typed, own=False)


async def own_article(interaction: Interaction, typed: str) -> Choices:
    """Suggest headlines of the articles that the server added."""
    return await _headlines(interaction, typed, own=True)


async def _headlines(interaction: Interaction, typed: str, *, own: bool) -> Choices:
    newsroom, home = service_of(interaction).newsroom, home_of(interaction)
    if home is None:
        return []
    entries = await suggest(interaction, lambda: newsroom.articles.titled(home, typed, limits.CHOICES, own=own))
    return [app_commands.Choice(name=articles.choice(entry), value=f"{_ARTICLE}{entry.number}") for entry in entries]


async def feed(interaction: Interaction, typed: str) -> Choices:
    """Suggest the feeds that the server follows."""
    newsroom, home = service_of(interaction).newsroom, home_of(interaction)
    if home is None:
        return []
    followed = await suggest(interaction, lambda: newsroom.feeds.like(home, typed, limits.CHOICES))
    return [app_commands.Choice(name=feeds.choice(each), value=f"{_FEED}{each.fingerprint}") for each in followed]


async def new_feed(interaction: Interaction, typed: str) -> Choices:
    """Suggest feeds of well-known papers, first those in the member's language."""
    language = interaction.locale.value.partition("-")[0]
    known = await suggest(
        interaction, lambda: service_of(interaction).newsroom.feeds.well_known(typed, language, limits.CHOICES)
    )
    return [app_commands.Choice(name=f"{each.name} ({each.language})", value=each.url) for each in known]


def speaker_choices(entries: Sequence[SpeakerEntry]) -> Choices:
    """Return speakers to pick from; with their roles where several have one name."""
    names = Counter(entry.speaker.name for entry in entries)
    return [
        app_commands.Choice(
            name=entry_label(entry, limits.CHOICE, with_role=names[entry.speaker.name] > 1),
            value=speaker_value(entry.speaker.id),
        )
        for entry in entries[: limits.CHOICES]
    ]


def speaker_value(speaker: SpeakerId) -> str:
    """Return what stands for a speaker who was picked."""
    return f"speaker:{speaker}"


def name_choices(names: Sequence[str]) -> Choices:
    """Return names to pick from, without those that are too long for Discord."""
    short = [name for name in names if len(name) <= limits.CHOICE]
    return [app_commands.Choice(name=name, value=name) for name in short[: limits.CHOICES]]


def day_choices(typed: str, now: datetime) -> Choices:
    """Return the days to pick from whose label contains what was typed."""
    return [
        app_commands.Choice(name=label, value=value)
        for label, value in offered_days(now)
        if typed.casefold() in label.casefold()
    ]


def picked_speaker(typed: str) -> SpeakerId | None:
    """Return the speaker that was picked; None if a name was typed instead."""
    match = _SPEAKER.fullmatch(typed.strip())
    return None if match is None else SpeakerId(int(match[1]))


def find_speaker(newsroom: Newsroom, scope: Scope, typed: str) -> SpeakerId:
    """Return the speaker that was picked or typed. Raises OverrideRejected for nobody, or more than one."""
    picked = picked_speaker(typed)
    if picked is not None:
        return picked
    match = newsroom.speakers.named(scope, typed)
    if isinstance(match, SpeakerUnknown):
        raise OverrideRejected("speaker.unknown", typed=typed)
    if isinstance(match, SpeakerAmbiguous):
        raise OverrideRejected("speaker.ambiguous", typed=typed)
    return match.speaker.id


def picked_article(typed: str) -> ArticleNumber | None:
    """Return the number of the article that was picked, or typed; None if a headline was typed instead."""
    return ArticleNumber.parse(typed.strip().removeprefix(_ARTICLE))


def picked_feed(typed: str) -> str:
    """Return the fingerprint of the feed that was picked, or what was typed instead."""
    return typed.strip().removeprefix(_FEED)

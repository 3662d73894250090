"""What the bot says of itself: the archive, the commands, and the short sentences of a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord.utils import format_dt

from bot.render import limits
from bot.render.amounts import count, disk_low
from bot.render.escape import escaped
from bot.render.reply import Reply
from bot.render.sources import link, published
from retrieval.errors import ArchiveError, ArchiveFull, ArchiveLocked, ArchiveReadOnly, EmbeddingMismatch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrieval.domain.health import DiskRoom
    from retrieval.domain.upkeep import About
    from retrieval.errors import NewsError

_CHANNELS: Final = 10
_COLOUR: Final = discord.Colour(0x2F6FDE)

STARTING: Final = "I have only just started and am still loading my archive. Your answer comes by itself."
LOADING: Final = "I am still loading my archive, and it takes long. Please try again in a few minutes."
TOO_SLOW: Final = "That took longer than I allow an answer to take. Please try again, perhaps with fewer words."
GIVEN_UP: Final = "That took longer than I allow it to take, so I stopped. Nothing was changed. Please try again later."
WAITING: Final = "Others are before this. I begin by myself as soon as it is its turn."
STOPPING: Final = "I am being restarted. Please ask again in a minute."
NOT_YOURS: Final = "Only whoever asked, or somebody who may manage messages here, can delete this answer."
SPEAKER_GONE: Final = "The archive no longer knows this speaker. Please ask again with /quote."
FORGOTTEN: Final = "I no longer remember the passages of this answer. Please ask again."
OUTDATED: Final = (
    "This is from another version of me, and I no longer know what it was to do. Please use the command again."
)
ABOUT_FORGOTTEN: Final = "I no longer remember what these quotations were to be about. Please ask again with /quote."

_FULL: Final = "My disk is full, so nothing can be added or changed now. Answers go on. The operator has to make room."
_READ_ONLY: Final = (
    "My archive cannot be written, so nothing can be added or changed now. Answers go on. The operator has to mend it."
)
_ARCHIVE_TROUBLE: Final = (
    (ArchiveFull, _FULL),
    (ArchiveReadOnly, _READ_ONLY),
    (ArchiveLocked, "My archive is in use by another program. Please try again in a minute."),
    (EmbeddingMismatch, "My archive was made for another model, so I cannot search it. The operator has to mend it."),
    (ArchiveError, "My archive cannot be read now. The operator has to mend it. Please try again later."),
)
"""The narrower kinds first. The operator is told the whole sentence in the log."""

_HELP: Final = (
    (
        "/ask",
        (
            "Ask in your own words. I show the passage that answers, word for word, with the answering sentence in "
            "bold. `source`, `since` and `until` narrow it to a publisher and to days."
        ),
    ),
    (
        "/quote",
        (
            "What somebody said, word for word, newest first. Begin to type a name and pick it from the list. "
            "`about` narrows it to what they said about something, the nearest first."
        ),
    ),
    ("/article, /feed, /settings", "For moderators: this server's own articles and feeds, and how I behave here."),
    ("/speaker", "For moderators: who is who among those who are quoted, for this server."),
    ("/privacy", "What I store of you and of this server, and how to have it erased."),
    ("/about", "How many articles I keep, the newest of them, and what I run on."),
)


def sentence(text: str) -> Reply:
    """Why there is no answer, in a sentence of the bot's own, repeated literally."""
    return Reply(content=limits.cut(text, limits.CONTENT, escaped), refusal=True)


def refusal(problem: NewsError) -> Reply:
    """Why something was not done; what is wrong with the archive is told without paths, and who can mend it."""
    for kind, said in _ARCHIVE_TROUBLE:
        if isinstance(problem, kind):
            return sentence(said)
    return sentence(str(problem))


def fault(reference: str) -> Reply:
    """Something broke; the reference finds it in the log."""
    said = f"Something went wrong on my side. If it happens again, tell the operator this: `{reference}`"
    return Reply(content=said, refusal=True)


def cooling(ready: datetime) -> Reply:
    """When the member may ask again."""
    return Reply(content=f"One question at a time, please. You can ask again {format_dt(ready, 'R')}.")


def busy(ready: datetime) -> Reply:
    """So many ask that this question would wait too long: when to ask it again."""
    return Reply(content=f"Many people are asking at once. Please try again {format_dt(ready, 'R')}.", refusal=True)


def line_full(held: int) -> Reply:
    """A server has as many articles in work as it may."""
    said = f"This server already has {count(held, 'article')} waiting. Please try again later."
    return Reply(content=said, refusal=True)


def elsewhere(channels: Sequence[int]) -> Reply:
    """Where questions are answered."""
    named = [f"<#{channel}>" for channel in channels[:_CHANNELS]]
    more = ", and in others" if len(channels) > _CHANNELS else ""
    return Reply(content=f"In this server I answer in {', '.join(named)}{more}.")


def about(what: About, *, version: str, started: datetime, low: DiskRoom | None = None) -> Reply:
    """What the archive holds for this reader, and what the bot runs on; and why nothing can be added, or soon not."""
    embed = discord.Embed(
        title="Pullquote",
        description="Answers about the news in the news' own words. Every line I quote stands in the article as shown.",
        colour=_COLOUR,
    )
    counts = (
        (what.articles, "article"),
        (what.passages, "passage"),
        (what.quotations, "quotation"),
        (what.speakers, "speaker"),
    )
    known = " · ".join(count(amount, noun) for amount, noun in counts)
    embed.add_field(name="In the archive", value=known, inline=False)
    if what.newest is not None:
        embed.add_field(name="Newest article", value=_newest(what), inline=False)
    model = limits.cut(what.model, limits.FIELD_VALUE, escaped)
    embed.add_field(name="Model", value=model or "still being loaded", inline=False)
    running = f"{escaped(version)}, started {format_dt(started, 'R')}"
    embed.add_field(name="Version", value=running, inline=False)
    if what.change is not None:
        far = f"{what.change.done:,} of {count(what.change.passages, 'passage')}"
        embed.add_field(name="Re-reading for a new model", value=far, inline=False)
    if what.read_only:
        embed.add_field(name="Archive read-only", value=_READ_ONLY, inline=False)
    if low is not None:
        embed.add_field(name="Disk full" if low.is_gone else "Disk nearly full", value=disk_low(low), inline=False)
    return Reply(embeds=(embed,))


def _newest(what: About) -> str:
    assert what.newest is not None
    url = link(what.newest)
    address = f"\n<{url}>" if url is not None and len(url) < limits.TITLE else ""
    return f"{limits.title(what.newest.title)}\n{published(what.newest)}{address}"


def usage() -> Reply:
    """What each command does."""
    embed = discord.Embed(
        title="What I can do",
        description="I keep news articles and answer from them. I never write an answer of my own.",
        colour=_COLOUR,
    )
    for name, text in _HELP:
        embed.add_field(name=name, value=text, inline=False)
    embed.set_footer(text="In a server you see that server's articles and the shared ones, elsewhere the shared ones.")
    return Reply(embeds=(embed,))

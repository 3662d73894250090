"""What the bot says of itself: its archive, its commands, and the short sentences of refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits
from bot.render.cards import card, disk_field
from bot.render.dates import relative
from bot.render.escape import escaped
from bot.render.reply import Reply
from bot.render.sources import link, published
from retrieval.domain.wording import count
from retrieval.errors import (
    ENGLISH,
    ArchiveError,
    ArchiveFull,
    ArchiveLocked,
    ArchiveReadOnly,
    EmbeddingMismatch,
    messages,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrieval.domain.articles import Source
    from retrieval.domain.health import DiskRoom
    from retrieval.domain.upkeep import About
    from retrieval.errors import NewsError

_CHANNELS: Final = 10

STARTING: Final = "I have only just started and am still loading my archive. Your answer comes by itself."
LOADING: Final = "I am still loading my archive, and it takes long. Please try again in a few minutes."
TOO_SLOW: Final = "That took longer than I allow an answer to take. Please try again, perhaps with fewer words."
GIVEN_UP: Final = "That took longer than I allow it to take, so I stopped. Nothing was changed. Please try again later."
WAITING: Final = "Others are waiting before this. I start by myself when its turn comes."
STOPPING: Final = "I am being restarted. Please ask again in a minute."
NOT_YOURS: Final = "Only whoever asked, or somebody who may manage messages here, can delete this answer."
SPEAKER_GONE: Final = "The archive no longer knows this speaker. Please ask again with /quote."
FORGOTTEN: Final = "I no longer remember the passages of this answer. Please ask again."
OUTDATED: Final = "This is from another version of me, and I no longer know what it does. Please use the command again."
ABOUT_FORGOTTEN: Final = "I no longer remember what these quotations are about. Please ask again with /quote."

_ARCHIVE_ERRORS: Final = (
    (ArchiveFull, "bot.disk_full"),
    (ArchiveReadOnly, "bot.archive_read_only"),
    (ArchiveLocked, "bot.archive_locked"),
    (EmbeddingMismatch, "bot.archive_of_another_model"),
    (ArchiveError, "bot.archive_unreadable"),
)
"""Subclasses first. The log has the whole sentence, for the operator."""


def sentence(text: str) -> Reply:
    """Return a sentence of the bot's own in place of an answer, shown literally."""
    return Reply(content=limits.cut(text, limits.CONTENT, escaped), refusal=True)


def refusal(problem: NewsError) -> Reply:
    """Say why something was not done."""
    return sentence(error_text(problem))


def error_text(error: NewsError, language: str = ENGLISH) -> str:
    """Word an error for members; of a broken archive without paths, but with who can fix it."""
    code = next((code for kind, code in _ARCHIVE_ERRORS if isinstance(error, kind)), None)
    return error.text(language) if code is None else messages(language)[code]


def fault(reference: str) -> Reply:
    """Say that something broke, with the reference that finds it in the log."""
    content = f"Something went wrong on my side. If it happens again, tell the operator this: `{reference}`"
    return Reply(content=content, refusal=True)


def cooldown(ready: datetime) -> Reply:
    """Return when the member may ask again."""
    return Reply(content=f"One question at a time, please. You can ask again {relative(ready)}.")


def busy(ready: datetime) -> Reply:
    """Return when to ask again, for a question that would wait too long behind others."""
    return Reply(content=f"Many people are asking at once. Please try again {relative(ready)}.", refusal=True)


def line_full(waiting: int) -> Reply:
    """Say that a server has as many articles in work as it may."""
    content = f"This server already has {count(waiting, 'article')} waiting. Please try again later."
    return Reply(content=content, refusal=True)


def elsewhere(channels: Sequence[int]) -> Reply:
    """Return in which channels questions are answered."""
    mentions = ", ".join(f"<#{channel}>" for channel in channels[:_CHANNELS])
    more = ", and in others" if len(channels) > _CHANNELS else ""
    return Reply(content=f"In this server I answer in {mentions}{more}.")


def about(archive: About, *, version: str, started: datetime, low: DiskRoom | None = None) -> Reply:
    """Return what the archive holds that the scope sees, what the bot runs on, and what keeps it from adding."""
    amounts = (
        count(archive.articles, "article"),
        count(archive.passages, "passage"),
        count(archive.quotations, "quotation"),
        count(archive.speakers, "speaker"),
    )
    change = archive.change
    embed = card(
        "Pullquote",
        "Answers about the news in the news' own words. Every line I quote stands in the article as shown.",
        ("In the archive", " · ".join(amounts)),
        ("Newest article", None if archive.newest is None else _headline(archive.newest)),
        ("Model", limits.cut(archive.model, limits.FIELD_VALUE, escaped) or "still being loaded"),
        ("Version", f"{escaped(version)}, started {relative(started)}"),
        (
            "Re-reading for a new model",
            None if change is None else f"{change.done:,} of {count(change.passages, 'passage')}",
        ),
        ("Archive read-only", messages()["bot.archive_read_only"] if archive.read_only else None),
        disk_field(low),
    )
    return Reply(embeds=(embed,))


def _headline(source: Source) -> str:
    url = link(source)
    address = f"\n<{url}>" if url is not None and len(url) < limits.TITLE else ""
    return f"{limits.one_line(source.title, limits.TITLE)}\n{published(source)}{address}"


def usage(commands: Sequence[tuple[str, str]]) -> Reply:
    """Return what each command does; each has a name and a help text."""
    embed = card(
        "What I can do",
        "I keep news articles and answer from them. I never write an answer of my own.",
        *commands,
        footer="In a server you see that server's articles and the shared ones, elsewhere the shared ones.",
    )
    return Reply(embeds=(embed,))

"""What the bot says of itself: its archive, its commands, and refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.refusals import Refused
from bot.render import limits
from bot.render.cards import card, disk_field
from bot.render.dates import relative
from bot.render.escape import block_quote, escaped
from bot.render.reply import Reply
from bot.render.sources import link, published
from retrieval.domain.wording import count
from retrieval.errors import (
    ArchiveError,
    ArchiveFull,
    ArchiveLocked,
    ArchiveReadOnly,
    EmbeddingMismatch,
    sentence,
)
from retrieval.translation import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from retrieval.domain.answers import Example
    from retrieval.domain.articles import Source
    from retrieval.domain.health import DiskRoom
    from retrieval.domain.upkeep import About, ModelChange, Rereading
    from retrieval.errors import NewsError

STARTING: Final = gettext_noop("I have only just started and am still loading my archive. Your answer comes by itself.")
WAITING: Final = gettext_noop("Others are waiting before this. I start by myself when its turn comes.")
_WRONG: Final = gettext_noop(
    "**Is something wrong?**\nPress *Wrong?* under an answer or a quotation: who manages this server sees how many "
    "members say so, and can correct it."
)
_SCOPES: Final = gettext_noop(
    "In a server you see that server's articles and the shared ones, elsewhere the shared ones."
)

_ARCHIVE_ERRORS: Final = (
    (ArchiveFull, "bot.disk_full"),
    (ArchiveReadOnly, "bot.archive_read_only"),
    (ArchiveLocked, "bot.archive_locked"),
    (EmbeddingMismatch, "bot.archive_of_another_model"),
    (ArchiveError, "bot.archive_unreadable"),
)
"""Subclasses first. The log has the whole sentence, for the operator."""


def refusal(error: NewsError) -> Reply:
    """Return why something was not done, in place of an answer."""
    text = error_text(error)
    content = text if isinstance(error, Refused) else limits.cut(text, limits.CONTENT, escaped)
    return Reply(content=content, refusal=True)


def with_question(refused: Reply, question: str) -> Reply:
    """Return a refusal with the question from a form, which Discord does not keep, to be copied and asked again."""
    return refused.with_line(block_quote(escaped(question)))


def error_text(error: NewsError) -> str:
    """Word an error for members; of a broken archive without paths, but with who can fix it."""
    code = next((code for kind, code in _ARCHIVE_ERRORS if isinstance(error, kind)), None)
    return error.text() if code is None else sentence(code)


def about(archive: About, *, version: str, started: datetime, low: DiskRoom | None = None) -> Reply:
    """Return what the archive holds that the scope sees, what the bot runs on, and what keeps it from adding."""
    amounts = (
        count(archive.articles, "article"),
        count(archive.passages, "passage"),
        count(archive.quotations, "quotation"),
        count(archive.speakers, "speaker"),
    )
    embed = card(
        "Pullquote",
        gettext("Answers about the news in the news' own words. Every line I quote stands in the article as shown."),
        (gettext("In the archive"), " · ".join(amounts)),
        (gettext("Newest article"), None if archive.newest is None else _headline(archive.newest)),
        (
            # Translators: the language model that finds passages.
            gettext("Model"),
            limits.cut(archive.model, limits.FIELD_VALUE, escaped) or gettext("still being loaded"),
        ),
        # Translators: a second language model, which reads passages with the question.
        (gettext("Reader"), None if archive.passages_read is None else _reader(archive.passages_read)),
        (
            gettext("Version"),
            gettext("{version}, started {time}", version=escaped(version), time=relative(started)),
        ),
        (gettext("Re-reading for a new model"), _passages_done(archive.change)),
        (gettext("Re-reading for quotations"), _articles_done(archive.rereading)),
        (gettext("Archive read-only"), sentence("bot.archive_read_only") if archive.read_only else None),
        disk_field(low),
    )
    return Reply(embeds=(embed,))


def _passages_done(change: ModelChange | None) -> str | None:
    if change is None:
        return None
    return ngettext(
        "{done:,} of {number:,} passage", "{done:,} of {number:,} passages", change.passages, done=change.done
    )


def _articles_done(reading: Rereading | None) -> str | None:
    if reading is None:
        return None
    return ngettext(
        "{done:,} of {number:,} article", "{done:,} of {number:,} articles", reading.articles, done=reading.done
    )


def _reader(passages: int) -> str:
    if not passages:
        return gettext("Left out: it is too slow on this machine (READER=on forces it).")
    return ngettext(
        "Reads the {number:,} best passage of a question together with it.",
        "Reads the {number:,} best passages of a question together with it.",
        passages,
    )


def _headline(source: Source) -> str:
    url = link(source)
    address = f"\n<{url}>" if url is not None and len(url) < limits.TITLE else ""
    return f"{limits.one_line(source.title, limits.TITLE)}\n{published(source)}{address}"


def usage(
    commands: Sequence[tuple[str, str]],
    of_moderators: Sequence[tuple[str, str]],
    mention: Callable[[str], str],
    example: Example | None,
    *,
    in_server: bool,
) -> Reply:
    """Return what each command does (each is a link and a help text), an example, and then moderators' commands.

    Members of a server are told how to report what is wrong.
    """
    lead = gettext("I keep news articles and answer from them, word for word. I never write an answer of my own.")
    if example is not None:
        question, speaker = (limits.one_line(text, limits.TITLE) for text in (example.question, example.speaker))
        lead += f"\n\n**{gettext('Try')}**\n{mention('ask')} {question}\n{mention('quote')} {speaker}"
    wrong = (gettext(_WRONG),) if in_server else ()
    embed = card(gettext("What I can do"), "\n\n".join((lead, *_help_texts(commands), *wrong)), footer=gettext(_SCOPES))
    for_moderators = card(gettext("For moderators"), "\n\n".join(_help_texts(of_moderators)))
    return Reply(embeds=(embed, for_moderators) if of_moderators else (embed,))


def greeting(mention: Callable[[str], str]) -> Reply:
    """Return three steps for those who have just added the bot to their server."""
    add, follow, ask, quote = map(mention, ("article add", "feed add", "ask", "quote"))
    channels, private = map(mention, ("settings channels", "settings private"))
    steps = (
        gettext(
            "1. Give me articles: {article_add} takes a link, a file or a text, {feed_add} follows a paper.",
            article_add=add,
            feed_add=follow,
        ),
        gettext(
            "2. Ask about them: {ask} shows the passage that answers, {quote} what somebody said, word for word.",
            ask=ask,
            quote=quote,
        ),
        gettext("3. Say where I answer and who sees it: {channels}, {private}.", channels=channels, private=private),
    )
    footer = gettext("I read no messages and ping nobody. Moderators may delete this; /help explains the rest.")
    return Reply(embeds=(card(gettext("Three steps to begin"), "\n".join(steps), footer=footer),))


def _help_texts(commands: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from (f"{link}\n{text}" for link, text in commands)

"""Numbers and dates as plain text; `bot.render.dates` has those that Discord shows in each member's time zone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from retrieval.domain.answers import TimeDoubt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from retrieval.domain.answers import Citation
    from retrieval.domain.quotations import NewestArticle
    from retrieval.domain.scope import Filters

NO_QUESTION = "I answer questions about the news with passages of articles, word for word."
MAYBE_NOTHING = "The archive may not hold the answer. I looked for: "
"""Stands before the question of a weak answer."""

PARTIAL = "This may not be the whole article: the page has more text than could be told apart."

_MOST_WORDS = 6
"""How many words of a question are repeated."""

_UNDATED = "This article has no date: it may be old."


def count(number: int, noun: str) -> str:
    """Return `1 article` or `2,000 articles`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def shortened(text: str, longest: int) -> str:
    """Return a text cut to at most `longest` characters, with `…` at its end where it was cut."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def iso_day(moment: datetime) -> str:
    """Return `2024-03-25`, for machines: JSON, and values that are parsed again."""
    return f"{moment:%Y-%m-%d}"


def day(moment: datetime) -> str:
    """Return `2024-03-25`, for the columns of a terminal."""
    return iso_day(moment)


def minute(moment: datetime) -> str:
    """Return `2024-03-25 14:05 UTC`, of a moment in UTC."""
    return f"{day(moment)} {moment:%H:%M} UTC"


def day_or_minute(moment: datetime) -> str:
    """Return `2024-03-25 14:05`; of midnight, which stands for a time that is not known, the day alone."""
    return f"{day(moment)} {moment:%H:%M}".removesuffix(" 00:00")


def day_in_words(moment: datetime) -> str:
    """Return `25 March 2024`."""
    return f"{moment:%d %B %Y}".lstrip("0")


def dated_title(article: NewestArticle) -> str:
    """Return `25 March 2024: Vote delayed`, or the title alone."""
    return f"{day_in_words(article.published_at)}: {article.title}" if article.published_at else article.title


def newest_known(citation: Citation, write: Callable[[datetime], str] = day_in_words) -> str:
    """Return a sentence with the day of the newest passage that was found, as `write` shows days."""
    published = citation.source.published_at
    return f"The newest I found on this is from {write(published)}." if published else _UNDATED


def doubted_time(doubt: TimeDoubt, citation: Citation, write: Callable[[datetime], str] = day_in_words) -> str:
    """Return why a citation may tell of another time than the question asks about; `write` shows days."""
    published = citation.source.published_at
    if doubt is TimeDoubt.OTHER_TIME and published:
        return f"This is from {write(published)}, not from the time that you ask about."
    if doubt is TimeDoubt.NEWER_BELOW and published:
        return f"This is from {write(published)}. Newer passages follow it, which may be about this too."
    return newest_known(citation, write)


def not_found(looked_for: Sequence[str]) -> str:
    """Return what was looked for, where no passage is about it."""
    if not looked_for:
        return "No passage is about the question."
    return f"I looked for {_listed(looked_for, 'and')}: no passage is about that."


def missing_here(words: Sequence[str]) -> str:
    """Return which words of a question a passage lacks, at least one."""
    return f"This passage does not say {_listed(words, 'or')}."


def _listed(words: Sequence[str], last: str) -> str:
    quoted = [f"“{word}”" for word in words[:_MOST_WORDS]]
    return f" {last} ".join(filter(None, (", ".join(quoted[:-1]), *quoted[-1:])))


def filters_in_words(filters: Filters) -> str:
    """Return `The Paper, since March 2026, until 5 May 2026`: the last day is included."""
    notes = [filters.publisher] if filters.publisher else []
    if filters.since is not None:
        notes.append(f"since {_period_in_words(filters.since, filters.since)}")
    if filters.until is not None:
        notes.append(f"until {_period_in_words(filters.until - timedelta(days=1), filters.until)}")
    return ", ".join(notes)


def _period_in_words(moment: datetime, edge: datetime) -> str:
    """Return the day of a moment; the month or year alone where one begins at the `edge` of the period."""
    if edge.day != 1:
        return day_in_words(moment)
    return f"{moment:%Y}" if edge.month == 1 else f"{moment:%B %Y}"

"""Numbers and dates as plain text; `bot.render.dates` has those that Discord shows in each member's time zone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from retrieval.domain.answers import TimeDoubt
from retrieval.translation import gettext, gettext_noop, ngettext, ngettext_noop, pgettext

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from retrieval.domain.answers import Citation
    from retrieval.domain.quotations import NewestArticle
    from retrieval.domain.scope import Filters

NO_QUESTION = gettext_noop("I answer questions about the news with passages of articles, word for word.")
MAYBE_NOTHING = gettext_noop("The archive may not hold the answer. I looked for:")
"""Stands before the question of a weak answer."""

PARTIAL = gettext_noop("This may not be the whole article: the page has more text than could be told apart.")

_MOST_WORDS = 6
"""How many words of a question are repeated."""
_SOUND_OF_I = re.compile(r"\W*+h?[ií](?![aeo])", re.IGNORECASE)
_SINCE = gettext_noop("since {day}"), gettext_noop("since {period}")
_UNTIL = gettext_noop("until {day}"), gettext_noop("until {period}")
"""With a day, and with a month or a year, before which some languages have no article."""

_COUNTED = {
    "article": ngettext_noop("{number:,} article", "{number:,} articles"),
    "feed": ngettext_noop("{number:,} feed", "{number:,} feeds"),
    "follow": ngettext_noop("{number:,} follow", "{number:,} follows"),
    "more quotation": ngettext_noop("{number:,} more quotation", "{number:,} more quotations"),
    "older version": ngettext_noop("{number:,} older version", "{number:,} older versions"),
    "passage": ngettext_noop("{number:,} passage", "{number:,} passages"),
    "quotation": ngettext_noop("{number:,} quotation", "{number:,} quotations"),
    "speaker": ngettext_noop("{number:,} speaker", "{number:,} speakers"),
    "time": ngettext_noop("{number:,} time", "{number:,} times"),
    "word": ngettext_noop("{number:,} word", "{number:,} words"),
}
"""What the bot counts; the command line counts more."""
_MONTHS = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)


def count(number: int, noun: str) -> str:
    """Return `1 article` or `2,000 articles`."""
    return ngettext(*_COUNTED.get(noun, (f"{{number:,}} {noun}", f"{{number:,}} {noun}s")), number)


def shortened(text: str, longest: int) -> str:
    """Return a text cut to at most `longest` characters, with `…` at its end where it was cut."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def capitalised(text: str) -> str:
    """Return a text whose first character is a capital; the others stay."""
    return text[:1].upper() + text[1:]


def labelled(label: str, value: str) -> str:
    """Return `Role: striker`."""
    return gettext("{label}: {value}", label=label, value=value)


def in_quotation_marks(words: str) -> str:
    """Return words in the quotation marks of the current language."""
    return gettext("“{word}”", word=words)


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
    # Translators: a date, as in "25 March 2024".
    return gettext("{day} {month} {year}", day=f"{moment.day}", month=month_in_words(moment), year=f"{moment.year}")


def month_in_words(moment: datetime) -> str:
    """Return `March`."""
    return gettext(_MONTHS[moment.month - 1])


def dated_title(article: NewestArticle) -> str:
    """Return `25 March 2024: Vote delayed`, or the title alone."""
    return labelled(day_in_words(article.published_at), article.title) if article.published_at else article.title


def newest_known(citation: Citation, write: Callable[[datetime], str] = day_in_words) -> str:
    """Return a sentence with the day of the newest passage that was found, as `write` shows days."""
    published = citation.source.published_at
    if published is None:
        return gettext("This article has no date: it may be old.")
    return gettext("The newest I found on this is from {day}.", day=write(published))


def doubted_time(doubt: TimeDoubt, citation: Citation, write: Callable[[datetime], str] = day_in_words) -> str:
    """Return why a citation may tell of another time than the question asks about; `write` shows days."""
    published = citation.source.published_at
    if doubt is TimeDoubt.OTHER_TIME and published:
        return gettext("This is from {day}, not from the time that you ask about.", day=write(published))
    if doubt is TimeDoubt.NEWER_BELOW and published:
        return gettext(
            "This is from {day}. Newer passages follow it, which may be about this too.", day=write(published)
        )
    return newest_known(citation, write)


def not_found(looked_for: Sequence[str]) -> str:
    """Return what was looked for, where no passage is about it."""
    if not looked_for:
        return gettext("No passage is about the question.")
    words = _listed(looked_for, both)
    return gettext("I looked for {words}: no passage is about that.", words=words)


def missing_here(words: Sequence[str]) -> str:
    """Return which words of a question a passage lacks, at least one."""
    listed = _listed(words, _either)
    return gettext("This passage does not say {words}.", words=listed)


def _listed(words: Sequence[str], join: Callable[[str, str], str]) -> str:
    """Return the words in quotation marks, the last one joined to the others."""
    *others, last = map(in_quotation_marks, words[:_MOST_WORDS])
    return join(", ".join(others), last) if others else last


def both(words: str, word: str) -> str:
    """Return `this and that`, in Spanish with another “and” where a word begins with the sound of i."""
    joined = gettext("{words} and {word}")
    if _SOUND_OF_I.match(word):
        # Translators: as the same message without a context, if “and” is not another word there.
        joined = pgettext("before the sound of i", "{words} and {word}")
    return joined.format(words=words, word=word)


def _either(words: str, word: str) -> str:
    return gettext("{words} or {word}", words=words, word=word)


def filters_in_words(filters: Filters) -> str:
    """Return `The Paper, since March 2026, until 5 May 2026`: the last day is included."""
    notes = [filters.publisher] if filters.publisher else []
    if filters.since is not None:
        notes.append(_bound(_SINCE, filters.since, filters.since))
    if filters.until is not None:
        notes.append(_bound(_UNTIL, filters.until - timedelta(days=1), filters.until))
    return ", ".join(notes)


def _bound(sentences: tuple[str, str], moment: datetime, edge: datetime) -> str:
    """Say a day that bounds a period; the month or year alone where one begins at the `edge` of the period."""
    of_day, of_period = sentences
    if edge.day != 1:
        return gettext(of_day, day=day_in_words(moment))
    year = f"{moment.year}"
    if edge.month == 1:
        return gettext(of_period, period=year)
    return gettext(of_period, period=gettext("{month} {year}", month=month_in_words(moment), year=year))

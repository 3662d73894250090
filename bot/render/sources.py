"""Where words were published: publisher, date and link, as far as they are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from bot.render import dates, limits
from bot.render.escape import plain
from retrieval.domain.articles import Notice
from retrieval.translation import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.answers import Searched
    from retrieval.domain.articles import Source

_PUBLISHER = 100
_ALSO = 3
_NAME = 60
_NOTICES = {
    Notice.CORRECTED: gettext_noop("⚠ corrected by the publisher"),
    Notice.RETRACTED: gettext_noop("⚠ **retracted by the publisher**"),
    Notice.GONE: gettext_noop("⚠ the page is gone"),
}
_MOMENT = re.compile(r"^\[(\d{1,3}):(\d{2}):(\d{2})\] ", re.MULTILINE)
_PLAYER = re.compile(
    r"https?://(?:(?:(?:www|m)\.)?youtube\.com/|youtu\.be/"
    r"|(?P<by_fragment>(?:www\.)?vimeo\.com/|[^?#]+\.(?:mp[34]|m4[av]|webm|og[agv])(?:[?#]|$)))",
    re.IGNORECASE,
)
"""Players that begin at a second: by `?t=64`, or by the fragment `#t=64` as media fragments do (W3C)."""
_MEANS_SOMETHING = re.compile(r"[\\`*_~|<>\[\]@]|:\w++:|://|&\w++;|discord(?:app)?\.", re.IGNORECASE)
"""Signs in the label of a link that would be formatting, a mention, an emoji or another link."""
_LONGEST_IN_TEXT = 400
"""Characters of an address in a line of a list."""
_FRAGMENT_EDGE = 5
"""Words at either end of a sentence that find it again in its page."""


def published(source: Source) -> str:
    """Return publisher and date in one line of markdown; “not known” stands for a missing one.

    A second line warns of a correction, a retraction, or a page that is gone.
    """
    warning = f"\n{gettext(_NOTICES[source.notice])}" if source.notice else ""
    return f"{publisher_and_date(source, _PUBLISHER)}{_updated(source)}{warning}"


def publisher_and_date(source: Source, limit: int) -> str:
    """Return publisher, cut to `limit` characters, and date as markdown; “not known” stands for a missing one."""
    publisher = limits.one_line(source.publisher, limit) if source.publisher else gettext("publisher not known")
    date = dates.long_day(source.published_at) if source.published_at else gettext("date not known")
    return f"{publisher} · {date}"


def _updated(source: Source) -> str:
    """Return when the text was changed: the time alone if that was on the day of publication."""
    if source.updated_at is None or source.updated_at == source.published_at:
        return ""
    same_day = source.published_at is not None and source.updated_at.date() == source.published_at.date()
    time = (dates.time_of_day if same_day else dates.day_and_time)(source.updated_at)
    return f" · {gettext('updated {time}', time=time)}"


def link(source: Source) -> str | None:
    """Return the article's address; None if Discord would refuse it. Signs that end an address are encoded."""
    url = source.url.replace("<", "%3C").replace(">", "%3E") if source.url else None
    if url is None or len(url) > limits.URL or any(c.isspace() or not c.isprintable() for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def headline_link(source: Source, limit: int) -> str:
    """Return the headline as markdown, linked to the article; nothing can be escaped in the label of a link.

    So a headline whose signs would mean something there, or a long address, stands without its link, or beside it.
    """
    title, url = limits.cut(source.title, limit), link(source)
    if url is None or len(url) > _LONGEST_IN_TEXT:
        return limits.one_line(source.title, limit) or limits.BLANK
    target = url.replace("(", "%28").replace(")", "%29")
    if title and not _MEANS_SOMETHING.search(title):
        return f"[{title}]({target})"
    return f"{limits.one_line(source.title, limit) or limits.BLANK} · [{gettext('link')}]({target})"


def link_to(source: Source, words: str, up_to: str = "") -> str | None:
    """Return the article's address with a text fragment, so that the browser opens it at the words (WICG).

    Many words are given by their first and last ones. A player is opened at the moment that its captions print last in
    the text `up_to` the end of the words. Returns None without an address.
    """
    url = link(source)
    if url is None:
        return None
    moments = _MOMENT.findall(up_to)
    if moments and (player := _PLAYER.match(url)):
        hours, minutes, seconds = map(int, moments[-1])
        mark = "#" if player["by_fragment"] else "&" if "?" in url else "?"
        opening = f"{url.partition('#')[0]}{mark}t={3600 * hours + 60 * minutes + seconds}"
        return opening if len(opening) <= limits.URL else url
    split = plain(words).split(" ")
    ends = (split[:_FRAGMENT_EDGE], split[-_FRAGMENT_EDGE:]) if len(split) > 2 * _FRAGMENT_EDGE else (split,)
    text = ",".join(_percent_encoded(" ".join(end)) for end in ends)
    opening = f"{url}{'' if '#' in url else '#'}:~:text={text}"
    return opening if len(opening) <= limits.URL else url


def _percent_encoded(words: str) -> str:
    """Encode the dash too, which means something in a text fragment."""
    return quote(words, safe="").replace("-", "%2D")


def also_in(others: Sequence[Source]) -> str:
    """Return the other publishers that print the same words, or the headlines of unknown ones; empty without any."""
    return limits.names(list(dict.fromkeys(source.publisher or source.title for source in others)), _ALSO, _NAME)


def also_line(others: Sequence[Source]) -> str:
    """Return `also_in` as a line of its own below what a card says of the source; empty without any."""
    return f"\n{gettext('Also in {publishers}', publishers=also_in(others))}" if others else ""


def searched(archive: Searched) -> str:
    """Return how many articles were searched, and from which dates."""
    if not archive.undated:
        return _searched_dated(archive)
    left_out = ngettext(
        "{number:,} article without a date left out.", "{number:,} articles without a date left out.", archive.undated
    )
    return f"{_searched_dated(archive)} {left_out}"


def _searched_dated(archive: Searched) -> str:
    amount = archive.articles
    if archive.oldest is None or archive.newest is None:
        return ngettext("Searched {number:,} article.", "Searched {number:,} articles.", amount)
    oldest, newest = dates.long_day(archive.oldest), dates.long_day(archive.newest)
    if oldest == newest:
        return ngettext(
            "Searched {number:,} article of {day}.", "Searched {number:,} articles of {day}.", amount, day=oldest
        )
    return ngettext(
        "Searched {number:,} article from {oldest} to {newest}.",
        "Searched {number:,} articles from {oldest} to {newest}.",
        amount,
        oldest=oldest,
        newest=newest,
    )

"""Where words were published: headline, publisher, date and link, as far as they are known."""

from __future__ import annotations

from datetime import UTC, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from discord.utils import format_dt

from bot.render import limits
from bot.render.amounts import count
from bot.render.escape import escaped, plain
from retrieval.domain.articles import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.answers import Searched
    from retrieval.domain.articles import Source

_PUBLISHER = 100
_NOTICES = {
    Notice.CORRECTED: "⚠ corrected by the publisher",
    Notice.RETRACTED: "⚠ **retracted by the publisher**",
    Notice.GONE: "⚠ the page is gone",
}
_EDGE = 5
"""Words at either end of a sentence that find it again in its page."""


def day(moment: datetime) -> str:
    """A date in the reader's own language.

    A moment at midnight, UTC, is a date whose time is not known. It is shown as of noon: midnight would be the day
    before to everybody west of Greenwich.
    """
    moment = moment.astimezone(UTC)
    if moment.time() == time.min:
        moment += timedelta(hours=12)
    return format_dt(moment, "D")


def published(source: Source) -> str:
    """Publisher and date in one line of markdown; what is not known is said not to be.

    A second line warns of what the publisher has said about the text since, or that its page is gone.
    """
    publisher = limits.cut(plain(source.publisher), _PUBLISHER, escaped) if source.publisher else "publisher not known"
    date = day(source.published_at) if source.published_at else "date not known"
    warning = f"\n{_NOTICES[source.notice]}" if source.notice else ""
    return f"{publisher} · {date}{_updated(source)}{warning}"


def _updated(source: Source) -> str:
    """When the text was changed: the time on the day of publication, else the day with it."""
    if source.updated_at is None or source.updated_at == source.published_at:
        return ""
    same_day = source.published_at is not None and source.updated_at.date() == source.published_at.date()
    return f" · updated {format_dt(source.updated_at, 't' if same_day else 'f')}"


def link(source: Source) -> str | None:
    """The article's address where it is one that Discord accepts; without the signs that end an address in markdown."""
    url = source.url.replace("<", "%3C").replace(">", "%3E") if source.url else None
    if url is None or len(url) > limits.URL or any(c.isspace() or not c.isprintable() for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def link_to(source: Source, words: str) -> str | None:
    """The article's address, opening at the words where the browser can: a text fragment (WICG, Scroll to Text).

    Long words are given by their beginning and their end. Without an address there is none.
    """
    url = link(source)
    if url is None:
        return None
    split = plain(words).split(" ")
    first, last = " ".join(split[:_EDGE]), " ".join(split[-_EDGE:])
    text = _fragment(plain(words)) if len(split) <= 2 * _EDGE else f"{_fragment(first)},{_fragment(last)}"
    open_modal = f"{url}{'' if '#' in url else '#'}:~:text={text}"
    return open_modal if len(open_modal) <= limits.URL else url


def _fragment(words: str) -> str:
    """Percent-encoded, the dash too, which means something in a text fragment."""
    return quote(words, safe="").replace("-", "%2D")


def searched(what: Searched) -> str:
    """How much was looked through, and of which dates."""
    amount = count(what.articles, "article")
    left_out = f" {count(what.undated, 'article')} without a date left out." if what.undated else ""
    if what.oldest is None or what.newest is None:
        return f"Searched {amount}.{left_out}"
    oldest, newest = day(what.oldest), day(what.newest)
    dates = f"of {oldest}" if oldest == newest else f"from {oldest} to {newest}"
    return f"Searched {amount} {dates}.{left_out}"

"""Where words were published: headline, publisher, date and link, as far as they are known."""

from __future__ import annotations

from datetime import UTC, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from discord.utils import format_dt

from bot.render import limits
from bot.render.escape import escaped, plain

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain import Searched, Source

_PUBLISHER = 100


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
    """Publisher and date in one line of markdown; what is not known is said not to be."""
    publisher = limits.cut(plain(source.publisher), _PUBLISHER, escaped) if source.publisher else "publisher not known"
    date = day(source.published_at) if source.published_at else "date not known"
    return f"{publisher} · {date}"


def link(source: Source) -> str | None:
    """The article's address where it is one that Discord accepts."""
    url = source.url
    if url is None or len(url) > limits.URL or any(c.isspace() or not c.isprintable() for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def searched(what: Searched) -> str:
    """How much was looked through, and of which dates."""
    amount = "1 article" if what.articles == 1 else f"{what.articles:,} articles"
    if what.oldest is None or what.newest is None:
        return f"Searched {amount}."
    oldest, newest = day(what.oldest), day(what.newest)
    return f"Searched {amount} of {oldest}." if oldest == newest else f"Searched {amount} from {oldest} to {newest}."

"""Parses feeds: RSS and Atom by feedparser, JSON Feed here; and for a page, finds the feeds that it names.

Pure: bytes in, values out. A broken feed is read as far as it goes. A hostile one can keep feedparser busy for very
long, so `parse_feed` runs in a worker. Nothing is fetched or opened: feedparser gets a stream, since bytes could be the
name of a file to it.
"""

from __future__ import annotations

import html
import io
import re
import warnings
from calendar import timegm
from datetime import UTC, datetime
from time import struct_time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

import feedparser

from retrieval.adapters.feeds import json_feed
from retrieval.text.feed_document import (
    LONGEST_LINK,
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_AUTHORS,
    MOST_ENTRIES,
    MOST_NAMED,
    FeedDocument,
    FeedEntry,
    FeedsNamed,
    digest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrieval.domain.pages import Fetched

_FEWEST_WORDS: Final = 150
_HEAD: Final = 300_000
"""Bytes of a page that are searched for its feeds."""

_MARKUP = re.compile(r"<[^<>]*>")
_CUT_OFF = re.compile(r"(?:…|\.\.\.|read more|continue reading|read on)\W*$", re.IGNORECASE)
_LINK_TAG = re.compile(r"<(?:link|base)\s[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z-]{1,20})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_FEED_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})


def parse_feed(fetched: Fetched) -> FeedDocument | FeedsNamed:
    """Parse a feed; for a page that is none, find the feeds that it names."""
    feed = json_feed.read(fetched.content) or _xml(fetched)
    if feed is None:
        return FeedsNamed(tuple(_named(fetched)))
    title, raw_entries = feed
    entries = {entry.key: entry for entry in reversed([_entry(raw, fetched.url) for raw in raw_entries[:MOST_ENTRIES]])}
    return FeedDocument(_line(title, LONGEST_TITLE), tuple(reversed(entries.values())))


def _xml(fetched: Fetched) -> tuple[str | None, list[json_feed.RawEntry]] | None:
    """Title and entries by feedparser; None where it finds no feed."""
    content_type = fetched.content_type + (f"; charset={fetched.charset}" if fetched.charset else "")
    with warnings.catch_warnings(action="ignore"):
        parsed = feedparser.parse(
            io.BytesIO(fetched.content),
            response_headers={"content-type": content_type, "content-location": fetched.url},
            sanitize_html=False,  # never shown as HTML: only its text is used
            resolve_relative_uris=False,
        )
    if not parsed.get("version") and (not parsed.entries or b"<html" in fetched.content[:1000].lower()):
        return None
    return parsed.feed.get("title"), [_raw(entry) for entry in parsed.entries[:MOST_ENTRIES]]


def _raw(entry: Any) -> json_feed.RawEntry:  # noqa: ANN401  # feedparser's own dictionary
    contents = [part.get("value") or "" for part in entry.get("content", ()) if _is_markup(part)]
    summary = entry.get("summary") or ""
    return json_feed.RawEntry(
        id=entry.get("id"),
        link=entry.get("link"),
        title=entry.get("title"),
        authors=[author.get("name") for author in entry.get("authors", ()) if author] or [entry.get("author")],
        published=_moment(entry.get("published_parsed")),
        updated=_moment(dict.get(entry, "updated_parsed")),  # feedparser's `get` falls back to the other date
        content=max([*contents, summary], key=len),
        summary=summary,
    )


def _is_markup(part: Any) -> bool:  # noqa: ANN401  # feedparser's own dictionary
    return (part.get("type") or "text/html").startswith(("text/", "application/xhtml"))


def _moment(parsed: struct_time | None) -> datetime | None:
    if not isinstance(parsed, struct_time):
        return None
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _entry(raw: json_feed.RawEntry, base: str) -> FeedEntry:
    link = _address(raw.link, base)
    title = _line(raw.title, LONGEST_TITLE)
    names = (_line(name, LONGEST_NAME) for name in raw.authors[:MOST_AUTHORS])
    return FeedEntry(
        key=digest(raw.id or link or title or raw.summary),
        version=_version(raw, title, link),
        title=title,
        link=link,
        authors=tuple(name for name in names if name),
        published_at=raw.published,
        updated_at=raw.updated,
        content=raw.content if _is_whole(raw.content) else None,
    )


def _version(raw: json_feed.RawEntry, title: str | None, link: str | None) -> str:
    """A digest that changes where the entry says that it was updated or, if it does not say, where its text changes.

    Markup does not count: advertisements and counters in it change by the minute, and each version costs a fetch.
    """
    if raw.updated is not None and raw.updated != raw.published:
        return digest(title, link, raw.updated.isoformat())
    return digest(
        title, link, str(raw.published), *(" ".join(_plain(part).split()) for part in (raw.summary, raw.content))
    )


def _is_whole(markup: str) -> bool:
    """Whether the content is long enough for an article and was not cut off."""
    text = _plain(markup).strip()
    return len(text.split()) >= _FEWEST_WORDS and not _CUT_OFF.search(text[-60:])


def _line(text: str | None, longest: int) -> str | None:
    """One line of plain text from what may be HTML."""
    if not isinstance(text, str):
        return None
    return " ".join(_plain(text[: 4 * longest]).split())[:longest].strip() or None


def _plain(markup: str) -> str:
    return html.unescape(_MARKUP.sub(" ", markup))


def _address(link: str | None, base: str) -> str | None:
    """The absolute http or https address, or None."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        address = urljoin(base, link.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return address if web and len(address) <= LONGEST_LINK else None


def _named(fetched: Fetched) -> Iterable[str]:
    """The feeds that a page names in its head, each once, those of comments last."""
    tags = [dict(_attributes(tag.group())) for tag in _LINK_TAG.finditer(_head(fetched))]
    bases = [tag["href"] for tag in tags if tag["<"] == "base" and tag.get("href")]
    base = _address(bases[0], fetched.url) if bases else None
    feeds = [tag for tag in tags if _names_feed(tag)]
    feeds.sort(key=lambda tag: "comment" in f"{tag.get('title', '')} {tag.get('href', '')}".lower())
    addresses = (_address(tag.get("href"), base or fetched.url) for tag in feeds)
    return list(dict.fromkeys(address for address in addresses if address))[:MOST_NAMED]


def _head(fetched: Fetched) -> str:
    """The beginning of a page, as UTF-8 where the site names no known encoding."""
    head = fetched.content[:_HEAD]
    try:
        return head.decode(fetched.charset or "utf-8", errors="replace")
    except (LookupError, UnicodeError):
        return head.decode(errors="replace")


def _names_feed(tag: dict[str, str]) -> bool:
    relations = tag.get("rel", "").lower().split()
    if tag["<"] != "link" or not {"alternate", "feed"} & set(relations):
        return False
    return "feed" in relations or tag.get("type", "").partition(";")[0].strip().lower() in _FEED_TYPES


def _attributes(tag: str) -> Iterator[tuple[str, str]]:
    """The attributes of a tag, and its name under `<`."""
    yield "<", tag[1:5].lower()
    for match in _ATTRIBUTE.finditer(tag):
        yield match[1].lower(), html.unescape(next(value for value in match.groups()[1:] if value is not None))

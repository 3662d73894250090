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
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urljoin, urlsplit

import feedparser

from retrieval.adapters.feeds import json_feed
from retrieval.adapters.feeds.making import Making
from retrieval.adapters.feeds.markup import is_whole, line, plain, unwrapped, without_ending
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
from retrieval.text.moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from retrieval.domain.pages import Fetched

_T = TypeVar("_T")
_HEAD: Final = 300_000
"""Bytes of a page that are searched for its feeds."""

_WIDE: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARATION: Final = re.compile(r"\A\s{0,9}<\?xml[^<>]{0,200}\?>")
_BLANK = re.compile(r"[^\S\t\r\n]")
_MAIL_ADDRESS = re.compile(r"(?:mailto:)?[\w.+-]{1,64}+@[\w.-]{1,255}+")
_IN_BRACKETS = re.compile(r"[\s<>]*\(([^()]*)\)[\s<>]*")
_LINK_TAG = re.compile(r"<(?:link|base)\s[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z-]{1,20})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_FEED_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})


def parse_feed(fetched: Fetched) -> FeedDocument | FeedsNamed:
    """Parse a feed; for a page that is none, find the feeds that it names."""
    feed = json_feed.read(fetched.content) or _xml(_in_utf8(fetched))
    if feed is None:
        return FeedsNamed(tuple(_named(fetched)))
    title, raw_entries = feed
    return FeedDocument(line(title, LONGEST_TITLE), tuple(_entries(_ends(raw_entries), fetched.url))).cut()


def _entries(raw_entries: Sequence[json_feed.RawEntry], base: str) -> Iterable[FeedEntry]:
    """The entries, each once."""
    shared_ids, making = _shared_ids(raw_entries), Making.of(raw_entries)
    entries = (_entry(raw, base, making, id_is_shared=raw.id in shared_ids) for raw in reversed(raw_entries))
    return reversed({entry.key: entry for entry in entries}.values())


def _ends(items: Sequence[_T]) -> Sequence[_T]:
    """The beginning and the end of a long list, of which one holds the newest."""
    return items if len(items) <= 2 * MOST_ENTRIES else [*items[:MOST_ENTRIES], *items[-MOST_ENTRIES:]]


def _shared_ids(raw_entries: Sequence[json_feed.RawEntry]) -> frozenset[str]:
    """The ids that entries of different headlines, and of different links or none, share, so that they tell nothing."""
    links, titles = defaultdict(set), defaultdict(set)
    for raw in raw_entries:
        links[raw.id].add(raw.link)
        titles[raw.id].add(raw.title)
    return frozenset(
        id_ for id_ in links if id_ and len(titles[id_]) > 1 and (len(links[id_]) > 1 or None in links[id_])
    )


def _in_utf8(fetched: Fetched) -> Fetched:
    """The feed in UTF-8, without its declaration, where its bytes are UTF-16, whatever the site and it itself say."""
    encoding = next((encoding for start, encoding in _WIDE if fetched.content.startswith(start)), None)
    if encoding is None:
        return fetched
    text = _DECLARATION.sub("", fetched.content.decode(encoding, "replace"), count=1)
    return replace(fetched, content=text.encode(), charset="utf-8")


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
    return parsed.feed.get("title"), [_raw(entry) for entry in _ends(parsed.entries)]


def _raw(entry: Any) -> json_feed.RawEntry:  # noqa: ANN401  # feedparser's own dictionary
    contents = [part.get("value") or "" for part in entry.get("content", ()) if _is_markup(part)]
    summary = unwrapped(entry.get("summary") or "")
    authors = [author.get("name") for author in entry.get("authors", ()) if author]
    return json_feed.RawEntry(
        id=entry.get("id"),
        link=entry.get("link"),
        title=entry.get("title"),
        authors=authors if len(authors) > 1 else [entry.get("author")],
        published=read_moment(dict.get(entry, "published")),
        updated=read_moment(dict.get(entry, "updated")),  # feedparser's `get` falls back to the other date
        content=unwrapped(max([*contents, summary], key=len)),
        summary=summary,
    )


def _is_markup(part: Any) -> bool:  # noqa: ANN401  # feedparser's own dictionary
    return (part.get("type") or "text/html").startswith(("text/", "application/xhtml"))


def _entry(raw: json_feed.RawEntry, base: str, making: Making, *, id_is_shared: bool) -> FeedEntry:
    link = _address(raw.link, base)
    title = line(raw.title, LONGEST_TITLE)
    names = (line(_name(author), LONGEST_NAME) for author in raw.authors[:MOST_AUTHORS])
    content, dated = without_ending(raw.content), making.dated(raw)
    return FeedEntry(
        key=digest(raw.id, link or title) if id_is_shared else digest(raw.id or link or title or raw.summary),
        version=_version(making.without_its_dates(raw), title, link),
        title=title,
        link=link,
        authors=tuple(name for name in names if name),
        published_at=dated.published,
        updated_at=dated.updated,
        content=content if is_whole(content) else None,
    )


def _name(author: str | None) -> str | None:
    """The name beside a mail address: `desk@paper.example (Ann Lee)`."""
    if not isinstance(author, str) or "@" not in author:
        return author
    rest = _MAIL_ADDRESS.sub("", author[: 4 * LONGEST_NAME])
    in_brackets = _IN_BRACKETS.fullmatch(rest)
    return (in_brackets[1] if in_brackets else rest).strip(" <>()\"',;")


def _version(raw: json_feed.RawEntry, title: str | None, link: str | None) -> str:
    """A digest that changes where the entry says that it was updated or, if it does not say, where its text changes.

    Markup does not count: advertisements and counters in it change by the minute, and each version costs a fetch.
    """
    if raw.updated is not None and raw.updated != raw.published:
        return digest(title, link, raw.updated.isoformat())
    return digest(
        title, link, str(raw.published), *(" ".join(plain(part).split()) for part in (raw.summary, raw.content))
    )


def _address(link: str | None, base: str) -> str | None:
    """The absolute http or https address, or None."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        address = urljoin(base, _BLANK.sub(lambda blank: quote(blank[0]), link.strip()))
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

"""Parses JSON Feed 1.0 and 1.1 (jsonfeed.org); skips fields that are not as specified."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from retrieval.text.moments import read_moment

if TYPE_CHECKING:
    from datetime import datetime

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry of any kind of feed before cleaning. `content` is its longest text, in HTML."""

    id: str | None = None
    link: str | None = None
    title: str | None = None
    authors: list[str | None] = field(default_factory=list)
    published: datetime | None = None
    updated: datetime | None = None
    content: str = ""
    summary: str = ""


def read(content: bytes) -> tuple[str | None, list[RawEntry]] | None:
    """Title and entries; None where it is no JSON Feed."""
    if not content.removeprefix(_BOM).lstrip().startswith(b"{"):
        return None
    try:
        feed = json.loads(content.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None
    if "jsonfeed.org" not in str(feed.get("version")):
        return None
    feed_authors = _authors(feed)
    return _text(feed.get("title")), [_entry(item, feed_authors) for item in feed["items"] if isinstance(item, dict)]


def _entry(item: dict[str, Any], feed_authors: list[str | None]) -> RawEntry:
    plain = _text(item.get("content_text"))
    marked_up = _text(item.get("content_html")) or (_paragraphs(plain) if plain else "")
    return RawEntry(
        id=_text(item.get("id")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        title=_text(item.get("title")),
        authors=_authors(item) or feed_authors,
        published=read_moment(_text(item.get("date_published"))),
        updated=read_moment(_text(item.get("date_modified"))),
        content=marked_up,
        summary=_text(item.get("summary")) or "",
    )


def _authors(of: dict[str, Any]) -> list[str | None]:
    listed = of.get("authors")
    authors = listed if isinstance(listed, list) else [of.get("author")]
    return [_text(author.get("name")) for author in authors if isinstance(author, dict)]


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n") if part.strip())


def _text(value: object) -> str | None:
    """A text or, as ids sometimes are, a number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None

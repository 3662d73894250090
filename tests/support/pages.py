"""Web pages of `fixtures/pages`: 20 stories in the layouts that sites use, among navigation, adverts and comments.

`recorded/` holds them as a server sends them, in many encodings and with dates told in many ways; `recorded.toml` says
what their articles are. `plain/` holds layouts in UTF-8, without a date.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from retrieval.domain.pages import Fetched
from tests.support.paths import FIXTURES
from tests.support.stories import Story, story

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER: Final = FIXTURES / "pages"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a server sends it, and what its article is."""

    name: str
    fetched: Fetched
    story: Story
    published: datetime | None
    updated: datetime | None
    names_author: bool


def recorded_pages() -> list[Page]:
    """Return all pages of `recorded.toml`, in its order."""
    with (_FOLDER / "recorded.toml").open("rb") as file:
        return [_page(name, facts) for name, facts in tomllib.load(file).items()]


def plain_page(name: str, layout: str, head: str = "") -> str:
    """Return the story of that name in that layout; `head` is put into the page's head."""
    page = (_FOLDER / "plain" / f"{name}-{layout}.html").read_text(encoding="utf-8")
    return page.replace("</title>", f"</title>{head}", 1)


def linked_data(name: str, **more: object) -> str:
    """Return the story as a NewsArticle in JSON-LD, as most content systems write it; `more` adds properties."""
    told = story(name)
    properties = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": told.headline,
        "author": [{"@type": "Person", "name": author} for author in told.authors],
        "publisher": {"@type": "Organization", "name": told.publisher},
        **more,
    }
    return f'<script type="application/ld+json">{json.dumps(properties, ensure_ascii=False)}</script>'


def _page(name: str, facts: Mapping[str, object]) -> Page:
    content = (_FOLDER / "recorded" / f"{name.replace(' ', '-')}.html").read_bytes()
    charset = facts.get("charset")
    return Page(
        name=name,
        fetched=Fetched(str(facts["url"]), content, "text/html", str(charset) if charset else None),
        story=story(name.partition(" ")[0]),
        published=_moment(facts.get("published")),
        updated=_moment(facts.get("updated")),
        names_author=bool(facts.get("names_author", True)),
    )


def _moment(value: object) -> datetime | None:
    """Return the time in UTC; a date alone is its midnight."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, time(), UTC) if isinstance(value, date) else None

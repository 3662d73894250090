"""What a page says of its article in JSON-LD (schema.org), read as a stranger's: anything may be of any type."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|OpinionNewsArticle)$")
_MOST = 2_000
_TAG = re.compile(r"</?(?:p|br|div|h[1-6]|li)\b[^>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """The article that a page describes. Every field is as the page writes it, entities resolved."""

    headline: str | None = None
    body: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    language: str | None = None
    free: bool | None = None


@dataclass(frozen=True, slots=True)
class LinkedData:
    """All that a page says in JSON-LD: its article, if any, and the types of everything it describes."""

    article: LinkedArticle | None
    types: frozenset[str]


def read_linked_data(scripts: Iterable[str]) -> LinkedData:
    """The contents of a page's `application/ld+json` scripts. What is no JSON is passed over."""
    things = [thing for script in scripts for thing in _things(_load(script))]
    by_id = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str) and len(thing) > 1}
    articles = [thing for thing in things if any(_ARTICLE.match(name) for name in _types(thing))]
    best = max(articles, key=lambda thing: ("headline" in thing, "articleBody" in thing), default=None)
    types = frozenset(name for thing in things for name in _types(thing))
    return LinkedData(None if best is None else _article(best, by_id), types)


def _load(script: str) -> object:
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for candidate in (text, re.sub(r",(\s*[}\]])", r"\1", text)):
        try:
            loaded: object = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        return loaded
    return None


def _things(value: object) -> Iterator[dict[str, object]]:
    """The objects of a script: itself, those of a list, those of a graph and the page's main thing."""
    waiting = deque([value])
    for _ in range(_MOST):
        if not waiting:
            return
        match waiting.popleft():
            case dict() as thing:
                yield thing
                waiting += [thing.get("@graph"), thing.get("mainEntity"), thing.get("mainEntityOfPage")]
            case list() as many:
                waiting += many[:_MOST]


def _types(thing: dict[str, object]) -> list[str]:
    found = thing.get("@type")
    names = found if isinstance(found, list) else [found]
    return [name.rpartition("/")[2] for name in names if isinstance(name, str)]


def _article(thing: dict[str, object], by_id: dict[object, dict[str, object]]) -> LinkedArticle:
    publisher = _names(thing.get("publisher"), by_id)
    return LinkedArticle(
        headline=_text(thing.get("headline")) or _text(thing.get("name")),
        body=_body(thing),
        published=_text(thing.get("datePublished")),
        modified=_text(thing.get("dateModified")),
        authors=_names(thing.get("author"), by_id),
        publisher=publisher[0] if publisher else None,
        language=_text(thing.get("inLanguage")),
        free=_truth(thing.get("isAccessibleForFree")),
    )


def _body(thing: dict[str, object]) -> str | None:
    """The text; where it was written with tags, their blocks become paragraphs."""
    body = thing.get("articleBody")
    if not isinstance(body, str):
        return None
    text = html.unescape(body)
    closed = text.rfind(">") + 1  # behind which no tag ends: each would be looked for in vain
    return (_ANY_TAG.sub("", _TAG.sub("\n\n", text[:closed])) + text[closed:]).strip() or None


def _names(value: object, by_id: dict[object, dict[str, object]]) -> tuple[str, ...]:
    found = []
    for one in value if isinstance(value, list) else [value]:
        thing = by_id.get(one.get("@id"), one) if isinstance(one, dict) else one
        name = _text(thing.get("name")) if isinstance(thing, dict) else _text(thing)
        if name and "://" not in name:
            found.append(name)
    return tuple(dict.fromkeys(found))[:20]


def _text(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return (" ".join(html.unescape(value).split()) or None) if isinstance(value, str) else None


def _truth(value: object) -> bool | None:
    return {"true": True, "false": False}.get(str(value).lower())

"""Reads a page's JSON-LD (schema.org) about its article. It may be hostile: any value may be of any type."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.domain.articles import LinkedWords
from retrieval.domain.limits import LONGEST_LINKED, MOST_LINKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|OpinionNewsArticle)$")
_TRUE = re.compile(r"(?:mostly |largely )?(?:true|correct|accurate|real|genuine)\b", re.IGNORECASE)
_MOST_NODES = 2_000
_MOST_NAMES = 20
_TAG = re.compile(r"</?(?:p|br|div|h[1-6]|li)\b[^>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """The article that a page describes: every field as the page writes it, with entities resolved."""

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
    """A page's JSON-LD: its article, if any, the types of everything that it describes, and quotations and claims."""

    article: LinkedArticle | None
    types: frozenset[str]
    quotations: tuple[LinkedWords, ...] = ()


def read_linked_data(scripts: Iterable[str]) -> LinkedData:
    """Read the `application/ld+json` scripts of a page; those that are no JSON are skipped."""
    nodes = [node for script in scripts for node in _nodes(load_json(script))]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [node for node in nodes if any(_ARTICLE.match(name) for name in _types(node))]
    best = max(articles, key=lambda node: ("headline" in node, "articleBody" in node), default=None)
    types = frozenset(name for node in nodes for name in _types(node))
    quoted = [linked for node in nodes for linked in _quotations(node, by_id)]
    return LinkedData(None if best is None else _article(best, by_id), types, tuple(quoted[:MOST_LINKED]))


def load_json(script: str) -> object:
    """The script's JSON, also with commas before closing brackets; None for what is no JSON."""
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for candidate in (text, re.sub(r",(\s*[}\]])", r"\1", text)):
        try:
            loaded: object = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        return loaded
    return None


def without_tags(markup: str) -> str:
    """The text of a string that may be HTML: its tags, if any, are dropped, and blocks become paragraphs."""
    text = _unescaped(markup)
    closed = text.rfind(">") + 1  # no tag ends behind it, where the patterns would take the square of time
    return (_ANY_TAG.sub("", _TAG.sub("\n\n", text[:closed])) + text[closed:]).strip()


def _nodes(value: object) -> Iterator[dict[str, object]]:
    """The objects of a script: itself, those of a list or a graph, and the page's main entity."""
    waiting = deque([value])
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        match waiting.popleft():
            case dict() as node:
                yield node
                waiting += [node.get("@graph"), node.get("mainEntity"), node.get("mainEntityOfPage")]
            case list() as nodes:
                waiting += nodes[:_MOST_NODES]


def _types(node: dict[str, object]) -> list[str]:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return [name.rpartition("/")[2] for name in names if isinstance(name, str)]


def _article(node: dict[str, object], by_id: dict[object, dict[str, object]]) -> LinkedArticle:
    publisher = _names(node.get("publisher"), by_id)
    return LinkedArticle(
        headline=_text(node.get("headline")) or _text(node.get("name")),
        body=_body(node),
        published=_text(node.get("datePublished")),
        modified=_text(node.get("dateModified")),
        authors=_names(node.get("author"), by_id),
        publisher=publisher[0] if publisher else None,
        language=_text(node.get("inLanguage")),
        free=_truth(node.get("isAccessibleForFree")),
    )


def _body(node: dict[str, object]) -> str | None:
    body = node.get("articleBody")
    return (without_tags(body) or None) if isinstance(body, str) else None


def _quotations(node: dict[str, object], by_id: dict[object, dict[str, object]]) -> Iterator[LinkedWords]:
    """The claim that a node reviews, unless it is found true, and the quotations that it is or holds."""
    claim = _text(node.get("claimReviewed"))
    if claim and not _is_true(node.get("reviewRating")):
        reviewed = node.get("itemReviewed")
        author = _names(reviewed.get("author"), by_id) if isinstance(reviewed, dict) else ()
        yield LinkedWords(claim[:LONGEST_LINKED], author[0] if author else None, disputed=True)
    held = [node, *(part for key in ("hasPart", "citation") for part in _list(node.get(key))[:MOST_LINKED])]
    for quotation in held:
        if isinstance(quotation, dict) and "Quotation" in _types(quotation) and (words := _text(quotation.get("text"))):
            creators = (_names(quotation.get(key), by_id) for key in ("spokenByCharacter", "creator", "author"))
            speaker = next((names[0] for names in creators if names), None)
            yield LinkedWords(words[:LONGEST_LINKED], speaker)


def _is_true(rating: object) -> bool:
    """Whether a claim got the best rating, or a word for true ones."""
    if not isinstance(rating, dict):
        return False
    best = rating.get("bestRating")
    if best is not None and str(rating.get("ratingValue")) == str(best):
        return True
    return _TRUE.match(_text(rating.get("alternateName")) or _text(rating.get("name")) or "") is not None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _names(value: object, by_id: dict[object, dict[str, object]]) -> tuple[str, ...]:
    names = []
    for entry in value if isinstance(value, list) else [value]:
        node = by_id.get(entry.get("@id"), entry) if isinstance(entry, dict) else entry
        name = _text(node.get("name")) if isinstance(node, dict) else _text(node)
        if name and "://" not in name:
            names.append(name)
    return tuple(dict.fromkeys(names))[:_MOST_NAMES]


def _text(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return (" ".join(_unescaped(value).split()) or None) if isinstance(value, str) else None


def _unescaped(text: str) -> str:
    """The text without entities, also where it was escaped twice."""
    return html.unescape(html.unescape(text))


def _truth(value: object) -> bool | None:
    return {"true": True, "false": False}.get(str(value).lower())

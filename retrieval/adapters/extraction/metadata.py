"""Headline, publisher, authors, address and language of a page's article.

JSON-LD, which is written for machines, goes before trafilatura's result. The headline is taken from where the page
shows it, since the library drops dashes and keeps the site's name.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from trafilatura.metadata import examine_meta, extract_author, extract_meta_json, extract_sitename, extract_title

from retrieval.adapters.extraction.canonical_url import canonical_url
from retrieval.text.boilerplate import fold_line
from retrieval.text.link_keys import site
from retrieval.text.words import read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lxml.html import HtmlElement
    from trafilatura.settings import Document

    from retrieval.adapters.extraction.linked_data import LinkedArticle

_DIVIDER = re.compile(r"(?<!\s)\s++[|–—·•»:-]\s++")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
_LONGEST_HEADLINE = 300
_SHORTEST_HEADLINE = 15
_MOST_HEADINGS = 20
_BY = re.compile(r"(?:by|von|par|por|di|от)\s+", re.IGNORECASE)
_JOINED_NAMES = re.compile(
    r"\s*[,;/&|·•]\s*(?:and |und |et |y |e )?|\s+(?:(?i:and|und|with|mit)|et|y|e|en|och|og|i|и)\s+"
)
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){1,4}")
_OFFICES = read_words("roles") | read_words("posts")


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's article without its text."""

    headline: str | None
    publisher: str | None
    authors: tuple[str, ...]
    url: str | None
    language: str | None


def read_metadata(tree: HtmlElement, linked: LinkedArticle | None, url: str) -> Metadata:
    """Read the metadata of a page that was found at `url`, which is empty for a file."""
    named = (linked.authors if linked else ()) or _author_links(tree)
    library = cache(partial(_by_library, tree, with_author=not named))
    title, from_title = _split_title(tree)
    publisher = (
        (linked.publisher if linked else None)
        or _meta(tree, "og:site_name")
        or _named_site(library().sitename, url)
        or from_title
        or _site_behind(title, library().title)
    )
    authors = named or tuple(name for part in (library().author or "").split(";") if (name := part.strip()))
    return Metadata(
        headline=_headline(tree, linked, library, title, publisher),
        publisher=publisher or site(url),
        authors=tuple(
            name
            for name in map(_person, chain.from_iterable(map(_split_names, authors)))
            if name and fold_line(name) != fold_line(publisher or "")
        ),
        url=canonical_url(url, _link(tree) or _meta(tree, "og:url")),
        language=_language(tree, linked),
    )


def _by_library(tree: HtmlElement, *, with_author: bool) -> Document:
    """Trafilatura's title, author and site; its date, tags and license, which take longer, are not asked for."""
    claimed = examine_meta(tree)
    if claimed.author and " " not in claimed.author:
        claimed.author = None
    with suppress(Exception):  # as the library does for what its reader of JSON-LD does not foresee
        claimed = extract_meta_json(tree, claimed)
    claimed.title = claimed.title or extract_title(tree)
    if with_author:
        claimed.author = claimed.author or extract_author(tree)
    claimed.sitename = (claimed.sitename or extract_sitename(tree) or "").lstrip("@") or None
    if claimed.sitename and "." not in claimed.sitename and not claimed.sitename[0].isupper():
        claimed.sitename = claimed.sitename.title()
    claimed.clean_and_trim()
    return claimed


def _headline(
    tree: HtmlElement,
    linked: LinkedArticle | None,
    library: Callable[[], Document],
    title: str | None,
    publisher: str | None,
) -> str | None:
    """The heading that equals the headline in the page's data, as the page prints it; without one, those data.

    The page's title goes before the library's choice, which is the site's name where that is the only h1.
    """
    data = [linked.headline if linked else None, _meta(tree, "og:title")]
    headings = _headings(tree)
    kept = _without_kicker(title, headings)
    heading = _equal([*data, title], headings, publisher)
    if heading is None and kept is None:
        heading = _equal([library().title], headings, publisher)
    if heading is not None:
        return heading[:_LONGEST_HEADLINE]
    text = next((text for text in [*data, kept] if text), None) or library().title or title
    return _without_site(text, publisher)[:_LONGEST_HEADLINE] if text else None


def _equal(texts: Iterable[str | None], headings: Sequence[str], publisher: str | None) -> str | None:
    """The first of the headings that equals the first of the texts, but for the site's name."""
    for text in texts:
        claimed = fold_line(_without_site(text, publisher)) if text else ""
        for heading in headings:
            if claimed and fold_line(heading) == claimed:
                return heading
    return None


def _without_kicker(title: str | None, headings: list[str]) -> str | None:
    """The page's title before its last divider, where a heading has it with a kicker before or behind it."""
    dividers = list(_DIVIDER.finditer(title or ""))
    front = title[: dividers[-1].start()] if title and dividers else title or ""
    letters = fold_line(front).replace(" ", "")
    held = any(letters in fold_line(heading).replace(" ", "") for heading in headings)
    return front if held and len(letters) >= _SHORTEST_HEADLINE else None


def _headings(tree: HtmlElement) -> list[str]:
    """The page's first headings, h1 before h2 and h3."""
    headings = [*tree.xpath("//h1")[:_MOST_HEADINGS], *tree.xpath("//h2 | //h3")[:_MOST_HEADINGS]]
    return [text for heading in headings if (text := " ".join(heading.text_content().split()))]


def _without_site(text: str, publisher: str | None) -> str:
    """A title without the site's name at its end."""
    parts = _DIVIDER.split(text)
    if publisher and len(parts) > 1 and fold_line(parts[-1]) == fold_line(publisher):
        return text[: text.rindex(parts[-1])].rstrip(" |–—·•»:-")
    return text


def _split_title(tree: HtmlElement) -> tuple[str | None, str | None]:
    """The page's title, split where it begins with one of the page's headings: the heading and the site's name."""
    element = tree.find(".//title")
    title = " ".join((element.text_content() if element is not None else "").split())
    for shown in _headings(tree):
        if name := _site_behind(title, shown):
            return shown, name
    return title or None, None


def _site_behind(title: str | None, headline: str | None) -> str | None:
    """The end of the page's title, behind the headline and a divider."""
    rest = title[len(headline) :] if title and headline and title.startswith(headline) else ""
    return (rest.strip(" |–—·•»:-") or None) if _DIVIDER.match(rest) else None


def _named_site(name: str | None, url: str) -> str | None:
    """Trafilatura's name of the site; None where it only repeats the host."""
    hosts = {fold_line(site(url) or ""), fold_line(urlsplit(url).hostname or "")}
    return name if name and fold_line(name) not in hosts else None


def _person(name: str) -> str | None:
    """An author's name without the "by" before it; None for a link or a handle."""
    bare = _BY.sub("", name.strip())
    return bare if bare and "://" not in bare and not bare.startswith("@") else None


def _author_links(tree: HtmlElement) -> tuple[str, ...]:
    """The names of the first links to authors, where several stand beside each other."""
    links = tree.xpath("(//*[@rel='author'])[1]/../*[@rel='author']")[:_MOST_HEADINGS]
    names = tuple(dict.fromkeys(name for link in links if (name := " ".join(link.text_content().split()))))
    return names if len(names) > 1 else ()


def _split_names(field: str) -> list[str]:
    """The names of a field of several persons, each of at least two words; else the field."""
    names = [name for part in _JOINED_NAMES.split(_BY.sub("", field.strip())) if (name := part.strip())]
    return names if all(_FULL_NAME.fullmatch(name) and not _names_office(name) for name in names) else [field]


def _names_office(name: str) -> bool:
    return not _OFFICES.isdisjoint(name.casefold().split())


def _meta(tree: HtmlElement, name: str) -> str | None:
    for element in tree.xpath("//meta[@property=$name or @name=$name]", name=name):
        content = " ".join((element.get("content") or "").split())
        if content:
            return content
    return None


def _link(tree: HtmlElement) -> str | None:
    links = tree.xpath("//link[@rel='canonical']/@href")
    return str(links[0]) if links else None


def _language(tree: HtmlElement, linked: LinkedArticle | None) -> str | None:
    for claimed in (tree.get("lang"), linked.language if linked else None, _meta(tree, "og:locale")):
        if claimed and _LANGUAGE.match(claimed.strip()):
            return claimed.strip().replace("_", "-")
    return None

"""Headline, publisher, authors, address and language of a page's article.

JSON-LD, which is written for machines, goes before trafilatura's result. The headline is taken from where the page
shows it, since the library drops dashes and keeps the site's name.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml.etree import XPath
from trafilatura.metadata import examine_meta, extract_author, extract_meta_json, extract_sitename, extract_title

from retrieval.adapters.extraction.bylines import author_names, shown_names
from retrieval.adapters.extraction.canonical_url import canonical_url
from retrieval.adapters.extraction.headlines import (
    equal_heading,
    front_in_heading,
    heading_within,
    is_site,
    logos,
    part_in_headings,
    shown_headings,
    shown_title,
    site_behind,
    split_page_title,
    without_site,
)
from retrieval.text.boilerplate import fold_line
from retrieval.text.link_keys import site

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.html import HtmlElement
    from trafilatura.settings import Document

    from retrieval.adapters.extraction.linked_data import LinkedArticle

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
_LONGEST_HEADLINE = 300
_MOST_LINKS = 20
_AUTHORS = XPath("(//*[@rel='author'])[1]/../*[@rel='author']")


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
    metas, whole_title = _metas(tree), shown_title(tree)
    site_name = (linked.publisher if linked else None) or metas.get("og:site_name")
    sites = [name for name in (site_name, site(url), *logos(tree)) if name]
    headings = shown_headings(tree, whole_title, sites)
    title, from_title = split_page_title(whole_title, headings)
    publisher = site_name or _named_site(library().sitename, url) or from_title or site_behind(title, library().title)
    data = [linked.headline if linked else None, metas.get("og:title")]
    headline = _headline(headings, data, library, titles=(title, whole_title), publisher=publisher)
    if headings and headline and is_site(headline, [*sites, publisher or ""]):
        headline = headings[0]
    return Metadata(
        headline=headline[:_LONGEST_HEADLINE] if headline else None,
        publisher=publisher or site(url),
        authors=author_names(named or shown_names(library().author), publisher),
        url=canonical_url(url, _link(tree) or metas.get("og:url")),
        language=_language(tree.get("lang"), linked.language if linked else None, metas.get("og:locale")),
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
    headings: Sequence[str],
    data: Sequence[str | None],
    library: Callable[[], Document],
    *,
    titles: tuple[str | None, str],
    publisher: str | None,
) -> str | None:
    """The heading that equals the headline in the page's data, as the page prints it; without one, those data.

    The page's title, without the site's name and whole, goes before the library's choice, which is the site's name
    where that is the only h1.
    """
    title, whole_title = titles
    kept = front_in_heading(title, headings)
    heading = equal_heading([*data, title], headings, publisher)
    if heading is None and kept is None:
        heading = part_in_headings(whole_title, headings, publisher)
        heading = heading or heading_within(library().title, headings)
    if heading is not None:
        return heading
    text = next((text for text in [*data, kept] if text), None) or library().title or title
    return without_site(text, publisher) if text else None


def _named_site(name: str | None, url: str) -> str | None:
    """Trafilatura's name of the site; None where it only repeats the host."""
    hosts = {fold_line(site(url) or ""), fold_line(urlsplit(url).hostname or "")}
    return name if name and fold_line(name) not in hosts else None


def _author_links(tree: HtmlElement) -> tuple[str, ...]:
    """The names of the first links to authors, where several stand beside each other."""
    links = _AUTHORS(tree)[:_MOST_LINKS]
    names = tuple(dict.fromkeys(name for link in links if (name := " ".join(link.text_content().split()))))
    return names if len(names) > 1 else ()


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The contents of meta elements by their properties and names; the first one counts."""
    metas: dict[str, str] = {}
    for element in tree.iter("meta"):
        if content := " ".join((element.get("content") or "").split()):
            for name in (element.get("property"), element.get("name")):
                metas.setdefault(name or "", content)
    return metas


def _link(tree: HtmlElement) -> str | None:
    links = (link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical")
    return next((link for link in links if link is not None), None)


def _language(*claims: str | None) -> str | None:
    for claimed in claims:
        if claimed and _LANGUAGE.match(claimed.strip()):
            return claimed.strip().replace("_", "-")
    return None

"""The headline of a page and the name of its site, from the headings and the title that the page shows.

A heading may have a kicker in it, a title a counter before and the site's name behind or before it; the first heading
of a page may be its site's logo.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from lxml import etree

from retrieval.text.boilerplate import fold_line
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from lxml.html import HtmlElement

_DIVIDER: Final = re.compile(r"(?<!\s)\s++[|–—·•»:-]\s++")
_ENDS: Final = " |–—·•»:-"
_COUNTER: Final = re.compile(r"\(\d{1,3}\+?\)\s+")
_SHORTEST: Final = 15
"""Letters of a title that a heading may hold beside a kicker."""
_MOST_HEADINGS: Final = 20
_FRONT: Final = re.compile(r"(?:https?://[^/?#]+/?|/)(?:(?:index|home|default)(?:\.\w+)?|[a-z]{2})?/?(?:[?#].*)?")
_LONGEST_ADDRESS: Final = 200
_DOMAIN: Final = re.compile(r"^www\.|\.(?:com?|org|net|news|info|example|[a-z]{2})(?:\.[a-z]{2})?$", re.IGNORECASE)
_KICKER: Final = re.compile(
    r"(?:^|[\s_-])(?:kicker|eyebrow|overline|dachzeile|roofline|topline|rubri[kc]\w*|section|categor\w+|label|tag|badge"
    r"|flag|topic|pre-?title|(?:super|sur)-?title|antetitulo|occhiello|surtitre)(?=$|[\s_-])",
    re.IGNORECASE,
)
_KICKER_WORDS: Final = 4
_LEAST: Final = 3
"""Letters of a kicker."""
_BREAKS: Final = frozenset({"br", "div", "p", "h1", "h2", "h3", "ul", "li", "header"})


def shown_title(tree: HtmlElement) -> str:
    """The page's title without the number of news before it."""
    element = tree.find(".//title")
    title = " ".join((element.text_content() if element is not None else "").split())
    counter = _COUNTER.match(title)
    return title[counter.end() :] if counter else title


def shown_headings(tree: HtmlElement, title: str, sites: Collection[str]) -> list[str]:
    """The page's first headings, h1 before h2 and h3, without kickers; none of them is one of the names of `sites`."""
    shown = (_without_kicker(heading, title) for heading in _headings(tree))
    return [text for text in shown if text and not is_site(text, sites)]


def logos(tree: HtmlElement) -> list[str]:
    """The headings that only lead to the front of the page's site."""
    return [text for heading in _headings(tree) if _is_logo(heading) and (text := _text(heading))]


def _headings(tree: HtmlElement) -> list[HtmlElement]:
    return [*islice(tree.iter("h1"), _MOST_HEADINGS), *islice(tree.iter("h2", "h3"), _MOST_HEADINGS)]


def is_site(text: str, sites: Collection[str]) -> bool:
    """Whether a text is one of the names of a site, with or without its article or domain."""
    return _bare(text) in {_bare(site) for site in sites}


@lru_cache(maxsize=1_000)
def _bare(name: str) -> str:
    return _letters(_DOMAIN.sub("", name)).removeprefix("the")


def split_page_title(title: str, headings: Sequence[str]) -> tuple[str | None, str | None]:
    """The page's title, split where it begins or ends with one of the headings: the heading and the site's name."""
    folded = {fold_line(heading) for heading in headings}
    for shown in headings:
        name = site_behind(title, shown) or _site_before(title, shown)
        if name and fold_line(name) not in folded:
            return shown, name
    longest = max((shown for shown in headings if site_behind(title, shown)), key=len, default=None)
    if longest and (name := site_behind(title, longest)) and len(name) < len(longest):
        return longest, name
    return title or None, None


def site_behind(title: str | None, headline: str | None) -> str | None:
    """The end of the page's title, behind the headline and a divider."""
    rest = title[len(headline) :] if title and headline and title.startswith(headline) else ""
    return (rest.strip(_ENDS) or None) if _DIVIDER.match(rest) else None


def _site_before(title: str, headline: str) -> str | None:
    """The beginning of the page's title, before a divider and the headline."""
    front = title[: -len(headline)] if headline and title.endswith(headline) else ""
    return front.strip(_ENDS) or None if front[-1:].isspace() and _DIVIDER.search(f"{front}x") else None


def without_site(text: str, publisher: str | None) -> str:
    """A title without the site's name at its end."""
    parts = _DIVIDER.split(text)
    if publisher and len(parts) > 1 and fold_line(parts[-1]) == fold_line(publisher):
        return text[: text.rindex(parts[-1])].rstrip(_ENDS)
    return text


def equal_heading(texts: Iterable[str | None], headings: Sequence[str], publisher: str | None) -> str | None:
    """The first of the headings that equals the first of the texts, but for the site's name."""
    for text in texts:
        claimed = fold_line(without_site(text, publisher)) if text else ""
        for heading in headings:
            if claimed and fold_line(heading) == claimed:
                return heading
    return None


def heading_within(text: str | None, headings: Sequence[str]) -> str | None:
    """The first heading that is most of a text, which may have its kicker too."""
    letters = _letters(text or "")
    held = (heading for heading in headings if _letters(heading) in letters)
    return next((heading for heading in held if 2 * len(_letters(heading)) > len(letters)), None)


def front_in_heading(title: str | None, headings: Sequence[str]) -> str | None:
    """The page's title before its last divider, where a heading has it with a kicker before or behind it."""
    dividers = list(_DIVIDER.finditer(title or ""))
    front = title[: dividers[-1].start()] if title and dividers else title or ""
    letters = _letters(front)
    held = any(letters in _letters(heading) for heading in headings)
    return front if held and len(letters) >= _SHORTEST else None


def part_in_headings(title: str | None, headings: Sequence[str], publisher: str | None) -> str | None:
    """The heading that equals the longest part of the page's title between dividers, but for the site's name."""
    parts = sorted(_DIVIDER.split(title or ""), key=len, reverse=True)
    own = fold_line(publisher or "")
    return equal_heading((part for part in parts if fold_line(part) != own), headings, None)


def _is_logo(heading: HtmlElement) -> bool:
    """Whether a heading is nothing but a link to the front of its site."""
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    is_whole = len(links) == 1 and len(_letters(links[0].text_content())) >= len(_letters(heading.text_content()))
    return is_whole and _FRONT.fullmatch((links[0].get("href") or "").strip()[:_LONGEST_ADDRESS]) is not None


def _without_kicker(heading: HtmlElement, title: str) -> str:
    """The text of a heading without a part before or behind it that is named as a kicker, or touches the rest.

    None is cut off what the page's `title` has too.
    """
    whole = _text(heading)
    if whole.casefold() in title.casefold():
        return whole
    while len(heading) == 1 and not (heading.text or "").strip() and not (heading[0].tail or "").strip():
        heading = heading[0]
    for part in [*heading[:1], *heading[-1:]]:
        kicker = _text(part)
        for rest in (whole.removeprefix(kicker), whole.removesuffix(kicker)):
            touches = rest == rest.strip() != whole
            if (touches or _is_apart(part)) and rest != whole and _is_kicker(kicker, rest.strip()):
                return rest.strip()
    return whole


def _is_apart(part: HtmlElement) -> bool:
    return part.tag in _BREAKS or _KICKER.search(f"{part.get('class', '')} {part.get('id', '')}"[:300]) is not None


def _is_kicker(kicker: str, rest: str) -> bool:
    """Whether a few words stand before or behind a headline, and neither goes on with a word of the other."""
    return (
        len(_letters(kicker)) >= _LEAST
        and count_words(kicker) <= _KICKER_WORDS
        and count_words(rest) > 1
        and not (rest[0].islower() or kicker[0].islower())
    )


def _text(element: HtmlElement) -> str:
    """What an element shows, with blanks where lines break."""
    if not len(element):
        return " ".join((element.text or "").split())
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        pieces.append(" " if node.tag in _BREAKS else "")
        pieces.append((node.text if event == "start" else None if node is element else node.tail) or "")
    return " ".join("".join(pieces).split())


def _letters(text: str) -> str:
    return fold_line(text).replace(" ", "")

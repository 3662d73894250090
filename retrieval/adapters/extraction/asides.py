"""Drops what stands beside a text by its name (class or id): related stories, newsletters, captions, comments, consent.

A name alone proves nothing: content systems write topics, layouts and names of their parts into classes. What has much
of the page's prose stays.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from lxml.etree import XPath

from retrieval.adapters.extraction.prose import all_words, is_card

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.html import HtmlElement

    from retrieval.adapters.extraction.prose import Container

_ASIDE: Final = re.compile(
    r"(?:^|[\s_-])(?:pull-?quotes?|read-?(?:more|also|next)|related(?:-?\w+)?|newsletter(?:-?\w+)?|signup|sign-up"
    r"|video-?(?:player|title)|vjs-\w+|social-?share|share-?(?:buttons|bar|tools)|sharing|contact-?box|media-?contact"
    r"|eyebrow|kicker|author-?bio|about-?the-?author|downloads|taboola|outbrain|promo(?:-?box)?|advert(?:isement)?"
    r"|ads?|ad-?slot|tag-?list|live-?time|more-?(?:about|on|from|stories)|follow(?:-?us)?|trending|breadcrumbs?|feedback"
    r"|visually-?hidden|sr-only|screen-?reader(?:-text|-only)?"
    r"|(?:img-|image-|wp-)?caption(?:-text)?)(?=$|[\s_-])",
    re.IGNORECASE,
)
_COMMENTS: Final = re.compile(
    r"(?:^|\s)(?:discussion(?:-?thread)?|disqus\w*|commentlist|comments?-?(?:area|section|list|thread|wrapper|container)"
    r"|comments)(?=$|\s)",
    re.IGNORECASE,
)
_CONSENT: Final = re.compile(
    r"(?:^|[\s_-])(?:amp-consent|cookie-?(?:banner|consent|notice|bar|policy|law|modal|popup)?|gdpr|cmp|onetrust|didomi"
    r"|cookiebot|usercentrics|consent-?(?:banner|manager|modal|dialog)?|privacy-?(?:banner|manager))(?=$|[\s_-])",
    re.IGNORECASE,
)
_OF_CONSENT: Final = re.compile(
    r"cookie|consent|privacy|datenschutz|einwillig|zustimm|akzeptier|confidentialité|privacidad|riservatezza"
    r"|galletas|çerez|クッキー|쿠키|同意|隐私|согласи|الارتباط",
    re.IGNORECASE,
)
_NAMED: Final = XPath("//body//*[@class or @id or @role or @aria-modal or @data-component]")
_DIALOGS: Final = ("dialog", "alertdialog")
_PICTURES: Final = ("img", "picture", "figure", "video", "svg", "amp-img", "iframe")
_PROSE_SHARE: Final = 0.4
_PAGE_SHARE: Final = 0.25
_REST: Final = 40
"""Words of prose without which nothing is left of a page."""
_ARTICLE: Final = 80
"""Words of prose with which a page is an article, and no list of others."""
_BEGINNING: Final = 60
"""Words of prose of a story's beginning."""
_MANY_CARDS: Final = 4
_LONG: Final = 150
"""More words than a consent dialog's own prose has."""


def drop_asides(tree: HtmlElement, containers: list[Container]) -> None:
    """Drop the asides of a page whose prose stands in `containers`. Changes the tree."""
    prose = _prose(containers)
    whole = sum(container.words for container in containers)
    named = {element: _names(element) for element in _NAMED(tree)}
    for element in _outermost(element for element, names in named.items() if _is_no_text(element, names)):
        if _may_go(element, prose[element], whole - prose[element]):
            element.drop_tree()
            whole -= prose[element]
    if containers:
        text = max(containers, key=lambda container: container.words)
        _drop_cards(tree, text, whole)
        _drop_others(tree, text, prose)
    _drop_named(tree, named, prose, whole)


def _drop_cards(tree: HtmlElement, text: Container, whole: int) -> None:
    """Drop the teasers of an article's page, which stand neither in the longest `text` nor in its `article`."""
    cards = [element for element in tree.iter("div", "li", "article", "section") if is_card(element)]
    if len(cards) >= _MANY_CARDS and whole >= _ARTICLE:
        for element in cards:
            if {text.element, text.section[0]}.isdisjoint(element.iterancestors()):
                element.drop_tree()


def _drop_others(tree: HtmlElement, text: Container, prose: Counter[HtmlElement]) -> None:
    """Drop the beginnings of other stories behind the longest `text`, each below an h1 of its own."""
    around = {text.element, *text.element.iterancestors()}
    blocks = [heading.getparent() for heading in [*tree.iter("h1")][text.section[1] :]]
    others = [block for block in blocks if block not in around and prose[block] <= _BEGINNING]
    if sum(prose[block] for block in others) < _PROSE_SHARE * text.words:
        for block in others:
            if block.getparent() is not None:
                block.drop_tree()


def _drop_named(tree: HtmlElement, named: Mapping[HtmlElement, str], prose: Counter[HtmlElement], whole: int) -> None:
    """Drop elements that are named as asides, unless those of one name hold much of the `whole` prose together."""
    asides = [element for element, names in named.items() if _word_of_aside(names)]
    groups: dict[str, list[HtmlElement]] = defaultdict(list)
    for element in _outermost(element for element in asides if tree in element.iterancestors()):
        groups[_word_of_aside(named[element])].append(element)
    size = all_words(tree) if groups else 0
    for name, group in groups.items():
        held = sum(prose[element] for element in group)
        if held and held >= _PROSE_SHARE * whole:
            continue
        for element in group:
            if "caption" in name and prose[element] and not _belongs_to_picture(element):
                element.attrib.pop("class", None)
            elif all_words(element) < size * _PAGE_SHARE:
                element.drop_tree()


def _prose(containers: list[Container]) -> Counter[HtmlElement]:
    """The words of prose in each element that holds any."""
    prose: Counter[HtmlElement] = Counter()
    for container in containers:
        for paragraph, words in container.paragraphs.items():
            prose[paragraph] += words
            for element in paragraph.iterancestors():
                prose[element] += words
    return prose


def _outermost(elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    """The elements, in the order of their page, that stand in no other one."""
    outermost: set[HtmlElement] = set()
    for element in elements:
        if outermost.isdisjoint(element.iterancestors()):
            outermost.add(element)
            yield element


def _is_no_text(element: HtmlElement, names: str) -> bool:
    """Whether an element says that it holds comments, a request for consent or a dialog."""
    return _name_no_text(names) or _is_dialog(element)


@lru_cache(maxsize=1_000)
def _name_no_text(names: str) -> bool:
    return _COMMENTS.search(names) is not None or _CONSENT.search(names) is not None


def _is_dialog(element: HtmlElement) -> bool:
    return element.get("role") in _DIALOGS or element.get("aria-modal") == "true"


def _may_go(element: HtmlElement, prose: int, rest: int) -> bool:
    """Whether comments, consent or a dialog are what they say, and the page's text stands elsewhere."""
    if element.xpath("descendant-or-self::*[self::h1 or self::article or self::main or self::body]"):
        return False
    if _CONSENT.search(_names(element)):
        asks = _is_dialog(element) or _OF_CONSENT.search(element.text_content()) is not None
        return asks and (rest >= _REST or prose < _LONG)
    return rest >= _REST or prose < _REST


@lru_cache(maxsize=1_000)
def _word_of_aside(names: str) -> str:
    """The word by which an element says that it is an aside; empty where it says no such thing."""
    named = _ASIDE.search(names)
    return named[0].strip(" _-").lower() if named else ""


def _belongs_to_picture(element: HtmlElement) -> bool:
    """Whether a caption stands in a figure, or holds or touches a picture."""
    near = [element, element.getprevious(), element.getnext()]
    return next(element.iterancestors("figure"), None) is not None or any(
        next(each.iter(*_PICTURES), None) is not None for each in near if each is not None
    )


def _names(element: HtmlElement) -> str:
    get = element.get
    return f"{get('class', '')} {get('id', '')} {get('data-component', '')} {get('data-testid', '')}"[:300]

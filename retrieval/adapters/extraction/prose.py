"""Where a page's prose stands: its paragraphs of whole sentences, by the element that holds them.

Teasers beside a linked heading, and what stands in a menu, a margin or a form, are no prose of the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from retrieval.text.word_count import count_words
from retrieval.text.words import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

_SENTENCE_END: Final = re.compile(r"[.!?…。\uff01\uff1f؟:][\"'”’»」』)\]]*(?: ?\([^()]{1,40}\))?$")
_ENDING: Final = 60
"""Characters of a text among which its last sentence ends."""
_FEWEST_WORDS: Final = 8
_FEWEST_OF_A_HEADLINE: Final = 4
_LINK_SHARE: Final = 0.5
_MANY_PARAGRAPHS: Final = 3
_KEY: Final = 40
_BESIDE: Final = ("aside", "nav", "footer", "figure", "figcaption", "button", "select", "noscript")
_WRAPPERS: Final = ("div", "section", "span")
_HEADINGS: Final = ("h2", "h3", "h4", "h5", "h6")
_DIGITS: Final = re.compile(r"\d+")
_MORE: Final = re.compile(rf"(?:{'|'.join(read_lines('teaser_endings'))})\b", re.IGNORECASE)
_NOT_LETTERS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Container:
    """An element that holds paragraphs of prose, each with its words."""

    element: HtmlElement
    section: tuple[HtmlElement | None, int]
    """The `article` around it, and how many h1 stand before it: another story has another."""
    paragraphs: dict[HtmlElement, int]

    @property
    def words(self) -> int:
        """The words of all paragraphs."""
        return sum(self.paragraphs.values())

    @property
    def signature(self) -> tuple[str, str]:
        """What containers of one template have in common: tag and class without digits, or those of the parent."""
        parent = self.element.getparent()
        names = self.element.get("class") or (f"in {parent.tag} {parent.get('class')}" if parent is not None else "")
        return str(self.element.tag), _DIGITS.sub("", names)

    @property
    def keys(self) -> Iterator[str]:
        """What each paragraph begins with."""
        return (key(paragraph.text_content()) for paragraph in self.paragraphs)

    def words_in(self, keys: frozenset[str]) -> int:
        """The words of the paragraphs that begin with one of `keys`."""
        return sum(words for own, words in zip(self.keys, self.paragraphs.values(), strict=True) if own in keys)


def containers(tree: HtmlElement) -> list[Container]:
    """The elements of a page that hold prose, in the order of their first paragraphs."""
    held: dict[HtmlElement, Container | None] = {}
    beside = {element for part in tree.iter(*_BESIDE) for element in part.iter("p")}
    headings = 0
    for element in tree.iter("h1", "p"):
        if element.tag == "h1":
            headings += 1
        elif element not in beside and (words := prose_words(element)):
            holder = unwrapped(element).getparent()
            if holder not in held:
                article = next(holder.iterancestors("article"), None)
                held[holder] = None if is_card(holder) else Container(holder, (article, headings), {})
            if container := held[holder]:
                container.paragraphs[element] = words
    return [container for container in held.values() if container]


def key(text: str, most: int = _KEY) -> str:
    """The letters with which a paragraph begins, to recognise it by."""
    return _NOT_LETTERS.sub("", text[: 2 * most].casefold())[:most]


def is_prose(text: str) -> bool:
    """Whether a text has the words and the end of a sentence."""
    return ends_sentence(text) and count_words(text) >= _FEWEST_WORDS


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _SENTENCE_END.search(text, max(len(text) - _ENDING, 0)) is not None


def link_share(element: HtmlElement, length: int) -> float:
    """How much of an element's text, which has this length, stands in links."""
    return sum(len(" ".join(link.text_content().split())) for link in element.iter("a")) / max(length, 1)


def kin(held: list[Container], seed: Container) -> list[Container]:
    """The containers of the story of `seed`: of its template, or beside it as a lede or as a long part."""
    parent, around, place = seed.element.getparent(), set(seed.element.iterancestors()), held.index(seed)
    article, headings = seed.section
    entries = article.getparent() if article is not None and not _has_linked_heading(article) else None

    def is_beside(each: Container, number: int) -> bool:
        if number < place:
            return each.element in around or each.element.getparent() is parent
        return len(each.paragraphs) >= _MANY_PARAGRAPHS and parent in (each.element, each.element.getparent())

    def is_entry(other: HtmlElement | None) -> bool:
        """Whether an article beside that of `seed` is another entry of one blog: it links to no story of its own."""
        beside = entries is not None and other is not None and other.getparent() is entries
        return beside and not _has_linked_heading(other)

    return [
        each
        for number, each in enumerate(held)
        if each.section[1] == headings
        and (each.section[0] is article or is_entry(each.section[0]))
        and (each.signature == seed.signature or is_beside(each, number))
    ]


def _has_linked_heading(element: HtmlElement) -> bool:
    return any(heading.find(".//a") is not None for heading in element.iter("h2", "h3"))


def common_ancestor(elements: Iterable[HtmlElement]) -> HtmlElement | None:
    """The smallest element around all of these, or the only one itself."""
    first, *others = elements
    around = [first, *first.iterancestors()]
    for other in others:
        path = {other, *other.iterancestors()}
        around = [element for element in around if element in path]
    return around[0] if around else None


def all_words(element: HtmlElement) -> int:
    """The number of words in an element, prose or not."""
    return count_words(" ".join(element.itertext()))


def prose_words(paragraph: HtmlElement) -> int:
    """The words of a paragraph that ends like a sentence and is no link; 0 for another."""
    text = " ".join(paragraph.text_content().split())
    words = count_words(text) if ends_sentence(text) else 0
    return words if words >= _FEWEST_WORDS and link_share(paragraph, len(text)) <= _LINK_SHARE else 0


def may_be_headline(link: HtmlElement) -> bool:
    """Whether a link has as many words as the shortest headline."""
    return count_words(link.text_content()) >= _FEWEST_OF_A_HEADLINE


def is_card(element: HtmlElement) -> bool:
    """Whether an element is a teaser: one paragraph, and a heading or line that is a link to another page."""
    if len([*islice(element.iterchildren("p"), 2)]) != 1:
        return False
    links = [child.find(".//a[@href]") for child in element if child.tag in _HEADINGS]
    lines = filter(may_be_headline, element.findall("a[@href]"))
    links += [link for link in lines if not _MORE.match(link.text_content().strip())]
    return any(link is not None and not link.get("href").lstrip().startswith("#") for link in links)


def is_alone(element: HtmlElement) -> bool:
    """Whether an element has no other beside it. To count those beside it would take longer the more there are."""
    return element.getprevious() is None and element.getnext() is None


def unwrapped(paragraph: HtmlElement) -> HtmlElement:
    """The paragraph, or the outermost element that holds nothing else."""
    parent = paragraph.getparent()
    while parent.tag in _WRAPPERS and is_alone(paragraph) and _is_bare(parent) and parent.getparent() is not None:
        paragraph, parent = parent, parent.getparent()
    return paragraph


def _is_bare(element: HtmlElement) -> bool:
    return not (element.text or "").strip() and not (element[0].tail or "").strip()

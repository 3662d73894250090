"""The text of a page's article, by trafilatura, one paragraph a line and verbatim.

This module drops lines that are the page's and not the text's (headline, byline, date, links to other stories, pull
quotes), and prefers a fuller text in the page's JSON-LD.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml.html import document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from retrieval.adapters.extraction.prose import common_ancestor, containers, key, kin
from retrieval.domain.articles import Span
from retrieval.text.boilerplate import BoilerplateKind, begins_alike, fold_line, layout
from retrieval.text.word_count import count_words
from retrieval.text.words import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from retrieval.adapters.extraction.prose import Container

_OPTIONS = Extractor(output_format="python", comments=False, formatting=False)
_FULLER = 1.25
_WHOLE = 0.95
_LACKING = 0.1
"""Share of a text's prose whose loss is more than a paragraph that was left out on purpose."""
_MUCH = 0.25
"""Share of a story's prose without which a text may not be the whole article."""
_OF_STORY = 0.7
"""Share of a second look that the first or the story's containers have too; the rest are lists and subheads."""
_SHORT = 40
_SHORTEST_HEADLINE = 10
"""Letters of a headline that a heading may hold beside a kicker; fewer stand in subheads too."""
_LONGEST_KICKER = 80
"""Letters of what else stands in the heading of a headline."""
_SHORTEST_PULL_QUOTE = 20
_LONG_LINE = 120
_MOST_LINES = 2_000
_MOST_COMPARED = 200_000_000
"""Characters that are searched for repeated lines."""

_LABEL = f"(?:{'|'.join(read_lines('cross_references'))})"
_TEASER = re.compile(rf"{_LABEL}\s*[:\uff1a].{{0,200}}", re.IGNORECASE)
_TEASER_LABEL = re.compile(rf"\W{{0,3}}{_LABEL}\W{{0,3}}", re.IGNORECASE)
_TEASER_WORDS = 20
_BYLINE = re.compile(r"(?:by|von|par|por|di|autor(?:a)?|text|words)[:\s]\s*.{2,80}", re.IGNORECASE)
_GLUED = re.compile(r"(?:(?<=[^\W\d_]{2}[.!?…])|(?<=[.!?…][”\"»’]))(?=[“\"«„‘]?[A-ZÀ-ÖØ-ÞĄ-ŽА-Я][^\W\d_]*[\s,’'])")
"""Where a sentence ends and the next begins without a blank."""
_FEW_GLUED = 2
"""Once may be a name such as "Example.Com"."""
_DATE_WORDS = 9
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
_DATES_ONLY = re.compile(
    r"(?:[^\W\d_]{1,12}:? ?)?(?:(?:19|20)\d\d[年년].{0,30}[日일号號時시分분\d]"
    r"|(?:.{0,40}\b)?(?:[Pp]ublished|[Uu]pdated|[Pp]osted)\b.{0,30}\b(?:19|20)\d\d\b.{0,60})"
)
"""A line that shows when a text was published."""
_ENDS = re.compile(r"[.!?…。\uff01\uff1f؟][\"'”’»)\]』」]*+$|[”»』」][\"'’)\]]*+$")
_ENDING = 40
"""Characters among which the marks at the end of a line begin."""
_SIGNATURE = re.compile(r"(?<=[”»“\"]) — [^“”]{2,150}$")
_TOP_LINES = 6
_OF_PAGE = (BoilerplateKind.NAVIGATION, BoilerplateKind.NOTICE)


def article_text(tree: HtmlElement, *, headline: str | None, linked: str | None) -> tuple[str, bool]:
    """The paragraphs, an empty line between two, and whether the page has more that may be the article's.

    `linked` is the text in the page's JSON-LD.
    """
    _clear_headline(tree, headline)
    extracted, story = _extracted(tree)
    lines = _without_page_lines(extracted, headline)
    linked_lines = [part for line in _lines(linked or "") for part in _divided(line)]
    share = sum(map(count_words, linked_lines)) / max(sum(map(count_words, lines)), 1) if linked_lines else 0
    if share > _FULLER or (share > 1 and _holds(linked_lines, lines)):
        lines = _shown(tree, linked_lines) or (linked_lines if share > _FULLER else lines)
    text = "\n\n".join(lines)
    of_page = {item.span for item in layout(text, headline).boilerplate if item.kind in _OF_PAGE}
    text = "\n\n".join(line for line, span in _spans(lines) if span not in of_page)
    return text, _lacks_much(text, story)


def _lacks_much(text: str, story: Sequence[Container]) -> bool:
    """Whether much of the prose of a story is not in the text that was read."""
    if not story:
        return False
    paragraphs = [
        pair for container in story for pair in zip(container.keys, container.paragraphs.values(), strict=True)
    ]
    whole = key(text, len(text))
    if len(paragraphs) * len(whole) > _MOST_COMPARED:
        return False
    lost = sum(words for start, words in paragraphs if start not in whole)
    return lost > _MUCH * sum(words for _, words in paragraphs)


def _holds(linked: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether all of these lines are in the text of the page's JSON-LD."""
    whole = _letters(" ".join(linked))
    return len(lines) * len(whole) <= _MOST_COMPARED and all(_letters(line) in whole for line in lines)


def _shown(tree: HtmlElement, linked: Sequence[str]) -> list[str]:
    """The page's paragraphs that are in the text of its JSON-LD, which often is one line; none if they lack any."""
    whole = _letters(" ".join(linked))
    shown = [_lines(element.text_content()) for element in tree.iter("p", "li", "h2", "h3", "h4")]
    blocks = {" ".join(lines): None for lines in shown if lines}
    if len(blocks) * len(whole) > _MOST_COMPARED:
        return []
    found = [block for block in blocks if (letters := _letters(block)) and letters in whole]
    return found if sum(len(_letters(block)) for block in found) >= _WHOLE * len(whole) else []


def _clear_headline(tree: HtmlElement, headline: str | None) -> None:
    """Empty the headings that hold the headline, to which a kicker may be glued."""
    letters = _letters(headline or "")
    for heading in tree.iter("h1", "h2"):
        shown = _letters(heading.text_content())
        kicker = len(shown) - len(letters)
        if (
            letters
            and letters in shown
            and (not kicker or len(letters) >= _SHORTEST_HEADLINE)
            and kicker <= _LONGEST_KICKER
        ):
            heading.clear(keep_tail=True)


def _letters(text: str) -> str:
    return fold_line(text).replace(" ", "")


def _divided(line: str) -> list[str]:
    """The paragraphs of a line that has no blank between them."""
    parts = _GLUED.split(line)
    return parts if len(parts) > _FEW_GLUED else [line]


def _extracted(tree: HtmlElement) -> tuple[list[str], list[Container]]:
    """The lines of the text, and the containers of its story where trafilatura takes one of several elements."""
    lines = _extract(tree)
    held = containers(tree)
    story = _story(held, lines)
    if not story:
        return lines, []
    more = _extract(_page_of(story))
    known = {key(line) for line in lines}.union(*(container.keys for container in story))
    words = sum(map(count_words, more))
    of_story = sum(count_words(line) for line in more if key(line) in known)
    is_fuller = words > sum(map(count_words, lines)) and of_story >= _OF_STORY * words
    return more if is_fuller else lines, story


def _extract(tree: HtmlElement) -> list[str]:
    return _lines(getattr(bare_extraction(tree, options=_OPTIONS), "text", None) or "")


def _story(held: list[Container], lines: Sequence[str]) -> list[Container]:
    """The containers of the text of which `lines` are a part; none where they lack little."""
    keys = frozenset(map(key, lines))
    shared = {container.element: container.words_in(keys) for container in held}
    seed = max(held, key=lambda container: (shared[container.element], container.words), default=None)
    if seed is None or (not shared[seed.element] and sum(map(count_words, lines)) >= _SHORT):
        return []
    story = kin(held, seed)
    there = [shared[container.element] for container in story]
    has_lede = all(there[: story.index(seed)])
    lacks = sum(there) <= (1 - _LACKING) * sum(container.words for container in story)
    return story if lacks or not has_lede or _lacks_subheads(story, keys) else []


def _lacks_subheads(story: Sequence[Container], keys: frozenset[str]) -> bool:
    """Whether most of the headings of a story's parts are not in the text, as of the entries of a live blog."""
    if len(story) == 1:
        return False
    around = common_ancestor(container.element for container in story)
    parts = {
        part
        for container in story
        for part in (container.element, *container.element.iterancestors())
        if part.getparent() is around
    }
    heads = [key(head.text_content()) for part in parts for head in part.iter("h2", "h3", "h4")]
    return 2 * sum(head not in keys for head in heads) > len(heads)


def _page_of(story: list[Container]) -> HtmlElement:
    """A page of the element around all containers of a story. Removes their classes, which may mislead."""
    for container in story:
        for element in (container.element, *container.element.iterancestors()):
            element.attrib.pop("class", None)
    page = document_fromstring("<html><body><div itemprop='articleBody'></div></body></html>")
    page[0][0].append(deepcopy(common_ancestor(container.element for container in story)))
    return page


def _spans(lines: Sequence[str]) -> Iterator[tuple[str, Span]]:
    """Each line with its span in the text."""
    start = 0
    for line in lines:
        yield line, Span(start, start + len(line))
        start += len(line) + 2


def _lines(text: str) -> list[str]:
    """Lines without trafilatura's marks of list items and table cells."""
    rows = (line.replace("|", " ") if line.startswith("|") else line.removeprefix("- ") for line in text.split("\n"))
    return [tidy for line in rows if (tidy := " ".join(line.split()))]


def _without_page_lines(lines: Sequence[str], headline: str | None) -> list[str]:
    """The lines but for the headline, teasers, bylines and repetitions."""
    title = fold_line(headline or "")
    rest = [
        line
        for place, line in enumerate(lines)
        if not (title and _is_headline(line, title))
        and not _TEASER.fullmatch(line)
        and not _TEASER_LABEL.fullmatch(line)
        and not (place and _TEASER_LABEL.fullmatch(lines[place - 1]) and _is_teaser(line))
        and not ((place < _TOP_LINES or place >= len(lines) - 2) and _is_byline(line))
    ]
    if len(rest) > _MOST_LINES or len(rest) * sum(map(len, rest)) > _MOST_COMPARED:
        return rest
    whole = "\n".join(rest)
    return [line for place, line in enumerate(rest) if not _repeats(line, place, rest, whole)]


def _is_headline(line: str, title: str) -> bool:
    """Whether a line is the headline, folded to `title`, alone or with a byline behind it."""
    if not begins_alike(line, title):
        return False
    folded = fold_line(line)
    return folded == title or (folded.startswith(f"{title} ") and bool(_BYLINE.fullmatch(folded[len(title) + 1 :])))


def _is_teaser(line: str) -> bool:
    """Whether a line is a headline and no sentence."""
    return not _ends(line) and count_words(line) <= _TEASER_WORDS


def _is_byline(line: str) -> bool:
    """Whether a short line names the author or the date and is no sentence."""
    if _ends(line):
        return False
    return bool(
        _BYLINE.fullmatch(line)
        or (_DATE.search(line) and len(line.split()) <= _DATE_WORDS)
        or (len(line) <= _LONG_LINE and _DATES_ONLY.fullmatch(line))
    )


def _ends(line: str) -> bool:
    """Whether a line ends as a sentence or a quotation does."""
    return _ENDS.search(line, max(len(line) - _ENDING, 0)) is not None


def _repeats(line: str, place: int, lines: Sequence[str], whole: str) -> bool:
    """Whether a longer paragraph holds all of this one, as of a pull quote, or a long one stands twice.

    `whole` is the text of all lines, which shows quickly that none holds another. A short line may stand twice: a
    result, a step of a recipe, one question to several people.
    """
    bare = _SIGNATURE.sub("", line).strip("“”„«»\"' ")
    if len(bare) < _SHORTEST_PULL_QUOTE or whole.count(bare) == 1:
        return False
    twice = len(bare) >= _LONG_LINE and not bare.endswith("?")
    return any(
        bare in other and (len(bare) < len(other) - 2 or (twice and other_place < place))
        for other_place, other in enumerate(lines)
        if other_place != place
    )

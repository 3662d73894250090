"""The text of a page's article, one paragraph a line, in the page's own words.

trafilatura finds it. What this module adds: lines that belong to the page are left out (headline, byline, date, links
to other stories, pull quotes, which say again what the text says), and a fuller text from the page's JSON-LD is
preferred.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trafilatura import bare_extraction

from retrieval.domain.articles import Span
from retrieval.text.boilerplate import BoilerplateKind, fold_line, layout
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

_FULLER = 1.25
_PULLED = 20
_MOST_LINES = 2_000
_MOST_COMPARED = 200_000_000
"""Characters that are looked through for lines that say again what others say."""

_TEASER = re.compile(
    r"(?:read (?:more|also|next)|(?:also|see) (?:read|see|also)|don['’]t miss|related|more on this|watch|listen"
    r"|lesen sie auch|mehr zum thema|(?:à )?lire aussi|lea también|lee también|leggi anche|leia (?:também|mais)"
    r"|czytaj też|читайте также)\s*[:\uff1a].{0,200}",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:by|von|par|por|di|autor(?:a)?|text|words)[:\s]\s*.{2,80}", re.IGNORECASE)
_DATE_WORDS = 9
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
_ENDS = re.compile(r"[.!?…。\uff01\uff1f؟][\"'”’»)\]』」]*+$|[”»』」][\"'’)\]]*+$")
_TOP = 6


def article_text(tree: HtmlElement, url: str, *, headline: str | None, linked: str | None) -> str:
    """The paragraphs, an empty line between two; empty where there is no text. `linked` is the JSON-LD's text."""
    found = bare_extraction(
        tree, url=url or None, include_comments=False, include_tables=True, include_formatting=False
    )
    lines = _own(_lines(getattr(found, "text", None) or ""), headline)
    told = _lines(linked or "")
    if sum(map(count_words, told)) > _FULLER * sum(map(count_words, lines)):
        lines = told
    text = "\n\n".join(lines)
    page = {item.span for item in layout(text, headline).boilerplate if item.kind is BoilerplateKind.NAVIGATION}
    return "\n\n".join(line for line, span in _spans(lines) if span not in page)


def _spans(lines: Sequence[str]) -> Iterator[tuple[str, Span]]:
    """Each line with its place in the text that they make."""
    start = 0
    for line in lines:
        yield line, Span(start, start + len(line))
        start += len(line) + 2


def _lines(text: str) -> list[str]:
    """Lines without the marks that the library puts before items and between cells."""
    rows = (line.replace("|", " ") if line.startswith("|") else line.removeprefix("- ") for line in text.split("\n"))
    return [tidy for line in rows if (tidy := " ".join(line.split()))]


def _own(lines: Sequence[str], headline: str | None) -> list[str]:
    """The lines that are the article's."""
    title = fold_line(headline or "")
    kept = [
        line
        for place, line in enumerate(lines)
        if not (title and fold_line(line) == title)
        and not _TEASER.fullmatch(line)
        and not ((place < _TOP or place >= len(lines) - 2) and _is_byline(line))
    ]
    if len(kept) > _MOST_LINES or len(kept) * sum(map(len, kept)) > _MOST_COMPARED:
        return kept
    return [line for place, line in enumerate(kept) if not _repeats(line, place, kept)]


def _is_byline(line: str) -> bool:
    """A short line at an end of the text that names its author or its date, and is no sentence."""
    if _ENDS.search(line):
        return False
    return bool(_BYLINE.fullmatch(line) or (_DATE.search(line) and len(line.split()) <= _DATE_WORDS))


def _repeats(line: str, place: int, lines: Sequence[str]) -> bool:
    """Whether another line says all of this: a pull quote, or a paragraph that the page carries twice."""
    bare = line.strip("“”„«»\"' ")
    if len(bare) < _PULLED:
        return False
    return any(
        bare in other and (len(bare) < len(other) - 2 or other_place < place)
        for other_place, other in enumerate(lines)
        if other_place != place
    )

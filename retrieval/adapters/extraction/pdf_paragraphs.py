"""Joins the lines of printed pages to paragraphs: by gaps and indents, or by short lines where pages have neither."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.text.boilerplate import fold_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENDS = re.compile(r"[.!?…:。\uff01\uff1f][\"'”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"\W*(?:page |seite |p\. ?)?\d+(?: (?:of|von|/) \d+)?\W*", re.IGNORECASE)
_DIVIDED = re.compile(r"(\w+)-$")
_LONGEST_WORD = 100
_FULL = 0.75
_EDGE = 2
_REPEATED = 2
_GAP = 1.35
_INDENT = 6.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its start on the page: `x` from the left, `y` from the bottom, in points."""

    text: str
    x: float
    y: float


def paragraphs(pages: Sequence[Sequence[Line]], title: str) -> list[str]:
    """The paragraphs, without running heads and feet and page numbers. The lines of the title are one."""
    bodies = _without_edges(pages)
    lines = [line for page in bodies for line in page]
    breaks = [broken for page in bodies for broken in _breaks(page)]
    if sum(breaks) <= len(bodies):  # only where pages begin: no gap shows where paragraphs end
        breaks = [place == 0 or broken for place, broken in enumerate(_short_ends(lines))]
    else:
        breaks = _across_pages(bodies, breaks)
    hyphenated = frozenset(re.findall(r"\b\w++-\w+", " ".join(line.text for line in lines)))
    blocks: list[list[str]] = []
    for line, broken in zip(lines, breaks, strict=True):
        if broken or not blocks or (title and _is_title(blocks[-1], title)):
            blocks.append([line.text])
        else:
            blocks[-1][-1:] = _joined(blocks[-1][-1], line.text, hyphenated)
    return ["".join(paragraph) for paragraph in blocks]


def _is_title(paragraph: Sequence[str], title: str) -> bool:
    """Whether a paragraph, so far, is the title."""
    shown = "".join(paragraph[: len(title)])
    return len(paragraph) <= len(title) and fold_line(shown) == fold_line(title)


def _without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    edges = Counter(mark for page in pages for mark in {_mark(line) for line in (*page[:_EDGE], *page[-_EDGE:])})
    enough = max(_REPEATED, len(pages) // 2)
    return [
        [
            line
            for place, line in enumerate(page)
            if _EDGE <= place < len(page) - _EDGE
            or not (edges[_mark(line)] >= enough or _PAGE_NUMBER.fullmatch(line.text))
        ]
        for page in pages
    ]


def _mark(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _breaks(page: Sequence[Line]) -> list[bool]:
    """For each line of a page, whether a gap or an indent begins a paragraph there; true for the first line."""
    steps = [above.y - line.y for above, line in pairwise(page)]
    downward = sorted(step for step in steps if step > 0)
    usual = downward[len(downward) // 4] if downward else 0.0  # where paragraphs are short, gaps are half of all steps
    margin = Counter(round(line.x) for line in page).most_common(1)[0][0] if page else 0
    return [True] * bool(page) + [
        step > usual * _GAP or step < 0 or (line.x - margin > _INDENT and above.x - margin <= _INDENT)
        for step, (above, line) in zip(steps, pairwise(page), strict=True)
    ]


def _across_pages(bodies: Sequence[Sequence[Line]], breaks: list[bool]) -> list[bool]:
    """Let a page begin a paragraph only where the page before it ends with a sentence."""
    place, before = 0, ""
    for page in bodies:
        if page:
            breaks[place] = not before or bool(_ENDS.search(before))
            place += len(page)
            before = page[-1].text
    return breaks


def _short_ends(lines: Sequence[Line]) -> list[bool]:
    """For each line, whether the line before it ends a paragraph: short, and with the end of a sentence."""
    lengths = sorted(len(line.text) for line in lines)
    full = lengths[int(len(lengths) * 0.9)] * _FULL if lengths else 0
    return [True] * bool(lines) + [
        len(above.text) < full
        and (bool(_ENDS.search(above.text)) or (line.text[:1].isupper() and len(above.text) < len(line.text)))
        for above, line in pairwise(lines)
    ]


def _joined(above: str, line: str, hyphenated: frozenset[str]) -> tuple[str, str]:
    """Two lines to be joined: a word divided between them loses its hyphen, unless it has one elsewhere."""
    divided, rest = _DIVIDED.search(above, max(0, len(above) - _LONGEST_WORD)), re.match(r"[^\W\d_]\w*", line)
    if divided and rest and rest[0][0].islower():
        return (above, line) if f"{divided[1]}-{rest[0]}" in hyphenated else (above[:-1], line)
    return (f"{above} ", line)

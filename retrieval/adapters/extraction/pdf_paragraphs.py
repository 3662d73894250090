"""Joins the lines of printed pages to paragraphs: by gaps and indents, or by short lines where pages have neither.

Pages are read column by column. The lines of a heading, which is larger than the text, are one paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.text.boilerplate import fold_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ENDS = re.compile(r"[.!?…:。\uff01\uff1f][\"'”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"\W*(?:page |seite |p\. ?)?\d+(?: (?:of|von|/) \d+)?\W*", re.IGNORECASE)
_HYPHENS = "-\u00ad\u2010"
_DIVIDED = re.compile(rf"(\w+)[{_HYPHENS}]$")
_LONGEST_WORD = 100
_FULL = 0.75
_EDGE = 2
_REPEATED = 2
_GAP = 1.35
_INDENT = 6.0
_MARGIN_SHARE = 4
"""Of the lines of a column, at least one in so many begins at its margin."""
_UP = 2.0
"""How many usual steps a line is higher than the one before, where it begins a column; fewer if it is beside it."""
_BESIDE = 60.0
_HYPHENATES = 60
"""Where fewer than one line in so many ends with a hyphen, words are not divided and each hyphen is the word's own."""
_TOP = 8
_LONGEST_TITLE = 500
_LONGEST_HEADLINE = 12
_LARGER = 1.15
_HEADING_STEP = 2.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its start on the page: `x` from the left, `y` from the bottom, in points as is the `size`."""

    text: str
    x: float
    y: float
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class _Column:
    """Lines below each other, the usual step between two, and where most begin."""

    lines: list[Line]
    step: float
    margin: int

    def indents(self, line: Line) -> bool:
        return line.x - self.margin > _INDENT


def paragraphs(pages: Sequence[Sequence[Line]], title: str) -> list[str]:
    """The paragraphs, without running heads and feet and page numbers. The lines of the title are one."""
    columns = [column for page in _without_edges(pages) for column in _columns(page)]
    lines = [line for column in columns for line in column.lines]
    text_size = _text_size(lines)
    breaks = [broken for column in columns for broken in _breaks(column, text_size)]
    if sum(breaks) <= len(columns):  # only where columns begin: no gap shows where paragraphs end
        breaks = [place == 0 or broken for place, broken in enumerate(_short_ends(lines))]
    else:
        breaks = _across_columns(columns, breaks, text_size)
    hyphenated = frozenset(re.findall(rf"\b\w++[{_HYPHENS}]\w+", " ".join(line.text for line in lines)))
    dividing = _dividing([line.text for line in lines])
    blocks: list[list[str]] = []
    _join_title(lines, breaks, title[:_LONGEST_TITLE])
    for line, broken in zip(lines, breaks, strict=True):
        if broken or not blocks:
            blocks.append([line.text])
        else:
            blocks[-1][-1:] = _joined(blocks[-1][-1], line.text, hyphenated, dividing)
    return ["".join(paragraph) for paragraph in blocks]


def headline(page: Sequence[Line]) -> str | None:
    """The first line of a page in its largest letters, with those that continue it, where the text is smaller."""
    size = max((line.size for line in page[:_TOP]), default=0.0)
    start = next((place for place, line in enumerate(page[:_TOP]) if line.size == size), 0)
    if size <= _text_size(page) * _LARGER:
        return None
    lines = [page[start]]
    for line in page[start + 1 : start + _LONGEST_HEADLINE]:
        if line.size != size or not 0 < lines[-1].y - line.y < _HEADING_STEP * size:
            break
        lines.append(line)
    return " ".join(line.text for line in lines)


def _join_title(lines: Sequence[Line], breaks: list[bool], title: str) -> None:
    """Make one paragraph of the lines near the beginning that are the title."""
    folded = fold_line(title)
    for start in range(min(_TOP, len(lines))):
        for end in range(start + 1, min(start + _LONGEST_HEADLINE, len(lines)) + 1):
            shown = " ".join(line.text for line in lines[start:end])
            if len(shown) > 2 * len(title):
                break
            if fold_line(shown) == folded:
                breaks[start:end] = [True] + [False] * (end - start - 1)
                breaks[end : end + 1] = [True] * (end < len(lines))
                return


def _without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    edges = Counter(mark for page in pages for mark in {_mark(line) for line in (*page[:_EDGE], *page[-_EDGE:])})
    enough = max(_REPEATED, len(pages) // 2)
    return [
        [
            line
            for place, line in enumerate(page)
            if _EDGE <= place < len(page) - _EDGE
            or not (edges[_mark(line)] >= enough or _PAGE_NUMBER.fullmatch(line.text) or _is_head(page, place))
        ]
        for page in pages
    ]


def _is_head(page: Sequence[Line], place: int) -> bool:
    """Whether a line that is drawn behind the text stands above all of it."""
    return place >= _EDGE and page[place].y > max(line.y for line in page[:-_EDGE])


def _mark(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _columns(page: Sequence[Line]) -> Iterator[_Column]:
    """The columns of a page, in the order in which they are drawn."""
    steps = [above.y - line.y for above, line in pairwise(page)]
    downward = sorted(step for step in steps if step > 0)
    usual = downward[len(downward) // 4] if downward else 0.0  # where paragraphs are short, gaps are half of all steps
    below = (place for place, (above, line) in enumerate(pairwise(page), 1) if _is_beside(above, line, usual))
    starts = [0, *below, len(page)]
    for start, end in pairwise(starts):
        lines = list(page[start:end])
        places = Counter(round(line.x) for line in lines)
        margin = min((x for x, times in places.items() if times * _MARGIN_SHARE >= len(lines)), default=0)
        if lines:
            yield _Column(lines, usual, margin)


def _is_beside(above: Line, line: Line, usual: float) -> bool:
    """Whether a line begins another column than the one that is drawn before it."""
    up = line.y - above.y
    return up > _UP * usual or (up > usual / 2 and line.x - above.x > _BESIDE)


def _text_size(lines: Sequence[Line]) -> float:
    """The size of most of the text."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _breaks(column: _Column, text_size: float) -> list[bool]:
    """For each line of a column, whether a gap, an indent or a heading begins a paragraph there; true for the first."""
    breaks = [True]
    for above, line in pairwise(column.lines):
        step, larger = above.y - line.y, max(above.size, line.size)
        if larger > text_size * _LARGER:
            same = min(above.size, line.size) * _LARGER > larger
            breaks.append(not same or not 0 < step < _HEADING_STEP * larger)
        else:
            indents = column.indents(line) and not column.indents(above)
            breaks.append(step > column.step * _GAP or step < -column.step or indents)
    return breaks


def _across_columns(columns: Sequence[_Column], breaks: list[bool], text_size: float) -> list[bool]:
    """Let a column begin a paragraph only with a heading, an indent or, where indents are rare, after a sentence."""
    indents = sum(column.indents(line) for column in columns for line in column.lines)
    place, before = 0, ""
    for column in columns:
        first = column.lines[0]
        ended = _ENDS.search(before) is not None and indents * 2 < sum(breaks)
        breaks[place] = not before or ended or first.size > text_size * _LARGER or column.indents(first)
        place += len(column.lines)
        before = column.lines[-1].text
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


def _dividing(lines: Sequence[str]) -> str:
    """The signs that divide words at line ends: no plain hyphen where others do, or where hardly a line ends so."""
    signs = [above[-1] for above, line in pairwise(lines) if _DIVIDED.search(above[-2:]) and line[0].islower()]
    plain = signs.count("-")
    divides = plain * _HYPHENATES >= len(lines) and plain * 2 > len(signs)
    return _HYPHENS if divides else _HYPHENS.replace("-", "")


def _joined(above: str, line: str, hyphenated: frozenset[str], dividing: str) -> tuple[str, str]:
    """Two lines to be joined: a word divided between them loses its hyphen, unless it has one elsewhere."""
    divided, rest = _DIVIDED.search(above, max(0, len(above) - _LONGEST_WORD)), re.match(r"[^\W\d_]\w*", line)
    if divided and rest and rest[0][0].islower():
        own = above[-2].isdigit() or above[-1] not in dividing or f"{divided[1]}{above[-1]}{rest[0]}" in hyphenated
        return (above, line) if own else (above[:-1], line)
    return (f"{above} ", line)

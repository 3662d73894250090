"""Tells the line ends of a text that was wrapped at a fixed width from those of its paragraphs.

On a line of wrapped text the next line's first word would not have fitted. Markers of quoted lines (`>`), as in mail
and Markdown, are no part of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from retrieval.text.words import FUNCTION_WORDS

_BLOCK = re.compile(r"(?:^[^\S\n]*+\S[^\n]*+(?:\n|\Z))++", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")
_MARKER = re.compile(r"^(?:>[ \t]?+)++", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?…:;,。！？][\"'”’»)\]」』]*$")
_ITEM = re.compile(r"[-–—•*·]|\d{1,3}[.)] ")
_WIDTHS = range(30, 121)
_LONGEST_WORD = 60
_FEWEST = 2
_RAGGED = 1.1
"""How much longer the longest line of a block may be than that of another, wrapped at the same width."""
_CUT_SHARE = 3
"""Where lines are wrapped, one end in so many at least breaks off in mid-sentence."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a block without an empty one, which of them a marker precedes, and the longest one's length."""

    lines: list[re.Match[str]]
    marked: list[bool]
    width: int

    def soft(self, width: int) -> list[re.Match[str]]:
        """The lines behind which a paragraph goes on, if it was wrapped at this width."""
        return [
            line
            for number, (line, following) in enumerate(pairwise(self.lines))
            if self.marked[number] == self.marked[number + 1]
            and (_is_cut(line, following) or _is_full(line, following, width))
        ]

    @property
    def is_wrapped(self) -> bool:
        """Whether the block by itself shows that it was wrapped."""
        if self.width not in _WIDTHS:
            return False
        soft = self.soft(self.width)
        cut = sum(_is_open(line) for line in soft)
        if len(self.lines) == _FEWEST:
            return cut == 1 and _is_cut(*self.lines)
        return len(soft) >= _FEWEST and cut * _CUT_SHARE >= len(soft)


def join_lines(text: str) -> str:
    """The text, as long as before, with blanks for line ends within a paragraph and for markers of quoted lines."""
    plain = _MARKER.sub(lambda marker: " " * len(marker.group()), text)
    if "\n" not in plain.replace("\n\n", ""):
        return plain
    pieces, at = [], 0
    for end in _soft_ends([_lines(text, plain, block) for block in _BLOCK.finditer(plain)]):
        pieces.append(plain[at:end])
        at = end + 1
    return " ".join([*pieces, plain[at:]])


def _lines(text: str, plain: str, block: re.Match[str]) -> _Lines:
    lines = list(_LINE.finditer(plain, *block.span()))
    marked = [text.startswith(">", line.start()) for line in lines]
    return _Lines(lines, marked, max(len(line.group().strip()) for line in lines))


def _soft_ends(blocks: list[_Lines]) -> Iterator[int]:
    """The offsets of line ends within paragraphs; a block that shows nothing by itself is as wide as the others."""
    wrapped = [block.is_wrapped for block in blocks]
    widest = max((block.width for block, sure in zip(blocks, wrapped, strict=True) if sure), default=0)
    for block, sure in zip(blocks, wrapped, strict=True):
        if sure or block.width <= widest * _RAGGED:
            yield from (line.end() for line in block.soft(block.width if sure else max(block.width, widest)))


def _is_open(line: re.Match[str]) -> bool:
    """Whether a line ends within a sentence."""
    return not _SENTENCE_END.search(line.group().rstrip())


def _is_cut(line: re.Match[str], following: re.Match[str]) -> bool:
    """Whether a line breaks off within a sentence: in lower case the next one goes on, or a little word is its last."""
    if not _is_open(line) or _ITEM.match(following.group().lstrip()):
        return False
    last = line.group().rstrip().rpartition(" ")[2]
    return following.group().lstrip()[:1].islower() or (last.islower() and last in FUNCTION_WORDS)


def _is_full(line: re.Match[str], following: re.Match[str], width: int) -> bool:
    """Whether the first word of the line that follows would not have fitted on a line."""
    behind = following.group().lstrip()
    word = behind[:_LONGEST_WORD].split(" ", 1)[0]
    return len(line.group().strip()) + 1 + len(word) > width and not _ITEM.match(behind)

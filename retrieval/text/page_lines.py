"""Finds the lines of a text that are its site's and not its own: they stand on several other pages of the site."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from retrieval.text.boilerplate import SENTENCE_END, fold_line
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES: Final = 50
_PAGES: Final = 2
_PAGES_OF_A_SENTENCE: Final = 4
"""More, because newspapers repeat the background of a story."""
_SHARE: Final = 0.5
"""Of its lines; a page that shares more is another edition of the same text."""
_LONGEST: Final = 300
_FEWEST_WORDS: Final = 3
_QUOTED: Final = frozenset('“”"„«»「」')


def page_lines(text: str, others: Sequence[str]) -> tuple[str, ...]:
    """The lines of `text` that stand in several `others` of its site, folded, without a quotation and not long."""
    lines = _lines(text)
    own = set(lines.values())
    elsewhere = [own.intersection(_lines(other).values()) for other in others]
    counts = Counter(line for common in elsewhere if len(common) <= _SHARE * len(own) for line in common)
    found = (folded for line, folded in lines.items() if counts[folded] >= _needed(line))
    return tuple(dict.fromkeys(found))[:MOST_LINES]


def _needed(line: str) -> int:
    return _PAGES_OF_A_SENTENCE if SENTENCE_END.search(line) else _PAGES


def _lines(text: str) -> dict[str, str]:
    """Short lines of at least three words without quotations, with their folded words."""
    return {
        line: fold_line(line)
        for line in text.split("\n")
        if len(line) <= _LONGEST and _QUOTED.isdisjoint(line) and count_words(line) >= _FEWEST_WORDS
    }

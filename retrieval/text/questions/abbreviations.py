"""Common abbreviations of names in news and what they stand for: `U.N.` is the United Nations.

A small table of analysed words; all other synonyms are left to the embedder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from retrieval.text.words import analyse, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

Abbreviation: TypeAlias = tuple[str, frozenset[str]]
"""The short form, and the words of the long form; all analysed."""

_ABBREVIATIONS: tuple[Abbreviation, ...] = tuple(
    (analyse(short)[0], frozenset(analyse(long)))
    for short, long in (line.split(maxsplit=1) for line in read_lines("acronyms"))
)


def find_abbreviations(words: AbstractSet[str]) -> tuple[Abbreviation, ...]:
    """The known abbreviations whose short form, or whole long form, is among the analysed `words`."""
    return tuple((short, long) for short, long in _ABBREVIATIONS if short in words or long <= words)


def with_abbreviations(words: frozenset[str], abbreviations: Iterable[Abbreviation]) -> frozenset[str]:
    """`words` plus the other form of each of `abbreviations` that they hold."""
    for short, long in abbreviations:
        if short in words:
            words |= long
        elif long <= words:
            words |= {short}
    return words

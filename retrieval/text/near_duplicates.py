"""Detects near duplicates: a report that several outlets carry, or a re-filed one.

By the overlap of word sequences (shingles; Broder, Sequences 1997): high for copies with small changes, near zero for
two reports of one event in different words.
"""

from __future__ import annotations

from typing import TypeAlias

from retrieval.text.words import analyse

Shingles: TypeAlias = frozenset[tuple[str, ...]]

_LENGTH = 3
_SAME = 0.5


def shingles(text: str) -> Shingles:
    """Every run of three analysed words; the whole text where it has fewer."""
    words = analyse(text)
    starts = range(max(len(words) - _LENGTH + 1, 1))
    return frozenset(tuple(words[start : start + _LENGTH]) for start in starts)


def same_story(one: Shingles, other: Shingles) -> bool:
    """Whether two texts have a Jaccard similarity of shingles of at least 0.5."""
    shared = len(one & other)
    return shared >= _SAME * (len(one) + len(other) - shared)

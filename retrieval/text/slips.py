"""The spellings that are one slip away: a letter swapped with the next, doubled, left out, added or replaced."""

from __future__ import annotations

from itertools import chain
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LONGEST: Final = 20
"""Letters of the longest word that has near ones."""

_VOWELS: Final = frozenset("aeiouy")
_LEFT_OUT, _ADDED, _REPLACED, _OTHER_KIND, _FIRST, _TWICE = 0.2, 1.0, 1.5, 2.5, 1.2, 2.5
"""How unlikely slips are, where swapping and doubling letters count 0; `_FIRST` is added for a word's first letter."""


def near_words(word: str) -> Mapping[str, float]:
    """The spellings that are one slip away from a word in small letters, with how unlikely the slip is.

    None for a word that is longer than any.
    """
    near: dict[str, float] = {}
    if len(word) > LONGEST:
        return near
    for spelling, cost in chain(_shorter(word), _longer(word), _of_same_length(word)):
        if spelling and spelling != word:
            near[spelling] = min(cost, near.get(spelling, cost))
    return near


def twice_near(word: str, others: Iterable[str]) -> Mapping[str, float]:
    """Those of some other words that are two slips away, with how unlikely that is."""
    once = near_words(word).keys()
    return {other: _TWICE for other in others if not once.isdisjoint(near_words(other))}


def _shorter(word: str) -> Iterator[tuple[str, float]]:
    for place, letter in enumerate(word):
        doubled = letter in (word[place - 1 : place], word[place + 1 : place + 2])
        yield word[:place] + word[place + 1 :], 0.0 if doubled else _ADDED + _at(place)


def _longer(word: str) -> Iterator[tuple[str, float]]:
    for place in range(len(word) + 1):
        for letter in ascii_lowercase:
            yield word[:place] + letter + word[place:], _LEFT_OUT + _at(place) / 2


def _of_same_length(word: str) -> Iterator[tuple[str, float]]:
    for place, letter in enumerate(word):
        yield word[:place] + word[place + 1 : place + 2] + letter + word[place + 2 :], _at(place) / 2
        for other in ascii_lowercase:
            alike = (letter in _VOWELS) == (other in _VOWELS)
            yield word[:place] + other + word[place + 1 :], (_REPLACED if alike else _OTHER_KIND) + _at(place)


def _at(place: int) -> float:
    return 0.0 if place else _FIRST

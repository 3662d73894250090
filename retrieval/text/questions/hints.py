"""Which publisher, and which days, a question's own words point to: "the Reuters story", "on Monday", "in March 2024".

Hints, never a filter: ranking prefers an article that fits, and a misread word loses nothing else. Only publishers that
the archive knows are recognised, and only where the words around them make them a source: "who bought CNN" is about it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.text.dates import Days, find_days
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import datetime

_LONGEST_NAME = 6
"""Words that a publisher's name may have in a question."""

_REMEMBERED = 4096  # question after question meets the same publishers

_WORD = re.compile(r"[\w&'’.-]*\w")
_BEFORE = re.compile(
    r"\b(?:according to|(?:as )?(?:reported|published|written|told) (?:by|in|on)|as per)\s++", re.IGNORECASE
)
_BEFORE_CAPITAL = re.compile(r"\b(?i:from|by|in|on|to)\s+(?=(?:[Tt]he\s+)?[A-Z])")
_AND = re.compile(r",?\s++(?:and|or)\s+", re.IGNORECASE)
_AFTER = re.compile(
    r"(?<!\s)\s++(?:stor(?:y|ies)|articles?|reports?|piece|interview|coverage|reporters?|investigation|editorial|says?|said|"
    r"reported|writes?|wrote|claim(?:s|ed)?)\b",
    re.IGNORECASE,
)
_SITE = re.compile(r"^www\.|\.(?:com?|org|net|news|info|tv)(?:\.[a-z]{2})?$|\.[a-z]{2}$", re.IGNORECASE)
_SECTION = re.compile(r"(?<!\s)\s++[-–—|:]\s++.*$")
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_NEWS = re.compile(r"(?<!\s)\s++(?:news|online)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hints:
    """What a question's words point to: any of `publishers`, any of `days`.

    `aside` are the places, as start and end in the question, of words that say nothing else.
    """

    publishers: frozenset[str] = frozenset()
    days: tuple[Days, ...] = ()
    aside: tuple[tuple[int, int], ...] = ()

    @property
    def of_sources(self) -> bool:
        """Whether they point to some articles rather than to others."""
        return bool(self.publishers or self.days)

    def from_publisher(self, publisher: str | None) -> float:
        """1 where the publisher is one that the question names, else 0."""
        return float(publisher in self.publishers)

    def of_days(self, published_at: datetime | None) -> float:
        """1 for an article of days that the question names, .5 of such as come again, a Monday; else 0.

        0 for one without a date as well.
        """
        if published_at is None or not self.days:
            return 0.0
        published = published_at.date()
        return max((0.5 if days.recur else 1.0 for days in self.days if days.includes(published)), default=0.0)

    def without(self, question: str) -> str:
        """The question with blanks where its words are aside; whole where no letter would be left."""
        characters = list(question)
        for start, end in self.aside:
            characters[start:end] = " " * (end - start)
        left = "".join(characters)
        return left if any(character.isalnum() for character in left) else question


NO_HINTS = Hints()


def hints(question: str, publishers: Iterable[str], now: datetime) -> Hints:
    """What `question` points to, asked at `now`, in an archive that knows `publishers`."""
    named = list(_sources(question, publishers))
    meant = list(find_days(question, now.date()))
    return Hints(
        publishers=frozenset(publisher for found, _ in named for publisher in found),
        days=tuple(days for days, _ in meant),
        aside=(*(place for _, place in named), *(place for _, place in meant if place)),
    )


def _sources(question: str, publishers: Iterable[str]) -> Iterator[tuple[AbstractSet[str], tuple[int, int]]]:
    """The publishers named as a source, and the place of their name with the words that make it one."""
    ahead = [*_BEFORE.finditer(question), *_BEFORE_CAPITAL.finditer(question)]
    behind = list(_AFTER.finditer(question))
    if not ahead and not behind:
        return
    known = _known(publishers)
    words = list(_WORD.finditer(question))
    for cue in ahead:
        begun, first = cue.start(), cue.end()
        while first:
            place = bisect_left(words, first, key=re.Match.start)
            following = [word.end() for word in words[place : place + _LONGEST_NAME]]
            end = next((end for end in reversed(following) if _key(question[first:end]) in known), 0)
            if end:
                yield known[_key(question[first:end])], (begun, end)
            another = _AND.match(question, end) if end else None
            begun, first = end, another.end() if another else 0
    for cue in behind:
        place = bisect_right(words, cue.start(), key=re.Match.end)
        leading = [word.start() for word in words[max(0, place - _LONGEST_NAME) : place]]
        for start in leading:
            found = known.get(_key(question[start : cue.start()]))
            if found:
                yield found, (start, cue.end())
                break


def _known(publishers: Iterable[str]) -> Mapping[str, AbstractSet[str]]:
    """By every way to write it, squeezed to letters and digits, whom it means."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for publisher in publishers:
        for key in _keys(publisher):
            known[key].add(publisher)
    return known


@lru_cache(_REMEMBERED)
def _keys(publisher: str) -> frozenset[str]:
    """`The New York Times`: newyorktimes, nyt; `BBC News - World`: bbcnews, bbc; `cnn.com`: cnn."""
    whole = _SITE.sub("", _SITE.sub("", _SECTION.sub("", publisher.strip())))
    words = _ARTICLE.sub("", whole).split()
    initials = "".join(word[0] for word in words) if len(words) > 1 else ""
    return frozenset(key for key in (_key(whole), _key(_NEWS.sub("", whole)), _key(initials)) if len(key) > 1)


def _key(name: str) -> str:
    bare = re.sub(r"['’]s?$", "", _ARTICLE.sub("", name.strip()))
    return "".join(character for character in search_key(_SITE.sub("", bare)) if character.isalnum())

"""The publishers and the time that a question names: "the Reuters story", "on Monday", "in March 2024", "the latest".

Ranking prefers articles that fit, so that a misread word loses nothing; an answer that does not fit the time says so.
Only publishers of the archive are recognised, and only where the words around them make them a source: "who bought CNN"
is about CNN.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.domain.answers import TimeDoubt
from retrieval.text.dates import Days, find_days, shifted
from retrieval.text.questions.newest import find_newest, without_names
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import datetime

_LONGEST_NAME = 6
"""The most words of a publisher's name in a question."""

_CACHE_SIZE = 4096  # publishers

_NEW = timedelta(days=31)
"""How old the newest article may be without a word about it."""

_OVERNIGHT = timedelta(days=1)
"""Members and papers live in other time zones: what is yesterday's here may be today's there."""

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
    """The publishers and the time that a question names, `asked_on` a day.

    `since` is the first day of times told from that day ("this week"); `newest`: it wants the newest article. `aside`
    are the (start, end) in the question of words that have no other meaning.
    """

    publishers: frozenset[str] = frozenset()
    days: tuple[Days, ...] = ()
    aside: tuple[tuple[int, int], ...] = ()
    since: date | None = None
    newest: bool = False
    asked_on: date = date.min

    @property
    def of_sources(self) -> bool:
        """Whether any article is preferred over others."""
        return bool(self.publishers or self.days or self.newest)

    def is_before(self, published_at: datetime | None) -> bool:
        """Whether an article appeared before the time that is asked about, and so cannot tell of it."""
        if self.since is None or published_at is None:
            return False
        return published_at.date() < shifted(self.since, -_OVERNIGHT)

    def doubt(self, published_at: datetime | None, text: str) -> TimeDoubt | None:
        """Why a passage may tell of another time than is asked about; None where nothing speaks for that."""
        if published_at is None:
            return TimeDoubt.UNDATED if self.newest or self.since else None
        if self.newest and published_at.date() < shifted(self.asked_on, -_NEW):
            return TimeDoubt.NEWEST_IS_OLD
        named = [days for days in self.days if days.first != date.min]
        if self.since or not named or any(days.is_near(published_at.date(), _NEW) for days in named):
            return None
        return None if any(str(days.first.year) in text for days in named) else TimeDoubt.OTHER_TIME

    def from_publisher(self, publisher: str | None) -> float:
        """1 for a publisher that the question names, else 0."""
        return float(publisher in self.publishers)

    def of_days(self, published_at: datetime | None) -> float:
        """1 for an article of a day that the question names, .5 for a recurring one (a Monday), else 0."""
        if published_at is None or not self.days:
            return 0.0
        published = published_at.date()
        return max((0.5 if days.recur else 1.0 for days in self.days if days.includes(published)), default=0.0)

    def without(self, question: str) -> str:
        """The question with the words `aside` blanked out; unchanged where no letter would be left."""
        characters = list(question)
        for start, end in self.aside:
            characters[start:end] = " " * (end - start)
        left = "".join(characters)
        return left if any(character.isalnum() for character in left) else question


NO_HINTS = Hints()


def hints(question: str, publishers: Iterable[str], now: datetime) -> Hints:
    """The hints in `question`, asked at `now`, about an archive with these `publishers`."""
    sources = list(_sources(question, publishers))
    outside, newest = without_names(question), list(find_newest(question))
    dated = [
        (days, place)
        for days, place in find_days(question, now.date())
        if place is None or outside[slice(*place)] == question[slice(*place)]
    ]
    return Hints(
        publishers=frozenset(publisher for names, _ in sources for publisher in names),
        days=tuple(days for days, _ in dated),
        aside=(*(place for _, place in sources), *(place for _, place in dated if place), *newest),
        since=min((days.first for days, place in dated if place), default=None),
        newest=bool(newest),
        asked_on=now.date(),
    )


def _sources(question: str, publishers: Iterable[str]) -> Iterator[tuple[AbstractSet[str], tuple[int, int]]]:
    """Yield the publishers named as a source, with the place of the name and of the words that make it one."""
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
            names = known.get(_key(question[start : cue.start()]))
            if names:
                yield names, (start, cue.end())
                break


def _known(publishers: Iterable[str]) -> Mapping[str, AbstractSet[str]]:
    """The publishers meant by each way to write a name, reduced to letters and digits."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for publisher in publishers:
        for key in _keys(publisher):
            known[key].add(publisher)
    return known


@lru_cache(_CACHE_SIZE)
def _keys(publisher: str) -> frozenset[str]:
    """`The New York Times`: newyorktimes, nyt; `BBC News - World`: bbcnews, bbc; `cnn.com`: cnn."""
    whole = _SITE.sub("", _SITE.sub("", _SECTION.sub("", publisher.strip())))
    words = _ARTICLE.sub("", whole).split()
    initials = "".join(word[0] for word in words) if len(words) > 1 else ""
    return frozenset(key for key in (_key(whole), _key(_NEWS.sub("", whole)), _key(initials)) if len(key) > 1)


def _key(name: str) -> str:
    bare = re.sub(r"['’]s?$", "", _ARTICLE.sub("", name.strip()))
    return "".join(character for character in search_key(_SITE.sub("", bare)) if character.isalnum())

"""Everybody whom a reader can see quoted, kept up with the archive: only what has changed is told anew.

What an article tells is read once for all readers; a circle of names that is the same for two readers is there once.
What comes out is exactly what would be told from nothing, whatever was kept: nothing here knows what happened, it only
compares what is visible and decided now with what was.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, insort
from collections import OrderedDict
from operator import attrgetter
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import sqlalchemy as sa

from retrieval.archive.articles.rows import visible_to
from retrieval.archive.change_feed import last_sequence
from retrieval.archive.schema import articles
from retrieval.archive.speakers import mentions, overrides
from retrieval.archive.speakers.name_blocks import circles, endings_of, named_by
from retrieval.archive.speakers.persons import Overrides
from retrieval.domain.scope import Scope
from retrieval.text.names.names import lookup_key, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.archive.speakers.mentions import ArticleMentions
    from retrieval.archive.speakers.name_blocks import NameBlock
    from retrieval.archive.speakers.persons import Person
    from retrieval.domain.ids import CollectionId
    from retrieval.domain.overrides import Override
    from retrieval.domain.quotations import SpeakerEntry

KEPT: Final = 8
"""How many are kept; readers who see the same share one."""
READERS: Final = 256
"""For how many readers it is remembered which is theirs."""

_FEW: Final = 8
_WORD: Final = re.compile(r"[^\W_]+")


class SpeakerDirectory:
    """Everybody whom a reader can see quoted, most quoted first, then by name. It never changes."""

    def __init__(
        self,
        told: Mapping[int, ArticleMentions],
        decided: Overrides,
        circles: Mapping[str, NameBlock],
        of_number: Mapping[int, NameBlock],
        people: tuple[Person, ...],
    ) -> None:
        self.told = told
        self.decided = decided
        self.circles = circles
        """By each of their endings."""
        self.people = people
        self._of_number = of_number

    @property
    def entries(self) -> tuple[SpeakerEntry, ...]:
        """A line for each."""
        return tuple(person.entry for person in self.people)

    @property
    def rules(self) -> tuple[Override, ...]:
        """The decisions that count, the shared ones first."""
        return self.decided.rules

    def known(self, speaker_id: int) -> Person | None:
        """The person of that number, or whom the name of that number belongs to now."""
        circle = self._of_number.get(speaker_id)
        return None if circle is None else circle.known(speaker_id)

    def said(self, speaker_id: int, article: int) -> Person | None:
        """Who is quoted in an article under a stored name."""
        circle = self._of_number.get(speaker_id)
        return None if circle is None else circle.said((speaker_id, article))

    def matching(self, typed: str) -> Iterator[SpeakerEntry]:
        """Whom a name or a part of one may mean, one after the other as they are found."""
        near: Sequence[Person] = self.people
        for part in _WORD.findall(lookup_key(typed)):
            near = [one for one in near if part in one.typed]
        for one in near:
            speaker = one.entry.speaker
            if any(matches(typed, name) for name in (speaker.name, *speaker.aliases)):
                yield one.entry

    def changed(
        self, now: Mapping[int, ArticleMentions], decided: Overrides, others: Iterable[SpeakerDirectory] = ()
    ) -> SpeakerDirectory:
        """Everybody where this is what articles tell and what is decided `now`; `others` may know some of it."""
        touched = self._touched(now, decided)
        stale = {self.circles[ending] for ending in touched if ending in self.circles}
        pool = [one for circle in stale for one in circle.told if one.article in now]
        pool += [one for id_ in now.keys() - self.told.keys() for one in now[id_].told]
        pool.sort(key=attrgetter("order"))
        fresh = list(circles(pool, now, decided, [other.circles for other in (self, *others)]))
        return self._with(now, decided, stale, fresh)

    def _touched(self, now: Mapping[int, ArticleMentions], decided: Overrides) -> set[str]:
        """The endings of all names in articles that came or went, and in decisions that are not as they were."""
        came, went = now.keys() - self.told.keys(), self.told.keys() - now.keys()
        lists = [*(now[id_].told for id_ in came), *(self.told[id_].told for id_ in went)]
        names = {one.key for some in lists for one in some}
        rules = set(self.decided.rules) ^ set(decided.rules)
        return set[str]().union(*map(endings_of, names), *map(named_by, rules))

    def _with(
        self,
        now: Mapping[int, ArticleMentions],
        decided: Overrides,
        gone: AbstractSet[NameBlock],
        fresh: Sequence[NameBlock],
    ) -> SpeakerDirectory:
        """These persons without some circles, and with others."""
        by_ending, of_number = dict(self.circles), dict(self._of_number)
        for circle in gone:
            for ending in circle.endings:
                del by_ending[ending]
            for number in circle.numbers():
                del of_number[number]
        for circle in fresh:
            by_ending.update(dict.fromkeys(circle.endings, circle))
            of_number.update(dict.fromkeys(circle.numbers(), circle))
        left = [person for circle in gone for person in circle.people]
        new = [person for circle in fresh for person in circle.people]
        return SpeakerDirectory(now, decided, by_ending, of_number, _in_order(self.people, left, new))


def _in_order(people: Sequence[Person], left: Sequence[Person], new: Sequence[Person]) -> tuple[Person, ...]:
    """People, most quoted first, without some of them and with others; a few are put in without a look at the rest."""
    rank = attrgetter("rank")
    if len(left) + len(new) > len(people) / _FEW:
        gone = set(map(id, left))
        return tuple(sorted([*(one for one in people if id(one) not in gone), *new], key=rank))
    order = list(people)
    for one in left:
        del order[bisect_left(order, one.rank, key=rank)]
    for one in new:
        insort(order, one, key=rank)
    return tuple(order)


_NOBODY: Final = SpeakerDirectory({}, Overrides(), {}, {}, ())
_NO_SERVER: Final = Scope()


class SpeakerDirectories:
    """The last readers' persons, each made out of those that are nearest to them. Thread-safe."""

    def __init__(self) -> None:
        self._of_reader: OrderedDict[Scope, tuple[object, SpeakerDirectory]] = OrderedDict()
        self._lock = threading.Lock()
        self._turns: WeakValueDictionary[tuple[CollectionId, ...], threading.Lock] = WeakValueDictionary()

    def of(self, connection: sa.Connection, scope: Scope) -> SpeakerDirectory:
        """The persons of a reader as of now; those of all servers begin with those of the shared collection."""
        state = last_sequence(connection), overrides.state(connection, scope.collections)
        with self._lock:
            known = self._of_reader.get(scope)
            if known is not None and known[0] == state:
                self._of_reader.move_to_end(scope)
                return known[1]
        if scope.server is not None:
            self.of(connection, _NO_SERVER)
        seen = set(connection.scalars(sa.select(articles.c.id).where(visible_to(scope))).all())
        rules = overrides.in_force(connection, scope.collections)
        decided = Overrides(rules, overrides.articles_of(connection, scope, Overrides(rules).parts()))
        with self._turn(scope):  # who waits finds most of it told
            with self._lock:
                kept = tuple({known for _, known in self._of_reader.values()})
            found = _found(connection, seen, decided, kept)
            with self._lock:
                self._keep(scope, state, found)
        return found

    def _turn(self, scope: Scope) -> threading.Lock:
        """Held while the persons of a server are found: whoever asks for another server does not wait."""
        with self._lock:
            return self._turns.setdefault(scope.collections, threading.Lock())

    def _keep(self, scope: Scope, state: object, found: SpeakerDirectory) -> None:
        self._of_reader[scope] = state, found
        self._of_reader.move_to_end(scope)
        while len(self._of_reader) > READERS or len({known for _, known in self._of_reader.values()}) > KEPT:
            self._of_reader.popitem(last=False)


def _found(
    connection: sa.Connection, seen: AbstractSet[int], decided: Overrides, kept: Sequence[SpeakerDirectory]
) -> SpeakerDirectory:
    """The persons of whoever sees these articles, out of those that are kept and what is not told there yet."""
    nearest = min((*kept, _NOBODY), key=lambda known: _distance(known, seen, decided))
    if nearest.told.keys() == seen and nearest.decided == decided:
        return nearest
    now = dict(nearest.told)
    for id_ in nearest.told.keys() - seen:
        del now[id_]
    for known in kept:
        now.update({id_: known.told[id_] for id_ in (seen - now.keys()) & known.told.keys()})
    now.update(mentions.read(connection, seen - now.keys()))
    return nearest.changed(now, decided, kept)


def _distance(known: SpeakerDirectory, seen: AbstractSet[int], decided: Overrides) -> int:
    """How many articles and decisions there are that only the one sees, or only the other."""
    shared = len(seen & known.told.keys())
    return len(seen) + len(known.told) - 2 * shared + len(set(known.decided.rules) ^ set(decided.rules))

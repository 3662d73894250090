"""The persons whom a scope can see quoted, kept up to date: only changed name blocks are resolved anew.

The mentions of an article are read once for all scopes, and scopes share equal name blocks. The result is always what
would be resolved from nothing: what is visible and in force now is compared with what it was.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, insort
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import sqlalchemy as sa

from retrieval.archive.articles.rows import visible_to
from retrieval.archive.change_feed import last_changes
from retrieval.archive.schema import articles
from retrieval.archive.speakers import correcting, mentions, overrides
from retrieval.archive.speakers.clustering import split_key
from retrieval.archive.speakers.corrections import by_article
from retrieval.archive.speakers.name_blocks import blocking_keys, blocking_keys_of, name_blocks
from retrieval.archive.speakers.persons import ActiveOverrides
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.scope import Scope
from retrieval.text.names import roles
from retrieval.text.names.entity_matching import last_name
from retrieval.text.names.names import lookup_key, matches, name_key
from retrieval.text.slips import near_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.archive.speakers.corrections import Corrections
    from retrieval.archive.speakers.mentions import ArticleMentions, Version
    from retrieval.archive.speakers.name_blocks import NameBlock
    from retrieval.archive.speakers.persons import Person
    from retrieval.domain.ids import CollectionId
    from retrieval.domain.overrides import Override
    from retrieval.domain.quotations import SpeakerEntry

DIRECTORIES: Final = 8
"""How many directories are kept; scopes that see the same share one."""
SCOPES: Final = 256
"""For how many scopes it is remembered which directory is theirs."""
_FEW: Final = 8
_MISSPELT: Final = 4
"""Letters of the shortest word of a name that may be misspelt."""
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, eq=False)
class SpeakerDirectory:
    """The persons whom a scope can see quoted, most quoted first, then by name.

    `mentions` are by article, `blocks` by each of their blocking keys. `corrections` are in the mentions already.
    """

    mentions: Mapping[int, ArticleMentions]
    active: ActiveOverrides
    blocks: Mapping[str, NameBlock]
    _block_of_id: Mapping[int, NameBlock]
    persons: tuple[Person, ...]
    corrections: Corrections = field(default_factory=dict)

    @property
    def entries(self) -> tuple[SpeakerEntry, ...]:
        """What lists show of each person, in the order of `persons`."""
        return tuple(person.entry for person in self.persons)

    def person(self, speaker_id: int) -> Person | None:
        """Return the person with an id, or to whom the name with that id belongs now."""
        block = self._block_of_id.get(speaker_id)
        return None if block is None else block.person(speaker_id)

    def person_in(self, speaker_id: int, article: int) -> Person | None:
        """Return the person who is quoted in an article under a stored name."""
        block = self._block_of_id.get(speaker_id)
        return None if block is None else block.person_in((speaker_id, article))

    def overrides_of(self, person: Person) -> tuple[Override, ...]:
        """Return the overrides in force that are about a person."""
        keys = set(person.ids)
        return tuple(
            override
            for override in self.active.overrides
            if not keys.isdisjoint((override.key, override.other_key, split_key(override.id, override.key)))
        )

    def matching(self, typed: str) -> Iterator[SpeakerEntry]:
        """Yield whom a name or a part of one may mean, as they are found."""
        near: Sequence[Person] = self.persons
        for word in _WORD.findall(lookup_key(typed)):
            near = [person for person in near if word in person.typed]
        for person in near:
            speaker = person.entry.speaker
            if any(matches(typed, name) for name in (speaker.name, *speaker.aliases)):
                yield person.entry

    def near(self, typed: str) -> Iterator[SpeakerEntry]:
        """Yield whom a misspelt name may mean, which may be half typed too; a short word must be right."""
        typed_words = _WORD.findall(lookup_key(typed))
        near: Sequence[Person] = self.persons if typed_words else ()
        for word in typed_words:
            spellings = {word} if len(word) < _MISSPELT else {word, *near_words(word)}
            lengths = {len(spelling) for spelling in spellings}
            near = [
                person
                for person in near
                if any(each[:length] in spellings for each in _WORD.findall(person.typed) for length in lengths)
            ]
        yield from (person.entry for person in near)

    def holding(self, typed: str) -> Iterator[SpeakerEntry]:
        """Yield who holds the office that is typed, words half typed included, most quoted first.

        Where nobody does, or "former" is typed, it is who held it. "Spokeswoman" means "spokesman" too.
        """
        former = roles.without_former(typed)
        words = roles.role_words(former)
        near = [person for person in self.persons if all(word in person.offices for word in words)] if words else []
        held = [(person.entry, person.offices.split("\n")) for person in near]
        holders = [entry for entry, (now, *_) in held if roles.fits_office(typed, now)]
        yield from holders
        if not holders or former != typed:
            past = ((entry, before) for entry, (now, *before) in held if not roles.fits_office(former, now))
            yield from (
                entry
                for entry, before in past
                if entry not in holders and any(roles.fits_office(former, office) for office in before)
            )

    def with_name(self, name: str) -> Iterator[SpeakerEntry]:
        """Yield the speakers of a name, most quoted first: by an alias given by hand, else exactly, else by a part.

        A surname alone means everybody of that surname, whether or not articles print a first name.
        """
        key = name_key(name)
        if not key:
            return iter(())
        aliases = (each for each in self.active.overrides if each.kind is OverrideKind.ALIAS)
        given = {alias.key for alias in aliases if name_key(alias.other or "") == key}
        by_hand = [person.entry for person in self.persons if not given.isdisjoint(person.ids)] if given else []
        if by_hand:
            return iter(by_hand)
        exact = [entry for entry in self.entries if key in name_keys(entry)]
        if not exact:
            return self.matching(name)
        if " " in key:
            return iter(exact)
        ids = {entry.speaker.id for entry in exact}
        return (
            entry for entry in self.entries if entry.speaker.id in ids or last_name(name_key(entry.speaker.name)) == key
        )

    def updated(
        self,
        by_article: Mapping[int, ArticleMentions],
        active: ActiveOverrides,
        others: Iterable[SpeakerDirectory] = (),
    ) -> SpeakerDirectory:
        """Return the directory for the mentions and overrides given; `others` may have some of its blocks resolved."""
        changed = self._changed_keys(by_article, active)
        stale = {self.blocks[key] for key in changed if key in self.blocks}
        pool = [mention for block in stale for mention in block.mentions if mention.article in by_article]
        pool += [mention for id_ in by_article.keys() - self.mentions.keys() for mention in by_article[id_].mentions]
        pool.sort(key=attrgetter("order"))
        fresh = list(name_blocks(pool, by_article, active, [other.blocks for other in (self, *others)]))
        return self._with(by_article, active, stale, fresh)

    def _changed_keys(self, by_article: Mapping[int, ArticleMentions], active: ActiveOverrides) -> set[str]:
        """Return the blocking keys of all names in articles that came or went, and in overrides that did."""
        came, went = by_article.keys() - self.mentions.keys(), self.mentions.keys() - by_article.keys()
        changed = [*(by_article[id_] for id_ in came), *(self.mentions[id_] for id_ in went)]
        names = {mention.key for article in changed for mention in article.mentions}
        changed_overrides = set(self.active.overrides) ^ set(active.overrides)
        return set[str]().union(*map(blocking_keys, names), *map(blocking_keys_of, changed_overrides))

    def _with(
        self,
        by_article: Mapping[int, ArticleMentions],
        active: ActiveOverrides,
        stale: AbstractSet[NameBlock],
        fresh: Sequence[NameBlock],
    ) -> SpeakerDirectory:
        """Return this directory without some blocks and with others."""
        blocks, block_of_id = dict(self.blocks), dict(self._block_of_id)
        for block in stale:
            for key in block.keys:
                del blocks[key]
            for id_ in block.ids():
                del block_of_id[id_]
        for block in fresh:
            blocks.update(dict.fromkeys(block.keys, block))
            block_of_id.update(dict.fromkeys(block.ids(), block))
        removed = [person for block in stale for person in block.persons]
        new = [person for block in fresh for person in block.persons]
        return SpeakerDirectory(by_article, active, blocks, block_of_id, _in_order(self.persons, removed, new))


def name_keys(entry: SpeakerEntry) -> set[str]:
    """Return the folded names and aliases of a speaker."""
    return {name_key(name) for name in (entry.speaker.name, *entry.speaker.aliases)}


def _in_order(persons: Sequence[Person], removed: Sequence[Person], new: Sequence[Person]) -> tuple[Person, ...]:
    """Return sorted persons without some and with others; a few are inserted without a look at the rest."""
    rank = attrgetter("rank")
    if len(removed) + len(new) > len(persons) / _FEW:
        removed_ids = set(map(id, removed))
        return tuple(sorted([*(person for person in persons if id(person) not in removed_ids), *new], key=rank))
    order = list(persons)
    for person in removed:
        del order[bisect_left(order, person.rank, key=rank)]
    for person in new:
        insort(order, person, key=rank)
    return tuple(order)


_EMPTY: Final = SpeakerDirectory({}, ActiveOverrides(), {}, {}, ())


class DirectoryCache:
    """The directories of the last scopes, each made out of the nearest one that is kept. Thread-safe.

    With `disputed`, of scopes that see disputed quotations too; without, of those that do not.
    """

    def __init__(self, *, disputed: bool) -> None:
        self._disputed = disputed
        self._by_scope: OrderedDict[Scope, tuple[object, SpeakerDirectory]] = OrderedDict()
        self._lock = threading.Lock()
        self._turns: WeakValueDictionary[tuple[CollectionId, ...], threading.Lock] = WeakValueDictionary()

    def of(self, connection: sa.Connection, scope: Scope) -> SpeakerDirectory:
        """Return a scope's directory as of now; a server's begins with that of the shared collection."""
        state = last_changes(connection, scope), overrides.state(connection, scope.collections)
        with self._lock:
            cached = self._by_scope.get(scope)
            if cached is not None and cached[0] == state:
                self._by_scope.move_to_end(scope)
                return cached[1]
        if scope.server is not None:
            self.of(connection, Scope(disputed=self._disputed))
        corrections = correcting.in_force(connection, scope)
        numbers = {
            article: tuple(sorted(each.override.id for each in made.values()))
            for article, made in by_article(corrections).items()
        }
        read_by = sa.select(articles.c.id, articles.c.extractor).where(visible_to(scope))
        visible = {row.id: (row.extractor, numbers.get(row.id, ())) for row in connection.execute(read_by)}
        active = overrides.active(connection, scope)
        with self._turn(scope):  # a thread that waited finds most blocks resolved
            with self._lock:
                cached_directories = tuple({directory for _, directory in self._by_scope.values()})
            directory = self._directory(connection, visible, active, cached_directories, corrections)
            with self._lock:
                self._keep(scope, state, directory)
        return directory

    def _directory(
        self,
        connection: sa.Connection,
        visible: Mapping[int, Version],
        active: ActiveOverrides,
        cached: Sequence[SpeakerDirectory],
        corrections: Corrections,
    ) -> SpeakerDirectory:
        """Return the directory of some articles and overrides, out of the cached ones and what has to be read."""
        nearest = min((*cached, _EMPTY), key=lambda directory: _distance(directory, visible.keys(), active))
        current = {id_: each for id_, each in nearest.mentions.items() if visible.get(id_) == each.version}
        same = len(current) == len(nearest.mentions) == len(visible) and nearest.active == active
        if same and nearest.corrections == corrections:
            return nearest
        if any(id_ in visible for id_ in nearest.mentions.keys() - current.keys()):  # they were read anew
            nearest = nearest.updated(dict(current), nearest.active)
        for directory in cached:
            known = (visible.keys() - current.keys()) & directory.mentions.keys()
            theirs = {id_: directory.mentions[id_] for id_ in known}
            current.update({id_: each for id_, each in theirs.items() if each.version == visible[id_]})
        unread = {id_: version for id_, version in visible.items() if id_ not in current}
        current.update(mentions.read(connection, unread, corrections, disputed=self._disputed))
        return replace(nearest.updated(current, active, cached), corrections=corrections)

    def _turn(self, scope: Scope) -> threading.Lock:
        """Return the lock of a server's collections; threads that ask for other servers do not wait."""
        with self._lock:
            return self._turns.setdefault(scope.collections, threading.Lock())

    def _keep(self, scope: Scope, state: object, directory: SpeakerDirectory) -> None:
        self._by_scope[scope] = state, directory
        self._by_scope.move_to_end(scope)
        while len(self._by_scope) > SCOPES or len({each for _, each in self._by_scope.values()}) > DIRECTORIES:
            self._by_scope.popitem(last=False)


def _distance(directory: SpeakerDirectory, visible: AbstractSet[int], active: ActiveOverrides) -> int:
    """Count the articles and overrides that are in one of the two alone."""
    both = len(visible & directory.mentions.keys())
    differing = set(directory.active.overrides) ^ set(active.overrides)
    return len(visible) + len(directory.mentions) - 2 * both + len(differing)

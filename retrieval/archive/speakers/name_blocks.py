"""Partitions names so that each block resolves independently of all others.

Two names can be one person's only where they share a blocking key, which is how they end, or where an override names
both. So an article that quotes a Smith changes the block of the Smiths and no other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.archive.speakers.clustering import UnionFind, base_key
from retrieval.archive.speakers.persons import ActiveOverrides, resolve_persons
from retrieval.domain.ids import SHARED
from retrieval.domain.overrides import OverrideKind
from retrieval.text.names import entity_matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrieval.archive.speakers.mentions import ArticleMentions, SpeakerMention, Unit
    from retrieval.archive.speakers.persons import Person
    from retrieval.domain.ids import CollectionId
    from retrieval.domain.overrides import Override

_OF_TWO_NAMES: Final = frozenset({OverrideKind.MERGE, OverrideKind.APART})


@dataclass(slots=True, eq=False)
class NameBlock:
    """The persons of some blocking keys. Immutable, but for an index that is made at the first look-up.

    Equal `keys`, `mentions` and `active` give equal persons.
    """

    keys: tuple[str, ...]
    mentions: tuple[SpeakerMention, ...]
    active: ActiveOverrides
    persons: tuple[Person, ...]
    _index: tuple[dict[Unit, Person], dict[int, Person]] | None = None

    def ids(self) -> set[int]:
        """Return every id under which one of its persons is known."""
        return {mention.unit[0] for mention in self.mentions}.union(*(person.ids.values() for person in self.persons))

    def person_in(self, unit: Unit) -> Person | None:
        """Return the person who is quoted in an article under a stored name."""
        return self._indexed()[0].get(unit)

    def person(self, speaker_id: int) -> Person | None:
        """Return the person with an id, or to whom the name with that id belonged when it was printed last."""
        return self._indexed()[1].get(speaker_id)

    def _indexed(self) -> tuple[dict[Unit, Person], dict[int, Person]]:
        if self._index is None:
            by_unit = {mention.unit: person for person in self.persons for mention in person.mentions}
            by_id = {mention.unit[0]: by_unit[mention.unit] for mention in self.mentions}
            by_id.update({id_: person for person in self.persons for id_ in person.ids.values()})
            self._index = by_unit, by_id
        return self._index


@dataclass(frozen=True, slots=True)
class SurelyNamed:
    """The blocking keys of whom an article surely quotes, and of whom overrides of each collection are about."""

    printed: frozenset[str]
    overridden: Mapping[CollectionId, frozenset[str]]

    def may_be(self, server: CollectionId, key: str) -> bool:
        """Whether a name may be that of somebody quoted, as a server sees it; quick, since no person is resolved."""
        nothing = frozenset[str]()
        overridden = self.overridden.get(server, nothing) | self.overridden.get(SHARED, nothing)
        reach = self.printed if self.printed.isdisjoint(overridden) else self.printed | overridden
        return not reach.isdisjoint(blocking_keys(key))


def surely_named(printed: Iterable[str], overridden: Mapping[CollectionId, Iterable[str]]) -> SurelyNamed:
    """Return the value for the folded names that an article prints, and those of overrides."""
    by_collection = {collection: _blocking_keys(names) for collection, names in overridden.items()}
    return SurelyNamed(_blocking_keys(printed), by_collection)


def _blocking_keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*map(blocking_keys, names))


def blocking_keys(key: str) -> frozenset[str]:
    """Return the blocking keys of a name, or of the name that a split key is of."""
    return entity_matching.blocking_keys(base_key(key) or key)


def blocking_keys_of(override: Override) -> frozenset[str]:
    """Return the blocking keys of the names that an override is about."""
    other = override.other_key if override.kind in _OF_TWO_NAMES else None
    return blocking_keys(override.key) | (blocking_keys(other) if other else frozenset())


def name_blocks(
    mentions: Sequence[SpeakerMention],
    articles: Mapping[int, ArticleMentions],
    active: ActiveOverrides,
    reusable: Sequence[Mapping[str, NameBlock]],
) -> Iterator[NameBlock]:
    """Partition `mentions`, which are in the order of time and hold all or nothing of each block.

    A block that is equal to one of the `reusable`, which are by blocking key, is taken from there.
    """
    partition = UnionFind()
    first = {key: partition.union(*blocking_keys(key)) for key in {mention.key for mention in mentions}}
    about = [(override, partition.union(*blocking_keys_of(override))) for override in active.overrides]
    members, overrides = defaultdict[str, list["SpeakerMention"]](list), defaultdict[str, list["Override"]](list)
    for mention in mentions:
        members[partition.find(first[mention.key])].append(mention)
    for override, key in about:
        overrides[partition.find(key)].append(override)
    keys = defaultdict[str, list[str]](list)
    for key, root in sorted(partition.representatives().items()):
        keys[root].append(key)
    for root, its_mentions in members.items():
        its_overrides = tuple(overrides.get(root, ()))
        split_articles: dict[int, frozenset[int]] = {
            override.id: active.articles[override.id] for override in its_overrides if override.id in active.articles
        }
        its_active = ActiveOverrides(its_overrides, split_articles)
        yield _block(tuple(keys[root]), tuple(its_mentions), its_active, articles, reusable)


def _block(
    keys: tuple[str, ...],
    mentions: tuple[SpeakerMention, ...],
    active: ActiveOverrides,
    articles: Mapping[int, ArticleMentions],
    reusable: Sequence[Mapping[str, NameBlock]],
) -> NameBlock:
    for blocks in reusable:
        same = blocks.get(keys[0])
        if same is not None and (same.keys, same.mentions, same.active) == (keys, mentions, active):
            return same
    units = {mention.unit for mention in mentions}
    joint = [
        (words, [unit for unit in its_units if unit in units])
        for article in dict.fromkeys(mention.article for mention in mentions)
        for words, its_units in articles[article].joint
    ]
    persons = tuple(resolve_persons(mentions, joint, active))
    return NameBlock(keys, persons[0].mentions if len(persons) == 1 else mentions, active, persons)

"""Groups stored names into persons: names split by override, names joined, surnames resolved by role.

A unit, which is a stored name in one article, has a key: the folded name, or a split key where an override splits it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from retrieval.text.names import entity_matching, roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.archive.speakers.mentions import SpeakerMention, Unit
    from retrieval.domain.ids import OverrideId
    from retrieval.domain.overrides import Override

_SPLIT = "#"
"""No folded name has it."""


class UnionFind:
    """Disjoint sets of texts, each represented by its first member in alphabetical order."""

    def __init__(self, items: Iterable[str] = ()) -> None:
        self._parent = {item: item for item in items}

    def find(self, item: str) -> str:
        """Return the representative of the set that an item is in; a new item is a set of its own."""
        while (parent := self._parent.setdefault(item, item)) != item:
            self._parent[item] = self._parent[parent]  # so that chains stay short
            item = parent
        return item

    def union(self, first: str, *others: str) -> str:
        """Make one set of those of all items; return its representative."""
        root = self.find(first)
        for other in others:
            root, below = sorted((root, self.find(other)))
            self._parent[below] = root
        return root

    def representatives(self) -> dict[str, str]:
        """Map each item to the representative of its set."""
        return {item: self.find(item) for item in self._parent}


def split_key(override_id: OverrideId, key: str) -> str:
    """Return the key of a person whom an override splits from a name."""
    return f"{key}{_SPLIT}{override_id}"


def base_key(key: str) -> str:
    """Return the folded name of a key."""
    return key.partition(_SPLIT)[0]


def split_number(key: str) -> int | None:
    """Return the number of the override that made a split key; None for a folded name."""
    number = key.rpartition(_SPLIT)[2] if _SPLIT in key else ""
    return int(number) if number else None


def keys_after_splits(
    mentions: Sequence[SpeakerMention], splits: Sequence[Override], articles: Mapping[int, frozenset[int]]
) -> dict[Unit, str]:
    """Return each unit's key; `articles` are those that a split is about, by its number."""
    keys = {mention.unit: mention.key for mention in mentions}
    roles_by_unit = _roles_by_unit(mentions) if splits else {}
    for override in splits:
        its_articles = articles.get(override.id, frozenset())
        for unit, key in keys.items():
            if key == override.key and (
                unit[1] in its_articles or _has_role(roles_by_unit.get(unit, ()), override.other_key)
            ):
                keys[unit] = split_key(override.id, key)
    return keys


def cluster(
    keys: dict[Unit, str], mentions: Sequence[SpeakerMention], assigned: Mapping[str, str | None]
) -> dict[str, str]:
    """Map each key to its person's representative key.

    Changes `keys`: a surname alone gets the key of the one person it fits. `assigned` maps a key to the key that an
    override merged it into; None: a person apart.
    """
    roles_by_key: dict[str, set[str]] = {key: set() for key in keys.values()}
    for mention in mentions:
        if mention.role:
            roles_by_key[keys[mention.unit]].add(mention.role)
    persons = UnionFind({*roles_by_key, *assigned, *(key for key in assigned.values() if key)})
    names = [
        entity_matching.KnownAs(key, frozenset(printed_roles))
        for key, printed_roles in roles_by_key.items()
        if _SPLIT not in key
    ]
    for first, second in entity_matching.same_person(names):
        if not any(key in assigned and assigned[key] is None for key in (first, second)):
            persons.union(first, second)
    for key, target in assigned.items():
        if target is not None:
            persons.union(key, target)
    _resolve_surnames(keys, mentions, persons, roles_by_key, assigned)
    return persons.representatives()


def _resolve_surnames(
    keys: dict[Unit, str],
    mentions: Sequence[SpeakerMention],
    persons: UnionFind,
    roles_by_key: Mapping[str, set[str]],
    assigned: Mapping[str, str | None],
) -> None:
    """Give what an article quotes under a surname alone to the one person of that surname whose role it prints."""
    bearers: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for key, printed_roles in roles_by_key.items():
        name = base_key(key)
        if " " in name:
            bearers[entity_matching.last_name(name)].setdefault(persons.find(key), set()).update(printed_roles)
    lone: dict[Unit, set[str]] = defaultdict(set)
    for mention in mentions:
        key = keys[mention.unit]
        if mention.role and " " not in key and _SPLIT not in key and key not in assigned:
            lone[mention.unit].add(mention.role)
    for unit, printed_roles in lone.items():
        bearer = entity_matching.resolve_surname(printed_roles, bearers.get(keys[unit], {}))
        if bearer is not None:
            keys[unit] = bearer


def _roles_by_unit(mentions: Sequence[SpeakerMention]) -> dict[Unit, set[str]]:
    roles_by_unit: dict[Unit, set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.role:
            roles_by_unit[mention.unit].add(mention.role)
    return roles_by_unit


def _has_role(printed_roles: Iterable[str], role: str | None) -> bool:
    return role is not None and any(roles.same_office(printed, role) for printed in printed_roles)

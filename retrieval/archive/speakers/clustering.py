"""Which stored names one reader's persons are made of: parts taken out, names joined, surnames given to their bearers.

Every name in an article stands under a key: its folded name, or that of a part which a decision took out of one.
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


def part_key(override_id: OverrideId, key: str) -> str:
    """What stands for a person whom a decision took apart, where others have a folded name; no name looks like it."""
    return f"{key}#{override_id}"


def keys_of(
    told: Sequence[SpeakerMention], parts: Sequence[Override], marked: Mapping[int, frozenset[int]]
) -> dict[Unit, str]:
    """Under which key each unit stands once the parts were taken out."""
    keys = {one.unit: one.key for one in told}
    printed = _roles_at(told) if parts else {}
    for rule in parts:
        about = marked.get(rule.id, frozenset())
        for unit, key in keys.items():
            if key == rule.key and (unit[1] in about or _has_role(printed.get(unit, ()), rule.other_key)):
                keys[unit] = part_key(rule.id, key)
    return keys


def _roles_at(told: Sequence[SpeakerMention]) -> dict[Unit, set[str]]:
    printed: dict[Unit, set[str]] = defaultdict(set)
    for one in told:
        if one.role:
            printed[one.unit].add(one.role)
    return printed


def _has_role(printed: Iterable[str], role: str | None) -> bool:
    return role is not None and any(roles.same_office(one, role) for one in printed)


def join(keys: dict[Unit, str], told: Sequence[SpeakerMention], assigned: Mapping[str, str | None]) -> dict[str, str]:
    """For every key the one that stands for its person; moves to another key what is told by a surname alone.

    `assigned` says of a key whose it is by hand: another's, or nobody else's.
    """
    printed: dict[str, set[str]] = {key: set() for key in keys.values()}
    for one in told:
        if one.role:
            printed[keys[one.unit]].add(one.role)
    joined = _Joined({*printed, *assigned, *(key for key in assigned.values() if key)})
    known = [entity_matching.KnownAs(key, frozenset(said)) for key, said in printed.items() if "#" not in key]
    for one_key, other in entity_matching.same_person(known):
        if not any(key in assigned and assigned[key] is None for key in (one_key, other)):
            joined.join(one_key, other)
    for key, other_key in assigned.items():
        if other_key is not None:
            joined.join(key, other_key)
    _lone(keys, told, joined, printed, assigned)
    return joined.roots()


def _lone(
    keys: dict[Unit, str],
    told: Sequence[SpeakerMention],
    joined: _Joined,
    printed: Mapping[str, set[str]],
    assigned: Mapping[str, str | None],
) -> None:
    """Give what an article says under a surname alone to the one person of that surname whose role it prints."""
    bearers: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for key, said in printed.items():
        name = key.partition("#")[0]
        if " " in name:
            bearers[entity_matching.last_name(name)].setdefault(joined.root(key), set()).update(said)
    said_here: dict[Unit, set[str]] = defaultdict(set)
    for one in told:
        key = keys[one.unit]
        if one.role and " " not in key and "#" not in key and key not in assigned:
            said_here[one.unit].add(one.role)
    for unit, here in said_here.items():
        whose = entity_matching.resolve_surname(here, bearers.get(keys[unit], {}))
        if whose is not None:
            keys[unit] = whose


class _Joined:
    """Keys in groups: each begins by itself."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._above = {key: key for key in keys}

    def root(self, key: str) -> str:
        while self._above[key] != key:
            key = self._above[key]
        return key

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self._above[second] = first

    def roots(self) -> dict[str, str]:
        return {key: self.root(key) for key in self._above}

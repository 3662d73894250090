"""The persons whom one reader can see quoted: names that belong together made one, namesakes set apart.

Made for each reader, out of visible articles and the decisions of the reader's own collections and nothing else:
so nobody's decisions or articles change what others see. In order of weight: decisions by hand, a server's own before
the shared ones, the later before the earlier; then `text.namesakes`; else each folded name is a speaker.

Pure: what the articles tell is read by `told`, and kept and followed by `rosters`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from retrieval.archive.speakers import clustering
from retrieval.domain.ids import SpeakerId
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.quotations import Speaker, SpeakerEntry
from retrieval.text.names import roles
from retrieval.text.names.names import lookup_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from retrieval.archive.speakers.mentions import SpeakerMention, Unit
    from retrieval.domain.overrides import Override

PARTS: Final = 2**48
"""Where the ids of speakers begin whom a decision took apart: this and the decision's own number."""

_NOTHING_MOVED: Final[Mapping[tuple[int, int], str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker as one reader sees them.

    `keys` are the folded names, with the number each had by itself; `key` is that of the name shown. `told` is in the
    order of time; `moved` says of what a decision took apart under which key it stands. `rank` puts persons in order,
    the most quoted first; `typed` is what is looked through for a half-typed name.
    """

    entry: SpeakerEntry
    key: str
    keys: Mapping[str, SpeakerId]
    told: tuple[SpeakerMention, ...]
    moved: Mapping[Unit, str]
    rank: tuple[int, str, int] = field(repr=False)
    typed: str = field(repr=False)

    @property
    def names(self) -> frozenset[SpeakerId]:
        """The stored names under which they are quoted."""
        return frozenset(SpeakerId(one.unit[0]) for one in self.told)

    @property
    def articles(self) -> frozenset[int]:
        """The articles that quote them."""
        return frozenset(one.unit[1] for one in self.told)

    def under(self, one: SpeakerMention) -> str:
        """The key that something is told under; one that is not among `keys` is a surname that others bear too."""
        return self.moved.get(one.unit, one.key)

    def printed(self) -> dict[int, tuple[str | None, str | None]]:
        """For each article the first role and the first rank that it prints."""
        found: dict[int, tuple[str | None, str | None]] = {}
        for one in self.told:
            role, rank = found.get(one.article, (None, None))
            found[one.article] = role or one.role, rank or one.rank
        return found


@dataclass(frozen=True, slots=True)
class Overrides:
    """The decisions that count, the weightier later; `marked` says which articles those about articles mean."""

    rules: tuple[Override, ...] = ()
    marked: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def parts(self) -> list[Override]:
        """Those that take a part of somebody out."""
        return [rule for rule in self.rules if rule.kind is OverrideKind.PART]

    def assigned(self) -> dict[str, str | None]:
        """Whose each key is: another's, or nobody else's."""
        kinds = {OverrideKind.MERGE, OverrideKind.APART}
        return {rule.key: rule.other_key for rule in self.rules if rule.kind in kinds}

    def aliases(self, keys: Iterable[str]) -> set[str]:
        """The further names that were given to some keys."""
        known = set(keys)
        given = (rule for rule in self.rules if rule.kind is OverrideKind.ALIAS and rule.key in known)
        return {rule.other for rule in given if rule.other}


def people(told: Sequence[SpeakerMention], together: Iterable[Sequence[Unit]], decided: Overrides) -> list[Person]:
    """Who is quoted in what is `told`, which is in the order of time; in no order that means anything.

    `together` are the units of quotations of several speakers: those count once for whoever two of them turn out to be.
    """
    keys = clustering.keys_of(told, decided.parts(), decided.marked)
    assigned = decided.assigned()
    root = clustering.join(keys, told, assigned)
    grouped: dict[str, list[SpeakerMention]] = defaultdict(list)
    for one in told:
        grouped[root[keys[one.unit]]].append(one)
    twice = Counter[str]()
    for units in together:
        named = Counter(root[keys[unit]] for unit in units)
        twice.update({one: times - 1 for one, times in named.items()})
    return [_person(group, keys, decided, assigned, twice[one]) for one, group in grouped.items()]


def _person(
    told: Sequence[SpeakerMention],
    keys: Mapping[Unit, str],
    decided: Overrides,
    assigned: Mapping[str, str | None],
    twice: int,
) -> Person:
    named = [(one, key) for one in told if _own(one, key := keys[one.unit])]
    mine = {key: _number(key, one.unit[0]) for one, key in named}
    key = _main(named, assigned) if len(mine) > 1 else next(iter(mine))
    shown = Counter(one.name for one, own in named if own == key)
    name = shown.most_common(1)[0][0] if len(shown) > 1 else next(iter(shown))
    names = {one.name for one in told} | decided.aliases(mine)
    held = roles.role_history(roles.PrintedRole(one.role, one.article, one.published_at) for one in told if one.role)
    speaker = Speaker(
        id=mine[key],
        name=name,
        role=roles.latest_role(held)
        or _latest(told, lambda one: one.role if one.role and roles.is_role(one.role) else None),
        aliases=tuple(sorted(names - {name})),
        rank=_latest(told, lambda one: one.rank),
        roles=held,
    )
    moved = {one.unit: own for one, own in named if own != one.key}
    entry = SpeakerEntry(speaker, sum(one.quotations for one in told) - twice)
    return Person(
        entry,
        key,
        mine,
        tuple(told),
        moved or _NOTHING_MOVED,
        rank=(-entry.quotations, name, speaker.id),
        typed=lookup_key("\n".join((name, *speaker.aliases))),
    )


def _latest(told: Sequence[SpeakerMention], printed: Callable[[SpeakerMention], str | None]) -> str | None:
    """The first of the last article that prints it; `told` is in the order of time."""
    last = next((one.article for one in reversed(told) if printed(one)), None)
    return next((text for one in told if one.article == last and (text := printed(one))), None)


def _number(key: str, speaker_id: int) -> SpeakerId:
    part = key.rpartition("#")[2] if "#" in key else ""
    return SpeakerId(PARTS + int(part) if part else speaker_id)


def _own(one: SpeakerMention, key: str) -> bool:
    """Whether something is told under the very name of the key, and not under a surname that was found to mean it."""
    return one.key == key.partition("#")[0]


def _main(named: Sequence[tuple[SpeakerMention, str]], assigned: Mapping[str, str | None]) -> str:
    """The key whose name is shown: what others were merged into, else the name in full that is quoted most."""
    weight = Counter[str]()
    for one, key in named:
        weight[key] += one.quotations
    targets = {assigned.get(key) for key in weight} - {key for key, other in assigned.items() if other is not None}
    return max(weight, key=lambda key: (key in targets, " " in key, weight[key], key))

"""The persons whom one reader can see quoted: names that belong together made one, namesakes set apart.

Made anew for each reader, out of visible articles and the decisions of the reader's own collections and nothing else:
so nobody's decisions or articles change what others see. In order of weight: decisions by hand, a server's own before
the shared ones, the later before the earlier; then `text.namesakes`; else each folded name is a speaker.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from retrieval.archive import joining, rulings
from retrieval.archive.identity import PRINTED
from retrieval.archive.rows import PUBLISHED, visible_to
from retrieval.archive.schema import articles, quotation_speakers, quotations, speaker_aliases, speakers
from retrieval.domain.ids import SpeakerId
from retrieval.domain.quotations import Speaker, SpeakerEntry
from retrieval.domain.rulings import RulingKind
from retrieval.text import roles
from retrieval.text.names import fold, matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from retrieval.domain.readers import Reader
    from retrieval.domain.rulings import Ruling

    Unit = tuple[int, int]
    """A stored speaker, and an article: all that is quoted there under that name is one person's."""

_WORD: Final = re.compile(r"[^\W_]+")
PARTS: Final = 2**48
"""Where the ids of speakers begin whom a decision took apart: this and the decision's own number."""


@dataclass(frozen=True, slots=True)
class Told:
    """How often one article quotes a stored speaker under one name, with one role and rank; `first` orders them."""

    unit: Unit
    key: str
    name: str
    role: str | None
    rank: str | None
    published_at: datetime | None
    dated: datetime
    first: int
    quotations: int

    @property
    def article(self) -> int:
        """Which article."""
        return self.unit[1]


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker as one reader sees them.

    `keys` are the folded names, with the number each had by itself; `key` is that of the name shown. `told` is in the
    order of time; `moved` says of what a decision took apart under which key it stands.
    """

    entry: SpeakerEntry
    key: str
    keys: Mapping[str, SpeakerId]
    told: tuple[Told, ...]
    moved: Mapping[Unit, str]

    @property
    def names(self) -> frozenset[SpeakerId]:
        """The stored names under which they are quoted."""
        return frozenset(SpeakerId(one.unit[0]) for one in self.told)

    @property
    def articles(self) -> frozenset[int]:
        """The articles that quote them."""
        return frozenset(one.unit[1] for one in self.told)

    def under(self, one: Told) -> str:
        """The key that something is told under; one that is not among `keys` is a surname that others bear too."""
        return self.moved.get(one.unit, one.key)

    def printed(self) -> dict[int, tuple[str | None, str | None]]:
        """For each article the first role and the first rank that it prints."""
        found: dict[int, tuple[str | None, str | None]] = {}
        for one in self.told:
            role, rank = found.get(one.article, (None, None))
            found[one.article] = role or one.role, rank or one.rank
        return found


class Persons:
    """Everybody whom a reader can see quoted, most quoted first, then by name."""

    def __init__(self, people: Iterable[Person], gone: Mapping[int, Unit], rules: tuple[Ruling, ...]) -> None:
        order = sorted(people, key=lambda one: (-one.entry.quotations, one.entry.speaker.name, one.entry.speaker.id))
        self.people = tuple(order)
        self.rules = rules
        self.entries = tuple(person.entry for person in order)
        self._typed = tuple(fold("\n".join((one.speaker.name, *one.speaker.aliases))) for one in self.entries)
        self._said = {one.unit: person for person in order for one in person.told}
        self._known = {id_: self._said[unit] for id_, unit in gone.items()}
        self._known.update({id_: person for person in order for id_ in person.keys.values()})

    def known(self, speaker_id: SpeakerId) -> Person | None:
        """The person of that number, or whom the name of that number belongs to now."""
        return self._known.get(speaker_id)

    def matching(self, typed: str) -> tuple[SpeakerEntry, ...]:
        """Whom a name or a part of one may mean."""
        parts = _WORD.findall(fold(typed))
        near = (one for one, text in zip(self.entries, self._typed, strict=True) if all(part in text for part in parts))
        return tuple(
            one for one in near if any(matches(typed, name) for name in (one.speaker.name, *one.speaker.aliases))
        )

    def said(self, speaker_id: int, article: int) -> Person | None:
        """Who is quoted in an article under a stored name."""
        return self._said.get((speaker_id, article))


@dataclass(frozen=True, slots=True)
class _Decided:
    """Whose each key is by hand, and which aliases it was given."""

    assigned: Mapping[str, str | None]
    given: Mapping[str, tuple[str, ...]]

    def aliases(self, keys: Iterable[str]) -> set[str]:
        """Those given by hand."""
        return {alias for key in keys for alias in self.given.get(key, ())}


def persons(connection: sa.Connection, reader: Reader) -> Persons:
    """The persons of a reader."""
    told = _told(connection, reader)
    rules = rulings.in_force(connection, reader.collections)
    parts = [rule for rule in rules if rule.kind is RulingKind.PART]
    keys = joining.keys_of(told, parts, rulings.articles_of(connection, reader, parts))
    assigned = {rule.key: rule.other_key for rule in rules if rule.kind in {RulingKind.MERGE, RulingKind.APART}}
    root = joining.join(keys, told, assigned)
    grouped: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        grouped[root[keys[one.unit]]].append(one)
    printed, twice = _aliases(connection, reader), Counter[str]()
    for units in _spoken_together(connection, reader):
        named = Counter(root[keys[unit]] for unit in units)
        twice.update({one: times - 1 for one, times in named.items()})
    given: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for rule in rules:
        if rule.kind is RulingKind.ALIAS and rule.other:
            given[rule.key] += (rule.other,)
    decided = _Decided(assigned, given)
    people = [_person(group, keys, decided, printed, twice[one]) for one, group in grouped.items()]
    return Persons(people, {one.unit[0]: one.unit for one in told}, rules)


def _told(connection: sa.Connection, reader: Reader) -> tuple[Told, ...]:
    spoken, first = quotation_speakers.c, sa.func.min(quotations.c.content_start * 16 + quotation_speakers.c.ordinal)
    each = (speakers.c.id, articles.c.id, speakers.c.key, PRINTED, spoken.role, spoken.rank)
    dates = sa.select(articles.c.id, articles.c.published_at, PUBLISHED).where(visible_to(reader))
    dated = {id_: (published, moment) for id_, published, moment in connection.execute(dates)}
    asked = (
        sa.select(*each, first, sa.func.count())
        .join_from(speakers, quotation_speakers)
        .join(quotations)
        .join(articles)
        .where(visible_to(reader))
        .group_by(*each)
        .order_by(PUBLISHED, articles.c.id, first)
    )
    same: dict[Any, Any] = {}  # most names and roles are there many times
    once = same.setdefault
    return tuple(
        Told((id_, article), once(key, key), once(printed, printed), once(role, role), rank, *dated[article], at, count)
        for id_, article, key, printed, role, rank, at, count in connection.execute(asked)
    )


def _person(
    told: Sequence[Told],
    keys: Mapping[tuple[int, int], str],
    decided: _Decided,
    printed: Mapping[tuple[int, int], set[str]],
    twice: int,
) -> Person:
    named = [(one, key) for one in told if _own(one, key := keys[one.unit])]
    mine = {key: _number(key, one.unit[0]) for one, key in named}
    key = _main(named, decided.assigned) if len(mine) > 1 else next(iter(mine))
    shown = Counter(one.name for one, own in named if own == key)
    name = shown.most_common(1)[0][0] if len(shown) > 1 else next(iter(shown))
    names = {one.name for one in told}.union(decided.aliases(mine))
    if printed:
        names.update(*(printed.get(one.unit, ()) for one in told))
    held = roles.held(roles.Printed(one.role, one.article, one.published_at) for one in told if one.role)
    speaker = Speaker(
        id=mine[key],
        name=name,
        role=roles.latest(held) or _latest(told, lambda one: one.role if one.role and roles.tells(one.role) else None),
        aliases=tuple(sorted(names - {name})),
        rank=_latest(told, lambda one: one.rank),
        roles=held,
    )
    moved = {one.unit: own for one, own in named if own != one.key}
    entry = SpeakerEntry(speaker, sum(one.quotations for one in told) - twice)
    return Person(entry, key, mine, tuple(told), moved)


def _latest(told: Sequence[Told], printed: Callable[[Told], str | None]) -> str | None:
    """The first of the last article that prints it; `told` is in the order of time."""
    last = next((one.article for one in reversed(told) if printed(one)), None)
    return next((text for one in told if one.article == last and (text := printed(one))), None)


def _number(key: str, speaker_id: int) -> SpeakerId:
    part = key.rpartition("#")[2] if "#" in key else ""
    return SpeakerId(PARTS + int(part) if part else speaker_id)


def _own(one: Told, key: str) -> bool:
    """Whether something is told under the very name of the key, and not under a surname that was found to mean it."""
    return one.key == key.partition("#")[0]


def _main(named: Sequence[tuple[Told, str]], assigned: Mapping[str, str | None]) -> str:
    """The key whose name is shown: what others were merged into, else the name in full that is quoted most."""
    weight = Counter[str]()
    for one, key in named:
        weight[key] += one.quotations
    targets = {assigned.get(key) for key in weight} - {key for key, other in assigned.items() if other is not None}
    return max(weight, key=lambda key: (key in targets, " " in key, weight[key], key))


def _aliases(connection: sa.Connection, reader: Reader) -> dict[tuple[int, int], set[str]]:
    """Other names that visible articles give to those they quote."""
    alias = speaker_aliases.c
    asked = sa.select(alias.speaker_id, alias.article_id, alias.alias).join_from(speaker_aliases, articles)
    found: dict[Unit, set[str]] = defaultdict(set)
    for speaker_id, article, name in connection.execute(asked.where(visible_to(reader))):
        found[speaker_id, article].add(name)
    return found


def _spoken_together(connection: sa.Connection, reader: Reader) -> list[list[tuple[int, int]]]:
    """The quotations of several speakers, each as its units: they count once for whoever two of them turn out to be."""
    second = quotation_speakers.alias()
    several = sa.exists().where(second.c.quotation_id == quotations.c.id, second.c.ordinal > 0)
    asked = (
        sa.select(quotations.c.id, quotation_speakers.c.speaker_id, quotations.c.article_id)
        .join_from(quotation_speakers, quotations)
        .join(articles)
        .where(several, visible_to(reader))
    )
    found: dict[int, list[Unit]] = defaultdict(list)
    for quotation_id, speaker_id, article in connection.execute(asked):
        found[quotation_id].append((speaker_id, article))
    return list(found.values())

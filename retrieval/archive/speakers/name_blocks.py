"""Circles of names: whoever is in one circle can be told without looking into any other.

Two names may be one person's only where they end alike, as printed or in plain letters, or where a decision by hand
names both. So an article that quotes a Smith changes what is told of the Smiths, and of nobody else.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from retrieval.archive.speakers.persons import Overrides, people
from retrieval.domain.overrides import OverrideKind
from retrieval.text.names.entity_matching import blocking_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrieval.archive.speakers.mentions import ArticleMentions, SpeakerMention, Unit
    from retrieval.archive.speakers.persons import Person
    from retrieval.domain.overrides import Override

_OF_NAMES: Final = frozenset({OverrideKind.MERGE, OverrideKind.APART})


class NameBlock:
    """The persons of some endings. It never changes; those who are looked up in it are found by an index made then.

    Whatever has the same `endings`, `told` and `decided` has the same persons.
    """

    __slots__ = ("_index", "decided", "endings", "people", "told")

    def __init__(
        self, ends: tuple[str, ...], told: Sequence[SpeakerMention], decided: Overrides, found: Iterable[Person]
    ) -> None:
        self.endings = ends
        self.decided = decided
        self.people = tuple(found)
        self.told = self.people[0].told if len(self.people) == 1 else tuple(told)
        self._index: tuple[dict[Unit, Person], dict[int, Person]] | None = None

    def numbers(self) -> set[int]:
        """Every number under which somebody in it is known."""
        return {one.unit[0] for one in self.told}.union(*(person.keys.values() for person in self.people))

    def said(self, unit: Unit) -> Person | None:
        """Who is quoted in an article under a stored name."""
        return self._indexed()[0].get(unit)

    def known(self, number: int) -> Person | None:
        """The person of that number, or whom the name of that number belonged to when it was printed last."""
        return self._indexed()[1].get(number)

    def _indexed(self) -> tuple[dict[Unit, Person], dict[int, Person]]:
        if self._index is None:
            said = {one.unit: person for person in self.people for one in person.told}
            known = {one.unit[0]: said[one.unit] for one in self.told}
            known.update({number: person for person in self.people for number in person.keys.values()})
            self._index = said, known
        return self._index


def endings_of(key: str) -> frozenset[str]:
    """How a name ends, or that of which a part was taken out."""
    return blocking_keys(key.partition("#")[0] or key)


def named_by(rule: Override) -> frozenset[str]:
    """The endings of the names that a decision is about."""
    other = rule.other_key if rule.kind in _OF_NAMES else None
    return endings_of(rule.key) | (endings_of(other) if other else frozenset())


def circles(
    told: Sequence[SpeakerMention],
    articles: Mapping[int, ArticleMentions],
    decided: Overrides,
    like: Sequence[Mapping[str, NameBlock]],
) -> Iterator[NameBlock]:
    """The circles of what is `told`: in the order of time, and of each circle all or nothing.

    `like` are circles by their endings, other readers' for example: from there is taken what is the same.
    """
    ends = _Ends()
    first = {key: ends.joined(endings_of(key)) for key in {one.key for one in told}}
    about = [(rule, ends.joined(named_by(rule))) for rule in decided.rules]
    members, rules = defaultdict[str, list["SpeakerMention"]](list), defaultdict[str, list["Override"]](list)
    for one in told:
        members[ends.root(first[one.key])].append(one)
    for rule, ending in about:
        rules[ends.root(ending)].append(rule)
    groups = ends.groups()
    for root, mine in members.items():
        theirs = tuple(rules.get(root, ()))
        marked: dict[int, frozenset[int]] = {
            rule.id: decided.marked[rule.id] for rule in theirs if rule.id in decided.marked
        }
        yield _circle(groups[root], tuple(mine), Overrides(theirs, marked), articles, like)


def _circle(
    ends: tuple[str, ...],
    told: tuple[SpeakerMention, ...],
    decided: Overrides,
    articles: Mapping[int, ArticleMentions],
    like: Sequence[Mapping[str, NameBlock]],
) -> NameBlock:
    for known in like:
        same = known.get(ends[0])
        if same is not None and (same.endings, same.told, same.decided) == (ends, told, decided):
            return same
    units = {one.unit for one in told}
    quoting = dict.fromkeys(one.article for one in told)
    together = [
        [unit for unit in several if unit in units] for article in quoting for several in articles[article].together
    ]
    return NameBlock(ends, told, decided, people(told, together, decided))


class _Ends:
    """Endings in groups, each told by one of them: what is joined is in one group."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def joined(self, ends: frozenset[str]) -> str:
        """Put endings into one group; any one of them."""
        first, *others = ends
        for other in others:
            self._above[self.root(other)] = self.root(first)
        self._above.setdefault(first, first)
        return first

    def root(self, ending: str) -> str:
        """The ending that stands for its group."""
        while (above := self._above.setdefault(ending, ending)) != ending:
            ending = above
        return ending

    def groups(self) -> dict[str, tuple[str, ...]]:
        """All endings of each group, in their order."""
        found: dict[str, list[str]] = defaultdict(list)
        for ending in sorted(self._above):
            found[self.root(ending)].append(ending)
        return {root: tuple(ends) for root, ends in found.items()}

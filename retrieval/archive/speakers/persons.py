"""Makes the persons whom a scope can see quoted: names that belong together made one, namesakes set apart.

They follow from visible articles and from the overrides of the scope's collections alone, so nobody's overrides or
articles change what others see. Overrides count most, a server's before the shared ones and the later before the
earlier; then `text.names.entity_matching`; else each folded name is a person.

Pure: `mentions` reads what articles print, and `directory` keeps the persons up to date.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from retrieval.archive.speakers import clustering
from retrieval.archive.speakers.clustering import base_key
from retrieval.archive.speakers.mentions import NONE_TWICE, count_quotations
from retrieval.domain.ids import SpeakerId
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.quotations import Speaker, SpeakerEntry
from retrieval.text.names import roles
from retrieval.text.names.names import lookup_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from retrieval.archive.speakers.mentions import SpeakerMention, Unit
    from retrieval.domain.overrides import Override

SPLIT_IDS: Final = 2**48
"""A person whom an override splits off has this id and the override's own number added."""

_NONE_SPLIT: Final[Mapping[tuple[int, int], str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker as one scope sees them.

    `ids` are the folded names, each with the id that it would have by itself; `key` is that of the name shown.
    `mentions` are in the order of time; `split_keys` are the keys of units that an override splits off. `rank` sorts
    persons, the most quoted first; `typed` is searched for a half-typed name, `offices` for a half-typed role.
    """

    entry: SpeakerEntry
    key: str
    ids: Mapping[str, SpeakerId]
    mentions: tuple[SpeakerMention, ...]
    split_keys: Mapping[Unit, str]
    rank: tuple[int, str, int] = field(repr=False)
    typed: str = field(repr=False)
    offices: str = field(repr=False)

    @property
    def names(self) -> frozenset[SpeakerId]:
        """The stored names under which they are quoted."""
        return frozenset(SpeakerId(mention.unit[0]) for mention in self.mentions)

    @property
    def articles(self) -> frozenset[int]:
        """The articles that quote them."""
        return frozenset(mention.article for mention in self.mentions)

    def key_of(self, mention: SpeakerMention) -> str:
        """Return a mention's key; one that is not among `ids` is a surname that others bear too."""
        return self.split_keys.get(mention.unit, mention.key)

    def role_and_rank_by_article(self) -> dict[int, tuple[str | None, str | None]]:
        """Map each article to the first role and the first rank that it prints for the person."""
        by_article: dict[int, tuple[str | None, str | None]] = {}
        for mention in self.mentions:
            role, rank = by_article.get(mention.article, (None, None))
            by_article[mention.article] = role or mention.role, rank or mention.rank
        return by_article


@dataclass(frozen=True, slots=True)
class ActiveOverrides:
    """The overrides in force, the strongest last; `articles` maps the number of a split to its articles."""

    overrides: tuple[Override, ...] = ()
    articles: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def splits(self) -> list[Override]:
        """Return those that split quotations off."""
        return [override for override in self.overrides if override.kind is OverrideKind.PART]

    def assigned(self) -> dict[str, str | None]:
        """Map each key with such an override to the key that it was merged into; None: a person apart."""
        kinds = {OverrideKind.MERGE, OverrideKind.APART}
        return {override.key: override.other_key for override in self.overrides if override.kind in kinds}

    def aliases(self, keys: Iterable[str]) -> set[str]:
        """Return the further names that were given to some keys."""
        wanted = set(keys)
        given = (each for each in self.overrides if each.kind is OverrideKind.ALIAS and each.key in wanted)
        return {override.other for override in given if override.other}


def resolve_persons(
    mentions: Sequence[SpeakerMention], joint: Iterable[tuple[int, Sequence[Unit]]], active: ActiveOverrides
) -> list[Person]:
    """Return the persons of `mentions`, which are in the order of time; in no order that means anything.

    `joint` has the words and the units of each quotation of several speakers, which counts once for a person who is two
    of them.
    """
    keys = clustering.keys_after_splits(mentions, active.splits(), active.articles)
    assigned = active.assigned()
    person_of = clustering.cluster(keys, mentions, assigned)
    grouped: dict[str, list[SpeakerMention]] = defaultdict(list)
    for mention in mentions:
        grouped[person_of[keys[mention.unit]]].append(mention)
    counted_twice: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for words, units in joint:
        times = Counter(person_of[keys[unit]] for unit in units)
        for person, count in times.items():
            counted_twice[person][units[0][1]] += [words] * (count - 1)
    return [
        _person(group, keys, active, assigned, counted_twice.get(person, NONE_TWICE))
        for person, group in grouped.items()
    ]


def _person(
    mentions: Sequence[SpeakerMention],
    keys: Mapping[Unit, str],
    active: ActiveOverrides,
    assigned: Mapping[str, str | None],
    counted_twice: Mapping[int, Sequence[int]],
) -> Person:
    keyed_mentions = [(mention, key) for mention in mentions if base_key(key := keys[mention.unit]) == mention.key]
    ids: dict[str, SpeakerId] = {}
    for mention, mention_key in keyed_mentions:  # the stored id rather than that of a correction, which is larger
        id_ = _id(mention_key, mention.unit[0])
        ids[mention_key] = min(ids.get(mention_key, id_), id_)
    key = _main_key(keyed_mentions, assigned) if len(ids) > 1 else next(iter(ids))
    spellings = Counter(mention.name for mention, its_key in keyed_mentions if its_key == key)
    name = spellings.most_common(1)[0][0] if len(spellings) > 1 else next(iter(spellings))
    names = {mention.name for mention in mentions} | active.aliases(ids)
    history = roles.role_history(
        roles.PrintedRole(each.role, each.article, each.published_at) for each in mentions if each.role
    )
    speaker = Speaker(
        id=ids[key],
        name=name,
        role=roles.latest_role(history)
        or _latest(mentions, lambda each: each.role if each.role and roles.is_role(each.role) else None),
        aliases=tuple(sorted(names - {name})),
        rank=_latest(mentions, lambda each: each.rank),
        roles=history,
    )
    entry = SpeakerEntry(speaker, count_quotations(mentions, counted_twice))
    return Person(
        entry,
        key,
        ids,
        tuple(mentions),
        {mention.unit: its_key for mention, its_key in keyed_mentions if its_key != mention.key} or _NONE_SPLIT,
        rank=(-entry.quotations, name, speaker.id),
        typed=lookup_key("\n".join((name, *speaker.aliases))),
        offices="\n".join(map(roles.searched_words, (speaker.role or "", *(held.role for held in reversed(history))))),
    )


def _latest(mentions: Sequence[SpeakerMention], printed: Callable[[SpeakerMention], str | None]) -> str | None:
    """Return the first text that the last article prints; `mentions` are in the order of time."""
    last = next((mention.article for mention in reversed(mentions) if printed(mention)), None)
    return next((text for mention in mentions if mention.article == last and (text := printed(mention))), None)


def _id(key: str, speaker_id: int) -> SpeakerId:
    number = clustering.split_number(key)
    return SpeakerId(speaker_id if number is None else SPLIT_IDS + number)


def _main_key(keyed_mentions: Sequence[tuple[SpeakerMention, str]], assigned: Mapping[str, str | None]) -> str:
    """Return the key whose name is shown: what others were merged into, else the full name that is quoted most."""
    quoted = Counter[str]()
    for mention, key in keyed_mentions:
        quoted[key] += mention.quotations
    targets = {assigned.get(key) for key in quoted} - {key for key, other in assigned.items() if other is not None}
    return max(quoted, key=lambda key: (key in targets, " " in key, quoted[key], key))

"""Entity matching across articles: which names safely are one person. All others stay apart.

Names that differ in case, accents and titles have one key already (`names.name_key`). Keys are matched here that differ

- in hyphens, apostrophes, letters without accents (ø, ł) or a leading "the";
- in a middle initial or, after a common given name, a middle name ("Hillary Rodham Clinton"), unless two contradict;
- in a short form of the given name (Joe, Joseph) or in "Jr.", where only one other name fits and the roles match;
- in a missing given name before a surname of two words ("Wasserman Schultz"), where only one name ends so.

A surname alone is matched only by `resolve_surname`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from retrieval.text.attribution.people.people import INSTITUTIONS
from retrieval.text.names.names import GENERATIONS
from retrieval.text.names.roles import same_office
from retrieval.text.names.vocabulary import given_gender
from retrieval.text.words import PLAIN_LETTERS, read_lines, word_list

_MOST_SHARING = 500
"""A last name with more names is not matched, since each would be compared with each."""

_LETTERS = str.maketrans(PLAIN_LETTERS)
_INSTITUTIONS = INSTITUTIONS | word_list(
    "college school board commission society campaign church hospital league team club police"
)
_SHORT_FORMS = [line.split() for line in read_lines("short_given_names")]
_GIVEN: Mapping[str, frozenset[str]] = {
    name: frozenset(chain.from_iterable(forms for forms in _SHORT_FORMS if name in forms))
    for name in chain.from_iterable(_SHORT_FORMS)
}
_SHARED_WORDS = 2
"""Words that two roles must share where one name lacks "Jr."."""

_TWO_WORDS = 2


@dataclass(frozen=True, slots=True)
class KnownAs:
    """A name's key, and the roles that articles print beside it."""

    key: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Name:
    known: KnownAs
    first: str
    middle: tuple[str, ...]
    last: str
    suffix: str


def same_person(names: Sequence[KnownAs]) -> tuple[tuple[str, str], ...]:
    """Pairs of keys that belong to one person; keys without a pair are undecided."""
    spelled: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    for known in sorted(names, key=lambda known: known.key):
        plain = _plain(known.key)
        if plain in spelled:
            pairs.append((spelled[plain], known.key))
        else:
            spelled[plain] = known.key
    by_last_name: dict[str, list[_Name]] = defaultdict(list)
    for known in names:
        name = _split(known)
        if name is not None:
            by_last_name[name.last].append(name)
    for sharing in by_last_name.values():
        if len(sharing) > _MOST_SHARING:
            continue
        pairs += _middles(sharing) + _short_forms(sharing) + _without_given(sharing)
    return tuple(pairs)


def resolve_surname(roles: Iterable[str], people: Mapping[str, Iterable[str]]) -> str | None:
    """The key of the person meant by a surname alone, printed with these roles.

    `people` maps the keys of all with that surname to the roles beside their full names. None unless the roles of
    exactly one match.
    """
    printed = tuple(roles)
    fitting = [key for key, theirs in people.items() if _any_same_office(printed, theirs)]
    return fitting[0] if len(fitting) == 1 else None


def last_name(key: str) -> str:
    """The last word of a key, without "Jr." and the like; "" for an empty key."""
    return (_without_suffix(key) or [""])[-1]


def blocking_keys(key: str) -> frozenset[str]:
    """Blocking keys: the last name as it is and in plain letters. Names without a common one are never matched."""
    return frozenset({last_name(key), last_name(_plain(key))})


def _plain(key: str) -> str:
    words = re.sub(r"[-–'.]", " ", key.translate(_LETTERS)).split()
    joined = re.sub(r"\b(al|el|o|mc|mac) (?=\w)", r"\1", " ".join(words))
    return joined.removeprefix("the ")


def _without_suffix(key: str) -> list[str]:
    words = key.split()
    return words[:-1] if len(words) > 1 and words[-1] in GENERATIONS else words


def _split(known: KnownAs) -> _Name | None:
    """Split into given name, middle names, last name and suffix; None for what may not be a person's name."""
    words = _without_suffix(known.key)
    if len(words) < _TWO_WORDS or words[-1] in _INSTITUTIONS or words[0] == "the":
        return None
    suffix = known.key.split()[-1]
    return _Name(known, words[0], tuple(words[1:-1]), words[-1], suffix if suffix in GENERATIONS else "")


def _middles(sharing: Sequence[_Name]) -> list[tuple[str, str]]:
    """Pairs that differ only in the middle, where no two of all such names contradict each other."""
    alike: dict[tuple[str, str], list[_Name]] = defaultdict(list)
    for name in sharing:
        if all(len(word) == 1 for word in name.middle) or given_gender(name.first):
            alike[name.first, name.suffix].append(name)
    pairs: list[tuple[str, str]] = []
    for same in alike.values():
        if all(_compatible(a.middle, b.middle) for a in same for b in same):
            pairs += [(same[0].known.key, other.known.key) for other in same[1:]]
    return pairs


def _compatible(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if not one or not other:
        return True
    if len(one) != len(other):
        return False
    return all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in zip(one, other, strict=True))


def _short_forms(sharing: Sequence[_Name]) -> list[tuple[str, str]]:
    """Pairs like Joe and Joseph, or with and without "Jr.", where a single other person fits and the roles match."""
    pairs: list[tuple[str, str]] = []
    for one in sharing:
        fitting = [
            other
            for other in sharing
            if (one.first, one.suffix) != (other.first, other.suffix)
            and (one.first == other.first or other.first in _GIVEN.get(one.first, frozenset()))
            and _compatible(one.middle, other.middle)
        ]
        if len({(other.first, other.suffix) for other in fitting}) == 1 and _same_roles(one, fitting[0]):
            pairs.append((one.known.key, fitting[0].known.key))
    return pairs


def _same_roles(one: _Name, other: _Name) -> bool:
    if one.suffix and other.suffix and one.suffix != other.suffix:
        return False
    least = 1 if one.suffix == other.suffix else _SHARED_WORDS
    return _any_same_office(one.known.roles, other.known.roles, least=least)


def _without_given(sharing: Sequence[_Name]) -> list[tuple[str, str]]:
    """Pairs of a surname of two words and the only name with a common given name that ends so."""
    pairs: list[tuple[str, str]] = []
    for one in sharing:
        words = _without_suffix(one.known.key)
        if given_gender(one.first) or len(words) != _TWO_WORDS or len(one.first) == 1:
            continue
        fitting = [
            other
            for other in sharing
            if (given_gender(other.first))
            and _without_suffix(other.known.key)[1:] == words
            and other.suffix == one.suffix
        ]
        if len(fitting) == 1:
            pairs.append((fitting[0].known.key, one.known.key))
    return pairs


def _any_same_office(some: Iterable[str], others: Iterable[str], *, least: int = 1) -> bool:
    other_roles = tuple(others)
    return any(same_office(one, other, least=least) for one in some for other in other_roles)

"""Roles as articles print them ("White House spokesperson"): which mean the same office, and who held which when."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from retrieval.domain.quotations import RoleHeld
from retrieval.text.names.names import lookup_key
from retrieval.text.names.vocabulary import fold, is_role_word
from retrieval.text.words import word_list

_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*")
_EMPTY = word_list("the a an of for in at to and with by on from its his her their who is was u.s us s mr mrs ms")
SHORT = {
    "sen": "senator", "gov": "governor", "rep": "representative", "congressman": "representative",
    "congresswoman": "representative", "spokesman": "spokesperson", "spokeswoman": "spokesperson",
    "adviser": "advisor", "chairman": "chair", "chairwoman": "chair", "chairperson": "chair",
    "pres": "president", "sec": "secretary", "prof": "professor", "vp": "vice-president",
}  # fmt: skip
"""Short and gendered forms of offices, and the form they are compared by."""

_HEAD_ENDS = re.compile(r"[,;]|\b(?:of|to|for|in|at|on|from|with|by|who|which|that|whose)\b", re.IGNORECASE)
_LOOSE = re.compile(r"(?:and|or|but|who|which|that|of|to|for|in|at|as|by|with|from|not|no|all)\b", re.IGNORECASE)
_PARTIES = word_list("republican democrat democratic libertarian independent")
_LESSER = word_list("vice deputy assistant associate under undersecretary junior shadow candidate nominee")
_OTHER_TIMES = word_list("former ex then acting interim future incoming outgoing late onetime longtime elect designate")
_FORMER = word_list("former ex onetime")
_OWNER = re.compile(r"\b\w+['’]s\b")
_SHARE = 0.75
_CACHE_SIZE = 4096  # pairs of roles
_RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class PrintedRole:
    """A role as one article (its id) prints it."""

    role: str
    article: int
    published_at: datetime | None


@lru_cache(_CACHE_SIZE)
def role_words(role: str) -> frozenset[str]:
    """The folded content words of a role; short and gendered forms become one ("Sen." is "senator")."""
    words = (word.strip(".'").removesuffix("'s") for word in _WORD.findall(fold(role)))
    return frozenset(SHORT.get(word, word) for word in words if word and word not in _EMPTY)


def searched_words(role: str) -> str:
    """The folded words of a role, and after them the forms by which short and gendered ones are compared."""
    words = _WORD.findall(lookup_key(role))
    return " ".join((*words, *(SHORT[word] for word in words if word in SHORT)))


def fits_office(typed: str, office: str) -> bool:
    """Whether an office, in `searched_words`, may be the one typed; the last letters of any word may be missing.

    Deputies, candidates and former holders are other offices, and so is whoever works for the holder.
    """
    wanted, held = role_words(typed), sorted(role_words(office))
    first = {each: bisect_left(held, each) for each in wanted}
    if not all(held[at : at + 1] and held[at].startswith(each) for each, at in first.items()):
        return False
    apart = (_LESSER | _OTHER_TIMES).intersection(held)
    told = all(any(word.startswith(each) for each in wanted) for word in apart)
    named = [word for word in _WORD.findall(_HEAD_ENDS.split(typed, maxsplit=1)[0]) if _offices(word)]
    return told and (not named or _offices(named[-1]) <= _offices(_OWNER.sub("", office)))


def without_former(typed: str) -> str:
    """An office as typed, without "former" and the like."""
    return " ".join(word for word in typed.split() if word.casefold() not in _FORMER)


def names_office(text: str) -> bool:
    """Whether a word of the text is an office or a rank ("finance minister"), and not only what one is of."""
    return any(is_role_word(word) for word in _WORD.findall(text))


@lru_cache(_CACHE_SIZE)
def same_office(one: str, other: str, *, least: int = 1) -> bool:
    """Whether two roles may well mean one office: most words of the shorter, and its office, occur in the longer.

    "senator" matches "Republican senator from Ohio"; "mayor of London" does not match "mayor of Port Selby", nor "vice
    president" or "son of the president" "president". At least `least` words must be shared.
    """
    a, b = role_words(one), role_words(other)
    if (a ^ b) & _LESSER:
        return False
    shared = a & b
    enough = len(shared) >= max(least, _SHARE * min(len(a), len(b)))
    return bool(shared) and enough and bool(_offices(one) & _offices(other))


@lru_cache(_CACHE_SIZE)
def _offices(role: str) -> frozenset[str]:
    """The words for an office before the first "of" or the like; parties do not count."""
    head = role_words(_HEAD_ENDS.split(role, maxsplit=1)[0])
    return frozenset(word for word in head if word not in _PARTIES and is_role_word(word))


def is_role(role: str) -> bool:
    """Whether it describes a person: it names an office, or at least does not begin like a clause."""
    return bool(_offices(role)) or (bool(role_words(role)) and _LOOSE.match(role) is None)


def latest_role(roles: Sequence[RoleHeld]) -> str | None:
    """The role printed most in the 90 days up to the newest date; None where no role has a date."""
    dated = [(role.until, role) for role in roles if role.until is not None]
    if not dated:
        return None
    newest = max(until for until, _ in dated)
    recent = [(role.articles, until, role.role) for until, role in dated if newest - until <= _RECENT]
    return max(recent)[2]


def role_history(printed: Iterable[PrintedRole]) -> tuple[RoleHeld, ...]:
    """The roles printed of one person, each once, in order of time; undated ones first.

    A role whose words all occur in a longer one is merged into it, but never "president" into "former president".
    """
    groups: list[list[PrintedRole]] = []
    for role in sorted(printed, key=lambda role: -len(role_words(role.role))):
        if not is_role(role.role):
            continue
        group = next((group for group in groups if _same_role(group[0].role, role.role)), None)
        if group is None:
            groups.append([role])
        else:
            group.append(role)
    roles = [_as_held(group) for group in groups]
    return tuple(sorted(roles, key=lambda role: (_moment(role.until), _moment(role.since), role.role)))


def _same_role(longer: str, shorter: str) -> bool:
    a, b = role_words(longer), role_words(shorter)
    return a == b or (b <= a and not (a - b) & _OTHER_TIMES and same_office(longer, shorter))


def _as_held(printed: Sequence[PrintedRole]) -> RoleHeld:
    dates = sorted(role.published_at for role in printed if role.published_at is not None)
    articles = len({role.article for role in printed})
    return RoleHeld(printed[0].role, dates[0] if dates else None, dates[-1] if dates else None, articles)


def _moment(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()

"""Roles as articles print them ("White House spokesperson"): whether two tell of one office, and which were held when.

Pure functions over strings. A role that is not printed says nothing, for or against.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from retrieval.domain.quotations import RoleHeld
from retrieval.text.names.names import fold, is_role_word
from retrieval.text.words import word_list

_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*")
_EMPTY = word_list("the a an of for in at to and with by on from its his her their who is was u.s us s mr mrs ms")
SHORT = {
    "sen": "senator", "gov": "governor", "rep": "representative", "congressman": "representative",
    "congresswoman": "representative", "spokesman": "spokesperson", "spokeswoman": "spokesperson",
    "adviser": "advisor", "chairman": "chair", "chairwoman": "chair", "chairperson": "chair",
    "pres": "president", "sec": "secretary", "prof": "professor", "vp": "vice-president",
}  # fmt: skip
"""Short and gendered forms of offices."""

_HEAD_ENDS = re.compile(r"[,;]|\b(?:of|to|for|in|at|on|from|with|by|who|which|that|whose)\b", re.IGNORECASE)
_LOOSE = re.compile(r"(?:and|or|but|who|which|that|of|to|for|in|at|as|by|with|from|not|no|all)\b", re.IGNORECASE)
_PARTIES = word_list("republican democrat democratic libertarian independent")
_LESSER = word_list("vice deputy assistant associate under undersecretary junior shadow candidate nominee")
_OTHER_TIMES = word_list("former ex then acting interim future incoming outgoing late onetime longtime")
_SHARE = 0.75
_REMEMBERED = 4096  # the same roles are compared again and again
_RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class PrintedRole:
    """A role as one article prints it."""

    role: str
    article: int
    published_at: datetime | None


@lru_cache(_REMEMBERED)
def role_words(role: str) -> frozenset[str]:
    """The folded words that tell of a role, short and gendered forms made one ("Sen." and "senators": "senator")."""
    words = (word.strip(".'").removesuffix("'s") for word in _WORD.findall(fold(role)))
    return frozenset(SHORT.get(word, word) for word in words if word and word not in _EMPTY)


@lru_cache(_REMEMBERED)
def same_office(one: str, other: str, *, least: int = 1) -> bool:
    """Whether two roles may well be one office: most words of the shorter stand in the longer, the office itself too.

    "senator" agrees with "Republican senator from Ohio", "mayor of London" does not with "mayor of Port Selby", nor
    "vice president" or "son of the president" with "president". At least `least` words are shared.
    """
    a, b = role_words(one), role_words(other)
    if (a ^ b) & _LESSER:
        return False
    shared = a & b
    enough = len(shared) >= max(least, _SHARE * min(len(a), len(b)))
    return bool(shared) and enough and bool(_offices(one) & _offices(other))


@lru_cache(_REMEMBERED)
def _offices(role: str) -> frozenset[str]:
    """The words for an office before the first "of" or the like; a party is none."""
    head = role_words(_HEAD_ENDS.split(role, maxsplit=1)[0])
    return frozenset(word for word in head if word not in _PARTIES and is_role_word(word))


def is_role(role: str) -> bool:
    """Whether a role says what somebody is: it names an office, or at least does not begin like a piece of a clause."""
    return bool(_offices(role)) or (bool(role_words(role)) and _LOOSE.match(role) is None)


def latest_role(among: Sequence[RoleHeld]) -> str | None:
    """The role printed most in the last three months in which any was; None where no role has a date."""
    dated = [(one.until, one) for one in among if one.until is not None]
    if not dated:
        return None
    newest = max(until for until, _ in dated)
    recent = [(one.articles, until, one.role) for until, one in dated if newest - until <= _RECENT]
    return max(recent)[2]


def role_history(printed: Iterable[PrintedRole]) -> tuple[RoleHeld, ...]:
    """The roles printed of one person, each once, in the order of time; what is without a date comes first.

    Two are one where all words of the shorter stand in the longer, which is shown: but not "president" and "former
    president".
    """
    kept: list[list[PrintedRole]] = []
    for one in sorted(printed, key=lambda one: -len(role_words(one.role))):
        if not is_role(one.role):
            continue
        known = next((same for same in kept if _same(same[0].role, one.role)), None)
        if known is None:
            kept.append([one])
        else:
            known.append(one)
    roles = [_as_held(one) for one in kept]
    return tuple(sorted(roles, key=lambda role: (_moment(role.until), _moment(role.since), role.role)))


def _same(longer: str, shorter: str) -> bool:
    a, b = role_words(longer), role_words(shorter)
    return a == b or (b <= a and not (a - b) & _OTHER_TIMES and same_office(longer, shorter))


def _as_held(printed: Sequence[PrintedRole]) -> RoleHeld:
    dates = sorted(one.published_at for one in printed if one.published_at is not None)
    articles = len({one.article for one in printed})
    return RoleHeld(printed[0].role, dates[0] if dates else None, dates[-1] if dates else None, articles)


def _moment(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()

"""Questions that do not stand alone: "and when?", "what did the mayor say about it", "how many were hurt".

They are read as being about the article of the last answer. A question with a name or a subject of its own is none,
unless it points back plainly and the article has that name or subject too.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from retrieval.text.names.organisations import KINDS
from retrieval.text.names.roles import searched_words
from retrieval.text.names.vocabulary import is_role_word
from retrieval.text.questions.newest import find_newest
from retrieval.text.words import analyse, read_words, words_by_piece

if TYPE_CHECKING:
    from collections.abc import Iterable

_PERIOD = r" (?:day|morning|afternoon|evening|night|week|weekend|month|season|spring|summer|autumn|winter|year|decade)"
_POINTER = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs)\b"
    r"|\b(?:this|that|these|those|there)(?=\W*$)"
    r"|^\W*(?:how many|how much|which) \w+\W*$"
    rf"|\b(?:is|was|are|were|did|does|do|about|of|for|after|by|from|with) (?:this|that|these|those)\b(?!{_PERIOD})",
    re.IGNORECASE,
)
_POINTER_AT_END = re.compile(r"\b(?:it|this|that|these|those|there|him|her|them)\W*$", re.IGNORECASE)
_CONTINUES = re.compile(r"\W*(?:and|but|what about|how about)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:who|whom|whose|when|where|why|how|which)\b|\bwhat \w|^\W*(?:any|was|were|is|are|did|does|do|has|have|had)\b",
    re.IGNORECASE,
)
_OF_THE_BOT = re.compile(r"\b(?:you|your|u|i|me|my|we|us)\b|\bup\W*$", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<!^)\b[A-Z][\w'’.-]*+")
_NEXT = re.compile(r"\bnext(?=\W*$)", re.IGNORECASE)
_AROUND = ".,;:!?'\"“”‘’()"
_GROUPS: Final = (KINDS | read_words("group_words")) - read_words("small_talk")
_ANY_EVENT: Final = frozenset(analyse(" ".join(read_words("follow_up_words"))))


class Dependence(Enum):
    """How surely a question is about the article of the last answer."""

    NONE = auto()
    DOUBTFUL = auto()
    CERTAIN = auto()


def dependence(question: str, article: str) -> Dependence:
    """Tell whether a question is about an article, given as its headline and text."""
    subject = subject_words(question)
    names = subject.keys() & set(analyse(" ".join(_CAPITAL.findall(question.strip()))))
    if _points_back(question, has_names=bool(names)):
        subject = subject_words(_without_newest(question))
    elif not _asks_of_any_event(question, subject.values()):
        return Dependence.NONE
    known = frozenset(analyse(searched_words(article))) if subject else frozenset()
    missing = {word for word, written in subject.items() if known.isdisjoint((word, *analyse(searched_words(written))))}
    if not names.isdisjoint(missing):
        return Dependence.NONE
    return Dependence.DOUBTFUL if missing else Dependence.CERTAIN


def subject_words(question: str) -> dict[str, str]:
    """The analysed words of a question that cannot be asked about any event, each as it is written."""
    text = _NEXT.sub(" ", question)
    pieces = zip(text.split(), words_by_piece(text), strict=True)
    return {word: piece.strip(_AROUND) for piece, words in pieces for word in words if word not in _ANY_EVENT}


def _without_newest(question: str) -> str:
    """Blank out what asks for the newest about a subject, and is none itself."""
    for start, end in find_newest(question):
        question = question[:start] + " " * (end - start) + question[end:]
    return question


def _points_back(question: str, *, has_names: bool) -> bool:
    """Whether it begins as a continuation, or a pronoun stands for what it is about: behind a name, at its end."""
    pattern = _POINTER_AT_END if has_names else _POINTER
    return bool(_CONTINUES.match(question) or pattern.search(question))


def _asks_of_any_event(question: str, subject: Iterable[str]) -> bool:
    """Whether it asks something, not of the bot, and names a role or a group at most: "how many were hurt"."""
    asks = _ASKS.search(question) and not _OF_THE_BOT.search(question)
    words = [word.casefold() for word in subject]
    told = (is_role_word(word) or word in _GROUPS or is_role_word(after) for word, after in pairwise((*words, "")))
    return bool(asks) and all(told)

"""Tells which labels name somebody in a text in capitals, where "HARLOW:" may be a place or a caption's head."""

import re
from collections.abc import Iterable
from functools import lru_cache

from retrieval.text.attribution.revisions.label_kinds import ADDRESSES, Who, announces, label_kind
from retrieval.text.names.names import split_title
from retrieval.text.names.vocabulary import fold, given_gender, is_role_word
from retrieval.text.words import FUNCTION_WORDS

_PAIR = re.compile(r"(?<![\w’'-])([^\W\d_][\w’'-]*)\.? (?=([^\W\d_][\w’'-]*))")
_SHOUTED = 0.9


def is_shouted(text: str) -> bool:
    """Whether nearly all letters of a text are capitals."""
    letters = sum(char.isalpha() and char.lower() != char.upper() for char in text)
    return sum(map(str.isupper, text)) > _SHOUTED * letters > 0


def names_somebody(words: str, surnames: frozenset[str]) -> bool:
    """Whether a label in capitals is somebody's: by a given name, a title, an office or one of the `surnames`."""
    kind = label_kind(words)
    if kind is not Who.NAME:
        return kind is not None
    if announces(words) and not split_title(words).start:
        return False
    return bool(given_gender(words) or split_title(words).start) or fold(words.rsplit(maxsplit=1)[-1]) in surnames


def surnames_told(texts: Iterable[str]) -> frozenset[str]:
    """The words that stand behind a given name or a title in texts in capitals, as surnames do."""
    return frozenset(
        fold(word)
        for text in texts
        for before, word in _PAIR.findall(text)
        if _introduces(fold(before)) and fold(word) not in FUNCTION_WORDS
    )


@lru_cache(maxsize=10_000)
def _introduces(word: str) -> bool:
    return word not in FUNCTION_WORDS and (word in ADDRESSES or bool(given_gender(word)) or is_role_word(word))

"""Parses that no parser would give, for texts that nobody writes: every word hangs where it makes the most work."""

from __future__ import annotations

import re
from typing import Final

from retrieval.text.parse import Parse, Token

SHAPES: Final = ("forwards", "backwards", "star", "pairs")
"""Each word hangs on the next one, on the one before, on the first of all, or on the second of its pair."""

_WORD: Final = re.compile(r"\w+|[^\w\s]")
_SPEAKING: Final = frozenset({"said", "told", "reported", "lylyly"})
_PRONOUNS: Final = frozenset({"he", "we", "who"})
_LITTLE: Final = frozenset({"of", "by", "with", "to", "in", "according"})
_LABELS: Final = ("nsubj", "pobj", "conj", "appos", "compound", "ccomp", "prep", "relcl", "advcl", "poss")


def parse_of(text: str, shape: str) -> Parse:
    """Every word of a text with labels by its looks, in one sentence without end."""
    words = list(_WORD.finditer(text))
    return Parse(tuple(_token(word, number, len(words), shape) for number, word in enumerate(words)))


def _token(word: re.Match[str], number: int, count: int, shape: str) -> Token:
    printed = word.group()
    pos, tag = _kind(printed)
    heads = {
        "forwards": min(number + 1, count - 1),
        "backwards": max(number - 1, 0),
        "star": 0,
        "pairs": min(number | 1, count - 1),
    }
    person = printed[0].isupper() and printed.casefold() not in _PRONOUNS
    return Token(
        start=word.start(),
        end=word.end(),
        lemma={"said": "say", "told": "tell"}.get(printed, printed.lower()),
        pos=pos,
        tag=tag,
        dep="ROOT" if heads[shape] == number else _label(number, pos, shape),
        head=heads[shape],
        entity="PERSON" if person else "",
        entity_starts=person and number % 2 == 0,
        sentence_starts=number == 0,
    )


def _label(number: int, pos: str, shape: str) -> str:
    if pos == "PUNCT":
        return "punct"
    return "nsubj" if shape == "pairs" else _LABELS[number * 7 % 10]


def _kind(printed: str) -> tuple[str, str]:
    """A part of speech, universal and of the Penn treebank."""
    if not printed[0].isalnum():
        return "PUNCT", ","
    if printed.casefold() in _PRONOUNS:
        return "PRON", "PRP"
    if printed in _LITTLE:
        return "ADP", "IN"
    if printed in _SPEAKING:
        return "VERB", "VBD"
    return ("PROPN", "NNP") if printed[0].isupper() else ("NOUN", "NN")

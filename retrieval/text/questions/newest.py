"""Words of a question that want the newest article: "the latest on the ferry", "is it still closed".

Words inside a name want nothing: "Apocalypse Now", "usa today".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.text.words import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLE_WORDS = 3
"""How many long words, all with a capital, show that a question is typed like a headline."""


def _any_of(name: str) -> str:
    return "|".join(re.escape(phrase) for phrase in read_lines(name))


_NEWEST = re.compile(rf"\b(?:{_any_of('newest_words')})\b(?: news\b)?", re.IGNORECASE)
_MERELY = "how|why|what|where|who|when|as|one|because|a|an|the|over|under|like"
"""Words before which "just" means "merely"."""

_PRESENT = re.compile(rf"\b(?:{_any_of('present_words')}|just(?! (?:{_MERELY})\b))\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|had)\b", re.IGNORECASE)
_KNOWN_NAME = re.compile(rf"\b(?:{_any_of('names_with_time_words')})\b", re.IGNORECASE)
_CAPITALS = re.compile(r"(?<![\w'’-])[A-Z][\w'’-]*+(?: (?:[a-z]{1,3} )?[A-Z][\w'’-]*+)+")
_LONG_WORD = re.compile(r"[A-Za-z]\w{3,}+")


def find_newest(question: str) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of each phrase that wants the newest."""
    text = without_names(question)
    patterns = (_NEWEST,) if _PAST.search(text) else (_NEWEST, _PRESENT)
    for pattern in patterns:
        yield from (match.span() for match in pattern.finditer(text))


def without_names(question: str) -> str:
    """Blank out names whose words may look like a time: well-known ones, and several capitals in a row.

    The first word has a capital anyway, and so has every word of a question typed like a headline.
    """
    text = _KNOWN_NAME.sub(_blank, question)
    long_words = _LONG_WORD.findall(text)
    if len(long_words) >= _TITLE_WORDS and all(word[0].isupper() for word in long_words):
        return text
    start = len(text) - len(text.lstrip()) + 1
    return text[:start] + _CAPITALS.sub(_blank, text[start:])


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match.group())

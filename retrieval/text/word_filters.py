"""Filters of a feed: words, or several in a row, that must or must not stand in an article.

Case and accents do not matter. A word is whole: "car" is not in "carpet", but "car*" is. In writing without blanks, any
place counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.domain.feeds import WordFilter

MOST_WORDS: Final = 20
_LONGEST: Final = 60
_BETWEEN: Final = re.compile(r"[,;\n、，]")
_WITHOUT_BLANKS: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


def typed_words(typed: str) -> tuple[str, ...]:
    """The words of a list with commas between, each once, at most `MOST_WORDS`."""
    words = (" ".join(word.split())[:_LONGEST].strip() for word in _BETWEEN.split(typed))
    return tuple({search_key(word): word for word in words if search_key(word).strip("* ")}.values())[:MOST_WORDS]


def lets_through(words: WordFilter, *texts: str) -> bool:
    """Whether an article of these texts, its headline among them, is let through."""
    keys = [search_key(text) for text in texts] if words.wanted or words.unwanted else []
    return not _stands(words.unwanted, keys) and (not words.wanted or _stands(words.wanted, keys))


def forbids(words: WordFilter, headline: str) -> bool:
    """Whether an article is kept out by its headline alone."""
    return bool(words.unwanted) and _stands(words.unwanted, [search_key(headline)])


def _stands(words: Iterable[str], keys: Iterable[str]) -> bool:
    pattern = "|".join(map(_pattern, words))
    return bool(pattern) and any(re.search(pattern, key) for key in keys)


def _pattern(word: str) -> str:
    key = search_key(word)
    if _WITHOUT_BLANKS.search(key):
        return re.escape(key.strip("*"))
    end = "" if key.endswith("*") else r"(?!\w)"
    return rf"(?<!\w){re.escape(key.strip('* '))}{end}"

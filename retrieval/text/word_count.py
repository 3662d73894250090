"""Counts words in any script, to recognise an article."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]++(?:['’.-][^\W_]++)*+")
_SYLLABIC = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SIGNS_A_WORD = 2
_CACHED = 200
"""Paragraphs: each of a page is counted several times while it is read."""
_LONGEST_CACHED = 2_000


def count_words(text: str) -> int:
    """The number of words; in scripts without blanks two characters count as one."""
    return _count_cached(text) if len(text) <= _LONGEST_CACHED else _count(text)


def _count(text: str) -> int:
    signs = 0 if text.isascii() else len(_SYLLABIC.findall(text))
    return len(_WORD.findall(_SYLLABIC.sub(" ", text) if signs else text)) + signs // _SIGNS_A_WORD


_count_cached = lru_cache(_CACHED)(_count)

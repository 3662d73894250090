"""Recognises what a page tells its reader for its own sake: cookie notices, newsletter and share lines, "Read more: …".

A sentence counts by how it begins and what it asks for, and not where somebody said it. In doubt it is news.
"""

from __future__ import annotations

import re
from typing import Final

from retrieval.text.sentences import iter_sentences
from retrieval.text.words import read_lines

_LONGEST: Final = 300
"""Characters of the longest sentence that is read."""
_LONGEST_PARAGRAPH: Final = 500
_LEAD = r"[\s(\[*•►▶»>|–—-]*+(?:[A-Z][A-Z’' ]{2,40}: ?)?"
_PLEA = re.compile(rf"{_LEAD}(?i:{'|'.join(read_lines('pleas'))})", re.DOTALL)
_TO_THE_READER = re.compile(r"\b(?:(?i:you|yours?|our|we)|us)\b")
_QUOTED = re.compile(r"[\"“”«»]")
_SAID = re.compile(r",[”\"’']? (?:\w+ ){1,3}?(?:said|says|told|wrote|tweeted|asked|urged|added)\b")


def is_plea(sentence: str) -> bool:
    """Whether a sentence asks its reader to subscribe, follow, share, accept cookies or read on, or credits helpers."""
    return len(sentence) <= _LONGEST and _PLEA.match(sentence) is not None and _SAID.search(sentence) is None


def is_all_pleas(paragraph: str) -> bool:
    """Whether a paragraph is nothing else: one of its sentences asks, and the others speak to the reader too."""
    if len(paragraph) > _LONGEST_PARAGRAPH:
        return False
    asks = False
    for span in iter_sentences(paragraph):
        part = span.of(paragraph)
        if is_plea(part):
            asks = True
        elif not _TO_THE_READER.search(part) or _QUOTED.search(part):
            return False
    return asks

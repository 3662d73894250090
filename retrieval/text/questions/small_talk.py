"""Messages that ask for no news: greetings, thanks, laughter, emoji, function words, scraps."""

from __future__ import annotations

import re
from typing import Final

from retrieval.text.words import analyse, read_words

_SMALL_TALK: Final = frozenset(analyse(" ".join(read_words("small_talk"))))
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")


def is_small_talk(message: str) -> bool:
    """Whether nothing in a message could be looked for. An acronym could: "what did WHO say"."""
    words = analyse(message)
    if not _SMALL_TALK.issuperset(words):
        return False
    return bool(words) or message.isupper() or not _ACRONYM.search(message)

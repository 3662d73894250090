"""The key by which headlines and names are compared with what members type."""

from __future__ import annotations

import unicodedata
from typing import Final

from retrieval.text.words import PLAIN_LETTERS, decomposed

_PLAIN: Final = str.maketrans(
    {
        **PLAIN_LETTERS,
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u0060\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    }
)


def search_key(text: str) -> str:
    """`text` without case and accents, with plain quotation marks, apostrophes and dashes, and single blanks."""
    plain = text.translate(_PLAIN).casefold().translate(_PLAIN)
    bare = "".join(character for character in decomposed(plain) if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())

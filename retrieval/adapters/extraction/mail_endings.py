"""Takes from a message what its sender's program and firm put below it: signatures, advertisements, legal notices."""

from __future__ import annotations

import re
from typing import Final

from retrieval.adapters.extraction.prose import is_prose
from retrieval.text.pleas import is_all_pleas
from retrieval.text.word_count import count_words
from retrieval.text.words import read_lines

EMPTY_LINE: Final = re.compile(r"\n[^\S\n]*+\n")
_SIGNATURE: Final = re.compile(r"^(?:-- ?|_{20,}\n[^\n]{1,80} mailing list)$", re.MULTILINE)
_PROGRAM: Final = re.compile(
    rf"^[ \t*_]{{0,4}}(?:{'|'.join(read_lines('mail_programs'))})$", re.IGNORECASE | re.MULTILINE
)
_CLOSING: Final = re.compile(rf"(?:{'|'.join(read_lines('closings'))})[,.!]?(?=\s|$)", re.IGNORECASE)
_CONTACT: Final = re.compile(r"\+?\d[\d ()./-]{6,}\d|@|\bwww\.|https?://")
_MOST_LINES: Final = 20
"""Below a message, among which a sender's firm, street and telephone may stand."""
_LONGEST: Final = 30
"""Words of such a line, which HTML may make of several."""


def without_ending(text: str) -> str:
    """The text without signature, lines of the sender's program, addresses below a closing, and legal notices."""
    signature = _SIGNATURE.search(text)
    text = _PROGRAM.sub("", text[: signature.start()] if signature else text)
    kept = [part for part in EMPTY_LINE.split(text) if not is_all_pleas(" ".join(part.split()))]
    return _without_contacts("\n\n".join(kept)).strip()


def _without_contacts(text: str) -> str:
    """The text without a closing and the short lines below it, where those tell how to reach the sender."""
    lines = text.rstrip().split("\n")
    for place in range(max(0, len(lines) - _MOST_LINES), len(lines)):
        if _CLOSING.match(lines[place].strip()):
            below = lines[place:]
            is_short = all(count_words(line) <= _LONGEST and not is_prose(line) for line in below)
            return "\n".join(lines[:place]) if is_short and any(map(_CONTACT.search, below)) else text
    return text

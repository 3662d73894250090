"""Tells sentences that tell something from those that only ask, plead with the reader or describe a photo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from retrieval.text.pleas import is_plea
from retrieval.text.words import read_lines

if TYPE_CHECKING:
    from retrieval.domain.articles import Span

_LONGEST: Final = 300
"""Characters of the longest description of a photo."""
_ASKS = re.compile(r"\?[)\]]*+$")
_QUOTED = re.compile(r"[\"“”«»]|''")
_CREDIT = re.compile(
    r"/(?:AFP|AP|EPA|Reuters|REUTERS|Getty|Bloomberg|NurPhoto|Shutterstock|Xinhua|ZUMA|Anadolu|Pool)\b"
    r"|\b(?:Getty Images|AP Photo|Hide Caption|File Photo)\b|^(?:Photo(?:graph)?s?|Images?|Pictures?|In pictures): "
)
_PLACED = re.compile(
    r"\((?:(?:from|on|at|second|third|fourth) )?(?:the )?(?:left|right|center|centre|top|bottom)(?: from \w{4,5})?\)"
    r"|\bfrom left\b|\b(?:shown|seen|pictured) (?:here|in (?:this|an?) (?:\w{1,15} ){0,2}(?:photo|image|picture)\b)"
)
_SHOWS = re.compile(
    r"(?!.*\b(?:will|would|said|says|told)\b)(?:(?!(?:to|not|that|who)\b)[^\s.;:]{1,30} ){1,9}?"
    rf"(?:{'|'.join(read_lines('shown_in_photos'))}),? [a-z]"
)
_ON_DAY = re.compile(
    r"\b(?:[A-Z][a-z]{2,5}day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d{1,2}|(?:19|20)\d\d)"
    r"(?:,? (?:19|20)\d\d)?\.?$"
)


def tells(text: str, sentence: Span) -> bool:
    """Whether a sentence of a text may answer anything; what somebody asked in quotation marks may."""
    words = sentence.of(text)
    if is_plea(words) or (_ASKS.search(words) and not _QUOTED.search(words)):
        return False
    return len(words) > _LONGEST or not _describes_photo(words, alone=_is_alone(text, sentence))


def _is_alone(text: str, sentence: Span) -> bool:
    """Whether it is a paragraph of its own."""
    return text[: sentence.start].rstrip(" ")[-1:] in {"", "\n"} and text[sentence.end :].lstrip(" ")[:1] in {"", "\n"}


def _describes_photo(words: str, *, alone: bool) -> bool:
    """Whether it credits a photo or, `alone`, says where somebody is in one, or what is done there on a past day."""
    if _CREDIT.search(words):
        return True
    if not alone or _QUOTED.search(words):
        return False
    return bool(_PLACED.search(words) or (_ON_DAY.search(words) and _SHOWS.match(words)))

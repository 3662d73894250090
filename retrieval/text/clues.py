"""What kind of answer a question asks for, and whether a sentence holds something of that kind.

Patterns over the surface of English, no parser and no lists of names: a hint that ranking weighs, never a verdict.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


class Asked(StrEnum):
    """The kinds of answers that leave a trace on the surface of a sentence."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    AGE = "age"
    REASON = "reason"
    THING = "thing"


TELLTALE = frozenset({Asked.TIME, Asked.NUMBER, Asked.AGE})
"""Kinds that no sentence answers without showing one: a date, a number, an age."""

_BEFORE = r"(?:\w+ ){0,2}"
_WHICH = r"(?:what|which) (?:\w+ )?"
_PATTERNS = tuple(
    (kind, re.compile(rf"\W*(?:{'|'.join(ways)})\b", re.IGNORECASE))
    for kind, ways in (
        (
            Asked.REASON,
            (
                "why|how come|(?:for )?what reason",
                r"what (?:\w+ )?(?:reasons?|causes?|caused|prompts?|prompted|leads? to|led to|triggered|made)",
                "what (?:is|was|were) .{1,40} (?:reason|cause|due to|because of)",
            ),
        ),
        (Asked.AGE, ("how old", r"what (?:is|was) .{1,60}\bage", "(?:at )?what age")),
        (
            Asked.NUMBER,
            (
                r"(?:\w+ ){0,3}how (?:many|much|long|far|tall|big|large|fast|high|often)",
                rf"{_BEFORE}what (?:percent\w*|number|amount|share|proportion)",
                "(?:what|which) (?:is|was|were) the (?:number|total|death toll|toll|price|cost|percentage|score)",
            ),
        ),
        (
            Asked.TIME,
            (
                f"{_BEFORE}when",
                f"{_BEFORE}(?:what|which) (?:day|date|year|month|week|time|season|decade|century|weekday)",
            ),
        ),
        (
            Asked.PLACE,
            (
                f"{_BEFORE}where",
                f"{_BEFORE}{_WHICH}(?:city|country|state|town|place|location|province|region|continent|nation|county)",
                f"{_BEFORE}{_WHICH}(?:airport|village|island)",
            ),
        ),
        (
            Asked.PERSON,
            (
                f"{_BEFORE}(?:who|whom|whose)",
                f"{_WHICH}(?:person|man|woman|actor|actress|singer|player|politician|president|senator|minister)",
                f"{_WHICH}(?:celebrity|official|coach|author|artist|judge)",
            ),
        ),
    )
)

_TIME = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may(?= \d)|june|july|august|"
    r"september|october|november|december|(?:jan|feb|aug|sept?|oct|nov|dec)\.|(?:1[5-9]|20)\d\d|today|yesterday|"
    r"tomorrow|tonight|(?:last|this|next|past) (?:week|weekend|month|year|night|spring|summer|fall|autumn|winter)|"
    r"ago|century|[ap]\.?m\b|midnight|noon|decades?)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|"
    r"billions?|trillions?|percent|half|twice|none|several|one)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|after|amid|due to|owing to|thanks to|in response|in order to|so that|prompt\w*|caus\w+|led to|"
    r"leading to|result\w*|reason\w*|citing|following|blam\w+|fear\w*|concern\w*|seeing as|given|as a consequence|"
    r"therefore|motivat\w+|intended|aim\w*|meant)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r", (?:[1-9]\d?|1[01]\d),|\b[\w-]+[- ]years?[- ]old\b|\b(?:aged?|of|is|was|turn\w*) (?:[1-9]\d|1[01]\d)\b|"
    r"\b(?:\d0s|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|birthday|born)\b"
)
_PLACE = re.compile(r"\b(?:in|at|from|near|to|outside|across|of|off|on|into|through)(?: the)? ((?:[A-Z][\w.'’-]*)+)")
_NAME = re.compile(r"\b[A-Z][\w'’.-]*[\w](?: (?:de |van |von |bin |al-)?[A-Z][\w'’.-]*[\w])*")
_TRACES = {
    Asked.TIME: _TIME,
    Asked.NUMBER: _NUMBER,
    Asked.AGE: _AGE,
    Asked.REASON: _REASON,
    Asked.PLACE: _PLACE,
    Asked.PERSON: _NAME,
}
_NAMED = frozenset({Asked.TIME, Asked.PLACE, Asked.PERSON})
"""Kinds whose traces must not be the question's own words: who met Roe? Somebody else than Roe."""


def asked(question: str) -> Asked:
    """The kind of answer that `question` asks for; `THING` where it does not say."""
    return next((kind for kind, pattern in _PATTERNS if pattern.match(question)), Asked.THING)


def offers(sentence: str, kind: Asked, known: AbstractSet[str]) -> bool:
    """Whether `sentence` holds something of this kind beside the `known` words (analysed) of the question itself."""
    if kind is Asked.THING:
        return True
    found = _TRACES[kind].findall(sentence)
    return any(_is_new(trace, known) for trace in found) if kind in _NAMED else bool(found)


def _is_new(found: str, known: AbstractSet[str]) -> bool:
    words = analyse(found)
    return any(word not in known for word in words)

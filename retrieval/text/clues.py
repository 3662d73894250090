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


_ASKED = (
    (
        Asked.REASON,
        r"why|how come|what (?:\w+ )?(?:reasons?|causes?|caused|prompts?|prompted|leads? to|led to|triggered|made)"
        r"|(?:for )?what reason|what (?:is|was|were) .{1,40} (?:reason|cause|due to|because of)",
    ),
    (Asked.AGE, r"how old|what (?:is|was) .{1,60}\bage|(?:at )?what age"),
    (
        Asked.NUMBER,
        r"(?:\w+ ){0,3}how (?:many|much|long|far|tall|big|large|fast|high|often)"
        r"|(?:\w+ ){0,2}what (?:percent\w*|number|amount|share|proportion)"
        r"|(?:what|which) (?:is|was|were) the (?:number|total|death toll|toll|price|cost|percentage|score)",
    ),
    (
        Asked.TIME,
        r"(?:\w+ ){0,2}(?:when|(?:what|which) (?:day|date|year|month|week|time|season|decade|century|weekday))",
    ),
    (
        Asked.PLACE,
        r"(?:\w+ ){0,2}(?:where|(?:what|which) (?:\w+ )?(?:city|country|state|town|place|location|province|region|"
        r"continent|nation|county|airport|village|island))",
    ),
    (
        Asked.PERSON,
        r"(?:\w+ ){0,2}(?:who|whom|whose)|(?:what|which) (?:\w+ )?(?:person|man|woman|actor|actress|singer|player|"
        r"politician|president|senator|minister|celebrity|official|coach|author|artist|judge)\b",
    ),
)
_PATTERNS = tuple((kind, re.compile(rf"\W*(?:{pattern})\b", re.IGNORECASE)) for kind, pattern in _ASKED)

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


def asked(question: str) -> Asked:
    """The kind of answer that `question` asks for; `THING` where it does not say."""
    return next((kind for kind, pattern in _PATTERNS if pattern.match(question)), Asked.THING)


def offers(sentence: str, kind: Asked, known: AbstractSet[str]) -> bool:
    """Whether `sentence` holds something of this kind beside the `known` words (analysed) of the question itself."""
    match kind:
        case Asked.TIME:
            return any(_is_new(found, known) for found in _TIME.findall(sentence))
        case Asked.NUMBER:
            return bool(_NUMBER.search(sentence))
        case Asked.AGE:
            return bool(_AGE.search(sentence))
        case Asked.REASON:
            return bool(_REASON.search(sentence))
        case Asked.PLACE:
            return any(_is_new(found, known) for found in _PLACE.findall(sentence))
        case Asked.PERSON:
            return any(_is_new(found, known) for found in _NAME.findall(sentence))
        case Asked.THING:
            return True


def _is_new(found: str, known: AbstractSet[str]) -> bool:
    words = analyse(found)
    return any(word not in known for word in words)

"""The answer type of a question, and whether a sentence contains something of that type.

Regular expressions over English, no parser and no lists of names: ranking weighs the result, it never decides alone.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


class AnswerType(StrEnum):
    """The kinds of answers that can be recognised by the form of a sentence."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    LENGTH = "length"
    AGE = "age"
    REASON = "reason"
    MEANING = "meaning"
    THING = "thing"


SURFACE_TYPES = frozenset({AnswerType.TIME, AnswerType.NUMBER, AnswerType.MONEY, AnswerType.LENGTH, AnswerType.AGE})
"""Types whose answer always shows in the sentence: a date, a number, a sum, a length of time or way, an age."""

_BEFORE = r"(?:\w+ ){0,2}"
_WHICH = r"(?:what|which) (?:\w+ )?"
_PATTERNS = {
    AnswerType.REASON: r"why|how come|(?:for )?what reason"
    r"|what (?:\w+ )?(?:reasons?|causes?|caused|prompts?|prompted|leads? to|led to|triggered|made)"
    r"|what (?:is|was|were) .{1,40} (?:reason|cause|due to|because of)",
    AnswerType.MEANING: r"what (?:\w+ ){0,2}(?:does|do|did|is|are|was|were) .{1,250}"
    r"\b(?:refer(?:s|red|ring)?|talking about)"
    r"|what (?:\w+ )?is meant by",
    AnswerType.AGE: r"how old|what (?:is|was) .{1,60}\bage|(?:at )?what age",
    AnswerType.MONEY: r"(?:\w+ ){0,4}how much"
    r"(?: (?:is|was|are|were|do|does|did|has|have|had|will|would|could|money)|\W*$)"
    r"|(?:what|which) (?:is|was|were) the (?:price|cost)",
    AnswerType.LENGTH: r"(?:\w+ ){0,3}how long",
    AnswerType.NUMBER: r"(?:\w+ ){0,3}how (?:many|much|far|tall|big|large|fast|high|often)"
    rf"|{_BEFORE}what (?:percent\w*|number|amount|share|proportion)"
    r"|(?:what|which) (?:is|was|were) the (?:number|total|death toll|toll|price|cost|percentage|(?:\w{3,12} )?score)",
    AnswerType.TIME: rf"{_BEFORE}when"
    rf"|{_BEFORE}(?:what|which) (?:day|date|year|month|week|time|season|decade|century|weekday)",
    AnswerType.PLACE: rf"{_BEFORE}where"
    rf"|{_BEFORE}{_WHICH}(?:city|country|state|town|place|location|province|region|continent|nation|county)"
    rf"|{_BEFORE}{_WHICH}(?:airport|village|island)",
    AnswerType.PERSON: rf"{_BEFORE}(?:who|whom|whose)"
    rf"|{_WHICH}(?:person|man|woman|actor|actress|singer|player|politician|president|senator|minister)"
    rf"|{_WHICH}(?:celebrity|official|coach|author|artist|judge)",
}
_QUESTIONS = [(kind, re.compile(rf"\W*(?:{pattern})\b", re.IGNORECASE)) for kind, pattern in _PATTERNS.items()]
"""The patterns of questions in order of precedence."""

_ANSWERS = {
    AnswerType.TIME: re.compile(
        r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may(?= \d)|june|july|august|"
        r"september|october|november|december|(?:jan|feb|aug|sept?|oct|nov|dec)\.|(?:1[5-9]|20)\d\d|today|yesterday|"
        r"tomorrow|tonight|(?:last|this|next|past) (?:week|weekend|month|year|night|spring|summer|fall|autumn|winter)|"
        r"ago|century|[ap]\.?m\b|midnight|noon|decades?)",
        re.IGNORECASE,
    ),
    AnswerType.NUMBER: re.compile(
        r"(?<!\d)(?!(?:1[5-9]|20)\d\d\b(?![,.]\d))\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
        r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|"
        r"billions?|trillions?|percent|half|twice|none|several|one)\b",
        re.IGNORECASE,
    ),
    AnswerType.MONEY: re.compile(
        r"[$£€¥₹]\s?\d|\d\s?(?:million|billion|trillion)|\b(?:dollars?|pounds?|euros?|yen|cents?|percent|free)\b|\d\s?%",
        re.IGNORECASE,
    ),
    AnswerType.LENGTH: re.compile(
        r"\b(?:years?|months?|weeks?|weekend|days?|nights?|hours?|minutes?|seconds?|decades?|century|life|miles?|feet|foot|"
        r"inch(?:es)?|yards?|(?:kilo)?met(?:er|re)s?)\b",
        re.IGNORECASE,
    ),
    AnswerType.REASON: re.compile(
        r"\b(?:because|due to|owing to|thanks to|so that|in order to|reasons?|caused?|blam\w+|prompt\w*|therefore|"
        r"as a result|in response)\b",
        re.IGNORECASE,
    ),
    AnswerType.AGE: re.compile(
        r", (?:[1-9]\d?|1[01]\d),|\w-*[- ]years?[- ]old\b|\b(?:aged?|of|is|was|turn\w*) (?:[1-9]\d|1[01]\d)\b|"
        r"\b(?:\d0s|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|birthday|born)\b"
    ),
    AnswerType.PLACE: re.compile(
        r"\b(?:in|at|from|near|to|outside|across|of|off|on|into|through)(?: the)? ((?:[A-Z][\w.'’-]*)+)"
    ),
    AnswerType.PERSON: re.compile(r"\b[A-Z][\w'’.-]*[\w](?: (?:de |van |von |bin |al-)?[A-Z][\w'’.-]*[\w])*"),
}
NAMED = frozenset({AnswerType.TIME, AnswerType.PLACE, AnswerType.PERSON})
"""Types whose answer must not be the question's own words: "who met Roe?" is not answered by "Roe"."""


def answer_type(question: str) -> AnswerType:
    """The type of answer that `question` asks for; `THING` where its words do not tell."""
    return next((kind for kind, pattern in _QUESTIONS if pattern.match(question)), AnswerType.THING)


def contains_answer_type(sentence: str, kind: AnswerType, known: AbstractSet[str]) -> bool:
    """Whether `sentence` contains something of this type, other than the question's own (analysed) `known` words.

    True for a type that has no pattern.
    """
    if kind not in _ANSWERS:
        return True
    pattern = _ANSWERS[kind]
    if kind not in NAMED:
        return pattern.search(sentence) is not None
    matches = (match[pattern.groups] for match in pattern.finditer(sentence))
    return any(word not in known for matched in matches for word in analyse(matched))

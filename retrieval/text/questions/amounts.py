"""Finds what may answer "when", "how many", "how much", "how long" and "how old" in a sentence of English news."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from retrieval.domain.articles import Span
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

_TENS = r"(?:twen|thir|for|fif|six|seven|eigh|nine)t"
_SMALL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    rf"|eighteen|nineteen|{_TENS}y(?:-(?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_GREAT = r"(?:hundred|thousand|million|billion|trillion|dozen)"
_HEDGE = (
    r"(?:(?:(?:more|less|fewer) than|at least|at most|up to|about|around|nearly|almost|some|over|under|roughly"
    r"|approximately|an estimated|as many as|as much as|close to|only) )?"
)
_DIGITS = r"\d[\d,]{0,14}+(?<!,)(?:\.\d{1,4})?"
_AMOUNT = (
    rf"(?:(?:{_DIGITS}|(?:an? |half an? )?{_GREAT}|{_SMALL})(?:[ -]{_GREAT}){{0,2}}"
    r"|(?:dozens|hundreds|thousands|millions|billions|scores)(?: of thousands)?)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_YEAR = r"(?:1[5-9]|20)\d\d(?!\w|[,.]\d)"
_CLOCK = r"(?:\d{1,2}(?::\d\d)? ?[ap]\.?m\b\.?|noon|midnight|\d{1,2}:\d\d)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?![\w:]|[,.]\d)"
_DATE = rf"(?:{_MONTH} {_DAY}(?:,? {_YEAR})?|{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?|{_MONTH}(?: of)?,? {_YEAR})"
_UNIT = r"(?:second|minute|hour|day|night|week|weekend|month|year|decade)s?|century|centuries"
_WAY = r"mile|miles|(?:kilo|centi)?met(?:er|re)s?|foot|feet|inch|inches|yards?|km|mph|kph|acres?|hectares?"
_CURRENCY = (
    r"(?:(?:US|U\.S\.|Canadian|Australian) )?"
    r"(?:dollars?|pounds?|euros?|yen|pesos?|ro?ubles?|rupees?|yuan|francs?|crowns"
    r"|cents?|pence|shekels?|riyals?|kron(?:a|or|er))"
)

_YEARS = re.compile(rf"\b{_YEAR}")
_DAYS = re.compile(rf"\b(?:{_DATE}|{_WEEKDAY})|(?i:\b(?:today|yesterday|tomorrow|\w+ day)\b)")
_CLOCKS = re.compile(rf"\b{_CLOCK}")
_TIMES = re.compile(
    rf"\b(?:(?:(?i:early|late|last|next|this) )?{_WEEKDAY}(?: (?:morning|afternoon|evening|night))?(?:,? {_DATE})?"
    rf"(?:,? at {_CLOCK})?|{_DATE}|(?:(?i:early|late|mid-|last|next|this)[ -]?)?{_MONTH}(?! \d)"
    rf"|(?:(?i:early|late|mid)[ -])?{_YEAR}|\d{{2,4}}0s|{_CLOCK}(?: (?:on )?{_WEEKDAY})?"
    r"|(?i:last|this|next|past) (?:week|weekend|month|year|night|spring|summer|fall|autumn|winter|morning|afternoon"
    r"|evening)|(?i:today|yesterday|tomorrow|tonight)"
    rf"|(?i:{_HEDGE}(?:{_AMOUNT}|an?|several)) (?:{_UNIT}) (?:ago|earlier|later)|\d{{1,2}}(?:st|nd|rd|th)[ -]century)"
    r"(?!\w)"
)
_SUMS = re.compile(
    rf"(?i:(?<!\w){_HEDGE}(?:(?:US|A|C|NZ|HK|R)?[$£€¥₹] ?{_DIGITS}(?: ?(?:{_GREAT}|bn|m|k)\b)?"
    rf"|\b{_AMOUNT} {_CURRENCY}\b))"
)
_PERCENTAGES = re.compile(rf"(?i:(?<![\w.]){_HEDGE}{_AMOUNT} ?(?:percent|per cent|%|percentage points?)(?!\w))")
_NUMBERS = re.compile(rf"(?i:(?<![\w$£€¥₹.,-]){_HEDGE}{_AMOUNT}(?![\w%]|[.,:]\d|-\w)|\btwice\b)")
_COMPOUNDS = re.compile(rf"(?i:(?<![\w$£€¥₹.,-]){_AMOUNT}-(?P<counted>[a-z]{{2,30}})\b)")
"""A number joined to what it counts: "a 165-room hotel"."""
_SCORES = re.compile(r"(?<![\w-])\d{1,3}[-–]\d{1,3}(?![\w-])")
_LENGTHS = re.compile(
    rf"(?i:\b{_HEDGE}(?:{_AMOUNT}|an?|several|a few|many|half an?)[ -](?:more |full |square |nautical )?"
    rf"(?:{_UNIT}|{_WAY})\b(?![ -](?:old|olds|ago|earlier|later)\b))"
)
_WAYS = re.compile(rf"(?i:\b(?:{_WAY})\b)")
_UNITS = re.compile(rf"(?i:[ -](?:more |full )?(?:{_UNIT}|{_WAY}|{_CURRENCY})\b)")
_ANOTHER_THING = re.compile(rf"{_UNITS.pattern}| (?:[a-z]{{1,20}} )?(?!(?:was|has|is|does|others)\b)[a-z]{{3,20}}s\b")
_AGES = re.compile(
    rf"\b((?i:\d{{1,3}}|{_SMALL})(?:-(?:year|month|week|day)s?-olds?| (?:years?|months?) (?:old|of age))"
    rf"|(?:late |early |mid-)?(?:[2-9]0s|{_TENS}ies))(?!\w)"
    r"|(?:(?:,|\b(?:is|was)) (?=\d{1,3}(?:[,;]|\.?$))"
    r"|\b(?:aged|ages?|then|turn(?:ed|ing|s)|(?:age|girls?|boys?|man|men|woman|women) of) )"
    r"(\d{1,3}(?: to \d{1,3})?)(?![\w-]|[,.]\d)"
)
"""An age by its own words, or (second group) by those before it."""
_FOCUS = re.compile(r"\bhow (?:many|much) (?:more |other |total |extra |of the )?(\w+)", re.IGNORECASE)
_OF_WAYS = re.compile(r"\bhow (?:far|tall|high|fast|big|large|deep|wide)\b", re.IGNORECASE)
_ASKED_DAY = re.compile(r"\b(?:what|which) (?:day|date|weekday)\b", re.IGNORECASE)
_ASKED_YEAR = re.compile(r"\b(?:what|which) year\b", re.IGNORECASE)
_ASKED_HOUR = re.compile(r"\bwhat time\b", re.IGNORECASE)
_SPECIAL: Final[Mapping[re.Pattern[str], re.Pattern[str]]] = {
    re.compile(r"\b(?:price|cost)s?\b", re.IGNORECASE): _SUMS,
    re.compile(r"\b(?:percent\w*|share|proportion)\b", re.IGNORECASE): _PERCENTAGES,
    re.compile(r"\bthe (?:\w{3,12} )?score\b", re.IGNORECASE): _SCORES,
}
"""Numbers of a form of their own, by the question's words."""
_ANYBODY = frozenset(analyse("people persons victims men women children"))
_COUNTED_WITHIN = 4
"""Words behind a number among which the counted thing stands."""


def times(question: str, sentence: str) -> list[Span]:
    """Dates, days, hours and years; only those of the asked-for kind."""
    if _ASKED_YEAR.search(question):
        return _spans(_YEARS, sentence)
    if _ASKED_HOUR.search(question):
        return _spans(_CLOCKS, sentence)
    by_day = _ASKED_DAY.search(question) is not None
    return [span for span in _spans(_TIMES, sentence) if not by_day or _DAYS.search(span.of(sentence))]


def sums(_question: str, sentence: str) -> list[Span]:
    """Sums of money, or percentages where there are none."""
    return _spans(_SUMS, sentence) or _spans(_PERCENTAGES, sentence)


def lengths(_question: str, sentence: str) -> list[Span]:
    """Lengths of time and of way."""
    return _spans(_LENGTHS, sentence)


def ages(_question: str, sentence: str) -> list[Span]:
    """Ages of people and things."""
    return _spans(_AGES, sentence)


def numbers(question: str, sentence: str) -> list[Span]:
    """Numbers of what the question counts; without any, those that nothing shows to count something else."""
    for asked, pattern in _SPECIAL.items():
        if asked.search(question):
            return _spans(pattern, sentence)
    if _OF_WAYS.search(question):
        return [span for span in _spans(_LENGTHS, sentence) if _WAYS.search(span.of(sentence))]
    focus = _FOCUS.search(question)
    counted = frozenset(analyse(focus[1])) if focus else frozenset()
    found = _outside(_spans(_NUMBERS, sentence), _spans(_TIMES, sentence))
    of_it = [span for span in found if not counted.isdisjoint(analyse(_behind(sentence, span)))]
    joined = [Span(*match.span()) for match in _COMPOUNDS.finditer(sentence) if counted & {*analyse(match["counted"])}]
    others = [span for span in _of_nothing_else(sentence, found, counted) if span.of(sentence).lower() != "one"]
    return sorted({*of_it, *others}) if of_it else joined or others


def _behind(sentence: str, span: Span) -> str:
    return " ".join(sentence[span.end :].split(maxsplit=_COUNTED_WITHIN)[:_COUNTED_WITHIN])


def _of_nothing_else(sentence: str, found: Sequence[Span], counted: AbstractSet[str]) -> list[Span]:
    others = [span for pattern in (_SUMS, _PERCENTAGES, _AGES) for span in _spans(pattern, sentence)]
    another = _UNITS if not counted or counted & _ANYBODY else _ANOTHER_THING
    return [span for span in _outside(found, others) if not another.match(sentence, span.end)]


def _spans(pattern: re.Pattern[str], sentence: str) -> list[Span]:
    return [Span(*match.span(match.lastindex or 0)) for match in pattern.finditer(sentence)]


def _outside(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    return [span for span in spans if not any(span.overlaps(other) for other in others)]

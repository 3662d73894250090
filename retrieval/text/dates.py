"""Reads days as people type them (`2024-03`) and as they say them ("last week"), in UTC."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPED = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_YEARS = range(1900, 2200)

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_COUNTS = ("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_WEEKDAY = re.compile(rf"\b(?:(last|this|past)\s+)?({'|'.join(_WEEKDAYS)})s?\b", re.IGNORECASE)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_COUNTED = r"(?!elections|games|olympics|playoffs|primaries|midterms)(?-i:[a-z]\w*s\b)"
"""What a number before it counts, so that it is no year: "the 2024 tons"."""

_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_MONTH}\s+{_DAY}\b(?:,?\s+{_YEAR}\b)?",
        rf"\b{_DAY}(?:\s+of)?\s+{_MONTH}\b(?:,?\s+{_YEAR}\b)?",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b",
        rf"\b(?:in|during|since|last|this|early|late|mid)[\s-]+{_MONTH}\b(?!\s+\d)",
        rf"\b(?:in|during|since|from)\s+{_YEAR}\b",
        rf"\b(?:the|of|early|late|mid)[\s-]+(?!\d\d00){_YEAR}\b(?!\s+(?:people\b|{_COUNTED}))",
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>[01]\d)-(?P<day>[0-3]\d)\b",
    )
)
_RELATIVE = re.compile(
    r"\b(?:(?P<near>today|tonight|this (?:morning|afternoon|evening)|yesterday|last night)"
    r"|(?P<which>this|last|past) (?P<unit>week|weekend|month|year)"
    r"|(?<!most )recent(?:ly|(?! (?:times|years|decades|memory|history)\b))|lately|the (?:last|past) few (?:days|weeks)"
    r"|tomorrow|next (?:week|weekend|month)"
    rf"|(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)}) (?P<ago>day|week|month|year)s? ago)\b",
    re.IGNORECASE,
)
_LATER = timedelta(days=2)
"""How long after a day its events are still reported."""

_LATELY = "lately"
_DAYS_IN = {"day": 1, "week": 7, "weekend": 7, "month": 30, "year": 365, _LATELY: 60}


@dataclass(frozen=True, slots=True)
class Days:
    """Days on which an article about a named time may have been published.

    All from `first` to `last`, inclusive; where given, only a `weekday` (Monday is 0) and the day after, a `month`
    (1..12), a `day` of the month and the two after it.
    """

    first: date = date.min
    last: date = date.max
    weekday: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def recur(self) -> bool:
        """Whether they recur every week or year."""
        return self.first == date.min and self.last == date.max

    def includes(self, published: date) -> bool:
        """Whether a date is among these days."""
        if self.weekday is not None and (published.weekday() - self.weekday) % 7 > 1:
            return False
        if self.month is not None and published.month != self.month:
            return False
        if self.day is not None and not 0 <= published.day - self.day <= _LATER.days:
            return False
        return self.first <= published <= self.last

    def is_near(self, published: date, slack: timedelta) -> bool:
        """Whether a date is among the days from the first to the last, or not farther from them than `slack`."""
        return self.first - published <= slack and published - self.last <= slack


def shifted(day: date, by: timedelta) -> date:
    """A day moved by whole days, limited to the range of `date`."""
    try:
        return day + by
    except OverflowError:
        return date.min if by < timedelta(0) else date.max


def find_days(text: str, today: date) -> Iterator[tuple[Days, tuple[int, int] | None]]:
    """Yield the days that a text written on `today` names.

    Each comes with the (start, end) of relative words ("last week"), which an article would not print, or None.
    """
    for match in _RELATIVE.finditer(text):
        first, last = _relative(match, today)
        yield Days(first, last), match.span()
    for match in _WEEKDAY.finditer(text):
        yield _weekday(match, today), None
    taken: list[tuple[int, int]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            days = _dated(match)
            place = bisect_left(taken, (match.end(),))
            if days is not None and (not place or taken[place - 1][1] <= match.start()):
                taken.insert(place, match.span())
                yield days, None


def _relative(match: re.Match[str], today: date) -> tuple[date, date]:
    """The first and last day; the next morning's articles count too."""
    if match["near"]:
        back = 1 if match["near"].lower() in {"yesterday", "last night"} else 0
        return _back(today, back), _back(today, back - 1)
    if match["ago"]:
        count = match["count"].lower()
        length = _DAYS_IN[match["ago"].lower()]
        then = _back(today, length * (_COUNTS.index(count) + 1 if count in _COUNTS else int(count)))
        return _back(then, length // 2), _back(then, -max(length // 2, 1))
    which, unit = (match["which"] or "past").lower(), (match["unit"] or _LATELY).lower()
    running = which == "this"
    if which == "past":
        return _back(today, _DAYS_IN[unit]), _back(today, -1)
    if unit.startswith("week"):
        monday = _back(today, today.weekday())
        return (_back(today, 7), _back(today, -1)) if running else (_back(monday, 7), monday)
    first = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    if running:
        return first, _back(today, -1)
    before = _back(first, 1)
    return before.replace(day=1) if unit == "month" else before.replace(month=1, day=1), _back(first, -1)


def _back(day: date, days: int) -> date:
    return shifted(day, timedelta(days=-days))


def _weekday(match: re.Match[str], today: date) -> Days:
    """A weekday of any week; with "last", "this" or "past", the latest one."""
    weekday = _WEEKDAYS.index(match[2].lower())
    if match[1] is None:
        return Days(weekday=weekday)
    since = (today.weekday() - weekday) % 7
    then = _back(today, since or 7 * (match[1].lower() == "last"))
    return Days(then, _back(then, -1))


def _dated(match: re.Match[str]) -> Days | None:
    """A calendar date, month or year; None for a day that does not exist, and for the verb in "This may"."""
    parts = match.groupdict()
    if parts.get("month") in {"may", "march"} and match.group().lower().startswith("this"):
        return None
    year = int(parts["year"]) if parts.get("year") else None
    day = int(parts["day"]) if parts.get("day") else None
    month = _month(parts)
    if year is None:
        return Days(month=month, day=day)
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Days(first, _back(first, -_LATER.days))
    if month:
        return Days(first, _back(date(year + month // 12, month % 12 + 1, 1), 1 - _LATER.days))
    return Days(first, date.max if match.group().lower().startswith("since") else date(year, 12, 31))


def _month(parts: dict[str, str | None]) -> int | None:
    name, number = parts.get("month"), parts.get("number")
    if name:
        return next(index for index, month in enumerate(_MONTHS, 1) if month.startswith(name.lower().rstrip(".")[:3]))
    return int(number) if number else None


def period(typed: str) -> tuple[datetime, datetime] | None:
    """Start (UTC) of `2024`, `2024-03` or `2024-03-25` and of the next such period; None for anything else."""
    match = _TYPED.fullmatch(typed.strip())
    if match is None or int(match[1]) not in _YEARS:
        return None
    try:
        start = datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=UTC)
    except ValueError:
        return None
    if match[3]:
        return start, start + timedelta(days=1)
    month = start.month % 12 + 1 if match[2] else 1
    year = start.year + (1 if month == 1 else 0)
    return start, datetime(year, month, 1, tzinfo=UTC)

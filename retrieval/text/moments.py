"""Reads a moment as feeds and pages write it in a field of its own: ISO 8601, the form of mail, or a paper's words.

The names of months are read in the languages of the news. What can mean two days (05/06/2026) is read where it stands
beside a half of the day (5:12 PM) or a zone of America, as its papers write it, and not elsewhere.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final

from retrieval.text.words import read_lines

_LONGEST: Final = 80
_FIRST_YEAR: Final = 1900
_CENTURY: Final = 2000
_UNSET: Final = date(1970, 1, 1)
"""What a site prints that knows no date."""
_WITHOUT_COLON: Final = re.compile(r"(?<=\d)\s?([+-]\d\d):?(\d\d)$")
_EPOCH: Final = re.compile(r"(\d{9,10})(?:\.\d{1,9}|\d{3})?")
_NAME: Final = r"(?P<name>[^\W\d_]{3,12})\.?"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_DAY: Final = r"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th|er|re|[ºª°.])?"
_OF: Final = r"(?:\s(?:de|of|di|del)(?=\s))?"
_DAYS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_YEAR}[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d)",
        rf"{_YEAR}\s?[年년]\s?(?P<month>\d\d?)\s?[月월]\s?(?P<day>\d\d?)\s?[日일号號]",
        rf"{_DAY}{_OF}[\s-]{_NAME},?{_OF}[\s-](?:{_YEAR}|(?P<short>\d\d))(?![\d:])",
        rf"(?<![^\W_]){_NAME}\s{_DAY},?\s{_YEAR}(?!\d)",
        rf"(?<![^\W_]){_NAME}\s{_DAY}\s(?P<clock>\d\d?:.{{0,30}}?)\b{_YEAR}$",
        rf"(?<!\d)(?P<day>\d\d?)\.(?P<month>\d\d?)\.{_YEAR}(?!\d)",
        rf"(?<!\d)(?P<day>1[3-9]|[23]\d)/(?P<month>\d\d?)/{_YEAR}(?!\d)",
        rf"(?<!\d)(?P<month>\d\d?)/(?P<day>1[3-9]|[23]\d)/{_YEAR}(?!\d)",
    )
)
_SLASHED: Final = rf"(?<!\d)(?P<{{}}>\d\d?)/(?P<{{}}>\d\d?)/(?:{_YEAR}|(?P<short>\d\d))(?!\d)"
_MONTH_FIRST: Final = re.compile(_SLASHED.format("month", "day"))
_DAY_FIRST: Final = re.compile(_SLASHED.format("day", "month"))
_WITH_HALF: Final = re.compile(r"\d\s?[ap]\.?m\b")
_OF_AMERICA: Final = re.compile(r"\d\s?(?:[ap]\.?m\.?\s?)?(?:[ecmp][sd]t)\b")
_AMERICAN: Final = frozenset({"", "en", "en-us", "en-ca", "en-ph"})
"""Languages of papers that put the month before the day; one that is not known does so beside an hour with its half."""
_BEFORE_NOON: Final = frozenset({"am", "a.m", "오전", "午前", "上午"})
_AFTER_NOON: Final = frozenset({"pm", "p.m", "오후", "午後", "下午"})
_HALF: Final = "|".join(re.escape(word) for word in sorted(_BEFORE_NOON | _AFTER_NOON))
_CLOCK: Final = re.compile(
    rf"(?:(?P<before>{_HALF})\s?)?(?<!\d)(?P<hour>\d\d?)[:.h時时](?P<minute>\d\d)(?!\d)(?:[:分](?P<second>\d\d))?(?:[.,]\d{{1,9}})?"
    rf"(?:\s?(?P<after>{_HALF})\.?)?"
)
_OFFSET: Final = re.compile(r"(?<![\d-])(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?(?!\d)")
_LETTERS: Final = re.compile(r"[a-z]{1,5}")


_MONTHS: Final = {name: number for number, line in enumerate(read_lines("month_names"), 1) for name in line.split()}
"""The beginnings of the months' names, each with the month's number."""
_ZONES: Final = dict(line.split() for line in read_lines("time_zones"))


def read_moment(text: str | None, zone: tzinfo = UTC, language: str | None = None) -> datetime | None:
    """The moment that a text in a language names, in UTC; None where it names none, or what no article can have.

    A time that names no zone is in `zone`; a day alone is its midnight in UTC.
    """
    stripped = " ".join((text or "")[:_LONGEST].split())
    if not stripped:
        return None
    try:
        moment = _epoch(stripped) or _iso(stripped, zone) or _worded(stripped.casefold(), zone, language)
        moment = None if moment is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None if moment is None or moment.year < _FIRST_YEAR or moment.date() == _UNSET else moment


def _epoch(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970."""
    match = _EPOCH.fullmatch(text)
    return None if match is None else datetime.fromtimestamp(int(match[1]), UTC)


def _iso(text: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_WITHOUT_COLON.sub(r"\1:\2", text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone if ":" in text else UTC)


def _worded(text: str, zone: tzinfo, language: str | None) -> datetime | None:
    """The day that is named first in a form that is known, and the time and zone beside it."""
    if "年" in text:
        text = text.replace("cst", "+0800")  # China's, not America's
    for pattern in (*_DAYS, *_slashed(text, (language or "").replace("_", "-").casefold())):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            day = _day(parts)
            if day is not None:
                rest = f"{text[: match.start()]} {parts.get('clock') or ''}{text[match.end() :]}"
                return _at_time(day, rest, zone)
    return None


def _slashed(text: str, language: str) -> tuple[re.Pattern[str], ...]:
    """How a day with slashes is read, if anything in the text tells it."""
    if _OF_AMERICA.search(text):
        return (_MONTH_FIRST,)
    return (_MONTH_FIRST if language in _AMERICAN else _DAY_FIRST,) if _WITH_HALF.search(text) else ()


def _day(parts: dict[str, str | None]) -> date | None:
    month = int(parts["month"] or 0) if "month" in parts else _month(parts["name"] or "")
    year = int(parts["year"] or 0) or _CENTURY + int(parts["short"] or 0)
    return date(year, month, int(parts["day"] or 0)) if month else None


def _month(name: str) -> int:
    """The number of a month by the longest beginning of its name that is known; 0 for another word."""
    return next((_MONTHS[name[:end]] for end in range(len(name), 2, -1) if name[:end] in _MONTHS), 0)


def _at_time(day: date, rest: str, zone: tzinfo) -> datetime:
    """The moment on a day; 24:00 is the next one's midnight."""
    midnight, clock = datetime(day.year, day.month, day.day, tzinfo=UTC), _CLOCK.search(rest)
    if clock is None:
        return midnight
    hours, half = int(clock["hour"]), clock["before"] or clock["after"]
    if half is not None:
        hours = hours % 12 + 12 * (half in _AFTER_NOON)
    since = timedelta(hours=hours, minutes=int(clock["minute"]), seconds=int(clock["second"] or 0))
    if since > timedelta(days=1):
        return midnight
    return midnight.replace(tzinfo=_named_zone(rest[clock.end() :]) or zone) + since


def _named_zone(rest: str) -> timezone | None:
    """The zone that is named first, by its distance from UTC or by its name."""
    names = (_ZONES[name] for name in _LETTERS.findall(rest) if name in _ZONES)
    offset = _OFFSET.search(rest) or _OFFSET.search(next(names, ""))
    if offset is None:
        return None
    distance = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    return timezone(-distance if offset["sign"] == "-" else distance)

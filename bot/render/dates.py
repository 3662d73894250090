"""Dates as Discord shows them, in each member's language and time zone.

Buttons, menus and the lines at a card's edges take none of these: there days are words (`wording.day_in_words`).
"""

from __future__ import annotations

from datetime import UTC, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from discord.utils import format_dt

from retrieval.domain.wording import day_in_words, iso_day
from retrieval.translation import gettext, gettext_noop

if TYPE_CHECKING:
    from datetime import datetime

_OFFERED: Final = (
    (gettext_noop("Today"), 0),
    (gettext_noop("Yesterday"), 1),
    (gettext_noop("A week ago"), 7),
    (gettext_noop("30 days ago"), 30),
    (gettext_noop("A year ago"), 365),
)


day_and_time: Final = partial(format_dt, style="f")
"""`25 March 2024 at 14:05`."""
time_of_day: Final = partial(format_dt, style="t")
"""`14:05`."""
short_day: Final = partial(format_dt, style="d")
"""`25/03/2024`."""
relative: Final = partial(format_dt, style="R")
"""`in 5 seconds`, `2 hours ago`, which Discord keeps up to date."""


def long_day(moment: datetime) -> str:
    """Return `25 March 2024`.

    A moment at midnight, UTC, is a date whose time is not known. It is shown as of noon: midnight would be the day
    before to everybody west of Greenwich.
    """
    moment = moment.astimezone(UTC)
    return format_dt(moment + timedelta(hours=12) if moment.time() == time.min else moment, "D")


def day_and_known_time(moment: datetime) -> str:
    """Return `25 March 2024 at 14:05`, or the day alone where the time is not known."""
    return long_day(moment) if moment.astimezone(UTC).time() == time.min else day_and_time(moment)


def offered_days(now: datetime) -> tuple[tuple[str, str], ...]:
    """Return label and ISO date of the days that are offered to narrow a question, the newest first."""
    days = ((label, now - timedelta(days=ago)) for label, ago in _OFFERED)
    return tuple((f"{gettext(label)} ({day_in_words(moment)})", iso_day(moment)) for label, moment in days)

"""The same warning is logged once an hour, whatever fails every minute."""

from __future__ import annotations

import logging

from config.logs import _Repeated


def warning(message: str, at: float, level: int = logging.WARNING) -> logging.LogRecord:
    record = logging.LogRecord("bot", level, __file__, 1, message, None, None)
    record.created = at
    return record


def test_the_same_warning_is_let_through_once_an_hour() -> None:
    repeated = _Repeated()
    lines = [
        warning("full", 0),
        warning("full", 60),
        warning("other", 61),
        warning("full", 3599),
        warning("full", 3601),
    ]
    assert [bool(repeated.filter(line)) for line in lines] == [True, False, True, False, True]


def test_errors_and_what_is_merely_told_are_never_held_back() -> None:
    repeated = _Repeated()
    for level in (logging.INFO, logging.ERROR):
        assert all(repeated.filter(warning("again", 0, level)) for _ in range(2))

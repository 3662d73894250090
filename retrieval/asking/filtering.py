"""Filters a scope by a publisher and by days, as people type them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.domain.scope import Filters
from retrieval.errors import QuestionRejected
from retrieval.text.dates import period

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.scope import Scope


def narrowed(scope: Scope, publisher: str | None = None, since: str | None = None, until: str | None = None) -> Scope:
    """The scope filtered by a publisher and by days: from `since` (2024-03-25, 2024-03, 2024) to `until`, included.

    Raises QuestionRejected for an invalid day, and where `until` is before `since`.
    """
    if publisher is None and since is None and until is None:
        return scope
    first = _period(since)[0] if since else None
    end = _period(until)[1] if until else None
    if first is not None and end is not None and end <= first:
        raise QuestionRejected("question.days_reversed", since=since, until=until)
    return replace(scope, filters=Filters(publisher, first, end))


def _period(typed: str) -> tuple[datetime, datetime]:
    days = period(typed)
    if days is None:
        raise QuestionRejected("question.no_day", typed=typed[:40])
    return days

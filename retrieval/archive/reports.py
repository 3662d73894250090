"""What members say of words that were shown: that something is wrong with them, or that they are good.

Kept in the archive by server, one voice a member and place, for ninety days. Synchronous: call it in a thread.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import ArticleId
from retrieval.domain.reports import Reported, ReportKind

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.bot_state import BotState
    from retrieval.domain.ids import CollectionId, UserId

_PREFIX: Final = "report:"
_RETENTION: Final = timedelta(days=90)
_MOST: Final = 2000
"""Voices in each server, those on the newest articles."""
_KEY: Final = re.compile(r"report:0{0,19}(\d{1,20}):(\d{1,9}):(\d{1,9}):\d{1,20}")


class Reports:
    """The reports of all servers."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def keep(self, server: CollectionId, ref: ExcerptRef, member: UserId, kind: ReportKind) -> None:
        """Store what a member says of words, in place of what they said before."""
        self._state.put(server, f"{_place(ref)}{member}", kind, member=member, most=_MOST)

    def of(self, server: CollectionId) -> tuple[Reported, ...]:
        """Return the words that are said to be wrong, the most often first."""
        voices: defaultdict[ExcerptRef, Counter[ReportKind]] = defaultdict(Counter)
        for _, key, value in self._state.entries(_PREFIX, server):
            match = _KEY.fullmatch(key)
            if match is not None and value in frozenset(ReportKind) and int(match[2]) < int(match[3]):
                ref = ExcerptRef(ArticleId(int(match[1])), Span(int(match[2]), int(match[3])))
                voices[ref][ReportKind(value)] += 1
        reported = (Reported(ref, counted) for ref, counted in voices.items())
        return tuple(sorted((one for one in reported if one.complaints), key=lambda one: -one.complaints))

    def dismiss(self, server: CollectionId, ref: ExcerptRef) -> None:
        """Delete what was said of words."""
        self._state.clear(server, _place(ref))

    def forget_old(self, now: datetime) -> int:
        """Delete what was said more than ninety days ago; return how many voices."""
        return self._state.prune(_PREFIX, now - _RETENTION)


def _place(ref: ExcerptRef) -> str:
    """Return the beginning of the keys of all voices on words; article numbers sort as texts do."""
    return f"{_PREFIX}{ref.article_id:020}:{ref.span.start}:{ref.span.end}:"

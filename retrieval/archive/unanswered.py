"""The questions that found no answer, of servers that switched this on, without who asked.

Kept in the archive for thirty days. Synchronous: call it in a thread.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from retrieval.domain.answers import AbstentionReason
from retrieval.domain.reports import UnansweredQuestion
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from retrieval.archive.bot_state import BotState
    from retrieval.domain.answers import Abstention
    from retrieval.domain.ids import CollectionId

_PREFIX: Final = "unanswered:"
_RETENTION: Final = timedelta(days=30)
_MOST: Final = 300
"""Questions in each server, the newest."""
_SECOND: Final = 10**9
_UNANSWERED: Final = frozenset(
    {AbstentionReason.NOTHING_FOUND, AbstentionReason.NOT_GOOD_ENOUGH, AbstentionReason.TOO_OLD}
)


class Unanswered:
    """The unanswered questions of all servers."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def keep(self, server: CollectionId, abstention: Abstention) -> None:
        """Store a question, if it was one for which nothing was found."""
        if abstention.reason in _UNANSWERED:
            key = f"{_PREFIX}{time.time_ns():020}"
            self._state.put(server, key, json.dumps(abstention.question), most=_MOST)

    def of(self, server: CollectionId) -> tuple[UnansweredQuestion, ...]:
        """Return the questions, those that were asked most often first, then the newest."""
        asked: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for _, key, value in self._state.entries(_PREFIX, server):
            question = json.loads(value)
            asked[search_key(question)].append((int(key.removeprefix(_PREFIX)), question))
        questions = [
            UnansweredQuestion(max(each)[1], len(each), datetime.fromtimestamp(max(each)[0] / _SECOND, UTC))
            for each in asked.values()
        ]
        return tuple(sorted(questions, key=lambda one: (one.times, one.last), reverse=True))

    def clear(self, server: CollectionId) -> int:
        """Delete the questions of a server; return how many."""
        return self._state.clear(server, _PREFIX)

    def forget_old(self, now: datetime) -> int:
        """Delete the questions of more than thirty days ago; return how many."""
        return self._state.prune(_PREFIX, now - _RETENTION)

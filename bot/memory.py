"""What buttons must still know after a restart: who asked, which passages were found; what quotations are to be about.

Kept in the archive by server; forgotten after thirty days. Synchronous: call it through the offload.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from retrieval.domain import SHARED, CitationRef, PassageId, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrieval.domain import Reader
    from retrieval.newsroom import Newsroom

_PREFIX: Final = "answer:"
_ABOUT: Final = "about:"
_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer given earlier."""

    asker: int
    refs: tuple[CitationRef, ...]


class AnswerMemory:
    """Answers by their token, in the collection of the server where they were given."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom

    def keep(self, reader: Reader, token: int, asker: int, refs: Sequence[CitationRef]) -> None:
        """Stores an answer; another one of the same token is replaced."""
        stored = {"asker": asker, "refs": [_as_list(ref) for ref in refs]}
        self._newsroom.bot_state.put(reader.server or SHARED, f"{_PREFIX}{token}", json.dumps(stored))

    def recall(self, reader: Reader, token: int) -> Remembered | None:
        """The answer, or None where it was forgotten."""
        stored = self._newsroom.bot_state.get(reader.server or SHARED, f"{_PREFIX}{token}")
        if stored is None:
            return None
        fields = json.loads(stored)
        return Remembered(int(fields["asker"]), tuple(_as_ref(*ref) for ref in fields["refs"]))

    def keep_about(self, reader: Reader, token: int, about: str) -> None:
        """Stores what a speaker's quotations are to be about."""
        self._newsroom.bot_state.put(reader.server or SHARED, f"{_ABOUT}{token}", about)

    def recall_about(self, reader: Reader, token: int) -> str | None:
        """What they are to be about, or None where it was forgotten."""
        return self._newsroom.bot_state.get(reader.server or SHARED, f"{_ABOUT}{token}")

    def forget_old(self, now: datetime) -> int:
        """Deletes what is older than thirty days; returns how many answers that were."""
        return sum(self._newsroom.bot_state.prune(prefix, now - _KEPT) for prefix in (_PREFIX, _ABOUT))


def _as_list(ref: CitationRef) -> list[int]:
    return [ref.passage_id] if ref.marked is None else [ref.passage_id, ref.marked.start, ref.marked.end]


def _as_ref(passage: int, start: int | None = None, end: int | None = None) -> CitationRef:
    marked = Span(start, end) if start is not None and end is not None else None
    return CitationRef(PassageId(passage), marked)

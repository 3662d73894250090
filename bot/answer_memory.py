"""What buttons must still know after a restart: who asked, which passages, quotations about what, which list.

Kept in the archive by server, the newest of it; forgotten after thirty days. What cannot be written there is kept in
memory instead, the newest of it, until the bot ends. Synchronous: call it through the offload. Thread-safe.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from retrieval.domain.answers import CitationRef
from retrieval.domain.articles import Span
from retrieval.domain.ids import SHARED, PassageId, UserId
from retrieval.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.domain.ids import CollectionId
    from retrieval.domain.scope import Scope
    from retrieval.newsroom import Newsroom

    _Key: TypeAlias = tuple[CollectionId, str]

_PREFIX: Final = "answer:"
_ABOUT: Final = "about:"
_LIST: Final = "list:"
_OURS: Final = (_PREFIX, _ABOUT, _LIST)
_KEPT: Final = timedelta(days=30)
_LARGEST: Final = 2**63 - 1
_MOST: Final = 2000
"""Of each kind in each server, the newest: the tokens are Discord's ids, which grow with time."""
_TURN_SECONDS: Final = 0.25
"""An answer does not wait for longer until what its buttons need can be written."""
_IN_MEMORY: Final = 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer given earlier."""

    asker: int
    refs: tuple[CitationRef, ...]


class AnswerMemory:
    """Answers by their token, in the collection of the server where they were given."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._unwritten = _Unwritten()

    def keep(self, scope: Scope, token: int, asker: int, refs: Sequence[CitationRef]) -> None:
        """Stores an answer; another one of the same token is replaced."""
        self._put(scope, f"{_PREFIX}{token}", {"refs": [_as_list(ref) for ref in refs]}, asker)

    def recall(self, scope: Scope, token: int) -> Remembered | None:
        """The answer, or None where it was forgotten."""
        fields = self._get(scope, f"{_PREFIX}{token}")
        try:
            return Remembered(int(fields["asker"]), tuple(_as_ref(*ref) for ref in fields["refs"]))
        except (KeyError, ValueError, TypeError, OverflowError):
            return None

    def keep_about(self, scope: Scope, token: int, asker: int, about: str) -> None:
        """Stores what a speaker's quotations are to be about."""
        self._put(scope, f"{_ABOUT}{token}", {"about": about}, asker)

    def recall_about(self, scope: Scope, token: int) -> str | None:
        """What they are to be about, or None where it was forgotten."""
        stored = self._get(scope, f"{_ABOUT}{token}")
        return str(stored["about"]) if "about" in stored else None

    def keep_filters(self, scope: Scope, token: int, asker: int, filters: dict[str, str]) -> None:
        """Stores by what a list of articles was narrowed."""
        self._put(scope, f"{_LIST}{token}", {"filters": filters}, asker)

    def recall_filters(self, scope: Scope, token: int) -> dict[str, str] | None:
        """By what the list was narrowed, or None where it was forgotten."""
        stored = self._get(scope, f"{_LIST}{token}").get("filters")
        return {str(name): str(value) for name, value in stored.items()} if isinstance(stored, dict) else None

    def _get(self, scope: Scope, key: str) -> dict[str, Any]:
        server = scope.server or SHARED
        return self._unwritten.get(server, key) or _fields(self._newsroom.bot_state.get(server, key))

    def _put(self, scope: Scope, key: str, stored: dict[str, object], asker: int) -> None:
        """Where the archive cannot be written soon, an answer is given without; its buttons work until a restart."""
        server, member, stored = scope.server or SHARED, UserId(asker), {"asker": asker, **stored}
        try:
            self._newsroom.bot_state.put(
                server, key, json.dumps(stored), member=member, most=_MOST, turn_seconds=_TURN_SECONDS
            )
        except ArchiveError as problem:
            _log.warning("What a button needs is kept in memory alone: %s", problem)
            self._unwritten.put(server, key, stored)
        else:
            self._unwritten.drop([(server, key)])

    def forget_old(self, now: datetime) -> int:
        """Deletes what is older than thirty days; returns how much that was."""
        return self._unwritten.forget_old(now - _KEPT) + sum(
            self._newsroom.bot_state.prune(prefix, now - _KEPT) for prefix in _OURS
        )

    def forget(self, asker: int) -> int:
        """Deletes whatever is remembered for one member, in every server; returns how much that was."""
        return self._unwritten.forget(asker) + self._newsroom.bot_state.forget(UserId(asker))


class _Unwritten:
    """The last few hundred things that could not be written. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, tuple[datetime, dict[str, object]]] = OrderedDict()

    def put(self, server: CollectionId, key: str, stored: dict[str, object]) -> None:
        """Keep it as the newest; the oldest goes where there are too many."""
        with self._lock:
            self._kept[server, key] = datetime.now(UTC), stored
            self._kept.move_to_end((server, key))
            if len(self._kept) > _IN_MEMORY:
                self._kept.popitem(last=False)

    def get(self, server: CollectionId, key: str) -> dict[str, Any]:
        """What is kept; nothing where nothing is."""
        with self._lock:
            return self._kept[server, key][1] if (server, key) in self._kept else {}

    def forget(self, asker: int) -> int:
        """Drop what is kept for one member; returns how much that was."""
        return self.drop([key for key, (_, stored) in self._items() if stored.get("asker") == asker])

    def forget_old(self, before: datetime) -> int:
        """Drop what is older; returns how much that was."""
        return self.drop([key for key, (at, _) in self._items() if at < before])

    def drop(self, keys: Iterable[_Key]) -> int:
        """Drop what is kept of these; returns how much that was."""
        with self._lock:
            return sum(self._kept.pop(key, None) is not None for key in keys)

    def _items(self) -> list[tuple[_Key, tuple[datetime, dict[str, object]]]]:
        with self._lock:
            return list(self._kept.items())


def _fields(stored: str | None) -> dict[str, Any]:
    """What was stored, as far as it can be read: an earlier release kept other texts."""
    try:
        fields = json.loads(stored) if stored is not None else {}
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _as_list(ref: CitationRef) -> list[int]:
    return [ref.passage_id] if ref.marked is None else [ref.passage_id, ref.marked.start, ref.marked.end]


def _as_ref(passage: int, start: int | None = None, end: int | None = None) -> CitationRef:
    """What was kept, as it was kept. Raises ValueError or TypeError for numbers that are none, or too large."""
    kept = [passage, *(number for number in (start, end) if number is not None)]
    if not all(type(number) is int and 0 <= number <= _LARGEST for number in kept):
        message = f"not a place in a passage: {kept!r}"
        raise ValueError(message)
    marked = Span(start, end) if start is not None and end is not None else None
    return CitationRef(PassageId(passage), marked)

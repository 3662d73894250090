"""What buttons must still know after a restart: which passages answered, what narrows a list, what was removed.

Kept in the archive by server, the newest of each kind, for thirty days. What cannot be written there is kept in memory
instead until the bot ends. Synchronous: call it in a thread. Thread-safe.
"""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from retrieval.domain.answers import CitationRef
from retrieval.domain.articles import Span
from retrieval.domain.ids import SHARED, ArticleId, PassageId, UserId
from retrieval.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from retrieval.domain.ids import CollectionId
    from retrieval.domain.scope import Scope
    from retrieval.newsroom import Newsroom

    Key: TypeAlias = tuple[CollectionId, str, int]
    Stored: TypeAlias = dict[str, Any]

_PASSAGES: Final = "answer"
_FILTERS: Final = "list"
_ARTICLES: Final = "articles"
_RETENTION: Final = timedelta(days=30)
_LARGEST_ID: Final = 2**63 - 1
_MOST_ENTRIES: Final = 2000
"""Entries of each kind in each server, the newest: the tokens are Discord's ids, which grow with time."""
_TURN_SECONDS: Final = 0.25
"""An answer waits no longer than this until what its buttons need can be written."""
_MOST_IN_MEMORY: Final = 500
_log = logging.getLogger(__name__)


class AnswerMemory:
    """What was shown, by the token that buttons carry, in the collection of the server where it was shown."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._unwritten = _Unwritten()

    def keep_passages(self, scope: Scope, token: int, asker: int, refs: Sequence[CitationRef]) -> None:
        """Store the passages of an answer; those of the same token are replaced."""
        self._put(scope, _PASSAGES, token, asker, {"refs": [_as_list(ref) for ref in refs]})

    def recall_passages(self, scope: Scope, token: int) -> tuple[CitationRef, ...] | None:
        """Return the passages of an answer; None if they were forgotten."""
        stored = self._get(scope, _PASSAGES, token)
        try:
            return tuple(_as_ref(*ref) for ref in stored["refs"])
        except (KeyError, ValueError, TypeError):
            return None

    def keep_filters(self, scope: Scope, token: int, asker: int, filters: dict[str, str]) -> None:
        """Store the options that narrow a list of articles or quotations, by name."""
        self._put(scope, _FILTERS, token, asker, {"filters": filters})

    def recall_filters(self, scope: Scope, token: int) -> dict[str, str] | None:
        """Return the options that narrow a list; None if they were forgotten."""
        filters = self._get(scope, _FILTERS, token).get("filters")
        return {str(name): str(value) for name, value in filters.items()} if isinstance(filters, dict) else None

    def keep_articles(self, scope: Scope, token: int, asker: int, ids: Sequence[ArticleId]) -> None:
        """Store which articles were picked or removed."""
        self._put(scope, _ARTICLES, token, asker, {"articles": list(ids)})

    def recall_articles(self, scope: Scope, token: int) -> tuple[ArticleId, ...] | None:
        """Return the articles that were picked or removed; None if they were forgotten."""
        stored = self._get(scope, _ARTICLES, token)
        return _article_ids(stored) if "articles" in stored else None

    def articles_since(self, moment: datetime) -> frozenset[ArticleId]:
        """Return all articles that were picked or removed after a moment, in all servers."""
        written = map(_parsed, self._newsroom.remembered.since(_ARTICLES, moment))
        return frozenset(id_ for stored in (*written, *self._unwritten.all()) for id_ in _article_ids(stored))

    def forget_old(self, now: datetime) -> int:
        """Delete what is older than thirty days; return how many entries that were."""
        before = now - _RETENTION
        return self._unwritten.drop(lambda _key, at, _stored: at < before) + self._newsroom.remembered.prune(before)

    def forget(self, asker: int) -> int:
        """Delete what is remembered for one member, in every server; return how many entries that were."""
        in_memory = self._unwritten.drop(lambda _key, _at, stored: stored["asker"] == asker)
        return in_memory + self._newsroom.remembered.forget(UserId(asker))

    def _get(self, scope: Scope, kind: str, token: int) -> Stored:
        key = (scope.server or SHARED, kind, token)
        return self._unwritten.get(key) or _parsed(self._newsroom.remembered.get(*key))

    def _put(self, scope: Scope, kind: str, token: int, asker: int, fields: Stored) -> None:
        """Store in the archive or, if it cannot be written soon, in memory: an answer does not fail for its buttons."""
        key, stored = (scope.server or SHARED, kind, token), {"asker": asker, **fields}
        try:
            self._newsroom.remembered.put(
                *key, json.dumps(fields), UserId(asker), most=_MOST_ENTRIES, turn_seconds=_TURN_SECONDS
            )
        except ArchiveError as problem:
            _log.warning("What a button needs is kept in memory alone: %s", problem)
            self._unwritten.put(key, stored)
        else:
            self._unwritten.drop(lambda other, _at, _stored: other == key)


class _Unwritten:
    """The latest entries that could not be written, a few hundred. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[Key, tuple[datetime, Stored]] = {}

    def put(self, key: Key, stored: Stored) -> None:
        """Keep an entry as the newest; the oldest is dropped if there are too many."""
        with self._lock:
            self._entries.pop(key, None)
            self._entries[key] = datetime.now(UTC), stored
            if len(self._entries) > _MOST_IN_MEMORY:
                del self._entries[next(iter(self._entries))]

    def get(self, key: Key) -> Stored:
        """Return an entry; an empty one if there is none."""
        with self._lock:
            return self._entries[key][1] if key in self._entries else {}

    def all(self) -> list[Stored]:
        """Return every entry."""
        with self._lock:
            return [stored for _, stored in self._entries.values()]

    def drop(self, condition: Callable[[Key, datetime, Stored], bool]) -> int:
        """Drop the entries for which `condition` holds; return how many that were."""
        with self._lock:
            dropped = [key for key, (at, stored) in self._entries.items() if condition(key, at, stored)]
            for key in dropped:
                del self._entries[key]
            return len(dropped)


def _parsed(text: str | None) -> Stored:
    """Return what was stored, as far as it can be read: another release may have stored other texts."""
    try:
        stored = json.loads(text) if text is not None else {}
    except (ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _article_ids(stored: Stored) -> tuple[ArticleId, ...]:
    ids = stored.get("articles")
    return tuple(ArticleId(id_) for id_ in ids if type(id_) is int) if isinstance(ids, list) else ()


def _as_list(ref: CitationRef) -> list[int]:
    return [ref.passage_id] if ref.marked is None else [ref.passage_id, ref.marked.start, ref.marked.end]


def _as_ref(passage: int, start: int | None = None, end: int | None = None) -> CitationRef:
    """Return a stored reference. Raises ValueError or TypeError for what is no number, or too large a one."""
    numbers = [passage, *(number for number in (start, end) if number is not None)]
    if not all(type(number) is int and 0 <= number <= _LARGEST_ID for number in numbers):
        message = f"not a place in a passage: {numbers!r}"
        raise ValueError(message)
    marked = Span(start, end) if start is not None and end is not None else None
    return CitationRef(PassageId(passage), marked)

"""The questions that found no answer, of collections that keep them: without who asked, for a while."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.connections import Repository, keep_newest
from retrieval.archive.schema import unanswered
from retrieval.domain.answers import AbstentionReason
from retrieval.domain.reports import UnansweredQuestion
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from retrieval.domain.answers import Abstention
    from retrieval.domain.ids import CollectionId

_RETENTION: Final = timedelta(days=30)
_MOST: Final = 300
"""Questions in each collection, the newest."""
_UNANSWERED: Final = frozenset(
    {AbstentionReason.NOTHING_FOUND, AbstentionReason.NOT_GOOD_ENOUGH, AbstentionReason.TOO_OLD}
)


class UnansweredRepository(Repository):
    """The unanswered questions of all collections. Thread-safe. Every method may raise ArchiveError."""

    def keep(self, collection: CollectionId, abstention: Abstention) -> None:
        """Store a question, if it was one for which nothing was found."""
        if abstention.reason not in _UNANSWERED:
            return
        row = {"collection_id": collection, "question": abstention.question, "at": datetime.now(UTC)}
        of_collection = unanswered.c.collection_id == collection
        with self._connections.writing() as connection:
            connection.execute(sa.insert(unanswered).values(row))
            keep_newest(connection, unanswered, of_collection, _MOST)

    def of(self, collection: CollectionId) -> tuple[UnansweredQuestion, ...]:
        """Return the questions, those that were asked most often first, then the newest."""
        asked: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
        rows = sa.select(unanswered).where(unanswered.c.collection_id == collection).order_by(unanswered.c.id)
        with self._connections.reading() as connection:
            for row in connection.execute(rows):
                asked[search_key(row.question)].append((row.at, row.question))
        questions = [UnansweredQuestion(each[-1][1], len(each), each[-1][0]) for each in asked.values()]
        return tuple(sorted(questions, key=lambda one: (one.times, one.last), reverse=True))

    def clear(self, collection: CollectionId) -> int:
        """Delete the questions of a collection; return how many."""
        return self._delete(unanswered.c.collection_id == collection)

    def prune(self, now: datetime) -> int:
        """Delete the questions of more than thirty days ago; return how many."""
        return self._delete(unanswered.c.at < now - _RETENTION)

    def _delete(self, which: sa.ColumnElement[bool]) -> int:
        with self._connections.writing() as connection:
            return connection.execute(sa.delete(unanswered).where(which)).rowcount

"""Attempts to read a content, recorded before they begin, so that one that stops the program is not tried for ever.

The key is a hash of the content; it reveals neither the content nor who handed it in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.connections import Repository
from retrieval.archive.schema import attempts

if TYPE_CHECKING:
    from datetime import datetime


MOST: Final = 2
"""How often a content is tried whose reading never ended."""
_REMEMBERED: Final = timedelta(days=30)
"""As long as an article's page is checked again."""
STOPPED: Final = "I was stopped while I read it."


class Attempts(Repository):
    """The attempts that have not ended. Thread-safe. Every method may raise ArchiveError."""

    def begin(self, key: str, now: datetime) -> str | None:
        """Record that an attempt begins, and return None; or return the problem where there were too many.

        Attempts older than thirty days are deleted.
        """
        of_key = attempts.c.key == key
        with self._connections.writing() as connection:
            connection.execute(sa.delete(attempts).where(attempts.c.tried_at < now - _REMEMBERED))
            known = connection.execute(sa.select(attempts).where(of_key)).first()
            if known is None:
                connection.execute(sa.insert(attempts).values(key=key, tries=1, tried_at=now))
            elif known.tries < MOST:
                values = {"tries": known.tries + 1, "tried_at": now, "problem": None}
                connection.execute(sa.update(attempts).where(of_key).values(values))
            else:
                return known.problem or STOPPED
        return None

    def failed(self, key: str, problem: str) -> None:
        """Record why the attempt was interrupted."""
        with self._connections.writing() as connection:
            connection.execute(sa.update(attempts).where(attempts.c.key == key).values(problem=problem))

    def ended(self, key: str) -> None:
        """Forget the attempt: it has ended, with whatever outcome."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(attempts).where(attempts.c.key == key))

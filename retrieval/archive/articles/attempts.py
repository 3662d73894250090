"""Readings that were begun and not ended: written down first, so that what stops the program is not tried for ever.

The key is a hash of the content, whoever offers it: it says nothing of what it is a hash of, nor who tried it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.schema import attempts

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.sqlite.connections import Connections

MOST: Final = 2
"""How often a reading is begun that was never ended."""
_REMEMBERED: Final = timedelta(days=30)
"""As long as a page is looked at again by itself."""
STOPPED: Final = "I was stopped while I read it."


class Attempts:
    """The readings of every content that has not been read to its end. Thread-safe; methods may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def begin(self, key: str, now: datetime) -> str | None:
        """Write down that a reading begins; or, where it was begun too often, why it is not begun again.

        What is older than thirty days is forgotten.
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
        """The reading was broken off, and why."""
        with self._connections.writing() as connection:
            connection.execute(sa.update(attempts).where(attempts.c.key == key).values(problem=problem))

    def ended(self, key: str) -> None:
        """The reading came to its end, whatever came of it, or was not begun after all."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(attempts).where(attempts.c.key == key))

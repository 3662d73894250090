"""For whom a question is asked, and which articles it is meant for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.domain.ids import SHARED

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.ids import CollectionId


@dataclass(frozen=True, slots=True)
class Filters:
    """The articles that a question is meant for: of a publisher (part of the name, however written), of a time.

    An article without a date is of no time. `since` is included, `until` is not.
    """

    publisher: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a question is asked: a server, or nobody in particular (direct messages, the command line).

    A question sees what the reader may see and, where the reader narrowed it down, nothing else.
    """

    server: CollectionId | None = None
    only: Filters | None = None

    @property
    def own(self) -> CollectionId:
        """The collection that this scope adds to and removes from: the server's, or the shared one without a server."""
        return SHARED if self.server is None else self.server

    @property
    def collections(self) -> tuple[CollectionId, ...]:
        """The collections whose articles are visible."""
        return (SHARED,) if self.server is None else (SHARED, self.server)

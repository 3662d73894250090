"""Which articles a question, a list or a command sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.domain.ids import SHARED

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from retrieval.domain.ids import CollectionId


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a question is restricted to: of a publisher (a part of the name), published in a period.

    `since` is included, `until` is not. An article without a date matches no period.
    """

    publisher: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose articles are visible: a server's and the shared ones, which `filters` restrict further.

    Without a server (direct messages, the command line), the shared ones alone. Quotations that their articles dispute
    are seen only with `disputed`, and so are those who are said to have said them and are quoted with nothing else.
    """

    server: CollectionId | None = None
    filters: Filters | None = None
    disputed: bool = False

    @classmethod
    def of(cls, collection: CollectionId) -> Self:
        """Return the scope whose own collection this is."""
        return cls(None if collection == SHARED else collection)

    @property
    def own(self) -> CollectionId:
        """The collection that this scope adds to and removes from: the server's, or the shared one without a server."""
        return SHARED if self.server is None else self.server

    @property
    def collections(self) -> tuple[CollectionId, ...]:
        """The collections whose articles are visible."""
        return (SHARED,) if self.server is None else (SHARED, self.server)

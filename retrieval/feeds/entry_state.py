"""The record of a feed's entry before, while and after it is read, for one subscriber."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.archive.articles.attempts import STOPPED
from retrieval.archive.feeds.entries import KnownEntry
from retrieval.errors import WorkerKilled

if TYPE_CHECKING:
    from retrieval.domain.articles import AddedArticle
    from retrieval.errors import BadInput, FetchFailed
    from retrieval.feeds.drafting import Drafted
    from retrieval.text.feed_document import FeedEntry

TRIES: Final = 3
"""How often an entry that is no article is tried."""
LONGEST_PROBLEM: Final = 300


@dataclass(frozen=True, slots=True)
class EntryState:
    """An entry as the feed lists it, and its record (`known`) for one subscriber."""

    listed: FeedEntry
    known: KnownEntry | None

    @property
    def is_wanted(self) -> bool:
        """Whether it is to be read: it is new, was changed, or has attempts left."""
        if self.known is None or self.known.version != self.listed.version:
            return True
        return self.known.problem is not None and self.known.attempts < TRIES

    @property
    def tried(self) -> int:
        """How often this version was tried."""
        return self.known.attempts if self.known is not None and self.known.version == self.listed.version else 0

    @property
    def interrupted(self) -> bool:
        """Whether the program stopped while it read this version."""
        return self.tried > 0 and self.known is not None and self.known.problem == STOPPED

    @property
    def is_article(self) -> bool:
        """Whether it became an article that the archive still has."""
        return self.known is not None and self.known.article_id is not None

    @property
    def is_new(self) -> bool:
        """Whether it was never an article, and never rejected."""
        return self.known is None or (self.known.article_id is None and self.interrupted and self.tried == 1)

    def begun(self) -> KnownEntry:
        """Return the record while it is being read."""
        attempts = TRIES if self.interrupted else self.tried + 1
        return self._with(attempts, STOPPED, page_hash="" if self.known is None else self.known.page_hash)

    def rejected(self, error: FetchFailed | BadInput) -> KnownEntry:
        """Return the record after `error`: one more attempt (all used up after a second killed worker), the problem."""
        attempts = TRIES if self.tried and isinstance(error, WorkerKilled) else self.tried + 1
        page_hash = None if self.known is None else self.known.page_hash
        return self._with(attempts, str(error)[:LONGEST_PROBLEM], page_hash)

    def done(self, added: AddedArticle | None, drafted: Drafted | None) -> KnownEntry:
        """Return the record after it was read; without an article where the subscriber was not to get it."""
        before = None if self.known is None else self.known.article_id
        article_id = before if added is None else added.article.id
        return KnownEntry(self.listed.version, article_id, page_hash=self._page_hash(added, drafted))

    def _with(self, attempts: int, problem: str, page_hash: str | None) -> KnownEntry:
        article_id = None if self.known is None else self.known.article_id
        return KnownEntry(self.listed.version, article_id, attempts, problem, page_hash)

    def _page_hash(self, added: AddedArticle | None, drafted: Drafted | None) -> str | None:
        """As in `KnownEntry`: empty for a new text that the feed carries, since its page was not fetched."""
        if added is not None and drafted is not None and not drafted.carried:
            return None
        if self.known is not None and (added is None or added.known):
            return self.known.page_hash
        return ""

"""An open archive: its repositories, and what concerns all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.archive import measuring, vectors
from retrieval.archive.articles.attempts import Attempts
from retrieval.archive.articles.collections import CollectionRepository
from retrieval.archive.articles.editing import EditRepository
from retrieval.archive.articles.pages import PageRepository
from retrieval.archive.articles.passages import PassageRepository
from retrieval.archive.articles.removals import RemovalRepository
from retrieval.archive.articles.repository import ArticleRepository
from retrieval.archive.articles.vocabulary import Vocabulary
from retrieval.archive.bot_state import BotState
from retrieval.archive.change_feed import ChangeFeed, last_changes
from retrieval.archive.excerpts import ExcerptRepository
from retrieval.archive.feeds.entries import EntryRepository
from retrieval.archive.feeds.schedule import FeedSchedule
from retrieval.archive.feeds.subscriptions import SubscriptionRepository
from retrieval.archive.integrity import check, repair
from retrieval.archive.members.announcements import AnnouncementRepository
from retrieval.archive.members.follows import FollowRepository
from retrieval.archive.members.remembered import Remembered
from retrieval.archive.members.reports import ReportRepository
from retrieval.archive.members.unanswered import UnansweredRepository
from retrieval.archive.model_change import ModelChangeRepository
from retrieval.archive.rereading import RereadingRepository
from retrieval.archive.speakers.overriding import OverrideRepository
from retrieval.archive.speakers.repository import SpeakerRepository

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.connections import Connections
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.health import Measured, Storage
    from retrieval.domain.scope import Scope
    from retrieval.domain.upkeep import CheckReport


class Archive:
    """Holds the repositories; `opening.open_archive` makes one. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections, *, created: bool) -> None:
        self._connections = connections
        self.place = connections.place
        """What messages call it."""
        self.path: Path = connections.path
        """Beside this lie the files that this machine keeps of the archive; it may be the archive itself."""
        self.created = created
        """Whether it was made by this opening."""
        self.announcements = AnnouncementRepository(connections)
        self.articles = ArticleRepository(connections)
        self.removals = RemovalRepository(connections)
        self.attempts = Attempts(connections)
        self.bot_state = BotState(connections)
        self.reports = ReportRepository(connections)
        self.unanswered = UnansweredRepository(connections)
        self.collections = CollectionRepository(connections)
        self.edits = EditRepository(connections)
        self.feed_entries = EntryRepository(connections)
        self.feed_schedule = FeedSchedule(connections)
        self.follows = FollowRepository(connections)
        self.models = ModelChangeRepository(connections)
        self.pages = PageRepository(connections)
        self.passages = PassageRepository(connections)
        self.subscriptions = SubscriptionRepository(connections)
        self.remembered = Remembered(connections)
        self.rereading = RereadingRepository(connections)
        self.speakers = SpeakerRepository(connections)
        self.overrides = OverrideRepository(connections, self.speakers)
        self.excerpts = ExcerptRepository(connections, self.speakers)
        self.vocabulary = Vocabulary(connections)

    def measure(self) -> Measured:
        """How much all collections hold together, and the feeds that fail: for the operator alone."""
        with self._connections.reading() as connection:
            return measuring.measure(connection)

    def storage(self) -> Storage:
        """What the archive takes, what room is left, and whether it may be written."""
        return self._connections.storage()

    def embedding_spec(self) -> EmbeddingSpec | None:
        """What made the active vectors; None in an archive that never held one. `models` changes it."""
        with self._connections.reading() as connection:
            return vectors.active_spec(connection)

    def last_changes(self, scope: Scope) -> tuple[int, ...]:
        """Numbers that are others whenever what a scope can see has changed, and no others when something else has."""
        with self._connections.reading() as connection:
            return last_changes(connection, scope)

    def follow(self) -> ChangeFeed:
        """A connection through which an engine keeps in step; close it before the archive."""
        return ChangeFeed(self._connections)

    def rebuild_words(self) -> int:
        """Rebuild the full-text index from the passages, all or nothing; returns how many passages."""
        with self._connections.writing() as connection:
            return repair.rebuild_words(connection)

    def prune_changes(self, keep: int = repair.KEPT_CHANGES) -> int:
        """Delete all but the newest `keep` entries of the change feed; returns how many."""
        with self._connections.writing() as connection:
            return repair.prune_changes(connection, keep)

    def check(self) -> CheckReport:
        """Check the whole archive for consistency; reads all of it. Raises ArchiveCorrupt where that fails."""
        with self._connections.reading() as connection:
            return check.check(connection, self._connections)

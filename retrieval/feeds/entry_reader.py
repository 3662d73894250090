"""Reads the new entries of a feed: makes an article of each, for the subscribers who lack it.

Each article is stored by itself. Its entry is recorded as begun before, and as done after it, so that the program may
stop at any moment; what was begun and not done is tried once more. An entry that stops the program twice, or kills its
worker twice, is rejected.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from retrieval.archive.articles.attempts import STOPPED
from retrieval.errors import BadInput, FetchFailed, NewsError
from retrieval.feeds.drafting import has_moved
from retrieval.feeds.entry_state import TRIES, EntryState
from retrieval.text.word_filters import forbids, lets_through

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from retrieval.archive.feeds.entries import EntryRepository, KnownEntry
    from retrieval.archive.feeds.schedule import DueFeed
    from retrieval.archive.feeds.subscriptions import Subscriber, SubscriptionRepository
    from retrieval.articles.importing import Importer
    from retrieval.domain.articles import AddedArticle, Draft
    from retrieval.domain.ids import CollectionId
    from retrieval.feeds.drafting import Drafting
    from retrieval.text.feed_document import FeedDocument, FeedEntry

FIRST: Final = 25
"""Entries of a new feed that are read; older ones are not."""
AT_ONCE: Final = 25
"""Entries read in one update, for each subscriber."""
_REMEMBERED: Final = timedelta(days=30)
_ASKED_TO_WAIT: Final = frozenset({429, 503})
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Progress:
    """What one update has brought so far."""

    added: int = 0
    changed: int = 0
    rejected: int = 0
    remaining: int = 0
    retry: bool = False
    """Whether a rejected entry has attempts left."""
    stopped: bool = False
    wait: float = 0.0
    """Seconds that a server asked to wait; nothing more is read then."""


@dataclass(frozen=True, slots=True)
class WantedEntry:
    """An entry to be read, in its feed, and the subscribers who lack it."""

    due: DueFeed
    document: FeedDocument
    listed: FeedEntry
    states: Mapping[CollectionId, EntryState]


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads entries, and records the outcome of each."""

    subscriptions: SubscriptionRepository
    entries: EntryRepository
    drafting: Drafting
    importer: Importer

    def read(self, due: DueFeed, document: FeedDocument, now: datetime, proceed: Callable[[], bool]) -> Progress:
        """Read the new entries of a feed, oldest first, and return what that brought.

        `proceed` says between two articles whether to go on. Raises ArchiveError and ModelUnavailable.
        """
        newest, known = document.newest(), self.entries.known(due.id)
        beginners = [collection for collection in self.subscriptions.subscribers(due.id) if not known.get(collection)]
        self.entries.record_listed(
            due.id, newest, passed_over=newest[FIRST:], beginners=beginners, now=now, old=now - _REMEMBERED
        )
        wanted, later = self._wanted(due, document, newest, self.entries.known(due.id) if beginners else known)
        progress = Progress(remaining=len(wanted) + later)
        for entry in reversed(wanted):
            progress.stopped = not progress.wait and not proceed()
            if progress.wait or progress.stopped:
                break
            self._read_entry(entry, progress, now)
            progress.remaining -= 1
        return progress

    def _wanted(
        self,
        due: DueFeed,
        document: FeedDocument,
        newest: Sequence[FeedEntry],
        known: Mapping[CollectionId, Mapping[str, KnownEntry]],
    ) -> tuple[list[WantedEntry], int]:
        """The entries to read now, each for the subscribers who lack it; and how many are left for later.

        `AT_ONCE` counts for each subscriber by itself.
        """
        followers = self.subscriptions.subscribers(due.id)
        remaining, later = dict.fromkeys(followers, AT_ONCE), 0
        entries = []
        for listed in newest:
            states = {each: EntryState(listed, known.get(each, {}).get(listed.key)) for each in followers}
            lacking = {each: state for each, state in states.items() if state.is_wanted}
            read_now = {each: state for each, state in lacking.items() if remaining[each]}
            remaining.update({each: remaining[each] - 1 for each in read_now})
            later += len(read_now) < len(lacking)
            if read_now:
                entries.append(WantedEntry(due, document, listed, read_now))
        return entries, later

    def _read_entry(self, entry: WantedEntry, progress: Progress, now: datetime) -> None:
        """Read one entry for the subscribers who lack it: store the article, then record the outcome."""
        followers = self.subscriptions.subscribers(entry.due.id)
        states = {each: state for each, state in entry.states.items() if each in followers}
        headline = entry.listed.title or ""
        audience = [
            each
            for each in self._audience(states)
            if states[each].is_article or not forbids(followers[each].filters.read, headline)
        ]
        self._record_start(entry, states, now)
        try:
            drafted = self.drafting.draft(entry.listed, entry.document, entry.due.url, now) if audience else None
            if drafted is not None:
                texts = (headline, drafted.draft.title or "", drafted.draft.text)
                audience = [each for each in audience if _passes(states[each], followers[each], texts)]
            articles = self._add(drafted.draft, audience, states) if drafted and audience else {}
        except (FetchFailed, BadInput) as error:
            progress.rejected += 1
            self._record_rejection(entry, states, error, progress, now)
            return
        except NewsError:  # a failure here, not of the entry
            before = {each: state.known for each, state in states.items()}
            self.entries.record(entry.due.id, entry.listed.key, before, now)
            raise
        done = {each: state.done(articles.get(each), drafted) for each, state in states.items()}
        announced = {
            each: added.article.id
            for each, added in articles.items()
            if _is_announced(added, states[each], followers[each])
        }
        self.entries.record(entry.due.id, entry.listed.key, done, now, announced)
        progress.changed += any(added.replaced for added in articles.values())
        progress.added += any(not added.known and not added.replaced for added in articles.values())

    def _add(
        self, draft: Draft, audience: Sequence[CollectionId], states: Mapping[CollectionId, EntryState]
    ) -> Mapping[CollectionId, AddedArticle]:
        """Store the article; it replaces the one that the entry was before, also where its page has moved."""
        known = dict.fromkeys(state.known.article_id for state in states.values() if state.known is not None)
        pages = (self.entries.page_of(article_id) for article_id in known if article_id is not None)
        moved_from = next((page.url for page in pages if page is not None and has_moved(page, draft)), None)
        return self.importer.add_everywhere(draft, audience, moved_from=moved_from)

    def _audience(self, states: Mapping[CollectionId, EntryState]) -> list[CollectionId]:
        """Return who gets the article: those to whom it is new, and of a changed one those who still hold it.

        Not those for whom it was passed over, or who removed it.
        """
        known_entries = {each: state.known for each, state in states.items() if state.known is not None}
        articles = {each: known.article_id for each, known in known_entries.items() if known.article_id is not None}
        holders = self.entries.holders(articles)
        no_article_yet = {
            each for each, known in known_entries.items() if known.article_id is None and known.problem is not None
        }
        return [each for each in states if each not in known_entries or each in no_article_yet or each in holders]

    def _record_start(self, entry: WantedEntry, states: Mapping[CollectionId, EntryState], now: datetime) -> None:
        """Record that the entry is being read; after an interrupted attempt it is the last one."""
        if any(state.interrupted for state in states.values()):
            _log.warning("the entry %s of %s is read once more: %s", entry.listed.link, entry.due.url, STOPPED)
        begun = {each: state.begun() for each, state in states.items()}
        self.entries.record(entry.due.id, entry.listed.key, begun, now)

    def _record_rejection(
        self,
        entry: WantedEntry,
        states: Mapping[CollectionId, EntryState],
        error: FetchFailed | BadInput,
        progress: Progress,
        now: datetime,
    ) -> None:
        rejected = {each: state.rejected(error) for each, state in states.items()}
        self.entries.record(entry.due.id, entry.listed.key, rejected, now)
        progress.retry |= any(known.attempts < TRIES for known in rejected.values())
        if isinstance(error, FetchFailed) and error.status in _ASKED_TO_WAIT:
            progress.wait = max(error.retry_after or 0.0, 1.0)


def _is_announced(added: AddedArticle, state: EntryState, subscriber: Subscriber) -> bool:
    """Whether a new article is announced; one that was stored before a stop, and not yet recorded, is new too."""
    source, is_new = added.article.source, state.is_new and (not added.known or state.interrupted)
    if subscriber.channel is None or subscriber.first or not is_new:
        return False
    return lets_through(subscriber.filters.announced, source.title, added.article.body)


def _passes(state: EntryState, subscriber: Subscriber, texts: tuple[str, ...]) -> bool:
    """Whether a subscriber's filter lets an article through; one that they have is kept up to date in any case."""
    return state.is_article or lets_through(subscriber.filters.read, *texts)

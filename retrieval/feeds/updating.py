"""Looks at one feed at a time: asks it whether there is news, reads the new entries, says when it is asked next.

Each article is stored by itself, and its entry is written down before it as begun and after it as done, so that a stop
at any moment loses nothing and leaves nothing by half; what was begun and not done is looked at once more. An entry
that twice stops the program, or kills the worker that reads it, is refused, and the feed goes on without it. A feed
whose entries were not all dealt with is asked for all of them again: its validators are kept only when nothing is left.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from retrieval.archive.articles.attempts import STOPPED
from retrieval.archive.feeds.entries import KnownEntry
from retrieval.domain.feeds import FeedNews, FeedUpdate
from retrieval.domain.pages import NotModified, Validators
from retrieval.errors import BadInput, FeedRejected, FetchFailed, NewsError, WorkerKilled
from retrieval.text.feed_document import FeedsNamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from retrieval.archive.feeds.repository import FeedRepository
    from retrieval.archive.feeds.schedule import DueFeed
    from retrieval.domain.articles import AddedArticle, Draft
    from retrieval.domain.ids import ChannelId, CollectionId
    from retrieval.domain.pages import Fetched
    from retrieval.feeds.drafting import Drafted, Drafting
    from retrieval.ports import FeedParser, Fetcher
    from retrieval.text.feed_document import FeedDocument, FeedEntry

    Add = Callable[[Draft, Iterable[CollectionId]], dict[CollectionId, AddedArticle]]

FIRST: Final = 25
"""Entries of a new feed that are read; the older ones are passed over."""
AT_ONCE: Final = 25
"""Entries that are read at one look, for each subscriber."""
TRIES: Final = 3
"""How often an entry is tried that turns out to be no article."""
_DAY: Final = timedelta(days=1)
_LONGEST_WAIT: Final = timedelta(days=7)
"""Whatever a server asks for."""
_TAKEN: Final = timedelta(minutes=15)
"""How long others leave a feed alone that somebody is reading; whoever was killed loses it after that."""
_REMEMBERED: Final = timedelta(days=30)
_GONE: Final = 410
_ASKED_TO_WAIT: Final = frozenset({429, 503})
_LONGEST_PROBLEM: Final = 300
_LONGEST_QUOTED: Final = 300
_SHORTEST_QUOTED: Final = 20
_log = logging.getLogger(__name__)
_NO_FEED: Final = "What came from its address is no feed."


@dataclass(slots=True)
class _Look:
    """What one look at a feed has brought so far."""

    added: int = 0
    changed: int = 0
    refused: int = 0
    left: int = 0
    again: bool = False
    stopped: bool = False
    wait: float = 0.0
    news: list[FeedNews] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Updating:
    """Reads feeds into the archive through `add`. `every` is how long a feed is left alone after it has answered.

    `spread` (0..1) keeps feeds from being asked all at the same moment.
    """

    store: FeedRepository
    fetcher: Fetcher
    feed_parser: FeedParser
    drafting: Drafting
    add: Add
    every: timedelta
    spread: Callable[[], float] = random.random

    def update(self, now: datetime, go_on: Callable[[], bool], only: CollectionId | None = None) -> FeedUpdate | None:
        """Look at the feed whose turn it is; None where none is due. Between two articles asks whether to go on.

        What is wrong with the feed is in the answer. Raises what is wrong here: ArchiveError and ModelUnavailable.
        """
        due = self.store.take_due(now, now + _TAKEN, only)
        if due is None:
            return None
        try:
            fetched = self.fetcher.fetch(due.url, due.validators)
            if isinstance(fetched, NotModified):
                self.store.succeeded(due, due.validators, now + self._interval(), now)
                return FeedUpdate(due.id, due.title or due.url)
            document = self._read(fetched)
        except (FetchFailed, BadInput) as error:
            return self._failed(due, error, now)
        if fetched.moved_to is not None and fetched.moved_to != due.url:
            due = self.store.moved(due, fetched.moved_to)
        due = replace(due, title=document.title or due.title)
        look = self._look(due, document, now, go_on)
        if look.stopped:
            self.store.postpone(due, now)
        else:
            complete = not look.left and not look.again
            wait = max(self._interval(), min(timedelta(seconds=look.wait), _LONGEST_WAIT))
            self.store.succeeded(due, fetched.validators if complete else Validators(), now + wait, now)
        return FeedUpdate(
            due.id,
            due.title or due.url,
            added=look.added,
            changed=look.changed,
            refused=look.refused,
            left=look.left,
            news=tuple(look.news),
        )

    def _read(self, fetched: Fetched) -> FeedDocument:
        read = self.feed_parser.read(fetched)
        if isinstance(read, FeedsNamed):
            raise FeedRejected(_NO_FEED)
        return read

    def _look(self, due: DueFeed, document: FeedDocument, now: datetime, go_on: Callable[[], bool]) -> _Look:
        newest, known = document.newest(), self.store.known_entries(due.id)
        beginners = [collection for collection in self.store.subscribers(due.id) if not known.get(collection)]
        self.store.listed(due, newest, dict.fromkeys(beginners, newest[FIRST:]), now, now - _REMEMBERED)
        wanted, later = self._wanted(due, document, newest)
        look = _Look(left=len(wanted) + later)
        for entry in reversed(wanted):
            look.stopped = not look.wait and not go_on()
            if look.wait or look.stopped:
                break
            self._take(entry, look, now)
            look.left -= 1
        return look

    def _wanted(self, due: DueFeed, document: FeedDocument, newest: Sequence[FeedEntry]) -> tuple[list[_Entry], int]:
        """The entries to be dealt with, each for the subscribers who lack it; and how many are left for later.

        Every subscriber has so many at one look, however many another one has.
        """
        known, followers = self.store.known_entries(due.id), self.store.subscribers(due.id)
        room, later = dict.fromkeys(followers, AT_ONCE), 0
        entries = []
        for listed in newest:
            readings = (_Reading(listed, known.get(each, {}).get(listed.key)) for each in followers)
            wanting = {each: one for each, one in zip(followers, readings, strict=True) if one.is_wanted}
            taken = {each: one for each, one in wanting.items() if room[each]}
            room.update({each: room[each] - 1 for each in taken})
            later += len(taken) < len(wanting)
            if taken:
                entries.append(_Entry(due, document, listed, taken))
        return entries, later

    def _take(self, entry: _Entry, look: _Look, now: datetime) -> None:
        """Deal with one entry for those who want it: the article first, what is known of the entry after it."""
        followers = self.store.subscribers(entry.due.id)
        wanting = {each: reading for each, reading in entry.wanting.items() if each in followers}
        audience = self._audience(wanting)
        self._begin(entry, wanting, now)
        try:
            drafted = self.drafting.draft(entry.listed, entry.document, entry.due.url, now) if audience else None
            articles = self.add(drafted.draft, audience) if drafted else {}
        except (FetchFailed, BadInput) as error:
            look.refused += 1
            self._refused(entry, wanting, error, look, now)
            return
        except NewsError:  # what is wrong here is not the entry's fault
            before = {each: reading.known for each, reading in wanting.items()}
            self.store.put_back(entry.due.id, entry.listed.key, before, now)
            raise
        done = {each: reading.done(articles.get(each), drafted) for each, reading in wanting.items()}
        self.store.record(entry.due.id, entry.listed.key, done, now)
        look.changed += any(added.replaced for added in articles.values())
        look.added += any(not added.known and not added.replaced for added in articles.values())
        told = {
            each: follower.channel
            for each, follower in followers.items()
            if each in articles and wanting[each].is_new and not follower.first
        }
        look.news += self._news(entry, told, articles)

    def _audience(self, wanting: Mapping[CollectionId, _Reading]) -> list[CollectionId]:
        """Who gets the article: those to whom it is new; a changed one, those of them who have it and have kept it.

        What was passed over, and what was removed, stays away.
        """
        had = {each: reading.known for each, reading in wanting.items() if reading.known is not None}
        articles = {each: known.article_id for each, known in had.items() if known.article_id is not None}
        holders = self.store.holders(articles)
        never = {each for each, known in had.items() if known.article_id is None and known.problem is not None}
        return [each for each in wanting if each not in had or each in never or each in holders]

    def _begin(self, entry: _Entry, wanting: Mapping[CollectionId, _Reading], now: datetime) -> None:
        """Write down that the entry is being read; after one time that was not ended, for the last time."""
        if any(reading.stopped for reading in wanting.values()):
            _log.warning("the entry %s of %s is read once more: %s", entry.listed.link, entry.due.url, STOPPED)
        begun = {each: reading.begun() for each, reading in wanting.items()}
        self.store.begin(entry.due.id, entry.listed.key, begun, now)

    def _refused(
        self,
        entry: _Entry,
        wanting: Mapping[CollectionId, _Reading],
        error: FetchFailed | BadInput,
        look: _Look,
        now: datetime,
    ) -> None:
        refused = {each: reading.refused(error) for each, reading in wanting.items()}
        self.store.record(entry.due.id, entry.listed.key, refused, now)
        look.again |= any(known.attempts < TRIES for known in refused.values())
        if isinstance(error, FetchFailed) and error.status in _ASKED_TO_WAIT:
            look.wait = max(error.retry_after or 0.0, 1.0)

    def _news(
        self,
        entry: _Entry,
        told: Mapping[CollectionId, ChannelId | None],
        articles: Mapping[CollectionId, AddedArticle],
    ) -> Iterable[FeedNews]:
        for collection, channel in told.items():
            added = articles[collection]
            if channel is not None and not added.known:
                article, feed = added.article, entry.due.title or entry.due.url
                quotation = self.store.best_quotation(article.id, _SHORTEST_QUOTED, _LONGEST_QUOTED)
                yield FeedNews(collection, channel, feed, added.number, article.source, quotation)

    def _failed(self, due: DueFeed, error: FetchFailed | BadInput, now: datetime) -> FeedUpdate:
        """Ever longer, up to a day, and not before the time that the server names."""
        asked = error.retry_after if isinstance(error, FetchFailed) else None
        wait = max(self._backing_off(due.failures), min(timedelta(seconds=asked or 0), _LONGEST_WAIT))
        for_good = isinstance(error, FetchFailed) and error.status == _GONE
        problem = str(error)[:_LONGEST_PROBLEM]
        self.store.failed(due, problem, now + wait, now, for_good=for_good)
        return FeedUpdate(due.id, due.title or due.url, problem=problem)

    def _interval(self) -> timedelta:
        """A tenth more or less."""
        return self.every * (0.9 + 0.2 * self.spread())

    def _backing_off(self, failures: int) -> timedelta:
        """Twice as long each time: between the half and the whole of it."""
        longest = max(_DAY, self.every)
        return min(self.every * 2.0 ** min(failures + 1, 12), longest) * (0.5 + 0.5 * self.spread())


@dataclass(frozen=True, slots=True)
class _Reading:
    """An entry as it is listed, and what is known of it for one subscriber."""

    listed: FeedEntry
    known: KnownEntry | None

    @property
    def is_wanted(self) -> bool:
        """Whether there is something to do: it is new, it was changed, or it has not failed often enough."""
        if self.known is None or self.known.version != self.listed.version:
            return True
        return self.known.problem is not None and self.known.attempts < TRIES

    @property
    def tried(self) -> int:
        """How often this version of it was tried."""
        return self.known.attempts if self.known is not None and self.known.version == self.listed.version else 0

    @property
    def stopped(self) -> bool:
        """Whether the program was stopped while it read this version."""
        return self.tried > 0 and self.known is not None and self.known.problem == STOPPED

    @property
    def is_new(self) -> bool:
        """Whether nothing had come of it before, and it was never refused."""
        return self.known is None or (self.known.article_id is None and self.stopped and self.tried == 1)

    def begun(self) -> KnownEntry:
        """What is known while it is being read."""
        attempts = TRIES if self.stopped else self.tried + 1
        return self._with(attempts, STOPPED, page_hash="" if self.known is None else self.known.page_hash)

    def refused(self, error: FetchFailed | BadInput) -> KnownEntry:
        """What is known after it turned out to be no article."""
        attempts = TRIES if self.tried and isinstance(error, WorkerKilled) else self.tried + 1
        page_hash = None if self.known is None else self.known.page_hash
        return self._with(attempts, str(error)[:_LONGEST_PROBLEM], page_hash)

    def done(self, added: AddedArticle | None, drafted: Drafted | None) -> KnownEntry:
        """What is known after it was dealt with; without an article where it is to stay away."""
        before = None if self.known is None else self.known.article_id
        article_id = before if added is None else added.article.id
        return KnownEntry(self.listed.version, article_id, page_hash=self._page_hash(added, drafted))

    def _with(self, attempts: int, problem: str, page_hash: str | None) -> KnownEntry:
        article_id = None if self.known is None else self.known.article_id
        return KnownEntry(self.listed.version, article_id, attempts, problem, page_hash)

    def _page_hash(self, added: AddedArticle | None, drafted: Drafted | None) -> str | None:
        """As in `KnownEntry`: a text that the feed carries is new, and its page not looked at, or it is as it was."""
        if added is not None and drafted is not None and not drafted.carried:
            return None
        if self.known is not None and (added is None or added.known):
            return self.known.page_hash
        return ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry that is to be dealt with, in its feed, and the subscribers who want that."""

    due: DueFeed
    document: FeedDocument
    listed: FeedEntry
    wanting: Mapping[CollectionId, _Reading]

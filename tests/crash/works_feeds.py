"""What is done over and over with feeds until somebody kills it: they are read, and who followed them is erased."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from retrieval.archive.bot_state import BotState
from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope
from retrieval.feeds.entry_reader import EntryReader
from retrieval.text.feed_document import digest
from tests.crash.texts import stories
from tests.support.feeds import FEED, FeedRoom, Story, open_room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.feeds.entry_reader import Progress, WantedEntry
    from tests.crash.works import Job

READERS = (Scope(CollectionId(11)), Scope(CollectionId(22)))


def feed(job: Job) -> None:
    """Read the feed of a day and of those after it, for two servers."""
    with _told(job) as editions, open_room(job.path) as room:
        for day in count(job.day):
            _read(job, room, day, editions)


def erase(job: Job) -> None:
    """Erase both servers with all that was ever kept for them, then let them follow the feed again."""
    with _told(job) as editions, open_room(job.path) as room:
        for day in count(job.day):
            _read(job, room, day, editions)
            for scope in READERS:
                assert scope.server is not None
                BotState(room.archive._connections).put(scope.server, "settings", str(day))
                job.say("began", "erase", scope.server)
                room.archive.collections.erase(scope.server)
                job.say("did", "erase", scope.server)


def read_day(room: FeedRoom, day: int) -> None:
    """Read the feed of a day to its end."""
    room.web.publish(*stories(day))
    for scope in READERS:
        if not room.feeds.listed(scope):
            room.feeds.add(scope, FEED)
    later = datetime.now(UTC) + timedelta(days=day)
    room.feeds.schedule.make_due(READERS[0].own, later)
    while room.feeds.update(later) is not None:
        pass


def _read(job: Job, room: FeedRoom, day: int, editions: dict[str, Story]) -> None:
    editions.update({digest(f"story-{story.number}"): story for story in stories(day)})
    job.say("began", "day", day)
    read_day(room, day)
    job.say("did", "day", day)


@contextmanager
def _told(job: Job) -> Iterator[dict[str, Story]]:
    """What was dealt with is told at the very moment at which it is written down."""
    editions: dict[str, Story] = {}
    take = EntryReader._read_entry

    def taken(reader: EntryReader, entry: WantedEntry, progress: Progress, now: datetime) -> None:
        take(reader, entry, progress, now)
        job.say("read", editions[entry.listed.key].number, editions[entry.listed.key].version)

    EntryReader._read_entry = taken  # type: ignore[method-assign, assignment]  # to hear of it at the very moment
    yield editions

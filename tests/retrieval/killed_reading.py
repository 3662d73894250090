"""A process to be killed while it reads a feed: `python -m tests.retrieval.killed_reading ARCHIVE`.

For each line it reads, the number of a day, it forks a child, which reads the feed of that day and of those after it,
for two servers, until its end. A day's feed lists twenty-five stories, five of them new and some of them changed. What
was dealt with is printed at once, a line each: `read STORY EDITION`. Forking spares every child the imports.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from retrieval.archive.feed_store import FeedStore
from retrieval.domain.ids import CollectionId
from retrieval.domain.readers import Reader
from retrieval.text.feed import digest
from tests.feeds import FEED, FeedRoom, Story, open_room

if TYPE_CHECKING:
    from retrieval.archive.feed_reading import KnownEntry
    from retrieval.domain.ids import FeedId

LISTED, NEW = 25, 5
READERS = (Reader(CollectionId(11)), Reader(CollectionId(22)))


def stories(day: int) -> list[Story]:
    """What the feed lists on a day; every story has another edition each third day."""
    numbers = range(NEW * day, NEW * day + LISTED)
    return [Story(number, version=1 + max(0, NEW * day + LISTED - 1 - number) // (3 * NEW)) for number in numbers]


def read_day(room: FeedRoom, day: int) -> None:
    """Read the feed of a day to its end."""
    room.web.publish(*stories(day))
    for reader in READERS:
        if not room.desk.listed(reader):
            room.desk.add(reader, FEED)
    now = _later(day)
    room.desk.wake(READERS[0], now)
    while room.desk.update(now) is not None:
        pass


def _later(day: int) -> datetime:
    """Some time on that day, and after whatever came before it."""
    return datetime.now(UTC) + timedelta(days=day)


def main() -> None:
    """Fork a child for each line of the standard input, and say when it is gone."""
    with TemporaryDirectory() as folder, open_room(Path(folder) / "a.sqlite3") as room:
        read_day(room, 0)  # what is imported late
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _read(Path(sys.argv[1]), int(line))
        _say(f"child {child}")
        os.waitpid(child, 0)
        _say("gone")


def _read(path: Path, first: int) -> None:
    editions: dict[str, Story] = {}
    record = FeedStore.record

    def recorded(store: FeedStore, feed: FeedId, key: str, known: KnownEntry, now: datetime) -> bool:
        done = record(store, feed, key, known, now)
        _say(f"read {editions[key].number} {editions[key].version}")
        return done

    FeedStore.record = recorded  # type: ignore[method-assign, assignment]  # to hear of it at the very moment
    with open_room(path) as room:
        _say(f"open {os.getpid()}")
        for day in count(first):
            editions.update({digest(f"story-{story.number}"): story for story in stories(day)})
            _say(f"day {day}")
            read_day(room, day)


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


if __name__ == "__main__":
    main()

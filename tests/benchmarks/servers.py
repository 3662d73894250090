"""Measures what the servers of one archive cost each other: `python -m tests.benchmarks.servers 22000`.

A made-up archive of so many articles, half of them shared, the others those of 200 servers. Another server adds an
article, and a question and a keystroke follow; a feed's article and its correction come to all followers; articles are
matched with a thousand follows; members' answers are remembered, pruned and forgotten. Prints milliseconds of processor
time, medians.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.answer_memory import AnswerMemory
from retrieval.active_model import ActiveModel
from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.feeds.entries import KnownEntry
from retrieval.archive.feeds.subscriptions import NewSubscription
from retrieval.archive.opening import open_archive
from retrieval.articles.importing import Importer
from retrieval.domain.announcements import FollowKind, NewFollow, Rhythm
from retrieval.domain.answers import CitationRef
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED, CollectionId, PassageId, UserId
from retrieval.domain.scope import Scope
from retrieval.newsroom import Newsroom
from tests.benchmarks import speakers
from tests.support.fakes import HashingEmbedder, PlainArticleReader
from tests.support.prepared import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrieval.archive.archive import Archive

SERVERS, FIRST_SERVER, ROUNDS, ANSWERS, FORGOTTEN, HELD, FOLLOWS = 200, 1000, 9, 20_000, 77, 63, 1_000
READER, OTHER = Scope(CollectionId(FIRST_SERVER + 1)), CollectionId(FIRST_SERVER + 2)
FEED: Final = "https://wire.example/rss"
TEXT: Final = (
    "The harbour bridge was closed on Monday, since its {0} cables had to be replaced, said mayor Ada Okafor. " * 9
)


@dataclass(slots=True)
class Clock:
    """Milliseconds of processor time, by what was done."""

    spent: dict[str, list[float]] = field(default_factory=dict)

    def time(self, what: str, work: Callable[[], object]) -> None:
        began = time.process_time()
        work()
        self.spent.setdefault(what, []).append((time.process_time() - began) * 1000)

    def table(self, heading: str) -> str:
        rows = (f"| {what} | {statistics.median(times):.2f} |" for what, times in self.spent.items())
        return "\n".join([f"| {heading} | ms of processor |", "| --- | --- |", *rows])


def fill(archive: Archive, count: int) -> None:
    """`count` articles with long texts, every other one of a server."""
    speakers.fill(archive, count)
    with archive._connections.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE articles SET body = hex(randomblob(2500)), publisher = 'Paper ' || (id % 40),"
            " publisher_key = 'paper ' || (id % 40), title_key = lower(title)"
        )
        connection.exec_driver_sql(
            f"UPDATE visibility SET collection_id = {FIRST_SERVER} + article_id % {SERVERS} WHERE article_id % 2"
        )
        speakers.count_numbers(connection)


def others(room: Newsroom, archive: Archive, importer: Importer, search: FaissSearch, clock: Clock) -> None:
    """Another server adds an article; then somebody asks. The passages of as many servers as possible are held."""
    embedder = HashingEmbedder()
    vector = embedder.embed_query("bridge").vector
    for number in range(HELD):
        search.candidates(Scope(CollectionId(FIRST_SERVER + number)), vector, ["bridg"], 5)
    for number in range(ROUNDS):
        clock.time("Another server adds an article", lambda: importer.add(_draft(number), OTHER))  # noqa: B023 - called at once
        clock.time("· the index takes it in", lambda: search.sync(embedder.spec))
        clock.time("· what a question then reads of its own server", lambda: room.publishers_like(READER, "paper"))
        clock.time("· a keystroke of a speaker's name", lambda: archive.speakers.like(READER, "joh", 25))
    clock.time("· a question with a publisher", lambda: room.publishers_like(room.narrowed(READER, "paper 7"), "paper"))


def follow(archive: Archive, importer: Importer, followers: int, clock: Clock) -> None:
    """Store a feed's article for all followers, record its entry, and correct it."""
    servers = [CollectionId(FIRST_SERVER + number) for number in range(followers)]
    for server in servers:
        feed, _ = archive.subscriptions.subscribe(NewSubscription(server, FEED, "Wire"), NOON)
    for number in range(100, 103):
        for edition, what in enumerate(("A feed's article", "· its correction")):
            draft = _draft(number, edition)
            clock.time(f"{what}, for {followers:,} followers", lambda: importer.add_everywhere(draft, servers))  # noqa: B023
        known = dict.fromkeys(servers, KnownEntry("v"))
        clock.time("· its entry", lambda: archive.feed_entries.record(feed.id, str(number), known, NOON))  # noqa: B023


def told(room: Newsroom, importer: Importer, clock: Clock) -> None:
    """Match articles, shared and of one server, with a thousand follows: topics and the mayor, in all servers."""
    while room.announcer.match(lambda *_: NOON):
        pass
    for number in range(FOLLOWS):
        scope, member = Scope(CollectionId(FIRST_SERVER + 2 + number % SERVERS)), UserId(1 + number // SERVERS)
        if number % 2:
            room.announcer.follow_topic(scope, f"harbour bridge cables {number}", member, Rhythm.NOW, NOON)
        else:
            key, name = "ada okafor", "Ada Okafor"
            room.announcer.follows.add(NewFollow(scope.own, member, FollowKind.SPEAKER, key, name), NOON)
    for number in range(200, 200 + ROUNDS):
        for whose, collection in (("A server's", OTHER), ("A shared", SHARED)):
            importer.add(_draft(number), collection)
            clock.time(
                f"{whose} article is matched with {FOLLOWS:,} follows", lambda: room.announcer.match(lambda *_: NOON)
            )


def remember(room: Newsroom, clock: Clock) -> None:
    """Keep answers of many members, then forget some."""
    memory, refs = AnswerMemory(room), [CitationRef(PassageId(number), None) for number in range(1, 5)]
    for number in range(ANSWERS):
        scope = Scope(CollectionId(FIRST_SERVER + number % SERVERS))
        asker = FORGOTTEN if number % 100 == 0 else number
        clock.time("An answer is remembered", lambda: memory.keep_passages(scope, number, asker, refs))  # noqa: B023
    clock.time(f"· recalled, of {ANSWERS:,}", lambda: memory.recall_passages(READER, 1))
    clock.time("· those of a month ago are looked for", lambda: memory.forget_old(NOON))
    clock.time("· those of one member are forgotten", lambda: memory.forget(FORGOTTEN))


def _draft(number: int, edition: int = 0) -> Draft:
    text = "\n\n".join(TEXT.format(f"{number} {edition} {place}") for place in range(6))
    at = NOON + timedelta(hours=edition)
    return Draft(text, f"Bridge {number}", "Wire", (), f"https://wire.example/{number}", NOON, at, fetched_at=at)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.servers")
    parser.add_argument("articles", type=int, nargs="?", default=22_000)
    parser.add_argument("--followers", type=int, default=1_000)
    given = parser.parse_args(arguments)
    warm, clock, embedder = Future[None](), Clock(), HashingEmbedder()
    warm.set_result(None)
    with tempfile.TemporaryDirectory() as folder, open_archive(Path(folder) / "archive.sqlite3") as archive:
        fill(archive, given.articles)
        importer = Importer(archive, ActiveModel(embedder), PlainArticleReader())
        with closing(FaissSearch(archive, embedder.spec)) as search:
            room = Newsroom(archive, search, ActiveModel(embedder), importer, warm)
            others(room, archive, importer, search, clock)
            follow(archive, importer, given.followers, clock)
            told(room, importer, clock)
            remember(room, clock)
    sys.stdout.write(clock.table(f"{given.articles:,} articles, {SERVERS} servers") + "\n")


if __name__ == "__main__":
    main()

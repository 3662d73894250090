"""Makes the archive of the present release that tests of later ones open: `python -m tests.retrieval.archives.make`.

Run it when a step was added, again whenever the step changes before its release, and commit the file. Those of earlier
steps were made the same way by their code.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from retrieval.archive.feeds.entries import KnownEntry
from retrieval.archive.feeds.subscriptions import NewSubscription
from retrieval.archive.opening import open_archive
from retrieval.archive.sqlite.migrating import last_step
from retrieval.domain.announcements import FollowKind, NewFollow
from retrieval.domain.articles import Span
from retrieval.domain.editing import Claims
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.feeds import FeedFilters, WordFilter
from retrieval.domain.ids import SHARED, ArticleId, ChannelId, CollectionId, UserId
from retrieval.domain.quotations import SpeakerEntry
from retrieval.domain.reports import ReportKind
from retrieval.domain.scope import Scope
from tests.crash.texts import draft
from tests.crash.works import opened
from tests.support.articles import BRIDGE

SERVER, MEMBER, ANYONE = CollectionId(11), UserId(7), Scope()
HERE = Scope(SERVER)


def make(path: Path) -> None:
    """Fill an archive: articles of two collections, an edit, overrides, a feed, and what the bot remembers."""
    with opened(path) as room:
        for article in (BRIDGE, *map(draft, range(3))):
            room.importer.add(article, SHARED)
        for number in (5, 6):
            room.importer.add(draft(number), SERVER, MEMBER)
        mine = next(entry for entry in room.articles.entries(HERE) if entry.source.title.startswith("Report number 5"))
        room.editor.edit(HERE, mine.id, Claims(title="Set by hand"), MEMBER)
        mayor = room.speakers.named(ANYONE, "Ada Okafor")
        assert isinstance(mayor, SpeakerEntry)
        room.overrides.alias(ANYONE, mayor.speaker.id, "Ms. O.")
        part = room.speakers.shown(HERE, mayor.speaker.id).split_candidates[-1]
        room.overrides.split(HERE, mayor.speaker.id, part.kind, part.number, MEMBER)
        room.bot_state.put(SHARED, "seed:gone", "1")
        room.remembered.put(SERVER, "answer", 77, json.dumps({"refs": [[1]]}), MEMBER, most=9, turn_seconds=9)
        room.bot_state.put(SERVER, "preferences", "{}")
        room.reports.keep(
            SERVER, ExcerptRef(room.articles.entries(HERE)[0].id, Span(0, 9)), MEMBER, ReportKind.WRONG_PERSON
        )
    with open_archive(path) as archive:
        then = datetime(2024, 5, 7, 9, tzinfo=UTC)
        new = NewSubscription(SERVER, "https://courier.example/rss", "Courier", ChannelId(5), by=MEMBER)
        feed, _ = archive.subscriptions.subscribe(new, then)
        archive.subscriptions.set_filters(SERVER, feed.id, FeedFilters(WordFilter(("harbour",))), MEMBER, then)
        known = {SERVER: KnownEntry("v", ArticleId(1))}
        archive.feed_entries.record(feed.id, "a" * 64, known, then, {SERVER: ArticleId(1)})
        archive.follows.add(NewFollow(SERVER, MEMBER, FollowKind.TOPIC, "harbour", "Harbour"), then)
    with closing(sqlite3.connect(path)) as connection:
        for pragma in ("journal_mode = DELETE", "page_size = 512"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("VACUUM")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        made = Path(folder) / "archive"
        make(made)
        shutil.copyfile(made, Path(__file__).with_name(f"{last_step()}.sqlite3"))

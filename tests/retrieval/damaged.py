"""An archive with rows in its tables, ways to damage it behind its back, and what SQLite itself can read of it."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from retrieval.archive.feeds.entries import KnownEntry
from retrieval.archive.feeds.subscriptions import NewSubscription
from retrieval.archive.opening import open_archive
from retrieval.archive.records import Change, NewSpeaker
from retrieval.archive.speakers import overrides
from retrieval.archive.speakers.overrides import NewOverride
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, UserId
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveError
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, day, new_article, quotation

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.records import NewArticle

EMBEDDER = HashingEmbedder()
HERE, THERE = CollectionId(11), CollectionId(22)
_SPEAKERS = (NewSpeaker("Ann Lee", "mayor of Selby"), NewSpeaker("John Smith", rank="Gen."), NewSpeaker("Jo Lind"))
_HEADER = ("application_id", "encoding", "page_size", "page_count", "freelist_count", "journal_mode", "auto_vacuum")


def report(number: int, edition: int = 1) -> NewArticle:
    """An article of three passages in which three people are quoted."""
    texts = (
        f"The council met on day {number} to speak of bridge {number} and of its {edition} cracks.",
        f"“Nothing of day {number} may be lost,” said the mayor of Selby, who had seen bridge {number} fall.",
        f"Others said “we were not there on day {number}” and went home, edition {edition}.",
    )
    body = "\n".join(texts)
    quoted = (
        quotation(body, f"Nothing of day {number} may be lost,", _SPEAKERS[0], cue="said"),
        quotation(body, f"we were not there on day {number}", _SPEAKERS[1], _SPEAKERS[2]),
    )
    new = new_article(f"Bridge {number} falls", *texts, quotations=quoted, published_at=day(number))
    source = dataclasses.replace(new.source, url=f"https://wire.example/{number}")
    return dataclasses.replace(new, source=source, address=f"wire.example/{number}", fetched_at=NOON)


def fill(path: Path, articles: int = 12) -> None:
    """Make it: articles of three collections, an older version, feeds, a decision, and what the bot remembers."""
    with open_archive(path) as archive:
        for number in range(articles):
            where = (SHARED, HERE, THERE)[number % 3]
            archive.articles.add(report(number), EMBEDDER.spec, collection=where, now=NOON, by=UserId(7))
            archive.bot_state.put(where, f"answer:{number}", f"what a button needs, {number}")
        later = dataclasses.replace(report(10, 2), fetched_at=day(2))
        archive.articles.add(later, EMBEDDER.spec, collection=HERE, now=day(2), by=UserId(7))
        for where, url in ((HERE, "https://wire.example/rss"), (THERE, "https://hill.example/rss")):
            feed, _ = archive.subscriptions.subscribe(NewSubscription(where, url, "A feed", by=UserId(7)), NOON)
            for number in range(5):
                became = {where: KnownEntry("v", ArticleId(number + 1))}
                archive.feed_entries.record(feed.id, f"{number}" * 8, became, NOON)
        override = NewOverride(OverrideKind.PART, "ann lee", "Ann Lee", "mayor", "mayor", (ArticleId(2),))
        with archive._connections.writing() as connection:
            overrides.make(connection, override, Change(HERE, NOON, UserId(7)))
        archive.articles.remove(Scope(), archive.articles.entries(Scope())[0].id, now=NOON)


def problems(path: Path) -> list[str]:
    """What the check finds, or why the archive cannot even be opened or read."""
    try:
        with open_archive(path) as archive:
            return list(archive.check().problems)
    except ArchiveError as error:
        return [str(error)]


def change(path: Path, *statements: str) -> None:
    """Change rows as no writer of the archive would: no checksum follows."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
        connection.commit()


def flip(path: Path, at: int, to: int) -> None:
    """Change one byte of the file."""
    with path.open("r+b") as stream:
        stream.seek(at)
        stream.write(bytes([to]))


def contents(path: Path) -> dict[str, list[Any]]:
    """All that SQLite finds in the file: every row of every table, and what FTS5 says of its own index.

    Damage that leaves this as it was has changed nothing that anybody can read. FTS5's own records are judged by its
    own check, which shares nothing with ours; of the header counts what SQLite reads out of it.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        names = [row[0].decode() for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: _rows(connection, name) for name in names if not _is_record_of_index(name)}
        found["sqlite_master"] = _rows(connection, "sqlite_master")
        connection.execute("INSERT INTO passage_words (passage_words) VALUES ('integrity-check')")
        found["integrity"] = connection.execute("PRAGMA integrity_check").fetchall()
        found["header"] = [connection.execute(f"PRAGMA {name}").fetchone() for name in _HEADER]
    return found


def _is_record_of_index(name: str) -> bool:
    return name.startswith("passage_words_") and name != "passage_words_content"


def _rows(connection: sqlite3.Connection, name: str) -> list[Any]:
    return sorted(map(repr, connection.execute(f"SELECT * FROM {name}")))

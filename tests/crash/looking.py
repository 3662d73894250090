"""Looks at what a kill left: what is there, and whether all of it is whole, down to the last byte."""

from __future__ import annotations

import sqlite3
import stat
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.opening import open_archive
from retrieval.archive.vectors import at_rest
from retrieval.errors import ArchiveError
from tests.crash.texts import expected, told
from tests.crash.works import FORGOTTEN
from tests.crash.world import World
from tests.support.fakes import HashingEmbedder

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.archive.records import NewArticle

_USERS = (
    ("visibility", "added_by"),
    ("subscriptions", "added_by"),
    ("follows", "user_id"),
    ("overrides", "made_by"),
    ("remembered", "asker"),
    ("audit", "user_id"),
)
PLAIN = "0" * 64


def look(path: Path, checksum: str = PLAIN) -> tuple[World, list[str]]:
    """What is in an archive, and everything that is there by half. It is opened as the program opens it."""
    try:
        with open_archive(path) as archive:
            halves = [f"check: {problem}" for problem in archive.check().problems]
            halves += _index(archive, checksum)
    except ArchiveError as error:
        return World(), [f"check: {error}"]
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        there, more = _contents(connection, checksum)
    return there, halves + more + permissions(path.parent)


def permissions(folder: Path) -> list[str]:
    """The files that somebody else than their owner may read."""
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()}
    return [f"{name} has the mode {mode:o}" for name, mode in modes.items() if mode != 0o600]


def users(path: Path) -> dict[int, tuple[int, ...]]:
    """In how many rows each member stands who is to be forgotten, table by table."""
    with closing(sqlite3.connect(path)) as connection:
        return {user: _rows_of(connection, user) for user in FORGOTTEN}


def rows_of_server(path: Path, server: int) -> dict[str, int]:
    """How many rows of each table belong to a server, where there are any."""
    with closing(sqlite3.connect(path)) as connection:
        tables = ["visibility", "subscriptions", "revisions", "overrides", "audit", "collection_changes"]
        tables += ["follows", "announcements", "remembered"]
        found = {table: _count(connection, f"{table} WHERE collection_id = {server}") for table in tables}
        found["bot_state"] = _count(connection, f"bot_state WHERE server = {server}")
    return {table: rows for table, rows in found.items() if rows}


def _contents(connection: sqlite3.Connection, checksum: str) -> tuple[World, list[str]]:
    there, halves = World(), list[str]()
    seen = defaultdict(set)
    for article, server in connection.execute("SELECT article_id, collection_id FROM visibility"):
        seen[article].add(server)
    for id_, title, body in connection.execute("SELECT id, title, body FROM articles").fetchall():
        number, edition, by_feed = told(title, body)
        halves += _article(connection, id_, body, expected(number, edition, checksum, by_feed=by_feed))
        halves += [f"nobody sees article {id_}"] if not seen[id_] else []
        halves += _place(connection, there, id_, seen[id_], (number, edition, by_feed))
    there.overrides = connection.execute("SELECT kind, name, other FROM overrides WHERE undone_at IS NULL").fetchall()
    there.forgotten = {user for user in FORGOTTEN if not any(_rows_of(connection, user))}
    unread = _count(connection, "feed_entries WHERE article_id IS NULL AND problem IS NULL")
    halves += [f"{unread} entries count as read, and there is no article of them"] if unread else []
    silent = "speakers WHERE id NOT IN (SELECT speaker_id FROM quotation_speakers)"
    halves += ["a speaker is there whom nothing quotes"] if _count(connection, silent) else []
    return there, halves


def _place(
    connection: sqlite3.Connection, there: World, id_: int, seen: set[int], story: tuple[int, int, bool]
) -> list[str]:
    """Put an article where it was found; says what is wrong with its place or its history."""
    number, edition, by_feed = story
    if by_feed:
        twice = [server for server in seen if number in there.stories[server]]
        for server in seen:
            there.stories[server][number] = edition
        return [f"story {number} is there twice for {twice}"] if twice else []
    if number in there.editions:
        return [f"report {number} is there twice"]
    older = connection.execute("SELECT title, body FROM revisions WHERE article_id = ? ORDER BY id", (id_,)).fetchall()
    editions = [told(title, body)[1] for title, body in older]
    there.editions[number] = [*editions, edition]
    torn = [told(title, body)[1] for title, body in older if body != expected(number, told(title, body)[1]).body]
    return [f"the history of report {number} is not what it was in edition {each}" for each in torn]


def _article(connection: sqlite3.Connection, id_: int, body: str, whole: NewArticle) -> list[str]:
    """Every passage with its vector, tokens and words, every quotation with its speakers: as in the whole article."""
    rows = connection.execute(
        'SELECT p.start, p."end", v.vector, v.tokens, w.words FROM passages p '
        "LEFT JOIN vectors v ON v.passage_id = p.id AND v.embedding_id = (SELECT id FROM embeddings WHERE active) "
        "LEFT JOIN passage_words w ON w.rowid = p.id WHERE p.article_id = ? ORDER BY p.ordinal",
        (id_,),
    ).fetchall()
    wanted = [
        (
            passage.span.start,
            passage.span.end,
            at_rest(passage.vector, len(passage.vector)),
            passage.tokens,
            " ".join(passage.words),
        )
        for passage in whole.passages
    ]
    quoted = connection.execute(
        "SELECT q.content_start, q.content_end, count(s.speaker_id) FROM quotations q "
        "LEFT JOIN quotation_speakers s ON s.quotation_id = q.id WHERE q.article_id = ? GROUP BY q.id ORDER BY q.id",
        (id_,),
    ).fetchall()
    named = [(each.content.start, each.content.end, len(each.speakers)) for each in whole.quotations]
    wrong = {"text": body != whole.body, "passages": rows != wanted, "quotations": quoted != named}
    return [f"the {what} of article {id_} are not whole" for what, differs in wrong.items() if differs]


def _index(archive: Archive, checksum: str) -> list[str]:
    """FAISS holds the vectors of the archive, no fewer, no more, bit by bit."""
    with closing(archive.follow()) as follower, follower.snapshot() as snapshot:
        stored = {
            int(id_): code.tobytes()
            for batch in snapshot.vectors()
            for id_, code in zip(batch.ids, batch.codes, strict=True)
        }
    with closing(FaissSearch(archive, HashingEmbedder(checksum=checksum).spec)) as search:
        ids = search.indexed_ids()
        held = search._engine.index._index.reconstruct_batch(ids).astype("<f2") if len(ids) else np.empty((0, 64))
        found = {int(id_): row.tobytes() for id_, row in zip(ids, held, strict=True)}
    return [] if found == stored else ["the index does not hold what the archive does"]


def _rows_of(connection: sqlite3.Connection, user: int) -> tuple[int, ...]:
    return tuple(_count(connection, f"{table} WHERE {column} = {user}") for table, column in _USERS)


def _count(connection: sqlite3.Connection, what: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])

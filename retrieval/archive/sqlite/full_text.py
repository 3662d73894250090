"""The full-text table of SQLite (FTS5): a row for each passage, its analysed words joined by blanks.

See `archive.full_text`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from retrieval.archive.integrity import checksums
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.schema import WORDS, passage_words
from retrieval.archive.sqlite.failures import kind_of
from retrieval.errors import ArchiveCorrupt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.domain.embeddings import IntArray
    from retrieval.domain.ids import PassageId

TABLE = WORDS
TERMS = f"{TABLE}_terms"
"""What FTS5 knows about every word (fts5vocab, `row`)."""
PLACES = f"{TABLE}_places"
"""Every place of every word, ordered by passage (fts5vocab, `instance`)."""

_PLACES_OF = f"(SELECT group_concat(doc) FROM {PLACES} WHERE term = ?)"  # noqa: S608 - a constant of this module
_PASSAGES_WITH = f"SELECT doc FROM {TERMS} WHERE term = ?"  # noqa: S608 - likewise
_PRESENT = f"SELECT term FROM {TERMS} WHERE term IN (SELECT value FROM json_each(?))"  # noqa: S608 - likewise
_BEGINNING = f"SELECT term FROM {TERMS} WHERE term >= ? AND term < ?"  # noqa: S608 - likewise
_PASSAGES_IN = (
    f"SELECT found.rowid FROM {TABLE} AS found JOIN passages ON passages.id = found.rowid "  # noqa: S608 - likewise
    "WHERE found.words MATCH ? AND EXISTS (SELECT 1 FROM visibility "
    "WHERE visibility.article_id = passages.article_id AND visibility.collection_id IN (%s)) LIMIT ?"
)
_EMPTIED = (
    f"DELETE FROM {TABLE}_data",  # noqa: S608 - a constant of this module, as are the following
    f"INSERT INTO {TABLE}_data (id, block) VALUES (1, x''), (10, x'00000000000000')",  # noqa: S608
    f"INSERT OR REPLACE INTO {TABLE}_config (k, v) VALUES ('version', 4)",  # noqa: S608
)
"""FTS5's averages and its list of segments, as its file format has them in an empty table."""


def store(connection: sa.Connection, passage_ids: Sequence[PassageId], words: Iterable[Sequence[str]]) -> None:
    """Make passages findable by their words, which are ASCII letters and digits: see `text.words.analyse`."""
    rows = [(int(id_), " ".join(its)) for id_, its in zip(passage_ids, words, strict=True)]
    connection.exec_driver_sql(f"INSERT INTO {TABLE} (rowid, words) VALUES (?, ?)", rows)  # noqa: S608 - a constant
    for id_, text in rows:
        checksums.report_words(connection, 1, id_, text)


def forget(connection: sa.Connection, passage_ids: Iterable[PassageId]) -> None:
    """Remove passages from the full-text table; those that it lacks are skipped."""
    for id_ in passage_ids:
        words = connection.execute(sa.select(passage_words.c.words).where(passage_words.c.rowid == id_)).scalar()
        if words is not None:
            checksums.report_words(connection, -1, id_, words)
        connection.execute(sa.delete(passage_words).where(passage_words.c.rowid == id_))


def rebuild(connection: sa.Connection) -> None:
    """Drop the table, even a damaged one, and create an empty one; fills nothing. Its two views read the new table.

    FTS5 refuses even to drop a table that it cannot read: first its records are written as they are in an empty one.
    What belongs to no article is accepted as sound.
    """
    for statement in _EMPTIED:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"DROP TABLE {TABLE}")
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, tokenize = 'unicode61')")
    checksums.accept(connection)


def matching(words: Sequence[str]) -> sa.Select[tuple[int]]:
    """Select the ids of the passages that have all of some words."""
    index = sa.table(TABLE, sa.column("rowid", sa.Integer), sa.column(TABLE))
    return sa.select(index.c.rowid).where(index.c[TABLE].op("MATCH")(" ".join(map(_quoted, words))))


def places(connection: sa.Connection, words: Sequence[str]) -> list[IntArray]:
    """Return for each word (p,) passage ids in ascending order, one for each place at which it stands.

    None where the index is damaged: passages are then found by their vectors alone. Joined by SQLite into one string a
    word and parsed at once: three times as fast as fetching the rows.
    """
    if not words:
        return []
    try:
        joined = connection.exec_driver_sql("SELECT " + ", ".join([_PLACES_OF] * len(words)), tuple(words)).one()
    except sa.exc.DBAPIError as error:
        if kind_of(error.orig) is not ArchiveCorrupt:
            raise
        log_damaged(connection, "Full-text index", 1)
        return [np.empty(0, np.int64) for _ in words]
    return [np.fromstring(str(ids or ""), dtype=np.int64, sep=",") for ids in joined]


def passages_with(connection: sa.Connection, word: str) -> int:
    """Return in how many passages of the whole archive the word stands."""
    return int(connection.exec_driver_sql(_PASSAGES_WITH, (word,)).scalar() or 0)


def present(connection: sa.Connection, words: Iterable[str]) -> list[str]:
    """Return those of the words that stand in any passage of the whole archive."""
    return [row.term for row in connection.exec_driver_sql(_PRESENT, (json.dumps(list(words)),))]


def beginning_with(connection: sa.Connection, start: str) -> list[str]:
    """Return the words of the whole archive that begin so, `start` being letters."""
    return [row.term for row in connection.exec_driver_sql(_BEGINNING, (start, f"{start}{{"))]


def passages_in(
    connection: sa.Connection, collections: Sequence[int], word: str, others: Sequence[str], most: int
) -> list[int]:
    """Return at most `most` ids, ascending, of the collections' passages with a word and, if given, any of `others`."""
    match = f"{_quoted(word)} AND ({' OR '.join(map(_quoted, others))})" if others else _quoted(word)
    values = (match, *map(int, collections), most)
    return [row[0] for row in connection.exec_driver_sql(_PASSAGES_IN % _marks(collections), values).all()]


def _quoted(word: str) -> str:
    """A word as FTS5 writes it, where "and" and "near" would mean something."""
    return f'"{word}"'


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))

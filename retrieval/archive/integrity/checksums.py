"""Checksums over every stored row, kept up to date by every writer, so that `check` can tell damage from change.

The rows of a table that belong to one article or server share a checksum: the exclusive or of their hashes, and their
number. A row that comes, changes or goes alters it by its own hash, so a writer reads nothing else, and damage that was
there before stays visible. Temporary triggers on each connection that writes report every changed row; the full-text
table cannot have triggers, so `full_text` reports its rows itself.
"""

from __future__ import annotations

import hashlib
import struct
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from retrieval.archive.column_types import Share
from retrieval.archive.schema import WORDS, articles, checksums, metadata, passages

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

_KEY: Final = "checksums"
_OF_ARTICLE: Final = "article_id"
_OF_COLLECTION: Final = "collection_id"
_OTHER_OWNERS: Final = {
    "articles": "id",
    "feeds": "id",
    "speakers": "id",
    "embeddings": "id",
    "feed_entries": "feed_id",
    "override_articles": "override_id",
    "bot_state": "server",
    "announcements": _OF_COLLECTION,
    "reports": _OF_COLLECTION,
}
"""By table, the column whose value the rows that share a checksum have in common.

In other tables it is the article, or else the collection, or else nothing.
"""
_PARENTS: Final = {"vectors": ("passages", "passage_id"), "quotation_speakers": ("quotations", "quotation_id")}
"""Tables whose rows belong to an article through a row of another table."""
_MADE_ANEW: Final = passages.c.words
"""A repair sets this column anew; a check compares it with the full-text table."""
_SHARED_OWNER: Final = 0
"""The owner where all rows of a table share one checksum."""

COVERED: Final = tuple(table for table in metadata.sorted_tables if table is not checksums)
OF_ARTICLES: Final = (
    "articles",
    *(table.name for table in COVERED if _OF_ARTICLE in table.c and table.name not in _OTHER_OWNERS),
    *_PARENTS,
)
"""The tables whose checksums are an article's."""

_SEQUENCES: Final = "sqlite_sequence"
_UNTRIGGERED: Final = {
    _SEQUENCES: f"SELECT name, seq FROM {_SEQUENCES}",  # noqa: S608 - a constant, as is the following
    "sqlite_schema": "SELECT type, name, tbl_name, sql FROM sqlite_master",
    "alembic_version": "SELECT version_num FROM alembic_version",
    WORDS: f"SELECT rowid, words FROM {WORDS}",  # noqa: S608
}
"""Queries of what no trigger can watch, each with one checksum."""


@dataclass(slots=True)
class Sum:
    """The exclusive or of some rows' hashes, and the number of rows."""

    value: int = 0
    rows: int = 0

    def add(self, hashed: int, rows: int = 1) -> None:
        """Count a row in, or out with -1."""
        self.value ^= hashed
        self.rows += rows


@dataclass(slots=True)
class _Changes:
    """The changes of a connection since its transaction began."""

    sums: defaultdict[tuple[str, int], Sum] = field(default_factory=lambda: defaultdict(Sum))
    watching: bool = False

    def report(self, table: str, owner: int | None, rows: int, hashed: int) -> None:
        """Count a row that came (1) or went (-1); the triggers call it."""
        self.sums[table, _SHARED_OWNER if owner is None else owner].add(hashed, rows)


def row_hash(*values: bytes | str | float | None) -> int:
    """Hash a row's values to 64 bits, signed as SQLite's integers are; the same in every release."""
    digest = hashlib.blake2b(b"".join(map(_encoded, values)), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def prepare(connection: sqlite3.Connection, info: dict[Any, Any]) -> None:
    """Define the functions that triggers and checks call on a new connection."""
    changes = info[_KEY] = _Changes()
    connection.create_function("row_hash", -1, row_hash, deterministic=True)
    connection.create_function("row_changed", 4, changes.report)


def watch(connection: sa.Connection) -> None:
    """Before a transaction: count its changes from zero; make the triggers where the connection has none yet."""
    changes: _Changes = connection.info[_KEY]
    if not changes.watching:
        for statement in _TRIGGERS:
            connection.connection.cursor().execute(statement)
        changes.watching = True
    changes.sums.clear()


def begun(connection: sa.Connection) -> None:
    """At a transaction's beginning: count out the last ids of tables, which no trigger sees change."""
    _count_sequences(connection, -1)


def finish(connection: sa.Connection) -> None:
    """At a transaction's end: update the checksums with its changes."""
    _count_sequences(connection, 1)
    _store(connection, connection.info[_KEY].sums)


def report_words(connection: sa.Connection, rows: int, passage_id: int, words: str) -> None:
    """Count a row of the full-text table in (1) or out (-1)."""
    connection.info[_KEY].report(WORDS, _SHARED_OWNER, rows, row_hash(*_texts((passage_id, words))))


def accept(connection: sa.Connection) -> None:
    """Make the checksums of everything but articles anew from what is there now."""
    gone = checksums.c.part.in_(OF_ARTICLES) & checksums.c.owner.not_in(sa.select(articles.c.id))
    connection.execute(sa.delete(checksums).where(gone | checksums.c.part.not_in(OF_ARTICLES)))
    _store(connection, {key: total for key, total in counted(connection).items() if key[0] not in OF_ARTICLES})


@contextmanager
def columns_added(connection: sa.Connection, table_name: str) -> Iterator[None]:
    """Let a migration step add columns to a table of articles in the block, and fill them.

    Afterwards the checksums cover the new columns. Those that were wrong before stay wrong, so that a check still finds
    the damage.
    """
    table = metadata.tables[table_name]
    before = _counted_table(connection, table, _present_columns(connection, table))
    rows = connection.execute(sa.select(checksums).where(checksums.c.part == table_name))
    stored = {(row.part, row.owner): Sum(row.value, row.rows) for row in rows}
    yield
    after = _counted_table(connection, table, _present_columns(connection, table))
    sound = [key for key in after if stored.get(key) == before.get(key)]
    for _, owner in sound:
        connection.execute(sa.delete(checksums).where(checksums.c.part == table_name, checksums.c.owner == owner))
    _store(connection, {key: after[key] for key in sound})


def counted(connection: sa.Connection) -> dict[tuple[str, int], Sum]:
    """Compute the checksums of what is there, by table and owner; read everything."""
    sums = defaultdict[tuple[str, int], Sum](Sum)
    for table in COVERED:
        sums.update(_counted_table(connection, table, table.c))
    for name, query in _UNTRIGGERED.items():
        for row in connection.exec_driver_sql(query):
            sums[name, _SHARED_OWNER].add(row_hash(*_texts(row)))
    return sums


def differing(connection: sa.Connection) -> Iterator[tuple[str, list[int]]]:
    """Yield the tables that differ from their checksums, each with the owners of the rows that do."""
    stored = {(row.part, row.owner): (row.value, row.rows) for row in connection.execute(sa.select(checksums))}
    actual = {key: (total.value, total.rows) for key, total in counted(connection).items()}
    wrong = sorted(key for key in stored.keys() | actual.keys() if stored.get(key) != actual.get(key))
    for part in dict.fromkeys(part for part, _ in wrong):
        yield part, [owner for name, owner in wrong if name == part]


def _counted_table(
    connection: sa.Connection, table: sa.Table, columns: Iterable[sa.Column[Any]]
) -> dict[tuple[str, int], Sum]:
    sums = defaultdict[tuple[str, int], Sum](Sum)
    prefix = f"{table.name}."
    query = f"SELECT {_owner(table, prefix)}, {_hash(table, prefix, columns)} FROM {table.name}"  # noqa: S608 - names of the schema
    for owner, hashed in connection.exec_driver_sql(query):
        sums[table.name, _SHARED_OWNER if owner is None else owner].add(hashed)
    return sums


def _present_columns(connection: sa.Connection, table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of a table of this release that the archive has already."""
    names = {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table.name})")}
    return [column for column in table.c if column.name in names]


def _store(connection: sa.Connection, sums: Mapping[tuple[str, int], Sum]) -> None:
    rows = [(part, owner, each.value, each.rows) for (part, owner), each in sums.items() if each.value or each.rows]
    if rows:
        connection.exec_driver_sql(_ADDED, rows)
        connection.exec_driver_sql(_EMPTIED, [row[:2] for row in rows])


def _count_sequences(connection: sa.Connection, rows: int) -> None:
    changes: _Changes = connection.info[_KEY]
    for row in connection.exec_driver_sql(_UNTRIGGERED[_SEQUENCES]):
        changes.report(_SEQUENCES, _SHARED_OWNER, rows, row_hash(*_texts(row)))


def _encoded(value: bytes | str | float | None) -> bytes:
    if value is None:
        return b"-"
    if isinstance(value, float):
        return b"f" + struct.pack(">d", value)
    plain = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")
    return b"%d:%b" % (len(plain), plain)


def _texts(row: Iterable[Any]) -> Iterator[str | None]:
    return (None if value is None else str(value) for value in row)


def _owner(table: sa.Table, prefix: str) -> str:
    if table.name in _PARENTS:
        parent, column = _PARENTS[table.name]
        return f"(SELECT {_OF_ARTICLE} FROM {parent} WHERE id = {prefix}{column})"  # noqa: S608 - names of the schema
    columns = [_OTHER_OWNERS.get(table.name, _OF_ARTICLE), _OF_COLLECTION]
    return next((f"{prefix}{column}" for column in columns if column in table.c), str(_SHARED_OWNER))


def _hash(table: sa.Table, prefix: str, columns: Iterable[sa.Column[Any]]) -> str:
    """Return the SQL expression that hashes a row: the stored bytes, and the type of each value."""
    hashed = [column for column in columns if column is not _MADE_ANEW]
    names = [f'{prefix}"{column.name}"' for column in hashed]
    kinds = " || ".join(f"typeof({name})" for name in names)
    values = [
        name if isinstance(column.type, Share) else f"CAST({name} AS BLOB)"
        for name, column in zip(names, hashed, strict=True)
    ]
    return f"row_hash('{table.name}', {kinds}, {', '.join(values)})"


def _triggers() -> Iterator[str]:
    for table in COVERED:
        gone = f"SELECT row_changed('{table.name}', {_owner(table, 'OLD.')}, -1, {_hash(table, 'OLD.', table.c)});"
        come = f"SELECT row_changed('{table.name}', {_owner(table, 'NEW.')}, 1, {_hash(table, 'NEW.', table.c)});"
        for event, body in (("INSERT", come), ("DELETE", gone), ("UPDATE", gone + come)):
            name = f"sum_{table.name}_{event}".lower()
            yield f"CREATE TEMP TRIGGER IF NOT EXISTS {name} AFTER {event} ON main.{table.name} BEGIN {body} END"
    for child, (parent, column) in _PARENTS.items():  # a cascade would delete the parent first
        body = f"DELETE FROM {child} WHERE {column} = OLD.id;"  # noqa: S608 - names of the schema
        yield f"CREATE TEMP TRIGGER IF NOT EXISTS clear_{child} BEFORE DELETE ON main.{parent} BEGIN {body} END"


_TRIGGERS: Final = tuple(_triggers())
_ADDED: Final = (
    'INSERT INTO checksums (part, owner, value, "rows") VALUES (?, ?, ?, ?) ON CONFLICT (part, owner) DO UPDATE SET '
    'value = (value | excluded.value) - (value & excluded.value), "rows" = "rows" + excluded."rows"'
)
"""SQLite has no exclusive or: it is what either has, less what both have."""
_EMPTIED: Final = 'DELETE FROM checksums WHERE part = ? AND owner = ? AND "rows" = 0'

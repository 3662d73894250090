"""Opens an archive in a PostgreSQL database: makes its tables where there are none, brings older ones up to date."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn

from retrieval.archive.column_types import Text
from retrieval.archive.postgres import full_text
from retrieval.archive.postgres.connections import PostgresConnections
from retrieval.archive.schema import POSTGRES_WHERE, metadata
from retrieval.archive.sqlite.failures import translate_errors
from retrieval.archive.sqlite.migrating import last_step, steps, upgrade
from retrieval.errors import ArchiveError, ArchiveMissing, ArchiveRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.sql.compiler import DDLCompiler

BUSY_SECONDS: Final = 5.0
_FIRST_STEP: Final = "0008_announcements"
"""The step at which the first archive was made in PostgreSQL: an older one is in no database."""
_OLDEST_SERVER: Final = 140000
_VERSIONS: Final = "alembic_version"
_MADE: Final = (
    *full_text.TABLES,
    f"CREATE TABLE {_VERSIONS} (version_num VARCHAR(64) NOT NULL CONSTRAINT {_VERSIONS}_pkc PRIMARY KEY)",
)
_SERVER: Final = (
    "SELECT current_setting('server_version_num')::integer, current_setting('server_version'),"
    " current_setting('server_encoding')"
)
_TABLES: Final = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"


@contextmanager
def connect(url: str, path: Path, busy_seconds: float = BUSY_SECONDS) -> Iterator[tuple[PostgresConnections, bool]]:
    """Open the archive in a database until the end of the block; also yield whether it was made.

    What this machine keeps of it lies beside `path`, whose folder is made. Raises ArchiveError.
    """
    path = path.absolute()
    with translate_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with _connections(url, path, busy_seconds) as connections:
        yield connections, _migrate(connections)


@contextmanager
def connect_to_look(url: str, path: Path) -> Iterator[PostgresConnections]:
    """Open an archive for reading alone: make nothing and bring nothing up to date. Raises ArchiveError."""
    with _connections(url, path.absolute(), BUSY_SECONDS) as connections:
        with connections.reading() as connection:
            step = _step_of(connection, connections.place)
        if step is None:
            cause = "it holds no archive yet: the bot, `ask` and `add` begin one"
            raise ArchiveMissing("archive.refused", path=connections.place, cause=cause)
        if step != last_step():
            raise ArchiveError("archive.older_release", path=connections.place)
        yield connections


@contextmanager
def _connections(url: str, path: Path, busy_seconds: float) -> Iterator[PostgresConnections]:
    connections = PostgresConnections(url, path, busy_seconds)
    try:
        yield connections
    finally:
        connections.close()


def _migrate(connections: PostgresConnections) -> bool:
    """Take every missing step, or make the tables of the last; return whether the archive was new."""
    with connections.reading() as connection:
        if _step_of(connection, connections.place) == last_step():
            return False
    with connections.migrating() as connection:
        stored = _step_of(connection, connections.place)  # another process may have taken the steps meanwhile
        if stored is None:
            _make(connection)
        else:
            upgrade(connection)
    return stored is None


def _step_of(connection: sa.Connection, place: object) -> str | None:
    """Return the step that an archive is at; None in an empty database.

    Raises ArchiveRefused where the server is too old, or the tables are another program's or a newer release's.
    """
    number, version, encoding = connection.exec_driver_sql(_SERVER).one()
    if number < _OLDEST_SERVER or encoding != "UTF8":
        cause = f"it is PostgreSQL {version} in {encoding}, and must be version 14 or later, in UTF8"
        raise ArchiveRefused(path=place, cause=cause)
    if not sa.inspect(connection).has_table(_VERSIONS):
        if connection.exec_driver_sql(_TABLES).scalar_one():
            raise ArchiveRefused(path=place, cause="it has tables of another program: make one for Pullquote alone")
        return None
    step = connection.exec_driver_sql(f"SELECT version_num FROM {_VERSIONS}").scalar()  # noqa: S608 - a constant
    if step not in steps() or step < _FIRST_STEP:
        raise ArchiveRefused(path=place, cause="a newer release of Pullquote wrote it: install that release")
    return str(step)


@compiles(CreateColumn, "postgresql")
def _column(element: CreateColumn, compiler: DDLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    """Have texts compared by their characters' numbers, as SQLite does, whatever the database's language is."""
    made: str = compiler.visit_create_column(element, **options)  # type: ignore[no-untyped-call]  # SQLAlchemy's
    text = " VARCHAR"
    return made.replace(text, ' TEXT COLLATE "C"', 1) if isinstance(element.element.type, Text) else made


def _make(connection: sa.Connection) -> None:
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.info.get(POSTGRES_WHERE)
    metadata.create_all(connection, checkfirst=False)
    for statement in _MADE:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"INSERT INTO {_VERSIONS} VALUES ('{last_step()}')")  # noqa: S608 - constants

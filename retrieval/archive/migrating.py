"""Brings an archive's tables to those of this release, in one transaction; refuses newer ones and strangers' files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from retrieval.archive.failures import failure
from retrieval.archive.words import is_engine_table
from retrieval.errors import ArchiveCorrupt, ArchiveTooNew

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.sql.schema import SchemaItem

    from retrieval.archive.connections import Connections

MIGRATIONS: Final = Path(__file__).parent / "migrations"
APPLICATION_ID: Final = 0x50514F54
"""Stands in the header of every SQLite archive: "PQOT"."""


def migrate(connections: Connections) -> bool:
    """Take every step that is missing; says whether the archive was new. Takes the write lock only when there is one.

    Raises ArchiveTooNew, ArchiveCorrupt for a database that is no archive, and whatever else hinders.
    """
    script = ScriptDirectory(str(MIGRATIONS))
    with connections.reading() as connection:
        stored = _stored_step(connection, connections.path)
    if stored == script.get_current_head():
        return False
    if stored is not None and stored not in {step.revision for step in script.walk_revisions()}:
        raise failure(ArchiveTooNew, connections.path)
    with connections.writing() as connection:
        command.upgrade(_config(connection), "head")
    return stored is None


def is_ours(item: SchemaItem, name: str | None, kind: str, *_: object) -> bool:
    """Whether Alembic may compare this part of the database: not what FTS5 keeps for itself."""
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", None)
    return table is None or not is_engine_table(table)


def _stored_step(connection: sa.Connection, path: Path) -> str | None:
    """The step an archive is at; None for an empty file. Somebody else's database is refused before it is touched."""
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    if not tables:
        return None
    if connection.exec_driver_sql("PRAGMA application_id").scalar_one() != APPLICATION_ID:
        raise failure(ArchiveCorrupt, path)
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config

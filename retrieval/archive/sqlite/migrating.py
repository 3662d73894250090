"""Brings an archive's tables to those of this release, in one transaction; refuses newer ones and strangers' files.

Alembic takes the steps. It is imported only where there are some to take, since it needs 9 MB and most starts find
the archive up to date: where that stands is read from the steps' own files and from Alembic's table.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from retrieval.archive.sqlite.failures import failure
from retrieval.archive.sqlite.full_text import is_engine_table
from retrieval.errors import ArchiveCorrupt, ArchiveError, ArchiveTooNew

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.sql.schema import SchemaItem

    from retrieval.archive.sqlite.connections import Connections

MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"
APPLICATION_ID: Final = 0x50514F54
"""Stands in the header of every SQLite archive: "PQOT"."""
_NAMED: Final = re.compile(r'^(revision|down_revision)\b[^="\n]*= "(\w+)"', re.MULTILINE)


def migrate(connections: Connections) -> bool:
    """Take every step that is missing; says whether the archive was new. Takes the write lock only when there is one.

    Raises ArchiveTooNew, ArchiveCorrupt for a database that is no archive, and whatever else hinders.
    """
    with connections.reading() as connection:
        stored = _stored_step(connection, connections.path)
    if stored == last_step():
        return False
    if stored is not None and stored not in known_steps():
        raise failure(ArchiveTooNew, connections.path)
    with connections.migrating() as connection:
        _upgrade(connection)
    return stored is None


def expect_last_step(connections: Connections) -> None:
    """Raises ArchiveError unless the archive is as this release makes it."""
    with connections.reading() as connection:
        stored = _stored_step(connection, connections.path)
    if stored is not None and stored not in known_steps():
        raise failure(ArchiveTooNew, connections.path)
    if stored != last_step():
        message = f"The archive {connections.path} is an older release's. The bot brings it up to date as it starts."
        raise ArchiveError(message)


def known_steps() -> frozenset[str]:
    """Every step that this release knows; an archive at another one is a newer release's."""
    return frozenset(_steps())


def last_step() -> str:
    """The step at which an archive of this release is: the one that none comes after."""
    steps = _steps()
    (last,) = steps.keys() - steps.values()
    return last


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
    if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").scalar_one():
        return None
    step: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return step


def _steps() -> dict[str, str | None]:
    """Each step with the one before it, as the heads of their files say."""
    return dict(_step(file.read_text(encoding="utf-8")) for file in (MIGRATIONS / "versions").glob("[!_]*.py"))


def _step(source: str) -> tuple[str, str | None]:
    named = dict(_NAMED.findall(source))
    return named["revision"], named.get("down_revision")


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")

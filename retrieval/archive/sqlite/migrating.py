"""Brings an archive to the tables of this release, in one transaction; refuses newer archives and foreign files.

Alembic takes the steps. It needs 9 MB, so it is imported only where a step is missing: which steps there are is read
from the heads of their files. Each step knows the digest of the schema that it leaves behind, and an archive with other
tables, indices, triggers or views than those of its step is refused.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from retrieval.archive.migrations import before_release
from retrieval.errors import ArchiveCorrupt, ArchiveError, ArchiveTooNew

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy as sa

    from retrieval.archive.sqlite.connections import SQLiteConnections

MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"
APPLICATION_ID: Final = 0x50514F54
"""Stands in the header of every SQLite archive: "PQOT"."""
_HEAD: Final = re.compile(r'^(revision|down_revision|schema_digests)\b[^="\n]*= "([\w ]*)"', re.MULTILINE)
SCHEMA: Final = (
    "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
    " WHERE type NOT IN ('table', 'index') OR name NOT GLOB 'sqlite_*' ORDER BY type, name"
)
"""Everything in the file that somebody made; SQLite's own tables and indices left out."""


@dataclass(frozen=True, slots=True)
class Step:
    """A migration step: the one before it, and the digests of the schemas that an archive at it may have."""

    before: str | None
    schema_digests: frozenset[str]


def migrate(connections: SQLiteConnections) -> bool:
    """Take every missing step; return whether the archive was new. Takes the write lock only where a step is missing.

    Raises ArchiveError as `read_step` does, and whatever else hinders.
    """
    with connections.reading() as connection:
        if _step_of(connection, connections.path) == last_step():
            return False
    with connections.migrating() as connection:
        stored = _step_of(connection, connections.path)  # another process may have taken the steps meanwhile
        if stored == before_release.STEP:
            before_release.adopt(connection)
        upgrade(connection)
    return stored is None


def expect_last_step(connections: SQLiteConnections) -> None:
    """Raise ArchiveError unless the archive is at the last step of this release."""
    with connections.reading() as connection:
        if _step_of(connection, connections.path) != last_step():
            raise ArchiveError("archive.older_release", path=connections.path)


def read_step(connection: sqlite3.Connection, path: Path) -> str | None:
    """Return the step that an archive is at; None for an empty file.

    Raises ArchiveCorrupt for what is no archive or has another schema than its step makes, ArchiveTooNew for an archive
    of a newer release, ArchiveError for one that is too old.
    """
    objects = connection.execute(SCHEMA).fetchall()
    if not objects:
        return None
    is_archive = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not is_archive or "alembic_version" not in {row[1] for row in objects}:
        raise ArchiveCorrupt(path=path)
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    step = None if row is None else str(row[0])
    if step is not None and step < before_release.STEP and step.isdecimal():
        raise ArchiveError("archive.before_first_release", path=path)
    if step not in steps():
        raise ArchiveTooNew(path=path)
    if schema_digest(objects) not in steps()[step].schema_digests:
        if foreign := _foreign_objects(objects, step):
            raise ArchiveCorrupt("archive.foreign_objects", path=path, names=", ".join(foreign[:5]))
        raise ArchiveCorrupt("archive.foreign_schema", path=path)
    return step


def _foreign_objects(objects: Iterable[tuple[str, ...]], step: str | None) -> list[str]:
    """Return the names of objects that no step makes; none for an archive of an earlier step."""
    if step != last_step():
        return []
    made = "".join(file.read_text(encoding="utf-8") for file in (MIGRATIONS / "versions").glob("*.[ps]*"))
    own = {"alembic_version", *re.findall(r"\w+", made)}
    shadows = tuple(f"{table}_" for table in re.findall(r"CREATE VIRTUAL TABLE (\w+)", made))
    return [name[:60] for _, name, *_ in objects if name not in own and not name.startswith(shadows)]


def schema_digest(objects: Iterable[tuple[str, ...]]) -> str:
    """Hash the rows of a schema, without the blanks and quotes that SQLite and SQLAlchemy may write otherwise."""
    text = "\n".join("\t".join(map(str, row)) for row in objects)
    return hashlib.sha256(re.sub(r'[ \r\n\t"]', "", text).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def last_step() -> str:
    """Return the step at which an archive of this release is."""
    (last,) = steps().keys() - {step.before for step in steps().values()}
    return last


def _step_of(connection: sa.Connection, path: Path) -> str | None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return read_step(driver, path)


@cache
def steps() -> dict[str, Step]:
    """Read the steps from the heads of their files; the first follows the last one before the first release."""
    by_name = {before_release.STEP: Step(None, frozenset({before_release.SCHEMA_DIGEST}))}
    for file in (MIGRATIONS / "versions").glob("[!_]*.py"):
        head = dict(_HEAD.findall(file.read_text(encoding="utf-8")))
        before = head.get("down_revision", before_release.STEP)
        by_name[head["revision"]] = Step(before, frozenset(head["schema_digests"].split()))
    return by_name


def upgrade(connection: sa.Connection) -> None:
    """Take every missing step in the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")

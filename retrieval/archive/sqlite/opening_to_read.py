"""Opens an archive's file of any release for reading alone, and leaves it as it is."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from retrieval.archive.sqlite.failures import failure, translate_errors
from retrieval.archive.sqlite.migrating import APPLICATION_ID, known_steps
from retrieval.errors import ArchiveCorrupt, ArchiveTooNew

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.sqlite.access import Access

BUSY_SECONDS: Final = 5.0


def open_to_read(source: Path, access: Access) -> sqlite3.Connection:
    """An archive, for reading alone. Raises ArchiveError.

    That is ArchiveReadOnly where a writer was cut off and left beside it what only who may write there can read.
    """
    with translate_errors(source):
        connection = sqlite3.connect(access.uri, uri=True, timeout=BUSY_SECONDS)
        try:
            refuse_strangers(connection, source)
        except BaseException:
            connection.close()
            raise
        return connection


def refuse_strangers(connection: sqlite3.Connection, path: Path) -> str:
    """The step it is at. Raises ArchiveCorrupt for what is no archive, ArchiveTooNew for one of a newer release."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise failure(ArchiveCorrupt, path)
    if not connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]:
        raise failure(ArchiveCorrupt, path)
    step = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if step is None or step[0] not in known_steps():
        raise failure(ArchiveTooNew, path)
    return str(step[0])

"""Opens an archive's file of any release for reading alone, and leaves it as it is."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from retrieval.archive.sqlite.failures import translate_errors
from retrieval.archive.sqlite.migrating import read_step
from retrieval.errors import ArchiveCorrupt

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.sqlite.access import Access

BUSY_SECONDS: Final = 5.0


def open_to_read(source: Path, access: Access) -> sqlite3.Connection:
    """Open an archive for reading alone. Raises ArchiveError.

    That is ArchiveReadOnly where a writer was cut off and left beside it what only who may write there can read.
    """
    with translate_errors(source):
        connection = sqlite3.connect(access.uri, uri=True, timeout=BUSY_SECONDS)
        try:
            step = read_step(connection, source)
        except BaseException:
            connection.close()
            raise
        if step is None:
            connection.close()
            raise ArchiveCorrupt(path=source)
        return connection

"""Translates errors of SQLite and of the file system into those of this project.

Every access to the archive passes through `translate_errors`. Bugs (a broken constraint, wrong SQL) stay as they are.
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.errors import ArchiveCorrupt, ArchiveError, ArchiveFull, ArchiveLocked, ArchiveReadOnly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KINDS: dict[int, type[ArchiveError]] = {
    sqlite3.SQLITE_BUSY: ArchiveLocked,
    sqlite3.SQLITE_LOCKED: ArchiveLocked,
    sqlite3.SQLITE_FULL: ArchiveFull,
    sqlite3.SQLITE_READONLY: ArchiveReadOnly,
    sqlite3.SQLITE_PERM: ArchiveReadOnly,
    sqlite3.SQLITE_CANTOPEN: ArchiveReadOnly,
    sqlite3.SQLITE_CORRUPT: ArchiveCorrupt,
    sqlite3.SQLITE_NOTADB: ArchiveCorrupt,
    sqlite3.SQLITE_IOERR: ArchiveError,
    sqlite3.SQLITE_NOLFS: ArchiveError,
    sqlite3.SQLITE_PROTOCOL: ArchiveLocked,
}
_EXTENDED_KINDS: dict[int, type[ArchiveError]] = {
    sqlite3.SQLITE_IOERR_SHMSIZE: ArchiveFull,  # there was no room for what lies beside the file while it is open
}
_SYSTEM_KINDS: dict[int, type[ArchiveError]] = {
    errno.ENOSPC: ArchiveFull,
    errno.EDQUOT: ArchiveFull,
    errno.EACCES: ArchiveReadOnly,
    errno.EPERM: ArchiveReadOnly,
    errno.EROFS: ArchiveReadOnly,
}


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Raise whatever goes wrong with the archive's file inside the block as an ArchiveError, from its cause."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        kind = kind_of(cause)
        if kind is None:
            raise
        raise kind(path=path, cause=cause) from error
    except UnicodeDecodeError as error:  # SQLite names what is damaged, and the driver cannot read even the name
        raise ArchiveCorrupt(path=path) from error
    except OSError as error:
        kind = _SYSTEM_KINDS.get(error.errno or 0, ArchiveError)
        raise kind(path=path, cause=error.strerror or error) from error


def kind_of(error: BaseException | None) -> type[ArchiveError] | None:
    """Return what a driver's error becomes; None for a bug. Extended result codes hold the primary one in a byte."""
    if str(error).startswith(("Could not decode to UTF-8", "invalid fts5 file format")):
        return ArchiveCorrupt
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return _EXTENDED_KINDS.get(code) or _KINDS.get(code & 0xFF)

"""Finds how an archive's file can be opened: for writing, or for reading alone where its disk is full or read-only.

In write-ahead mode SQLite keeps an index beside the file, also for readers, and cannot make it on such a disk. A file
without a log beside it is whole by itself, so it is opened as one that never changes. It may change all the same, when
room returns and another process writes: compare `state_of` before and after reading.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.archive.sqlite.failures import translate_errors
from retrieval.archive.sqlite.files import beside
from retrieval.archive.sqlite.migrating import read_step
from retrieval.errors import ArchiveCorrupt, ArchiveError, ArchiveFull, ArchiveReadOnly

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS: Final = 5.0
"""How long to wait for another process that writes."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What changes when a file is written: inode, size and time of the file, and the size of its log."""

    main: tuple[int, int, int]
    logged: int


@dataclass(frozen=True, slots=True)
class Access:
    """A way to open the file.

    `write_error` is the error of writing it, if it can only be read; `taken_at` its state, if it must not change.
    """

    uri: str
    write_error: type[ArchiveError] | None = None
    taken_at: FileState | None = None


def state_of(path: Path) -> FileState:
    """Return the present state of a file."""
    stat, log = path.stat(), beside(path, "-wal")
    return FileState((stat.st_ino, stat.st_size, stat.st_mtime_ns), log.stat().st_size if log.exists() else 0)


def open_to_read(path: Path, access: Access) -> sqlite3.Connection:
    """Open an archive of any release for reading alone. Raises ArchiveError.

    That is ArchiveReadOnly where a writer was cut off and left a log that only those who may write can read.
    """
    with translate_errors(path):
        connection = sqlite3.connect(access.uri, uri=True, timeout=BUSY_SECONDS)
        try:
            step = read_step(connection, path)
        except BaseException:
            connection.close()
            raise
        if step is None:
            connection.close()
            raise ArchiveCorrupt(path=path)
        return connection


def find_access(path: Path, busy_seconds: float = BUSY_SECONDS, *, writing: bool = False) -> Access:
    """Return the best way to open a file; unless for `writing`, one that leaves everything as it is.

    Raises ArchiveError where there is none.
    """
    whole, reading = Access(path.as_uri()), f"{path.as_uri()}?mode=ro"
    first = whole if writing else Access(reading)
    problem = _problem(path, first, busy_seconds)
    if problem is None:
        return first
    if not isinstance(problem, ArchiveFull | ArchiveReadOnly):
        raise problem
    others = list[Access]()
    if writing:
        _fold_log(path, busy_seconds)
        others = [whole, Access(reading, type(problem))]
    state = state_of(path)
    if not state.logged:
        others.append(Access(f"{reading}&immutable=1", type(problem), state))
    for access in others:
        if _problem(path, access, busy_seconds) is None:
            return access
    raise problem


def _problem(path: Path, access: Access, busy_seconds: float) -> ArchiveError | None:
    try:
        with translate_errors(path), closing(sqlite3.connect(access.uri, uri=True, timeout=busy_seconds)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except ArchiveError as error:
        return error
    return None


def _fold_log(path: Path, busy_seconds: float) -> None:
    """Bring the log that a killed process has left into the file, which may need no room."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=busy_seconds)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # the index is in memory then
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

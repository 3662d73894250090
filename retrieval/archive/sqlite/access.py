"""How the archive's file is opened: for writing; or, where its disk is full or may only be read, for reading alone.

SQLite keeps an index beside a file in write-ahead mode, also for readers, and cannot make it on such a disk. A file
that nobody has left a log beside is whole by itself then, and is opened as one that never changes. Whoever holds it so
has to look whether it was changed all the same: room may return, and another process write.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.archive.sqlite.failures import translate_errors
from retrieval.errors import ArchiveError, ArchiveFull, ArchiveReadOnly

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells whether a file was written: its own state, and how much lies in the log beside it."""

    main: tuple[int, int, int]
    logged: int


@dataclass(frozen=True, slots=True)
class Access:
    """A way to open the file. `why_not` is why it cannot be written; `taken_at` its state, if it must not change."""

    uri: str
    why_not: type[ArchiveError] | None = None
    taken_at: FileState | None = None


def state_of(path: Path) -> FileState:
    """The present state of a file."""
    found = path.stat()
    log = path.with_name(f"{path.name}-wal")
    return FileState((found.st_ino, found.st_size, found.st_mtime_ns), log.stat().st_size if log.exists() else 0)


def find_access(path: Path, busy_seconds: float) -> Access:
    """The best way to open a file. Raises ArchiveError where there is none."""
    writing = Access(path.as_uri())
    problem = _problem(path, writing, busy_seconds)
    if problem is None:
        return writing
    if not isinstance(problem, ArchiveFull | ArchiveReadOnly):
        raise problem
    _fold_log(path, busy_seconds)
    reading = Access(f"{path.as_uri()}?mode=ro", type(problem))
    for access in (writing, reading, *_unchanging(path, type(problem))):
        if _problem(path, access, busy_seconds) is None:
            return access
    raise problem


def find_reading(path: Path, busy_seconds: float) -> Access:
    """As `find_access`, for somebody who wants to read alone and leave everything as it is. Raises ArchiveError."""
    reading = Access(f"{path.as_uri()}?mode=ro")
    problem = _problem(path, reading, busy_seconds)
    if problem is None:
        return reading
    if not isinstance(problem, ArchiveFull | ArchiveReadOnly):
        raise problem
    for access in _unchanging(path, type(problem)):
        if _problem(path, access, busy_seconds) is None:
            return access
    raise problem


def _unchanging(path: Path, why_not: type[ArchiveError]) -> tuple[Access, ...]:
    """The way to open a file as one that never changes, unless something lies in its log."""
    state = state_of(path)
    return () if state.logged else (Access(f"{path.as_uri()}?mode=ro&immutable=1", why_not, state),)


def _problem(path: Path, access: Access, busy_seconds: float) -> ArchiveError | None:
    try:
        with translate_errors(path), closing(sqlite3.connect(access.uri, uri=True, timeout=busy_seconds)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except ArchiveError as error:
        return error
    return None


def _fold_log(path: Path, busy_seconds: float) -> None:
    """Bring what a process that was killed has left in the log into the file, which may need no room."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=busy_seconds)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # the index is in memory then
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

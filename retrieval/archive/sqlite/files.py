"""Files beside an archive: their names, their permissions and their locks. Only their owner can read them."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from retrieval.archive.sqlite.failures import translate_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWNER_ONLY: Final = 0o600
_COMPANIONS: Final = ("-wal", "-shm", "-journal")


def beside(archive: Path, suffix: str) -> Path:
    """Return the path of a file beside an archive."""
    return archive.with_name(archive.name + suffix)


def companions(archive: Path) -> tuple[Path, ...]:
    """Return the paths of the files that SQLite keeps beside an archive."""
    return tuple(beside(archive, suffix) for suffix in _COMPANIONS)


def open_private(path: Path, flags: int = os.O_RDWR) -> int:
    """Open a file that only its owner can read, or make it. Raises OSError; does not follow a link."""
    return os.open(path, os.O_CREAT | os.O_NOFOLLOW | flags, OWNER_ONLY)


def try_lock(handle: int) -> bool:
    """Lock an open file until it is closed; False where another process has it locked.

    Raises OSError where the file system has no locks.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def claim(archive: Path, suffix: str) -> Iterator[bool]:
    """Yield whether no other process does the work that a file beside an archive stands for, until the block ends.

    Raises ArchiveError.
    """
    path = beside(archive, suffix)
    with translate_errors(path):
        handle = open_private(path)
    try:
        alone = try_lock(handle)
        try:
            yield alone
        finally:
            if alone:
                path.unlink(missing_ok=True)
    finally:
        os.close(handle)


class RunningLock:
    """The lock by which a bot or preview of an archive notices a second one. It keeps nobody out.

    Not thread-safe.
    """

    def __init__(self, archive: Path) -> None:
        self._path = beside(archive, "-running")
        self._handle: int | None = None

    def is_alone(self) -> bool:
        """Take or keep the lock. False where another process has it; True where that cannot be known."""
        if self._handle is not None:
            return True
        try:
            handle = open_private(self._path)
        except OSError:
            return True
        try:
            locked = try_lock(handle)
        except OSError:
            os.close(handle)
            return True
        if locked:
            self._handle = handle
        else:
            os.close(handle)
        return locked

    def release(self) -> None:
        """Let another process have the lock."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

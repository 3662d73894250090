"""The lock by which a process says that it is the bot, or the preview, of an archive, so that a second one is noticed.

It lies on a file of its own beside the archive, and the system lets go of it when the process ends, however it ends.
It keeps nobody out: during a restart two bots may run for a while.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_OWNER_ALONE: Final = 0o600


class RunningLock:
    """Not thread-safe: whoever asks does so from one thread."""

    def __init__(self, archive: Path) -> None:
        self._path = archive.with_name(f"{archive.name}-running")
        self._handle: int | None = None

    def is_alone(self) -> bool:
        """Take the lock, or keep it. False where another process has it; True where that cannot be known."""
        if self._handle is not None:
            return True
        try:
            handle = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, _OWNER_ALONE)
        except OSError:
            return True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            return not isinstance(error, BlockingIOError)
        self._handle = handle
        return True

    def release(self) -> None:
        """Let another process have it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

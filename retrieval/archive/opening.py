"""Opens an archive: the one in a file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrieval.archive.archive import Archive
from retrieval.archive.sqlite import opening as sqlite
from retrieval.archive.sqlite.access import BUSY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def open_archive(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[Archive]:
    """Open the archive at `path` until the end of the block. Several processes may have it open at once.

    Makes it where there is none, and brings an older one up to date. Raises ArchiveError. Whether the contents are
    whole is for `Archive.check`.
    """
    with sqlite.connect(path, busy_seconds) as (connections, created):
        yield Archive(connections, created=created)


@contextmanager
def look_into(path: Path) -> Iterator[Archive]:
    """Open an archive for reading alone: make nothing and bring nothing up to date. Raises ArchiveError."""
    with sqlite.connect_to_look(path) as connections:
        yield Archive(connections, created=False)

"""The size of an archive's file, and the room on its disk."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from retrieval.archive.sqlite.files import companions
from retrieval.domain.health import DiskRoom, Storage

if TYPE_CHECKING:
    from pathlib import Path


def storage(archive: Path) -> Storage:
    """Measure the file, its disk, and whether it may be written; also where there is none."""
    return Storage(size_of(archive), room_beside(archive), is_writable(archive))


def size_of(archive: Path) -> int:
    """Return the bytes of the file and of what SQLite keeps beside it."""
    return sum(file.stat().st_size for file in (archive, *companions(archive)) if file.exists())


def is_writable(archive: Path) -> bool:
    """Return whether this user may write the file, where there is one, and its folder on this disk."""
    return all(os.access(each, os.W_OK) for each in (archive, archive.parent) if each.exists())


def room_beside(archive: Path) -> DiskRoom | None:
    """Return the room on the archive's disk; None where the system does not say."""
    try:
        usage = shutil.disk_usage(archive.parent)
    except OSError:
        return None
    return DiskRoom(usage.free, usage.total)

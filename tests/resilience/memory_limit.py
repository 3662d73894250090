"""A limit of memory for a process and its children, by a control group where this user may make one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION_1: Final = Path("/sys/fs/cgroup/memory")
_VERSION_2: Final = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class MemoryGroup:
    """A control group with a limit. Its files differ by the version of the kernel's interface."""

    folder: Path
    version: int

    def enter(self) -> None:
        """Put the calling process into the group; children are born in it."""
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def peak(self) -> int:
        """Bytes that the group held at most, the pages of files that the kernel may drop included."""
        name = "memory.peak" if self.version == 2 else "memory.max_usage_in_bytes"
        return int((self.folder / name).read_text())

    def unreclaimable(self) -> int:
        """Bytes that the group holds now and that the kernel cannot drop: the processes' own memory."""
        stat = dict(line.split() for line in (self.folder / "memory.stat").read_text().splitlines())
        return int(stat["anon"] if self.version == 2 else stat["total_rss"])

    def killed(self) -> int:
        """How many processes were killed because the group was full."""
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        counts = dict(line.split() for line in (self.folder / name).read_text().splitlines())
        return int(counts.get("oom_kill", 0))


@contextmanager
def memory_group(limit: int) -> Iterator[MemoryGroup]:
    """A control group of at most `limit` bytes. Raises OSError where none can be made."""
    version = 1 if (_VERSION_1 / "memory.limit_in_bytes").exists() else 2
    folder = (_VERSION_1 if version == 1 else _VERSION_2) / f"pullquote-{os.getpid()}"
    folder.mkdir()
    try:
        (folder / ("memory.limit_in_bytes" if version == 1 else "memory.max")).write_text(str(limit))
        yield MemoryGroup(folder, version)
    finally:
        folder.rmdir()

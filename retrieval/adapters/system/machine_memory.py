"""How much memory a process may use: the machine's, its control groups', its address space.

Read from Linux's own files; elsewhere unknown, and then nothing is limited by it.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.address_space import LEAST_TO_RUN, too_little_address_space
from retrieval.errors import OutOfMemory

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROCESS: Final = Path("/proc/self")
_LIMITS: Final = {"cgroup2": "memory.max", "cgroup": "memory.limit_in_bytes"}
_SHARE: Final = 230_000_000
"""Bytes that a light bot takes while it answers questions and adds articles."""
_GROWTH: Final = 50_000_000
"""Bytes by which the bot may grow while it waits for a worker."""
_NO_ROOM: Final = ("failed to map", "cannot allocate memory", "can't start new thread")


def memory_limit(process: Path = _PROCESS) -> int | None:
    """Bytes that this process and those beside it may use: the least of the machine's and every group's limit."""
    limits = [*_machine(process.parent), *_groups(process)]
    return min(limits, default=None)


def memory_beside_parent(process: Path = _PROCESS) -> int | None:
    """Bytes that the parent process leaves of that."""
    available = memory_limit(process)
    return None if available is None else available - max(_SHARE, _resident(process) + _GROWTH)


@contextmanager
def translate_memory_errors() -> Iterator[None]:
    """Raise OutOfMemory for what libraries raise when memory runs out, and at once for too little address space."""
    memory = too_little_address_space(LEAST_TO_RUN)
    if memory is not None:
        raise OutOfMemory("program.too_little_address_space", **memory)
    try:
        yield
    except (MemoryError, ImportError, OSError, RuntimeError) as error:
        if not _is_out_of_memory(error):
            raise
        raise OutOfMemory("program.out_of_memory") from error


def be_killed_first() -> None:
    """Let the system kill this process before any other where memory runs out."""
    with suppress(OSError):
        (_PROCESS / "oom_score_adj").write_text("1000", encoding="ascii")


def _is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    return any(words in str(error).lower() for words in _NO_ROOM)


def _machine(proc: Path) -> list[int]:
    return [int(line.split()[1]) * 1024 for line in _lines(proc / "meminfo") if line.startswith("MemTotal:")]


def _groups(process: Path) -> Iterator[int]:
    """The limits of the process's control groups and of their parents, as far as they are mounted."""
    paths = dict(_memberships(process))
    for kind, root, mounted in _mounts(process):
        path = paths.get(kind)
        if path is None:
            continue
        inside = path.removeprefix(root.rstrip("/")).strip("/")
        folder = mounted / inside
        for group in (folder, *folder.parents[: inside.count("/") + 1 if inside else 0]):
            with suppress(OSError, ValueError):  # no such limit, or `max`
                yield int((group / _LIMITS[kind]).read_text(encoding="ascii"))


def _memberships(process: Path) -> Iterator[tuple[str, str]]:
    """Kind and path of each control group that may limit memory."""
    for line in _lines(process / "cgroup"):
        number, controllers, path = line.split(":", 2)
        if number == "0" and not controllers:
            yield "cgroup2", path
        elif "memory" in controllers.split(","):
            yield "cgroup", path


def _mounts(process: Path) -> Iterator[tuple[str, str, Path]]:
    """Kind, root and folder of each mounted hierarchy of such groups."""
    for line in _lines(process / "mountinfo"):
        mount, _, filesystem = line.partition(" - ")
        kind, *_, options = filesystem.split()
        if kind == "cgroup2" or (kind == "cgroup" and "memory" in options.split(",")):
            _, _, _, root, folder, *_ = mount.split()
            yield kind, root, Path(folder)


def _resident(process: Path) -> int:
    """Bytes of the parent process in memory; 0 where that cannot be seen."""
    for line in _lines(process / "status"):
        if line.startswith("PPid:"):
            for pages in _lines(process.parent / line.split()[1] / "statm"):
                return int(pages.split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []

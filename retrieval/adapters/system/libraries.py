"""Lets go of the pages of loaded libraries that only their loading touched.

The loader, the imports and a first question read tens of megabytes of code and tables that no later question reads.
The system takes such pages back when memory is short; until then they count as this process's. A page that is read
again comes from the system's cache of files. Does nothing where the loader is not glibc's, or the
system does not show what is mapped.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAPPINGS: Final = Path("/proc/self/smaps")
_LIST_OF_LIBRARIES: Final = 2
"""What `dlinfo` is asked for."""
_NOT_NEEDED: Final = 4
"""What `madvise` is told: of memory that is as in its file this frees the pages and nothing else."""


class _Library(ctypes.Structure):
    """One in the loader's list. It joins when all of it is mapped, and Python unloads none."""

    _fields_ = (
        ("address", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("dynamic", ctypes.c_void_p),
        ("following", ctypes.c_void_p),
    )


def let_go_of_libraries() -> None:
    """Takes 20 ms, or 80 with torch. For once, when all is loaded: the next question reads anew what it needs."""
    system = ctypes.CDLL(None)
    if not (hasattr(system, "dlinfo") and hasattr(system, "malloc_trim")):  # the latter is glibc's alone
        return
    loaded = {os.path.realpath(name) for name in _libraries(system)}  # before the mappings: none is half there
    with suppress(OSError), _MAPPINGS.open(encoding="utf-8", errors="surrogateescape") as lines:
        for start, end in _unchanged(lines, loaded):
            system.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _NOT_NEEDED)


def _libraries(system: ctypes.CDLL) -> Iterator[str]:
    """The files of the program and of the libraries that it has loaded."""
    first = ctypes.c_void_p()
    if system.dlinfo(ctypes.c_void_p(system._handle), _LIST_OF_LIBRARIES, ctypes.byref(first)):  # noqa: SLF001
        return
    yield sys.executable  # has no name in the list
    address = first.value
    while address:
        library = _Library.from_address(address)
        if library.name:
            yield os.fsdecode(library.name)
        address = library.following


def _unchanged(lines: Iterable[str], files: set[str]) -> Iterator[tuple[int, int]]:
    """Where memory holds these files as they are: it cannot be written to, and none of it was changed before."""
    place, among = "", False
    for line in lines:
        word, *words = line.split(maxsplit=5)
        if not word.endswith(":"):
            place, among = word, len(words) == 5 and words[0] in {"r--p", "r-xp"} and words[4].rstrip("\n") in files  # noqa: PLR2004
        elif among and word == "Anonymous:" and words[0] == "0":
            start, end = place.split("-")
            yield int(start, 16), int(end, 16)

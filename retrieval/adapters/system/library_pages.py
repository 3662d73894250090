"""Releases the pages of libraries that only the start has read: 35 MB of the light level's memory.

The imports and a first question read tens of megabytes of code and tables that no later question reads. They count as
this process's memory until the system runs short of it. A page that is read again comes from the cache of files.
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
"""RTLD_DI_LINKMAP of `dlinfo`."""
_NOT_NEEDED: Final = 4
"""MADV_DONTNEED of `madvise`: of memory that is as in its file this frees the pages and loses nothing."""


class _Library(ctypes.Structure):
    """An entry of the loader's list, which holds a library once all of it is mapped. Python unloads none."""

    _fields_ = (
        ("address", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("dynamic", ctypes.c_void_p),
        ("following", ctypes.c_void_p),
    )


def release_library_pages() -> None:
    """Release them once, after all is loaded: takes 20 ms, or 80 with torch. Does nothing without glibc and /proc."""
    system = ctypes.CDLL(None)
    if not (hasattr(system, "dlinfo") and hasattr(system, "malloc_trim")):  # the latter is glibc's alone
        return
    files = {os.path.realpath(name) for name in _libraries(system)}  # listed before the mappings: none is half mapped
    with suppress(OSError), _MAPPINGS.open(encoding="utf-8", errors="surrogateescape") as lines:
        for start, end in _unchanged(lines, files):
            system.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _NOT_NEEDED)


def _libraries(system: ctypes.CDLL) -> Iterator[str]:
    """The files of the interpreter and of the libraries that it has loaded."""
    first = ctypes.c_void_p()
    if system.dlinfo(ctypes.c_void_p(system._handle), _LIST_OF_LIBRARIES, ctypes.byref(first)):  # noqa: SLF001
        return
    yield sys.executable  # which has no name in the list
    address = first.value
    while address:
        library = _Library.from_address(address)
        if library.name:
            yield os.fsdecode(library.name)
        address = library.following


def _unchanged(lines: Iterable[str], files: set[str]) -> Iterator[tuple[int, int]]:
    """Start and end of each mapping of these files that is read-only and was never changed."""
    place, is_wanted = "", False
    for line in lines:
        word, *words = line.split(maxsplit=5)
        if not word.endswith(":"):
            place, is_wanted = word, len(words) == 5 and words[0] in {"r--p", "r-xp"} and words[4].rstrip("\n") in files  # noqa: PLR2004
        elif is_wanted and word == "Anonymous:" and words[0] == "0":
            start, end = place.split("-")
            yield int(start, 16), int(end, 16)

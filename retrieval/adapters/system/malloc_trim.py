"""Returns freed memory to the system, which glibc would keep: after work that is seldom done."""

from __future__ import annotations

import ctypes


def malloc_trim() -> None:
    """Call glibc's `malloc_trim`, which takes some milliseconds; does nothing with another C library."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

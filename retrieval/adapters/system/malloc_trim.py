"""Gives freed memory back to the system, which the C library would keep for later: after work that is seldom done."""

from __future__ import annotations

import ctypes


def malloc_trim() -> None:
    """Takes some milliseconds. Does nothing where the C library is not glibc, which is the one that keeps much."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

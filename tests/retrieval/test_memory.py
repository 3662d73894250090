"""Memory that was freed does not stay with the process."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
import pytest

from retrieval.adapters.system.malloc_trim import malloc_trim

STATUS = Path("/proc/self/status")
PIECES, SIZE = 2000, 50_000


def resident() -> int:
    """Bytes of the process that are in memory."""
    (line,) = (line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


@pytest.mark.skipif(
    not STATUS.exists() or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="neither Linux nor glibc"
)
def test_freed_memory_goes_back_even_from_beneath_what_is_still_in_use() -> None:
    pieces = [np.ones(SIZE, dtype=np.uint8) for _ in range(PIECES)]
    last = pieces[-1]
    del pieces
    before = resident()
    malloc_trim()

    assert before - resident() > PIECES * SIZE / 2
    assert last.all()

"""Lets a thread that nobody waits for give way to the others."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import Final

_NICENESS: Final = 10
"""About a tenth of a processor that others want too."""


def lower_thread_priority() -> None:
    """Take the calling thread's priority down until its end. Does nothing but on Linux, where a thread has one."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)

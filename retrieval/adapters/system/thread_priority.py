"""Lowers the priority of threads that nobody waits for."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import Final

_NICENESS: Final = 10
"""About a tenth of a processor that others want too."""


def lower_thread_priority() -> None:
    """Lower the calling thread's priority until it ends; only Linux knows priorities of threads."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)

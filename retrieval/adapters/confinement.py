"""What a worker takes from itself before it reads what strangers wrote: memory without end, time, files, a network.

Where the system knows no such limits (Windows), and for memory on macOS, the time limit of whoever waits has to do.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NoReturn

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "urllib.Request",
)


def confine(memory: int) -> None:
    """At most so many bytes of address space, the code's own included; no file, no network, no other program."""
    sys.addaudithook(_refuse_forbidden)
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(limit, (allowed, allowed))
        except (OSError, ValueError):  # macOS refuses some
            continue


def allow_time(seconds: float) -> None:
    """Let the kernel end the process if it works for longer than this from now on."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, hard))


def _refuse_forbidden(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        _forbid(event)


def _forbid(event: str) -> NoReturn:
    message = f"{event} is not for a worker that reads what strangers wrote"
    raise PermissionError(message)

"""A worker's own side: what it takes from itself before it reads what strangers wrote, and how it answers.

Memory without end, time, files and a network are taken. Where the system knows no such limits (Windows), and for memory
on macOS, the time limit of whoever waits has to do.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from retrieval.adapters.system.machine_memory import be_killed_first, left_beside_parent

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO, NoReturn

LEAST_MEMORY = 300_000_000
"""Bytes of address space that usual pages and feeds take, the parsers' own code included."""

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


def serve_confined(serve: Callable[[IO[bytes], IO[bytes]], None], most: int, least: int = LEAST_MEMORY) -> None:
    """As `serve_quietly`, but confined to `most` bytes of memory before it reads anything, and silent.

    On a small machine it takes what is left beside the process that started it, but for the `least` that it needs; and
    it is the first to be ended where memory runs out all the same.
    """
    logging.disable(logging.CRITICAL)
    be_killed_first()
    left = left_beside_parent()
    confine(most if left is None else min(most, max(left, least)))
    serve_quietly(serve)


def serve_quietly(serve: Callable[[IO[bytes], IO[bytes]], None]) -> None:
    """Let `serve` read requests and write answers on the standard streams; whatever a library prints goes nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(BrokenPipeError):  # whoever asked was killed
        serve(sys.stdin.buffer, answers)


def confine(memory: int) -> None:
    """At most so many bytes of address space, the code's own included; no file, no network, no other program."""
    sys.addaudithook(_refuse_forbidden)
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        allowed = min(value, *(known for known in resource.getrlimit(limit) if known != resource.RLIM_INFINITY), value)
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
    allowed, hard = int(used.ru_utime + used.ru_stime + seconds) + 1, resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard != resource.RLIM_INFINITY:
        allowed = min(allowed, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))


def _refuse_forbidden(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        _forbid(event)


def _forbid(event: str) -> NoReturn:
    message = f"{event} is not for a worker that reads what strangers wrote"
    raise PermissionError(message)

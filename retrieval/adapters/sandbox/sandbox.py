"""Limits that a worker sets itself before it reads hostile text: memory, processor time, files, network, programs.

Windows has no such limits and macOS none of memory: there the bot's own time limit has to do.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from retrieval.adapters.system.machine_memory import be_killed_first, memory_beside_parent

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

LEAST_MEMORY = 300_000_000
"""Bytes of address space that usual pages and feeds take, the parsers' code included."""

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
    """As `serve_quietly`, confined to `most` bytes of address space and without logging.

    On a small machine the limit is what the parent process leaves, but at least `least`. Where memory runs out all the
    same, the system kills this process first.
    """
    logging.disable(logging.CRITICAL)
    be_killed_first()
    available = memory_beside_parent()
    confine(most if available is None else min(most, max(available, least)))
    serve_quietly(serve)


def serve_quietly(serve: Callable[[IO[bytes], IO[bytes]], None]) -> None:
    """Let `serve` read requests and write answers on the standard streams; drop what libraries print."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(BrokenPipeError):  # the bot was killed
        serve(sys.stdin.buffer, answers)


def confine(memory: int) -> None:
    """Limit this process to `memory` bytes of address space, and forbid files, network and other programs."""
    sys.addaudithook(_refuse_forbidden)
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        allowed = min([value, *(bound for bound in resource.getrlimit(limit) if bound != resource.RLIM_INFINITY)])
        try:
            resource.setrlimit(limit, (allowed, allowed))
        except (OSError, ValueError):  # macOS refuses some
            continue


def allow_time(seconds: float) -> None:
    """Let the kernel kill this process after `seconds` more of processor time."""
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
        message = f"{event} is forbidden in a worker"
        raise PermissionError(message)

"""The worker's own side: reads contents from its standard input, answers with drafts, within limits, without a network.

The limits are set by the worker itself, before it has seen anything of what it reads. Where the system knows none
(Windows), and for memory on macOS, the time limit of whoever waits has to do.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import fields
from datetime import datetime
from typing import IO, TYPE_CHECKING

from retrieval.adapters.extraction.choosing import read
from retrieval.adapters.extraction.process import SECONDS
from retrieval.domain import Draft, Fetched
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from typing import NoReturn

MEMORY = 450_000_000
"""Bytes of address space for everything, the parsers' own code included."""

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
_TOO_MUCH = "This is too large or too entangled to be read."


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Say that the worker is ready, then answer every request until there are no more, or memory ran out."""
    _answer(answers, {})
    while line := requests.readline():
        head = json.loads(line)
        content = requests.read(head["length"])
        _allow_more_time()
        try:
            draft = read(Fetched(head["url"], content, head["content_type"], head["charset"]))
        except ArticleRejected as refused:
            _answer(answers, {"refused": str(refused)})
        except MemoryError:
            _answer(answers, {"refused": _TOO_MUCH, "failed": "MemoryError"})
            return
        except Exception as error:  # noqa: BLE001  # a parser's failure is the page's, and is told; whoever asked logs it
            _answer(answers, {"refused": _TOO_MUCH, "failed": f"{type(error).__name__}: {error}"[:300]})
        else:
            _answer(answers, {"draft": {field.name: _plain(getattr(draft, field.name)) for field in fields(Draft)}})


def confine() -> None:
    """Take from this process what it has no use for: memory without end, files to write, a network, other programs."""
    sys.addaudithook(_refuse_forbidden)
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(limit, (allowed, allowed))
        except (OSError, ValueError):  # macOS refuses some
            continue


def _allow_more_time() -> None:
    """Let the kernel end the process if the next page takes more than its share of the processor."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + SECONDS) + 5, hard))


def _refuse_forbidden(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        _forbid(event)


def _forbid(event: str) -> NoReturn:
    message = f"{event} is not for a worker that reads pages"
    raise PermissionError(message)


def _answer(answers: IO[bytes], fields: dict[str, object]) -> None:
    answers.write(json.dumps(fields).encode() + b"\n")
    answers.flush()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def main() -> None:
    """Serve on the standard streams; whatever a library prints goes nowhere."""
    logging.disable(logging.CRITICAL)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    confine()
    try:
        serve(sys.stdin.buffer, answers)
    except BrokenPipeError:  # whoever asked was killed
        return


if __name__ == "__main__":
    main()

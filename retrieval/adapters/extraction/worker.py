"""The worker's own side: reads contents from its standard input, answers with drafts, within limits, without a network.

The limits are set by the worker itself, before it has seen anything of what it reads.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import fields
from datetime import datetime
from typing import IO

from retrieval.adapters.confinement import allow_time, confine
from retrieval.adapters.extraction.choosing import read
from retrieval.adapters.extraction.process import SECONDS
from retrieval.domain.articles import Draft
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected

MEMORY = 450_000_000
"""Bytes of address space for everything, the parsers' own code included."""

_TOO_MUCH = "This is too large or too entangled to be read."


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Say that the worker is ready, then answer every request until there are no more, or memory ran out."""
    _answer(answers, {})
    while line := requests.readline():
        head = json.loads(line)
        content = requests.read(head["length"])
        allow_time(SECONDS)
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
    confine(MEMORY)
    try:
        serve(sys.stdin.buffer, answers)
    except BrokenPipeError:  # whoever asked was killed
        return


if __name__ == "__main__":
    main()

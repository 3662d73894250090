"""The worker's own side: reads contents from its standard input, answers with what they list, within limits."""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import asdict
from datetime import datetime
from typing import IO

import feedparser  # noqa: F401  # before the limits are set

from retrieval.adapters.confinement import allow_time, confine
from retrieval.adapters.feeds.parser import parse_feed
from retrieval.adapters.feeds.process import SECONDS
from retrieval.domain.pages import Fetched
from retrieval.text.feed import FeedsNamed

MEMORY = 512_000_000
"""Bytes of address space for everything, the parsers' own code included."""


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Say that the worker is ready, then answer every request until there are no more."""
    _answer(answers, {})
    while line := requests.readline():
        head = json.loads(line)
        content = requests.read(head["length"])
        allow_time(SECONDS)
        read = parse_feed(Fetched(head["url"], content, head["content_type"], head["charset"]))
        _answer(answers, {"named": read.addresses} if isinstance(read, FeedsNamed) else asdict(read))


def _answer(answers: IO[bytes], fields: dict[str, object]) -> None:
    answers.write(json.dumps(fields, default=_plain).encode() + b"\n")
    answers.flush()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def main() -> None:
    """Serve on the standard streams; whatever a library prints goes nowhere. A feed that breaks the parser ends it."""
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

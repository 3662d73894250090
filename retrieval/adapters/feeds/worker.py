"""The worker's own side: reads contents from its standard input, answers with what they list, within limits."""

from __future__ import annotations

from dataclasses import asdict
from typing import IO

from retrieval.adapters.feeds.client import SECONDS
from retrieval.adapters.feeds.parser import parse_feed
from retrieval.adapters.sandbox.sandbox import allow_time, answer, serve_confined
from retrieval.adapters.sandbox.worker_protocol import taken_contents
from retrieval.text.feed_document import FeedsNamed

MEMORY = 512_000_000
"""Bytes of address space for everything, the parsers' own code included."""


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Say that the worker is ready, then answer every request until there are no more."""
    answer(answers, {})
    for fetched in taken_contents(requests):
        allow_time(SECONDS)
        read = parse_feed(fetched)
        answer(answers, {"named": read.addresses} if isinstance(read, FeedsNamed) else asdict(read))


if __name__ == "__main__":
    serve_confined(serve, MEMORY)

"""The feed worker: reads contents from its standard input, answers with the feeds in them, within limits."""

from __future__ import annotations

from typing import IO

from retrieval.adapters.feeds.parser import parse_feed
from retrieval.adapters.sandbox.sandbox import allow_time, serve_confined
from retrieval.adapters.sandbox.worker_protocol import FEED_SECONDS, read_requests, write_answer
from retrieval.domain.pages import Fetched

MEMORY = 512_000_000
"""Bytes of address space for everything, the parsers' own code included."""


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Say that the worker is ready, then answer every request until there are no more."""
    write_answer(answers, {})
    for request in read_requests(requests):
        assert isinstance(request, Fetched)
        allow_time(FEED_SECONDS)
        write_answer(answers, parse_feed(request))


if __name__ == "__main__":
    serve_confined(serve, MEMORY)

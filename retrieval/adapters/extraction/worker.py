"""The worker's own side: reads contents from its standard input, answers with drafts, within limits, without a network.

The limits are set by the worker itself, before it has seen anything of what it reads.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import IO

from retrieval.adapters.confinement import allow_time, answer, serve_confined
from retrieval.adapters.extraction.choosing import read
from retrieval.adapters.extraction.process import SECONDS
from retrieval.adapters.handing_over import taken
from retrieval.errors import ArticleRejected

MEMORY = 450_000_000
"""Bytes of address space for everything, the parsers' own code included."""

_TOO_MUCH = "This is too large or too entangled to be read."


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Say that the worker is ready, then answer every request until there are no more, or memory ran out."""
    answer(answers, {})
    for fetched in taken(requests):
        allow_time(SECONDS)
        try:
            draft = read(fetched)
        except ArticleRejected as refused:
            answer(answers, {"refused": str(refused)})
        except MemoryError:
            answer(answers, {"refused": _TOO_MUCH, "failed": "MemoryError"})
            return
        except Exception as error:  # noqa: BLE001  # a parser's failure is the page's, and is told; whoever asked logs it
            answer(answers, {"refused": _TOO_MUCH, "failed": f"{type(error).__name__}: {error}"[:300]})
        else:
            answer(answers, {"draft": asdict(draft)})


if __name__ == "__main__":
    serve_confined(serve, MEMORY)

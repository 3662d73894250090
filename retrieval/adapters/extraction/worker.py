"""The worker's own side: reads contents and drafts from its standard input, answers with drafts and articles.

It works within limits that it sets itself before it has seen anything of what it reads, and without a network. Parsers
of pages, and spaCy, are imported when the first of what they are for comes in.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from functools import partial
from typing import IO, TYPE_CHECKING

from retrieval.adapters.extraction.answers import article_fields
from retrieval.adapters.extraction.client import OUT_OF_MEMORY, PARSED_SECONDS, SECONDS, WITH_PARSER
from retrieval.adapters.sandbox.sandbox import allow_time, answer, serve_confined
from retrieval.adapters.sandbox.worker_protocol import taken
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected
from retrieval.reading import read_article

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.adapters.sandbox.worker_protocol import DraftTaken
    from retrieval.text.parse import Parse

    Parser = Callable[[str], Parse]

MEMORY = 450_000_000
"""Bytes of address space for everything, the parsers' own code included."""
PARSED_MEMORY = 1_500_000_000
"""The same with spaCy."""
LEAST_PARSED_MEMORY = 1_200_000_000
"""What spaCy's libraries take of it, most of which is never in memory."""

_TOO_MUCH = "This is too large or too entangled to be read."


def serve(parser: Parser | None, requests: IO[bytes], answers: IO[bytes]) -> None:
    """Say that the worker is ready, then answer every request until there are no more, or memory ran out."""
    answer(answers, {})
    for request in taken(requests):
        try:
            answer(answers, _draft(request) if isinstance(request, Fetched) else _article(request, parser))
        except ArticleRejected as refused:
            answer(answers, {"refused": str(refused)})
        except MemoryError:
            answer(answers, {"refused": _TOO_MUCH, "failed": OUT_OF_MEMORY})
            return
        except Exception as error:  # noqa: BLE001  # a parser's failure is the page's, and is told; whoever asked logs it
            answer(answers, {"refused": _TOO_MUCH, "failed": f"{type(error).__name__}: {error}"[:300]})


def _draft(fetched: Fetched) -> dict[str, object]:
    allow_time(SECONDS)
    from retrieval.adapters.extraction.dispatch import read  # noqa: PLC0415  # slow to import, and texts need none of it

    return {"draft": asdict(read(fetched))}


def _article(taken: DraftTaken, parser: Parser | None) -> dict[str, object]:
    parse = None if taken.by_rules else parser
    allow_time(PARSED_SECONDS if parse else SECONDS)
    return {"article": article_fields(read_article(taken.draft, parse))}


def _spacy() -> Parser:
    from retrieval.adapters.spacy_parser import SpacyParser  # noqa: PLC0415  # where it is wanted alone

    return SpacyParser().parse


if __name__ == "__main__":
    parses = WITH_PARSER in sys.argv[1:]
    if parses:
        serve_confined(partial(serve, _spacy()), PARSED_MEMORY, LEAST_PARSED_MEMORY)
    else:
        serve_confined(partial(serve, None), MEMORY)

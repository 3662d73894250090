"""The article worker: reads contents and drafts from its standard input, answers with drafts and articles.

It confines itself before it reads anything. Parsers of pages, and spaCy, are imported for the first request that needs
them.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import IO, TYPE_CHECKING

from retrieval.adapters.sandbox.sandbox import allow_time, serve_confined
from retrieval.adapters.sandbox.worker_protocol import (
    ARTICLE_SECONDS,
    OUT_OF_MEMORY,
    PARSED_SECONDS,
    WITH_PARSER,
    read_requests,
    write_answer,
)
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected
from retrieval.reading import read_article

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.adapters.sandbox.worker_protocol import DraftRequest
    from retrieval.text.parse import Parse

    Parser = Callable[[str], Parse]

MEMORY = 450_000_000
"""Bytes of address space for everything, the parsers' own code included."""
PARSED_MEMORY = 1_500_000_000
"""The same with spaCy."""
LEAST_PARSED_MEMORY = 1_200_000_000
"""What spaCy's libraries take of it, most of which is never in memory."""


def serve(parser: Parser | None, requests: IO[bytes], answers: IO[bytes]) -> None:
    """Say that the worker is ready, then answer every request until there are no more, or memory ran out."""
    write_answer(answers, {})
    for request in read_requests(requests):
        try:
            write_answer(answers, _extract(request) if isinstance(request, Fetched) else _read(request, parser))
        except ArticleRejected as refused:
            write_answer(answers, {"refused": {"code": refused.code, "values": list(refused.values.items())}})
        except MemoryError:
            write_answer(answers, {"failed": OUT_OF_MEMORY})
            return
        except Exception as error:  # noqa: BLE001  # a parser's failure is the page's; the bot logs it
            write_answer(answers, {"failed": f"{type(error).__name__}: {error}"[:300]})


def _extract(fetched: Fetched) -> dict[str, object]:
    allow_time(ARTICLE_SECONDS)
    from retrieval.adapters.extraction.dispatch import read_content  # noqa: PLC0415  # slow to import; texts do not need it

    return {"draft": read_content(fetched)}


def _read(request: DraftRequest, parser: Parser | None) -> dict[str, object]:
    parse = None if request.by_rules else parser
    allow_time(PARSED_SECONDS if parse else ARTICLE_SECONDS)
    return {"article": read_article(request.draft, parse)}


def _spacy() -> Parser:
    from retrieval.adapters.spacy_parser import SpacyParser  # noqa: PLC0415  # only a worker that parses needs spaCy

    return SpacyParser().parse


if __name__ == "__main__":
    if WITH_PARSER in sys.argv[1:]:
        serve_confined(partial(serve, _spacy()), PARSED_MEMORY, LEAST_PARSED_MEMORY)
    else:
        serve_confined(partial(serve, None), MEMORY)

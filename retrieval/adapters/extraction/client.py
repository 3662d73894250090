"""Articles extracted and read in a worker process with limits of time and memory; this side imports no parser.

There a page, a file or a mail becomes a draft, and a draft is read: cleaned, cut into passages, its quotations found.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, TypeVar

from retrieval.adapters.extraction.answers import WorkerAnswer
from retrieval.adapters.sandbox.worker_client import WorkerClient
from retrieval.adapters.sandbox.worker_protocol import (
    ARTICLE_SECONDS,
    OUT_OF_MEMORY,
    PARSED_SECONDS,
    WITH_PARSER,
    content_request,
    draft_request,
)
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.errors import ArticleRejected, WorkerKilled
from retrieval.reading import check_length

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.archive.records import ReadArticle
    from retrieval.domain.articles import Draft
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.pages import Fetched

_T = TypeVar("_T")
_WAIT: Final = 2.0
"""How often its processor time a worker may take by the clock, on a machine that does other things too."""
_SERVED: Final = 400
_MODULE: Final = "retrieval.adapters.extraction.worker"
_log = logging.getLogger(__name__)


class _ParserRaised(ArticleRejected):
    """A parser raised what nobody foresaw; the worker is well."""


class ArticleWorker(WorkerClient):
    """An `Extractor` and an `ArticleReader`. One article at a time, others wait; ends when idle, and after many.

    With `parses`, quotations are attributed by spaCy's parse and, where that kills the worker, by rules.
    """

    work = "articles"
    not_started = "page.worker_not_started"
    too_slow = "page.too_slow"
    damaged = "page.damaged"
    killed = WorkerKilled

    def __init__(
        self,
        *,
        parses: bool = False,
        seconds: float = _WAIT * ARTICLE_SECONDS,
        idle_seconds: float = 60.0,
        module: str = _MODULE,
    ) -> None:
        super().__init__(module, *[WITH_PARSER] * parses, idle_seconds=idle_seconds)
        self.parses = parses
        self._seconds = seconds
        self._served = 0

    def extract(self, fetched: Fetched, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """The article in a content. Raises as `Extractor.extract` does."""
        name = fetched.url or "a file"
        return self._answer(content_request(fetched), WorkerAnswer.to_draft, name, self._seconds, cancellation)

    def read(self, draft: Draft, *, by_rules: bool = False, cancellation: Cancellation = NOT_CANCELLED) -> ReadArticle:
        """The draft's text as it was understood. Raises as `ArticleReader.read` does."""
        check_length(draft.text)
        if self.parses and not by_rules:
            try:
                return self._read(draft, _WAIT * PARSED_SECONDS, cancellation, by_rules=False)
            except (WorkerKilled, _ParserRaised):
                _log.warning("no parse, quotations are found by rules")
        return self._read(draft, self._seconds, cancellation, by_rules=True)

    def _read(self, draft: Draft, seconds: float, cancellation: Cancellation, *, by_rules: bool) -> ReadArticle:
        request = draft_request(draft, by_rules=by_rules)
        name = draft.url or "a text"
        return self._answer(request, lambda answer: answer.to_article(draft), name, seconds, cancellation)

    def _answer(
        self, request: bytes, value: Callable[[WorkerAnswer], _T], name: str, seconds: float, cancellation: Cancellation
    ) -> _T:
        """The value of the worker's answer. Raises what the worker refused with."""
        self._served += 1
        if self._served % _SERVED == 0:  # parsers keep what they have seen
            self.release()

        def decode(line: bytes) -> _T:
            answer = WorkerAnswer.model_validate_json(line)
            if answer.failed is not None:
                _log.warning("reading failed at %s: %s", name, answer.failed)
                if answer.failed != OUT_OF_MEMORY:
                    raise _ParserRaised("page.too_much")
                self.release()  # it ends by itself, but maybe not before the next request
                raise WorkerKilled("page.too_much")
            if answer.refused is not None:
                raise answer.refused.error()
            return value(answer)

        return self.request(request, decode, name=name, seconds=seconds, cancellation=cancellation)

"""Articles read in a worker process with limits of time and memory: a text that breaks a parser breaks that alone.

A page, a file or a mail is made a draft there, and a draft is read there: cleaned, cut into passages, its quotations
found. Whatever kills the worker (a crash, a loop, a bomb) is told as a sentence, and the next article starts another.
Parsers, patterns and spaCy are used only there; importing this module is cheap.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from retrieval.adapters.extraction.answers import told_article, told_draft
from retrieval.adapters.sandbox.worker_process import (
    WorkerClosed,
    WorkerFailed,
    WorkerNotStarted,
    WorkerProcess,
    WorkerTooSlow,
)
from retrieval.adapters.sandbox.worker_protocol import handed, handed_draft
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.errors import ArticleRejected, Stopping, WorkerKilled, WorkerUnavailable
from retrieval.reading import check_length

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from retrieval.archive.records import ReadArticle
    from retrieval.domain.articles import Draft
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.pages import Fetched

SECONDS: Final = 15.0
"""The processor time that one page, or one text by rules, may take; usual ones take a tenth of a second."""
PARSED_SECONDS: Final = 90.0
"""The same with spaCy, its loading included; the longest articles take half a minute."""
WITH_PARSER: Final = "spacy"
"""What the worker is told that is to parse."""

OUT_OF_MEMORY: Final = "MemoryError"
"""What the worker says before it ends because its memory ran out."""

_Result = TypeVar("_Result")
_WAIT: Final = 2.0
"""How often its processor time a worker may take by the clock, on a machine that does other things too."""
_LONGEST_REASON: Final = 500
_SERVED: Final = 400
_MODULE: Final = "retrieval.adapters.extraction.worker"
_DAMAGED: Final = "This is damaged, or too large or too entangled to be read."
_TOO_LONG: Final = "This takes longer to read than any article, and was given up."
_NOT_STARTED: Final = "I cannot read articles just now: the program that reads them could not be started."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Request:
    """A message to the worker, what the log calls it, and the seconds within which it is to be answered."""

    message: bytes
    what: str
    seconds: float


class _Failed(ArticleRejected):
    """A parser raised what nobody foresaw; the worker is well."""


class ArticleWorker:
    """An `Extractor` and an `ArticleReader`. One article at a time, others wait; ends when idle, and after many.

    With `parses`, quotations are attributed by spaCy's parse and, where that kills the worker, by rules.
    """

    def __init__(
        self,
        *,
        parses: bool = False,
        seconds: float = _WAIT * SECONDS,
        idle_seconds: float = 60.0,
        module: str = _MODULE,
    ) -> None:
        self._seconds = seconds
        self.parses = parses
        self._child = WorkerProcess(module, *[WITH_PARSER] * parses, idle_seconds=idle_seconds)
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close()

    @property
    def pid(self) -> int | None:
        """The worker, if there is one."""
        return self._child.pid

    def release(self) -> None:
        """End the worker, if there is one; the next article starts another."""
        self._child.release()

    def extract(self, fetched: Fetched, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """The article in what was fetched. Raises as `Extractor.extract` does."""
        request = _Request(handed(fetched), fetched.url or "a file", self._seconds)
        return self._asked(request, lambda answer: told_draft(answer["draft"]), cancellation)

    def read(self, draft: Draft, *, by_rules: bool = False, cancellation: Cancellation = NOT_CANCELLED) -> ReadArticle:
        """The draft's text as it was understood. Raises as `ArticleReader.read` does."""
        check_length(draft.text)
        if self.parses and not by_rules:
            try:
                return self._read(draft, _WAIT * PARSED_SECONDS, cancellation, by_rules=False)
            except (WorkerKilled, _Failed):
                _log.warning("no parse, quotations are found by rules")
        return self._read(draft, self._seconds, cancellation, by_rules=True)

    def _read(self, draft: Draft, seconds: float, cancellation: Cancellation, *, by_rules: bool) -> ReadArticle:
        request = _Request(handed_draft(draft, by_rules=by_rules), draft.url or "a text", seconds)
        return self._asked(request, lambda answer: told_article(answer["article"], draft), cancellation)

    def _asked(
        self, request: _Request, believe: Callable[[dict[str, Any]], _Result], cancellation: Cancellation
    ) -> _Result:
        """What the worker's answer to a request is believed to be, unless it refuses or fails."""
        self._served += 1
        if self._served % _SERVED == 0:  # parsers keep what they have seen
            self.release()
        what = request.what
        try:
            answer = json.loads(self._child.ask(request.message, seconds=request.seconds, cancellation=cancellation))
            if answer.get("refused") is None:
                return believe(answer)
            refused, failed = str(answer["refused"])[:_LONGEST_REASON], answer.get("failed")
        except WorkerClosed as error:
            raise Stopping from error
        except WorkerNotStarted as error:
            _log.warning("the worker that reads articles: %s", error)
            raise WorkerUnavailable(_NOT_STARTED) from error
        except WorkerTooSlow as error:
            _log.warning("the worker was stopped at %s: %s", what, error)
            raise WorkerKilled(_TOO_LONG) from error
        except (WorkerFailed, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            _log.warning("the worker failed at %s: %r", what, error)
            self.release()  # what talks nonsense once is not asked again
            raise WorkerKilled(_DAMAGED) from error
        if failed:
            _log.warning("reading failed at %s: %s", what, failed)
        if failed == OUT_OF_MEMORY:
            raise WorkerKilled(refused)
        raise (_Failed if failed else ArticleRejected)(refused)

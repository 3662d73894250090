"""Extraction in a worker process with limits of time and memory: what a page does to a parser, it does to that alone.

Whatever kills the worker (a crash, a loop, a bomb) is told as a sentence, and the next page starts another. The parsers
are imported only there; importing this module is cheap.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Self

from retrieval.adapters.child import Child, ChildClosed, ChildFailed, ChildTooSlow
from retrieval.adapters.handing_over import handed, told_moment, told_text
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected, Stopping

if TYPE_CHECKING:
    from types import TracebackType

    from retrieval.domain.pages import Fetched

SECONDS = 15.0
"""The longest that one page may take; usual pages take a tenth of a second."""

_SERVED = 200
_MODULE = "retrieval.adapters.extraction.worker"
_log = logging.getLogger(__name__)


class ExtractorProcess:
    """An `Extractor`. One page at a time, others wait; the worker ends when it is idle, and after many pages."""

    def __init__(self, *, seconds: float = SECONDS, idle_seconds: float = 60.0, module: str = _MODULE) -> None:
        self._seconds = seconds
        self._child = Child(module, idle_seconds=idle_seconds)
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close()

    def release(self) -> None:
        """End the worker, if there is one; the next page starts another."""
        self._child.release()

    def extract(self, fetched: Fetched) -> Draft:
        """The article in what was fetched. Raises ArticleRejected with the reason; Stopping."""
        self._served += 1
        if self._served % _SERVED == 0:  # parsers keep what they have seen
            self.release()
        try:
            answer = json.loads(self._child.ask(handed(fetched), seconds=self._seconds))
            refused = answer.get("refused")
            if refused is None:
                return _draft(answer["draft"])
        except ChildClosed as error:
            raise Stopping from error
        except ChildTooSlow as error:
            _log.warning("the worker was stopped at %s: %s", fetched.url or "a file", error)
            message = f"This takes longer than {self._seconds:g} seconds to read, and was given up."
            raise ArticleRejected(message) from error
        except (ChildFailed, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.warning("the worker failed at %s: %r", fetched.url or "a file", error)
            self.release()  # what talks nonsense once is not asked again
            message = "This is damaged, or too large or too entangled to be read."
            raise ArticleRejected(message) from error
        if answer.get("failed"):
            _log.warning("extraction failed at %s: %s", fetched.url or "a file", answer["failed"])
        raise ArticleRejected(str(refused)[:500])


def _draft(fields: dict[str, object]) -> Draft:
    """The worker's answer, believed in nothing: every field is of its type or an error."""
    text = fields["text"]
    if not isinstance(text, str):
        message = "a draft without a text"
        raise TypeError(message)
    authors = fields.get("authors")
    return Draft(
        text=text,
        title=told_text(fields.get("title")),
        publisher=told_text(fields.get("publisher")),
        authors=tuple(map(str, authors)) if isinstance(authors, list) else (),
        url=told_text(fields.get("url")),
        published_at=told_moment(fields.get("published_at")),
        updated_at=told_moment(fields.get("updated_at")),
        language=told_text(fields.get("language")),
    )

"""A parser in a process of its own, which ends when it has not been needed for a while.

spaCy and its model take about 150 MB, and an interpreter seldom gives memory back: the bot would carry them for ever
after the first article. A child process gives everything back when it ends. The two speak JSON, one line a message.
Without spaCy, or when the child fails or takes too long, there is no parse, a warning says so, and quotations are found
by rules.
"""

from __future__ import annotations

import json
import logging
from typing import IO, TYPE_CHECKING, Self

from retrieval.adapters.child import Child, ChildClosed, ChildFailed
from retrieval.adapters.confinement import answer, serve_quietly
from retrieval.adapters.spacy_parse import SpacyParser, installed
from retrieval.errors import ModelUnavailable, Stopping
from retrieval.text.parse import Parse, Token

if TYPE_CHECKING:
    from types import TracebackType

_MODULE = "retrieval.adapters.parser_process"
_SECONDS = 180.0
"""The longest that one text may take, the loading of the model included; the longest articles take half a minute."""
_log = logging.getLogger(__name__)


class ParserProcess:
    """Parses texts in a child process. Thread-safe: one text at a time, others wait."""

    def __init__(self, idle_seconds: float = 60.0) -> None:
        self._child = Child(_MODULE, idle_seconds=idle_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close()

    @property
    def pid(self) -> int | None:
        """The process that waits for texts, if there is one."""
        return self._child.pid

    def release(self) -> None:
        """End the child, if there is one; the next text starts another."""
        self._child.release()

    def parse(self, text: str) -> Parse | None:
        """The parse of a text, or None where none can be had. Raises Stopping."""
        if not installed():
            return None
        try:
            told = json.loads(self._child.ask(json.dumps(text).encode() + b"\n", seconds=_SECONDS))
            if isinstance(told, dict):
                raise ChildFailed(told["failed"])  # noqa: TRY301  # as any other failure of the child's
            return Parse(tuple(Token(*fields) for fields in told))
        except ChildClosed as error:
            raise Stopping from error
        except (ChildFailed, ValueError, TypeError, KeyError) as error:
            _log.warning("no parse, quotations are found by rules: %s", error)
            self.release()  # what talks nonsense once is not asked again
            return None


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """The child's work: say that it is ready, then parse every line that comes in, until there are no more."""
    answer(answers, [])
    with SpacyParser() as parser:
        for line in requests:
            try:
                tokens = parser.parse(json.loads(line)).tokens
            except ModelUnavailable as error:
                answer(answers, {"failed": str(error)})
            else:
                answer(answers, [[getattr(token, name) for name in Token.__slots__] for token in tokens])


if __name__ == "__main__":
    serve_quietly(serve)

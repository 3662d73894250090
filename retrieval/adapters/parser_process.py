"""A parser in a process of its own, which ends when it has not been needed for a while.

spaCy and its model take about 150 MB, and an interpreter seldom gives memory back: the bot would carry them for ever
after the first article. A child process gives everything back when it ends. The two speak JSON, one line a message.
Without spaCy, or when the child fails, there is no parse, a warning says so, and quotations are found by rules.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from retrieval.adapters.spacy_parse import SpacyParser, installed
from retrieval.text.parse import Parse, Token

if TYPE_CHECKING:
    from types import TracebackType

_ROOT = Path(__file__).resolve().parents[2]
_log = logging.getLogger(__name__)


class ParserProcess:
    """Parses texts in a child process. Thread-safe: one text at a time, others wait."""

    def __init__(self, idle_seconds: float = 60.0) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """End the child, if there is one; the next text starts another."""
        with self._lock:
            self._end()

    def parse(self, text: str) -> Parse | None:
        """The parse of a text, or None where none can be had."""
        if not installed():
            return None
        with self._lock:
            self._stop_timer()
            try:
                answer = self._ask(text)
            except (OSError, ValueError) as error:
                _log.warning("no parse, quotations are found by rules: %s", error)
                self._end()
                return None
            self._timer = threading.Timer(self._idle_seconds, self.release)
            self._timer.daemon = True
            self._timer.start()
            return answer

    def _ask(self, text: str) -> Parse:
        child = self._child or self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(text) + "\n")
        child.stdin.flush()
        line = child.stdout.readline()
        if not line:
            message = f"the parser's process ended with code {child.wait(timeout=10)}"
            raise OSError(message)
        return Parse(tuple(Token(*fields) for fields in json.loads(line)))

    def _start(self) -> subprocess.Popen[str]:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "retrieval.adapters.parser_process"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for the bot, which ends the child itself
        )
        return self._child

    def _end(self) -> None:
        self._stop_timer()
        child, self._child = self._child, None
        if child is None:
            return
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(OSError):  # what was not yet written to a dead child
                    stream.close()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _stop_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()


def serve(requests: IO[str], answers: IO[str]) -> None:
    """The child's work: parse every line that comes in, until there are no more."""
    with SpacyParser() as parser:
        for line in requests:
            tokens = parser.parse(json.loads(line)).tokens
            fields = [[getattr(token, name) for name in Token.__slots__] for token in tokens]
            answers.write(json.dumps(fields) + "\n")
            answers.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # whoever asked was killed
        serve(sys.stdin, sys.stdout)

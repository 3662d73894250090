"""Where log lines go and how they look: standard output, as text for people or as JSON lines for collectors.

Never a secret: whatever is passed as one is blotted out of every line, tracebacks included.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections import OrderedDict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from typing_extensions import override

from config.settings import LogFormat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

_log = logging.getLogger(__name__)
_TALKATIVE = {
    **dict.fromkeys(("discord", "aiohttp", "asyncio", "httpcore", "httpcore2", "hpack"), logging.INFO),
    **dict.fromkeys(("sqlalchemy", "alembic", "faiss"), logging.WARNING),
}
"""From which level each of these is heard. Below it they tell every message, address and statement: questions, who
asked them, and the tokens by which they are answered."""
_HOUR = 3600.0
_REMEMBERED = 1000
"""Warnings of which it is known when they were logged."""
_TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class _Blotting(logging.Formatter):
    """Text lines, with every secret blotted out."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__(_TEXT, datefmt="%Y-%m-%d %H:%M:%S")
        self._secrets = tuple(filter(None, secrets))

    @override
    def format(self, record: logging.LogRecord) -> str:
        return self._blotted(super().format(record))

    def _blotted(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


class _Json(_Blotting):
    """One JSON object a line: time (UTC), level, logger, message and, where there is one, the traceback."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return self._blotted(json.dumps(line, ensure_ascii=False))


class _Repeated(logging.Filter):
    """Lets the same warning pass once an hour: what fails every minute, such as writing to a full disk, is known."""

    def __init__(self) -> None:
        super().__init__()
        self._said: OrderedDict[tuple[str, str], float] = OrderedDict()

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING:
            return True
        line = record.name, record.getMessage()
        said = self._said.get(line)
        if said is not None and record.created - said < _HOUR:
            return False
        self._said[line] = record.created
        self._said.move_to_end(line)
        if len(self._said) > _REMEMBERED:
            self._said.popitem(last=False)
        return True


def start_logging(level: str, style: LogFormat, secrets: Sequence[str] = ()) -> None:
    """Sends every line of `level` and above to standard output; replaces what was set before."""
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(_Repeated())
    handler.setFormatter(_Json(secrets) if style is LogFormat.JSON else _Blotting(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for talkative, least in _TALKATIVE.items():
        logging.getLogger(talkative).setLevel(max(logging.getLevelName(level), least))


def log_uncaught() -> None:
    """From now on an exception that nobody catches is a line of the log like any other, whichever thread it ends."""
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_of_thread
    sys.unraisablehook = _log_unraisable


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("Uncaught %s", kind.__name__, exc_info=(kind, error, trace))


def _log_uncaught_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_type is SystemExit:
        return
    error = ended.exc_value or ended.exc_type()
    name = ended.thread.name if ended.thread else "unknown"
    _log.critical(
        "Uncaught %s in thread %s", ended.exc_type.__name__, name, exc_info=(ended.exc_type, error, ended.exc_traceback)
    )


def _log_unraisable(raised: sys.UnraisableHookArgs) -> None:
    error = raised.exc_value or raised.exc_type()
    _log.error(raised.err_msg or "Exception ignored", exc_info=(raised.exc_type, error, raised.exc_traceback))

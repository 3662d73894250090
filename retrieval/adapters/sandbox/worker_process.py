"""A process that answers messages, one line each, and ends after it has been idle for a while.

For work that must not run in the bot's own process because it takes much memory or reads hostile text. The worker's
environment holds what Python needs and nothing else, so there is no token to steal.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.domain.fair_lock import FairLock

if TYPE_CHECKING:
    from retrieval.domain.cancellation import Cancellation

_ROOT = Path(__file__).resolve().parents[3]
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX", "SYSTEMROOT", "TMPDIR", "TZ")
_LONGEST_ANSWER = 16_000_000
_START_SECONDS = 60.0


class WorkerFailed(OSError):
    """The worker ended, or wrote something that is no answer. The next message starts another."""


class WorkerNotStarted(WorkerFailed):
    """The worker could not be started, or ended before it was ready: no message has reached it."""


class WorkerTooSlow(WorkerFailed):
    """The worker exceeded its time by the clock or its processor time, and was killed."""


class WorkerClosed(WorkerFailed):
    """There is no worker and will be none: its owner is closing."""


class WorkerProcess:
    """Runs `python -m MODULE` with arguments when first asked. One message at a time, others wait; thread-safe."""

    def __init__(self, module: str, *arguments: str, idle_seconds: float) -> None:
        self._command = (module, *arguments)
        self._idle_seconds = idle_seconds
        self._lock = FairLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The running process, if there is one."""
        process = self._process
        return None if process is None else process.pid

    def ask(self, message: bytes, *, seconds: float, cancellation: Cancellation = NOT_CANCELLED) -> bytes:
        """The answer, a line without its end.

        Raises WorkerFailed, WorkerNotStarted, WorkerTooSlow and WorkerClosed; WorkCancelled before the worker has seen
        the message.
        """
        with self._lock.held(cancellation):
            self._stop_timer()
            try:
                process = self._process or self._start()
                answer = _exchange(process, message, seconds)
            except WorkerFailed as error:
                self._end()
                if self._closed:
                    raise WorkerClosed from error
                raise
            self._timer = threading.Timer(self._idle_seconds, self.release)
            self._timer.daemon = True
            self._timer.start()
            return answer

    def release(self) -> None:
        """End the worker, if there is one."""
        with self._lock.held():
            self._end()

    def close(self) -> None:
        """Kill the worker for good; who waits for it, or asks later, gets WorkerClosed."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
        self.release()

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own module, by name
                [sys.executable, "-m", *self._command],
                cwd=_ROOT,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the bot, which ends the worker itself
            )
            if self._closed:
                raise WorkerClosed
            _exchange(self._process, b"", _START_SECONDS)
        except OSError as error:
            reason = f"the worker cannot be started: {error}"
            raise WorkerNotStarted(reason) from error
        return self._process

    def _end(self) -> None:
        self._stop_timer()
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # bytes not yet written to a dead worker
                    stream.close()
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _stop_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()


def _exchange(process: subprocess.Popen[bytes], message: bytes, seconds: float) -> bytes:
    """Write a message, if any, and read a line; kill the worker when the time is up."""
    assert process.stdin is not None
    assert process.stdout is not None
    deadline = time.monotonic() + seconds
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        process.stdin.write(message)
        process.stdin.flush()
        line = process.stdout.readline(_LONGEST_ANSWER)
    except OSError:
        line = b""
    finally:
        timer.cancel()
    if time.monotonic() >= deadline:
        reason = f"no answer within {seconds:g} s"
        raise WorkerTooSlow(reason)
    if not line.endswith(b"\n"):
        raise _failure(process)
    return line[:-1]


def _failure(process: subprocess.Popen[bytes]) -> WorkerFailed:
    """Why a worker has not answered with a line."""
    try:
        code = process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return WorkerFailed("the answer is too long")
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        return WorkerTooSlow("its processor time was used up")
    return WorkerFailed(f"the worker ended ({code})")

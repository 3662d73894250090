"""The only door out of the event loop: a bounded pool of workers with a time limit.

Everything that reads the archive or computes goes through here, so one slow answer never keeps another user's command
from being acknowledged in time. The pool's size is what the machine's cores can bear; beyond a short queue it refuses.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Result = TypeVar("Result")

_QUEUED_A_WORKER = 16
_TYPING_SECONDS = 2.5
"""Suggestions that come later than three seconds are not shown by Discord."""


class TooSlow(Exception):
    """The work took longer than the time limit; its result, if any, is thrown away."""


class Busy(Exception):
    """So much work is waiting already that this one was not taken."""


class Offload:
    """Runs synchronous work in `workers` threads, each call for at most `limit_seconds`, waiting included."""

    def __init__(self, *, workers: int, limit_seconds: float) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self.limit_seconds = limit_seconds
        self._capacity = workers * (1 + _QUEUED_A_WORKER)
        self._held = 0

    @property
    def held(self) -> int:
        """Calls that run or wait, those included whose callers gave up at the time limit."""
        return self._held

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result of `work`, or its exception; raises TooSlow and Busy."""
        if self._held >= self._capacity:
            raise Busy
        running = asyncio.get_running_loop().run_in_executor(self._pool, work)
        self._held += 1
        running.add_done_callback(self._release)
        try:
            return await asyncio.wait_for(asyncio.shield(running), self.limit_seconds)
        except TimeoutError:
            if running.done():  # the work's own TimeoutError
                raise
            raise TooSlow from None

    async def suggested(self, work: Callable[[], Sequence[Result]]) -> Sequence[Result]:
        """What `work` suggests to somebody who is typing; nothing, rather than an error, where there is trouble.

        Work that cannot begin in time, because others are before it, is left out: nobody sees what it would suggest.
        """
        late = time.monotonic() + _TYPING_SECONDS
        try:
            return await self.run(lambda: work() if time.monotonic() < late else ())
        except (NewsError, Busy, TooSlow):
            return ()

    def _release(self, running: asyncio.Future[Result]) -> None:
        self._held -= 1
        if not running.cancelled():
            running.exception()  # seen, even where the caller has given up

    async def finished(self, future: Future[None], seconds: float) -> bool:
        """Whether work owned by somebody else is done within `seconds`; occupies no worker and cancels nothing."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()
        future.add_done_callback(functools.partial(_wake, loop, done))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), seconds)
        return future.done()

    def close(self) -> None:
        """Takes no more work and forgets what is waiting; a call that runs is left to end by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def succeeded(future: Future[None]) -> bool:
    """Whether work owned by somebody else is done, and went well."""
    return future.done() and not future.cancelled() and future.exception() is None


def _wake(loop: asyncio.AbstractEventLoop, done: asyncio.Event, _future: Future[None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(done.set)

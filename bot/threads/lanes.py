"""Lanes: threads for one kind of work, shared fairly between servers and bounded by time.

Work is accepted if it can be expected to begin soon, judged by recent work. Work whose asker has given up never begins;
if it runs, it is cancelled, and keeps its thread until it has noticed.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from bot.refusals import Refused
from bot.render.dates import relative
from bot.threads.fair_queue import FairQueue
from retrieval.domain.cancellation import Cancellation, WorkCancelled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

Result = TypeVar("Result")

NOBODY: Final = 0
"""The party of the bot's own work."""
_MOST_AHEAD: Final = 500
"""Work is not accepted behind more waiting work than this, however quick that is: this bounds the memory."""
_LATEST: Final = 0.05
"""The weight of the latest work in the mean of what work takes."""


class NotDone(Refused):
    """Work was not done, for one of the reasons below."""


class TooSlow(NotDone):
    """The work did not begin or end in time; if it ran, it was cancelled."""

    code = "bot.too_slow"


class StillLoading(NotDone):
    """What the work needs was not loaded in time."""

    code = "bot.still_loading"


class Busy(NotDone):
    """Too much work waits already; try again after `seconds`."""

    code = "bot.busy"

    def __init__(self, seconds: float, **values: object) -> None:
        super().__init__(ready=relative(datetime.now(UTC) + timedelta(seconds=seconds)), **values)
        self.seconds = seconds


class QueueFull(Busy):
    """The party has `load` pieces of work running or waiting, as many as it may; one ends in some `seconds`."""

    code = "bot.queue_full"


class Closed(NotDone):
    """The bot is stopping: the work did not begin."""

    code = "bot.stopping"


@dataclass(frozen=True, slots=True)
class Rules:
    """How much work a lane accepts, and how long it may take."""

    workers: int
    seconds: float
    """How long work may run or, if waiting counts, wait and run."""
    wait_expected: float
    """Work that is expected to wait longer than this is not accepted."""
    typical: float
    """How long work is expected to take before any was done."""
    longest_wait: float | None = None
    """How long work may wait, if waiting does not count in `seconds`; None if it does."""
    running_each: int | None = None
    """How much work of one party may run at the same time; None for as much as there are workers."""
    waiting_each: int | None = None
    """How much of its work may wait beside what runs; None for as much as can be expected to begin in time."""


@dataclass(frozen=True, eq=False, slots=True)
class _Turn:
    """A thread in use."""

    party: int
    began: float


class Lane:
    """Threads, and the queue before them. For one event loop, where everything but the work is done."""

    def __init__(self, name: str, rules: Rules, clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._pool = ThreadPoolExecutor(rules.workers, thread_name_prefix=name)
        self._clock = clock
        self._queue: FairQueue[asyncio.Future[_Turn]] = FairQueue()
        self._running: set[_Turn] = set()
        self._mean = rules.typical
        self._closed = False

    @property
    def load(self) -> int:
        """How many calls run or wait, with those whose callers gave up at the time limit."""
        return len(self._queue) + len(self._running)

    def is_awaited(self, party: int) -> bool:
        """Return whether the end of this party's work is waited for: by its own work, or by another's that may run.

        May be called in any thread.
        """
        return any(other == party or self._may_run(other) for other in self._queue.parties())

    def expected_wait(self, party: int) -> float:
        """Return after how many seconds work of this party could be expected to begin if it were accepted now.

        Threads that have all been busy for a while are expected to be busy for as long again.
        """
        every = self._expected(self._rules.workers, self._running, self._queue.ahead(party, self._may_run))
        if self._rules.running_each is None:
            return every
        own = [turn for turn in self._running if turn.party == party]
        return max(every, self._expected(self._rules.running_each, own, self._queue.of(party)))

    def _expected(self, threads: int, running: Collection[_Turn], ahead: int) -> float:
        """Return the seconds until one of the threads is free, with `running` in them and `ahead` waiting before."""
        free = threads - len(running)
        if ahead < free:
            return 0.0
        stuck = 0.0 if free else self._clock() - max(turn.began for turn in running)
        return stuck + self._mean * (ahead + 1 - free) / threads

    async def run(
        self,
        work: Callable[[], Result],
        party: int = NOBODY,
        *,
        cancellation: Cancellation | None = None,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> Result:
        """Return the result of `work`, or raise its exception; `before` is awaited first, when its turn has come.

        When the time is up, or the caller is cancelled, the work does not begin or, by `cancellation`, stops; one that
        already stores its result is waited for. Raises TooSlow, Busy, QueueFull and Closed.
        """
        self._accept(party)
        began = self._clock()
        turn = await self._wait_for_turn(party)
        waited = self._clock() - began if self._rules.longest_wait is None else 0.0
        cancellation = cancellation or Cancellation()
        running = asyncio.ensure_future(self._run(work, turn, cancellation, before))
        running.add_done_callback(_read_exception)
        try:
            await asyncio.wait({running}, timeout=max(self._rules.seconds - waited, 0.0))
            if not running.done() and cancellation.cancel():
                raise TooSlow
            return await asyncio.shield(running)
        except WorkCancelled:
            raise TooSlow from None
        except asyncio.CancelledError:
            cancellation.cancel()
            raise

    def close_queue(self) -> None:
        """Accept nothing more, and raise Closed for all that wait. What runs goes on."""
        self._closed = True
        while (taken := self._queue.take()) is not None:
            if not taken[1].done():
                taken[1].set_exception(Closed())

    def close(self) -> None:
        """Accept nothing more, raise Closed for all that wait, and let the threads end after their current work."""
        self.close_queue()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _accept(self, party: int) -> None:
        if self._closed:
            raise Closed
        rules, wait = self._rules, self.expected_wait(party)
        load = self._queue.of(party) + self._running_of(party)
        if rules.waiting_each is not None and load >= (rules.running_each or rules.workers) + rules.waiting_each:
            raise QueueFull(max(self._mean, 1.0), load=load)
        if wait > rules.wait_expected or self._queue.ahead(party) >= _MOST_AHEAD:
            raise Busy(max(wait - rules.wait_expected, 1.0))

    async def _wait_for_turn(self, party: int) -> _Turn:
        """Wait for a thread. Raises TooSlow and Closed."""
        place: asyncio.Future[_Turn] = asyncio.get_running_loop().create_future()
        self._queue.join(party, place)
        self._assign_threads()
        limit = self._rules.longest_wait
        try:
            async with asyncio.timeout(self._rules.seconds if limit is None else limit):
                return await place
        except BaseException as error:
            self._queue.leave(party, place)
            if place.done() and not place.cancelled() and place.exception() is None:
                self._release(place.result())  # its turn came in the same moment
            if isinstance(error, TimeoutError):
                raise TooSlow from None
            raise

    def _assign_threads(self) -> None:
        """Give free threads to those whose turn it is."""
        while len(self._running) < self._rules.workers:
            taken = self._queue.take(self._may_run)
            if taken is None:
                return
            party, place = taken
            if not place.done():
                turn = _Turn(party, self._clock())
                self._running.add(turn)
                place.set_result(turn)

    def _may_run(self, party: int) -> bool:
        most = self._rules.running_each
        return most is None or self._running_of(party) < most

    def _running_of(self, party: int) -> int:
        return sum(turn.party == party for turn in tuple(self._running))

    async def _run(
        self,
        work: Callable[[], Result],
        turn: _Turn,
        cancellation: Cancellation,
        before: Callable[[], Awaitable[None]] | None,
    ) -> Result:
        """Do the work, and hold the thread until it has really ended."""
        try:
            if before is not None:
                async with asyncio.timeout(self._rules.seconds):
                    await before()
            cancellation.check()
            return await asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, work)
        finally:
            self._mean += _LATEST * (self._clock() - turn.began - self._mean)
            self._release(turn)

    def _release(self, turn: _Turn) -> None:
        self._running.remove(turn)
        self._assign_threads()


def _read_exception(running: asyncio.Future[Result]) -> None:
    """Read the exception, so that asyncio does not complain about one whose caller has given up."""
    if not running.cancelled():
        running.exception()

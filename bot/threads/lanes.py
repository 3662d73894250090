"""Threads for one kind of work, and who may use them when: fair to every server, bounded by time.

Work is accepted where it can be expected to begin soon, by how long recent work took. Work whose asker has given up
never begins; if it runs, it is cancelled where it can be, and keeps its thread until it has noticed.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from bot.threads.fair_queue import FairLine
from retrieval.domain.cancellation import Cancellation, WorkCancelled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

Result = TypeVar("Result")

NOBODY: Final = 0
"""The party of the bot's own work."""
_MOST_AHEAD: Final = 500
"""However quick the work is, nobody is accepted behind more than so many: it bounds the memory."""
_LATEST: Final = 0.05
"""The weight of the work that was done last in the mean of what work takes."""


class NotDone(Exception):
    """Work was not done, and nobody but whoever asked for it can be told why."""


class TooSlow(NotDone):
    """The work did not begin or end in time. If it ran, it was told to stop, and its result is thrown away."""


class StillLoading(NotDone):
    """What the work needs was not loaded in time."""


class Busy(NotDone):
    """So much work is waiting already that this one was not accepted; `seconds` is when to try again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"busy for {seconds:.0f} s")
        self.seconds = seconds


class LineFull(NotDone):
    """This party has as much work running and waiting as it may: `held`."""

    def __init__(self, held: int) -> None:
        super().__init__(f"{held} are running or waiting")
        self.held = held


class Closed(NotDone):
    """The bot is being stopped: the work was not begun."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How much a lane takes on, and how long that may last."""

    workers: int
    seconds: float
    """The longest that work may run or, where waiting counts, wait and run."""
    wait_expected: float
    """Work that is expected to wait longer than this is not accepted."""
    typical: float
    """What work is expected to take before any was done."""
    longest_wait: float | None = None
    """The longest that work may really wait, which then does not count; None where it counts."""
    running_each: int | None = None
    """How much work of one party may run at the same time; None for as much as there are workers."""
    waiting_each: int | None = None
    """How much more of its work may wait; None for as much as can be expected to begin in time."""


@dataclass(frozen=True, eq=False, slots=True)
class _Turn:
    """A thread that somebody has, until it is given back."""

    party: int
    began: float


class Lane:
    """Threads of its own, and the line before them. For one event loop, where all but the work itself is done."""

    def __init__(self, name: str, rules: Rules, clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._pool = ThreadPoolExecutor(rules.workers, thread_name_prefix=name)
        self._clock = clock
        self._line: FairLine[asyncio.Future[_Turn]] = FairLine()
        self._running: set[_Turn] = set()
        self._mean = rules.typical
        self._closed = False

    @property
    def held(self) -> int:
        """Calls that run or wait, those included whose callers gave up at the time limit."""
        return len(self._line) + len(self._running)

    def expected_wait(self, party: int) -> float:
        """Seconds until work of this party, if it were accepted now, could be expected to begin.

        Where all threads have been busy for a while, they are expected to be busy for as long again.
        """
        every = self._expected(self._rules.workers, self._running, self._line.ahead(party, self._may_run))
        if self._rules.running_each is None:
            return every
        own = [turn for turn in self._running if turn.party == party]
        return max(every, self._expected(self._rules.running_each, own, self._line.of(party)))

    def _expected(self, threads: int, running: Collection[_Turn], ahead: int) -> float:
        """Seconds until one of so many threads is free, where so much runs in them and so much has its turn before."""
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
        """The result of `work`, or its exception; `before` is awaited first, when its turn has come.

        Where the time is up, or the caller is cancelled, the work does not begin or, by `cancellation`, stops; where it
        stores its result already, that is waited for. Raises TooSlow, Busy, LineFull and Closed.
        """
        self._accept(party)
        began = self._clock()
        turn = await self._turn(party)
        waited = self._clock() - began if self._rules.longest_wait is None else 0.0
        cancellation = cancellation or Cancellation()
        running = asyncio.ensure_future(self._run(work, turn, cancellation, before))
        running.add_done_callback(_seen)
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

    def close_line(self) -> None:
        """Accept nothing more; whoever waits is told so. What runs goes on."""
        self._closed = True
        while (taken := self._line.take()) is not None:
            if not taken[1].done():
                taken[1].set_exception(Closed())

    def close(self) -> None:
        """The same, and let the threads end when what they are at is done."""
        self.close_line()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _accept(self, party: int) -> None:
        if self._closed:
            raise Closed
        rules, wait = self._rules, self.expected_wait(party)
        held = self._line.of(party) + self._running_of(party)
        if rules.waiting_each is not None and held >= (rules.running_each or rules.workers) + rules.waiting_each:
            raise LineFull(held)
        if wait > rules.wait_expected or self._line.ahead(party) >= _MOST_AHEAD:
            raise Busy(max(wait - rules.wait_expected, 1.0))

    async def _turn(self, party: int) -> _Turn:
        """Wait for a thread. Raises TooSlow and Closed."""
        place: asyncio.Future[_Turn] = asyncio.get_running_loop().create_future()
        self._line.join(party, place)
        self._let_in()
        limit = self._rules.longest_wait
        try:
            async with asyncio.timeout(self._rules.seconds if limit is None else limit):
                return await place
        except BaseException as error:
            self._line.leave(party, place)
            if place.done() and not place.cancelled() and place.exception() is None:
                self._give_back(place.result())  # its turn came in the same moment
            if isinstance(error, TimeoutError):
                raise TooSlow from None
            raise

    def _let_in(self) -> None:
        """Give free threads to those whose turn it is."""
        while len(self._running) < self._rules.workers:
            taken = self._line.take(self._may_run)
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
        return sum(turn.party == party for turn in self._running)

    async def _run(
        self,
        work: Callable[[], Result],
        turn: _Turn,
        cancellation: Cancellation,
        before: Callable[[], Awaitable[None]] | None,
    ) -> Result:
        """Holds the thread until the work has really ended."""
        try:
            if before is not None:
                async with asyncio.timeout(self._rules.seconds):
                    await before()
            cancellation.check()
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._mean += _LATEST * (self._clock() - turn.began - self._mean)
            self._give_back(turn)

    def _give_back(self, turn: _Turn) -> None:
        self._running.remove(turn)
        self._let_in()


def _seen(running: asyncio.Future[Result]) -> None:
    """The exception of work whose caller has given up is nobody's to handle."""
    if not running.cancelled():
        running.exception()

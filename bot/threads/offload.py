"""The only door out of the event loop: three lanes of threads, so that one kind of work never waits for another.

Everything that reads the archive or computes goes through here, and so one slow answer never keeps another user's
command from being acknowledged in time. Answering is short work on the archive. Adding is whatever waits for the
network or a worker process, embeds, or takes long for one server alone. Typing is what is suggested meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from typing import TYPE_CHECKING, Final, TypeVar

from bot.threads.lanes import NOBODY, Lane, NotDone, Rules
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

Result = TypeVar("Result")

_ADDING_WORKERS: Final = 3
"""Few: each may hold a page of megabytes, and what they compute competes with answers."""
_ADDING_WAITING_EACH: Final = 4
_ADDING_SECONDS: Final = 300.0
"""The largest article takes a minute and more to embed; together with the wait it is less than Discord's 15 minutes."""
_ADDING_WAIT_SECONDS: Final = 480.0
_TYPING_WORKERS: Final = 2
_TYPING_SECONDS: Final = 2.5
"""Suggestions that come later than three seconds are not shown by Discord."""


class Offload:
    """Runs synchronous work in threads. `workers` answer, and each answer has at most `limit_seconds`.

    One server uses all of these threads but one, so that there is always one for the others, however long its work is.
    """

    def __init__(self, *, workers: int, limit_seconds: float) -> None:
        self.limit_seconds = limit_seconds
        self.answering = Lane(
            "answer",
            Rules(
                workers=workers,
                seconds=limit_seconds,
                wait_expected=10.0,
                typical=0.02,
                running_each=max(workers - 1, 1),
            ),
        )
        self.adding = Lane(
            "add",
            Rules(
                workers=_ADDING_WORKERS,
                seconds=_ADDING_SECONDS,
                wait_expected=_ADDING_WAIT_SECONDS,
                longest_wait=_ADDING_WAIT_SECONDS,
                typical=5.0,
                running_each=1,
                waiting_each=_ADDING_WAITING_EACH,
            ),
        )
        self._typing = Lane(
            "type",
            Rules(
                workers=_TYPING_WORKERS,
                seconds=_TYPING_SECONDS,
                wait_expected=_TYPING_SECONDS,
                typical=0.01,
                running_each=_TYPING_WORKERS - 1,
            ),
        )

    async def run(self, work: Callable[[], Result], party: int = NOBODY) -> Result:
        """The result of short work, or its exception; raises TooSlow and Busy."""
        return await self.answering.run(work, party)

    async def suggested(self, work: Callable[[], Sequence[Result]], party: int) -> Sequence[Result]:
        """What `work` suggests to somebody who is typing; nothing, rather than an error, where there is trouble.

        Work that cannot begin in time, because others are before it, is left out: nobody sees what it would suggest.
        """
        try:
            return await self._typing.run(work, party)
        except (NewsError, NotDone):
            return ()

    async def finished(self, future: Future[None], seconds: float) -> bool:
        """Whether work owned by somebody else is done within `seconds`; occupies no worker and cancels nothing."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()
        future.add_done_callback(functools.partial(_wake, loop, done))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), seconds)
        return future.done()

    def close(self) -> None:
        """Takes no more work and forgets what is waiting; a call that runs is left to end by itself."""
        for lane in (self.answering, self.adding, self._typing):
            lane.close()


def succeeded(future: Future[None]) -> bool:
    """Whether work owned by somebody else is done, and went well."""
    return future.done() and not future.cancelled() and future.exception() is None


def _wake(loop: asyncio.AbstractEventLoop, done: asyncio.Event, _future: Future[None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(done.set)

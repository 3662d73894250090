"""The three lanes of threads in which the bot reads the archive and computes, so that the event loop never waits.

Answering is short work on the archive. Adding waits for the network or a worker process, embeds, or takes long for one
server alone. Typing finds suggestions. No kind of work waits for another.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final, TypeVar

from bot.threads.lanes import Lane, Rules
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

Result = TypeVar("Result")

_ADDING_WORKERS: Final = 3
"""Few, because each may hold a page of megabytes, and they compete with answers for the processor."""
_ADDING_WAITING_EACH: Final = 4
_ADDING_SECONDS: Final = 300.0
"""The largest article takes over a minute to embed; with the wait this is less than Discord's 15 minutes."""
_ADDING_WAIT_SECONDS: Final = 480.0
_TYPING_WORKERS: Final = 2
_TYPING_SECONDS: Final = 2.5
"""Discord shows no suggestions after three seconds."""


class Offload:
    """Runs synchronous work in threads. `workers` answer, each answer within `limit_seconds`.

    One server uses at most all but one of a lane's threads, so that one is always left for the others.
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

    async def suggested(self, work: Callable[[], Sequence[Result]], party: int) -> Sequence[Result]:
        """Return what `work` suggests to somebody who types; nothing after an error, or if it cannot begin in time."""
        try:
            return await self._typing.run(work, party)
        except NewsError:
            return ()

    async def finished(self, future: Future[None], seconds: float) -> bool:
        """Whether somebody else's work is done within `seconds`; needs no thread and cancels nothing."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def wake(_future: Future[None]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(done.set)

        future.add_done_callback(wake)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), seconds)
        return future.done()

    def close(self) -> None:
        """Accept no more work and drop what waits; calls that run end by themselves."""
        for lane in (self.answering, self.adding, self._typing):
            lane.close()


def succeeded(future: Future[None]) -> bool:
    """Whether somebody else's work is done, and went well."""
    return future.done() and not future.cancelled() and future.exception() is None

"""What an interaction has the bot do, as the command boundary hands it around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.render.reply import Reply
from retrieval.domain.cancellation import Cancellation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Work(Generic[Result]):
    """What is to be done off the loop, what before it, what is said while it takes long, and when it is done again.

    `lacking` says whether what was found may be all there is only because the archive is still being loaded; where the
    work is refused meanwhile, it may be refused for the same reason.
    """

    run: Callable[[], Result]
    before: Callable[[], Awaitable[None]] | None = None
    meanwhile: str | None = None
    lacking: Callable[[Result], bool] | None = None


class LongWork(Generic[Result]):
    """Work that waits for the network or another process, or embeds: it has threads of its own and can be cancelled."""

    def __init__(self, work: Callable[[Cancellation], Result]) -> None:
        self._work = work
        self.cancellation = Cancellation()

    def __call__(self) -> Result:
        """The result. Raises WorkCancelled."""
        return self._work(self.cancellation)


class Found(Generic[Result]):
    """The part of an answer that was made last, and None where none was."""

    result: Result | None = None

    def shown(self, show: Callable[[Result], Reply], found: Result | None) -> Reply:
        """The part as it is shown; nothing where there is none."""
        self.result = found
        return Reply() if found is None else show(found)

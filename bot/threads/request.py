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
    """What is done and rendered off the loop, what before it, what is said meanwhile, and when it is done again.

    `lacking` says whether what was found may be all there is only because the archive is still being loaded; where the
    work is refused meanwhile, it may be refused for the same reason.
    """

    run: Callable[[], Result]
    show: Callable[[Result], Reply]
    before: Callable[[], Awaitable[None]] | None = None
    meanwhile: str | None = None
    lacking: Callable[[Result], bool] | None = None

    def reply(self) -> Reply:
        """Does the work and renders what was found, which takes as long as there is much of it."""
        return self.show(self.run())

    def reply_unless_lacking(self) -> Reply | None:
        """As `reply`; None where too little was found."""
        found = self.run()
        return None if self.lacking is not None and self.lacking(found) else self.show(found)


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

"""What an interaction asks the bot to do: work for a thread, and how its result is shown."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from retrieval.domain.cancellation import Cancellation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Future

    from bot.render.reply import Reply

Result = TypeVar("Result")


class LongWork(Generic[Result]):
    """Work that waits for the network or another process, or embeds. It has threads of its own and can be cancelled.

    A decorator for functions that take a Cancellation.
    """

    def __init__(self, work: Callable[[Cancellation], Result]) -> None:
        self._work = work
        self.cancellation = Cancellation()

    def __call__(self) -> Result:
        """Return the result. Raises WorkCancelled."""
        return self._work(self.cancellation)


@dataclass(frozen=True, slots=True)
class Request(Generic[Result]):
    """Work and its rendering, both done in a thread, and what happens around them on the event loop."""

    work: Callable[[], Result]
    """What is done; `LongWork` runs in the threads for it."""
    render: Callable[[Result], Reply]
    _: KW_ONLY
    private: bool = True
    """Whether only the asker sees the answer. A refusal of a public answer is private all the same."""
    wait_for: Future[None] | None = None
    """What has to be loaded before; the asker is told if that takes long."""
    is_incomplete: Callable[[Result], bool] | None = None
    """Where given, the work is tried before `wait_for` is done. It is repeated afterwards if the result is incomplete
    or the work was refused."""
    prepare: Callable[[], Awaitable[None]] | None = None
    """Awaited on the event loop when it is the work's turn."""
    progress: str | None = None
    """What is shown while the work takes long."""
    render_refusal: Callable[[Reply], Reply] | None = None
    """Changes a refusal before it is shown."""

    @property
    def is_long(self) -> bool:
        """Whether the work runs in the threads for long work."""
        return isinstance(self.work, LongWork)

    def reply(self) -> Reply:
        """Do the work and render its result, which takes time where the result is large."""
        return self.render(self.work())

    def reply_if_complete(self) -> Reply | None:
        """Do the same; return None if the result is incomplete."""
        result = self.work()
        return None if self.is_incomplete is not None and self.is_incomplete(result) else self.render(result)

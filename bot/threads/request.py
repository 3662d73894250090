"""What an interaction asks the bot to do: work for a thread, how its result is shown, and running both."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import discord

from bot.delivery import CONNECTION_FAULTS, NOBODY_WAITS
from bot.interactions import party_of
from bot.render import notices
from bot.threads.lanes import NotDone, StillLoading, TooSlow
from retrieval.domain.cancellation import Cancellation
from retrieval.errors import NewsError
from retrieval.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Future

    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.threads.offload import Offload

Result = TypeVar("Result")
Made = TypeVar("Made")

_PATIENCE_SECONDS: Final = 2.0
"""How long an asker waits before progress is shown."""
_log = logging.getLogger(__name__)


class LongWork(Generic[Result]):
    """Wraps a function of a Cancellation: runs in the `adding` threads and can be cancelled.

    For work that waits for the network or another process, or embeds.
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
    """What is shown while the work takes long: a message of the catalogues, in English."""
    render_refusal: Callable[[Reply], Reply] | None = None
    """Changes a refusal before it is shown."""

    @property
    def is_long(self) -> bool:
        """Whether the work runs in the threads for long work."""
        return isinstance(self.work, LongWork)

    def reply(self) -> Reply:
        """Do the work and render its result, which takes time if the result is large."""
        return self.render(self.work())

    def reply_if_complete(self) -> Reply | None:
        """Do the work and render its result; return None if the result is incomplete."""
        result = self.work()
        return None if self.is_incomplete is not None and self.is_incomplete(result) else self.render(result)


async def run_request(offload: Offload, interaction: Interaction, request: Request[Result]) -> Reply:
    """Return the rendered result. Raises what the work and its rendering raise, and NotDone."""
    loading = request.wait_for
    if loading is not None and request.is_incomplete is None:
        await _loaded(offload, interaction, loading)
    elif loading is not None and not loading.done():
        try:
            reply = await _run(offload, interaction, request, request.reply_if_complete)
        except NotDone:
            raise
        except NewsError:
            reply = None
        if reply is not None:
            return reply
        await _loaded(offload, interaction, loading)
    return await _run(offload, interaction, request, request.reply)


async def _run(offload: Offload, interaction: Interaction, request: Request[Result], make: Callable[[], Made]) -> Made:
    """Return what `make` returns, from a thread; show the request's progress while it takes long.

    Stops if no answer can reach the asker any more.
    """
    begun = asyncio.Event()

    async def begin() -> None:
        begun.set()
        if request.prepare is not None:
            await request.prepare()

    party = party_of(interaction)
    if isinstance(request.work, LongWork):
        work = offload.adding.run(make, party, cancellation=request.work.cancellation, before=begin)
    else:
        work = offload.answering.run(make, party, before=begin)
    running, beginning = asyncio.ensure_future(work), asyncio.ensure_future(begun.wait())
    try:
        if request.progress is not None:
            await asyncio.wait({running}, timeout=_PATIENCE_SECONDS)
            if not running.done() and not begun.is_set():
                await _show_progress(interaction, notices.WAITING)
                await asyncio.wait({running, beginning}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                await _show_progress(interaction, request.progress)
        return await running
    finally:
        running.cancel()
        beginning.cancel()


async def _loaded(offload: Offload, interaction: Interaction, loading: Future[None]) -> None:
    """Wait until loading is done. Raises StillLoading, and what loading raised."""
    if not loading.done() and not await offload.finished(loading, _PATIENCE_SECONDS):
        await _show_progress(interaction, notices.STARTING)
        if not await offload.finished(loading, offload.limit_seconds):
            raise StillLoading
    loading.result()


async def _show_progress(interaction: Interaction, text: str) -> None:
    """Show the asker what is being done, in their language. If that fails, the answer is given all the same.

    Raises TooSlow if no answer can arrive any more.
    """
    try:
        if interaction.response.type is discord.InteractionResponseType.deferred_message_update:
            await interaction.followup.send(gettext(text), ephemeral=True)  # the message stays as it is
        else:
            await interaction.edit_original_response(content=gettext(text))
    except (discord.HTTPException, *CONNECTION_FAULTS) as error:
        if isinstance(error, discord.HTTPException) and error.code in NOBODY_WAITS:
            raise TooSlow from error
        _log.warning("Progress could not be shown (%s)", type(error).__name__)

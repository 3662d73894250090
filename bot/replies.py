"""The command boundary: acknowledge first, work off the loop, and always end with a sentence the user can read.

A `NewsError` is its own sentence. Anything unforeseen is logged under a reference id that the user is told. This is
also where a stop is drained: once `close_door` was called nothing new begins, and `drained` waits for what runs.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import aiohttp
import discord

from bot.offload import Busy, TooSlow
from bot.render import notices
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from bot.offload import Offload
    from bot.render.reply import Control, Reply

Result = TypeVar("Result")
Interaction = discord.Interaction[Any]

_PATIENCE_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)


class ViewOf(Protocol):
    """Turns buttons as values into buttons that discord.py sends."""

    def __call__(self, controls: Sequence[Control]) -> discord.ui.View | None:
        """The view, or None where there is no button."""


class Replies:
    """Answers interactions; counts those that are being answered."""

    def __init__(self, offload: Offload, view_of: ViewOf) -> None:
        self._offload = offload
        self._view_of = view_of
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._open = True

    async def thinking(
        self,
        interaction: Interaction,
        work: Callable[[], Result],
        show: Callable[[Result], Reply],
        *,
        private: bool = False,
        after: Future[None] | None = None,
    ) -> None:
        """Answers with `show(work())`; `after` is awaited first, and the user is told when that takes long."""
        if not await self._admitted(interaction):
            return
        with self._answering():
            await interaction.response.defer(thinking=True, ephemeral=private)
            reply = await self._outcome(interaction, work, show, after)
            await self._finish(interaction, reply)

    async def turning(
        self,
        interaction: Interaction,
        work: Callable[[], Result],
        show: Callable[[Result], Reply],
        *,
        after: Future[None] | None = None,
    ) -> None:
        """Puts `show(work())` in the place of the message whose button was pressed; `after` as in `thinking`."""
        if not await self._admitted(interaction):
            return
        with self._answering():
            await interaction.response.defer()
            reply = await self._outcome(interaction, work, show, after)
            if reply.embeds:
                await self._finish(interaction, reply)
            else:  # a refusal: the message stays as it is
                await interaction.followup.send(reply.content or "", ephemeral=True)

    async def saying(self, interaction: Interaction, reply: Reply, *, private: bool = True) -> None:
        """Answers at once with something that needs no work."""
        view = self._view_of(reply.controls) or discord.utils.MISSING
        await interaction.response.send_message(reply.content, embeds=reply.embeds, view=view, ephemeral=private)

    async def deleting(self, interaction: Interaction) -> None:
        """Takes away the message whose button was pressed."""
        with self._answering():
            await interaction.response.defer()
            await interaction.delete_original_response()

    async def apologise(self, interaction: Interaction, error: BaseException) -> None:
        """For what no boundary foresaw: logs it and tells the user, whether or not something was answered already."""
        said = notices.fault(report("A bug", interaction, error)).content or ""
        try:
            if interaction.response.is_done():
                await interaction.followup.send(said, ephemeral=True)
            else:
                await interaction.response.send_message(said, ephemeral=True)
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            _log.warning("The apology did not arrive either", exc_info=True)

    def close_door(self) -> None:
        """From now on every interaction is told that the bot is being restarted."""
        self._open = False

    async def drained(self, seconds: float) -> bool:
        """Whether every running answer was given within `seconds`."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _admitted(self, interaction: Interaction) -> bool:
        if not self._open:
            await self.saying(interaction, notices.sentence(notices.STOPPING))
        return self._open

    @contextmanager
    def _answering(self) -> Iterator[None]:
        self._running += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def _outcome(
        self,
        interaction: Interaction,
        work: Callable[[], Result],
        show: Callable[[Result], Reply],
        after: Future[None] | None,
    ) -> Reply:
        try:
            if after is not None:
                await self._awaited(interaction, after)
            return show(await self._offload.run(work))
        except NewsError as problem:
            return notices.sentence(str(problem))
        except TooSlow:
            return notices.sentence(notices.TOO_SLOW)
        except Busy:
            return notices.sentence(notices.BUSY)
        except Exception:  # noqa: BLE001  # the boundary: whatever it was, the user is answered and the log can be searched
            return notices.fault(report("An answer failed", interaction))

    async def _awaited(self, interaction: Interaction, after: Future[None]) -> None:
        if not after.done() and not await self._offload.finished(after, _PATIENCE_SECONDS):
            if interaction.response.type is discord.InteractionResponseType.deferred_message_update:
                await interaction.followup.send(notices.STARTING, ephemeral=True)  # the message stays as it is
            else:
                await interaction.edit_original_response(content=notices.STARTING)
            if not await self._offload.finished(after, self._offload.limit_seconds):
                raise TooSlow
        after.result()

    async def _finish(self, interaction: Interaction, reply: Reply) -> None:
        """Shows the reply; once more where the line was cut, which discord.py does not do and the user cannot."""
        for last in (False, True):
            try:
                await interaction.edit_original_response(
                    content=reply.content, embeds=reply.embeds, view=self._view_of(reply.controls)
                )
            except (aiohttp.ClientError, OSError):
                if last:
                    raise
                _log.warning("The line was cut while an answer was being given; once more")
            else:
                return


def report(what: str, interaction: Interaction, error: BaseException | None = None) -> str:
    """Logs the error at hand, or the given one, under the reference id it returns. The question is not logged."""
    reference = secrets.token_hex(4)
    command = interaction.command.qualified_name if interaction.command else "button"
    _log.error("%s (reference %s, %s)", what, reference, command, exc_info=error or True)
    return reference

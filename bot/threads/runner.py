"""Has the work of an interaction done and rendered by the threads for it; tells the user where that takes long."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

import aiohttp
import discord

from bot.delivery import NOBODY_WAITS
from bot.render import notices
from bot.service import party_of
from bot.threads.lanes import StillLoading, TooSlow
from bot.threads.request import LongWork
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from bot.render.reply import Reply
    from bot.threads.offload import Offload
    from bot.threads.request import Work

Result = TypeVar("Result")
Made = TypeVar("Made")
Interaction = discord.Interaction[Any]

_PATIENCE_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)


class Working:
    """The way from an interaction to the threads and back. Its methods raise what the work raises, and NotDone."""

    def __init__(self, offload: Offload) -> None:
        self._offload = offload

    async def reply(self, interaction: Interaction, work: Work[Result], after: Future[None] | None) -> Reply:
        """The rendered result, as far as possible without `after` where the work says when it lacks something."""
        if after is not None and work.lacking is None:
            await self._awaited(interaction, after)
        elif after is not None and not after.done():
            with suppress(NewsError):
                reply = await self._worked(interaction, work, work.reply_unless_lacking)
                if reply is not None:
                    return reply
            await self._awaited(interaction, after)
        return await self._worked(interaction, work, work.reply)

    async def _worked(self, interaction: Interaction, work: Work[Result], make: Callable[[], Made]) -> Made:
        """What `make` makes of the work; where it takes long, the user is told what is being done.

        Stops where nobody can be given an answer any more.
        """
        begun = asyncio.Event()
        running = asyncio.ensure_future(self._run(interaction, work, make, begun))
        beginning = asyncio.ensure_future(begun.wait())
        try:
            if work.meanwhile is not None:
                await asyncio.wait({running}, timeout=_PATIENCE_SECONDS)
                if not running.done() and not begun.is_set():
                    await _tell_meanwhile(interaction, notices.WAITING)
                    await asyncio.wait({running, beginning}, return_when=asyncio.FIRST_COMPLETED)
                if not running.done():
                    await _tell_meanwhile(interaction, work.meanwhile)
            return await running
        finally:
            running.cancel()
            beginning.cancel()

    async def _run(
        self, interaction: Interaction, work: Work[Result], make: Callable[[], Made], begun: asyncio.Event
    ) -> Made:
        """What `make` returns, from the threads that are for such work."""

        async def begin() -> None:
            begun.set()
            if work.before is not None:
                await work.before()

        party = party_of(interaction)
        if isinstance(work.run, LongWork):
            return await self._offload.adding.run(make, party, cancellation=work.run.cancellation, before=begin)
        return await self._offload.answering.run(make, party, before=begin)

    async def _awaited(self, interaction: Interaction, after: Future[None]) -> None:
        if not after.done() and not await self._offload.finished(after, _PATIENCE_SECONDS):
            await _tell_meanwhile(interaction, notices.STARTING)
            if not await self._offload.finished(after, self._offload.limit_seconds):
                raise StillLoading
        after.result()


async def _tell_meanwhile(interaction: Interaction, said: str) -> None:
    """What is being done; where that does not arrive, the answer itself is given all the same.

    Raises TooSlow where no answer can arrive any more.
    """
    try:
        if interaction.response.type is discord.InteractionResponseType.deferred_message_update:
            await interaction.followup.send(said, ephemeral=True)  # the message stays as it is
        else:
            await interaction.edit_original_response(content=said)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        if isinstance(error, discord.HTTPException) and error.code in NOBODY_WAITS:
            raise TooSlow from error
        _log.warning("Why an answer takes long could not be said (%s)", type(error).__name__)

"""Runs a request in the threads for its kind of work, and tells the asker what is going on if that takes long."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

import discord

from bot.delivery import CONNECTION_FAULTS, NOBODY_WAITS
from bot.render import notices
from bot.service import party_of
from bot.threads.lanes import StillLoading, TooSlow
from bot.threads.request import LongWork
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from bot.render.reply import Reply
    from bot.service import Interaction
    from bot.threads.offload import Offload
    from bot.threads.request import Request

Result = TypeVar("Result")
Made = TypeVar("Made")
_PATIENCE_SECONDS: Final = 2.0
"""How long an asker waits without being told why."""
_log = logging.getLogger(__name__)


async def run_request(offload: Offload, interaction: Interaction, request: Request[Result]) -> Reply:
    """Return the rendered result. Raises what the work raises, and NotDone."""
    loading = request.wait_for
    if loading is not None and request.is_incomplete is None:
        await _loaded(offload, interaction, loading)
    elif loading is not None and not loading.done():
        with suppress(NewsError):
            reply = await _run(offload, interaction, request, request.reply_if_complete)
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
    """Tell the asker what is being done; the answer is given even if this does not arrive.

    Raises TooSlow if no answer can arrive any more.
    """
    try:
        if interaction.response.type is discord.InteractionResponseType.deferred_message_update:
            await interaction.followup.send(text, ephemeral=True)  # the message stays as it is
        else:
            await interaction.edit_original_response(content=text)
    except (discord.HTTPException, *CONNECTION_FAULTS) as error:
        if isinstance(error, discord.HTTPException) and error.code in NOBODY_WAITS:
            raise TooSlow from error
        _log.warning("Progress could not be shown (%s)", type(error).__name__)

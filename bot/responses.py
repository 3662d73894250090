"""The command boundary: acknowledge first, work off the event loop, and always end with a sentence the user can read.

An error that was foreseen becomes a refusal in the language of whoever reads it. Anything unforeseen is logged under a
reference id that the user reads too. A stop is drained here: after `stop_accepting` nothing new begins, and `drained`
waits for what runs.
"""

from __future__ import annotations

import asyncio
import io
import logging
import secrets
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

import discord

from bot.delivery import CONNECTION_FAULTS, NOBODY_WAITS, Delivery, deliver, respond
from bot.refusals import Refused
from bot.render import notices
from bot.render.custom_ids import DeleteId
from bot.render.reply import Reply
from bot.threads.lanes import Closed, TooSlow
from bot.threads.request import LongWork, Request, run_request
from retrieval.errors import ArchiveError, NewsError
from retrieval.translation import gettext

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from contextlib import AbstractAsyncContextManager

    from bot.interactions import Interaction
    from bot.render.reply import Control, Menu
    from bot.tally import Tally
    from bot.threads.offload import Offload

Result = TypeVar("Result")

_log = logging.getLogger(__name__)

_NO_MORE: Final = Reply()
"""Stands behind the last part of an answer in parts; it is not sent."""


class Responses:
    """Answers interactions, and counts those that are being answered.

    `view_of` makes the buttons that discord.py sends; None where there are none.
    """

    def __init__(
        self, offload: Offload, view_of: Callable[[Sequence[Control | Menu]], discord.ui.View | None], tally: Tally
    ) -> None:
        self._offload = offload
        self._tally = tally
        self._view_of = view_of
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._open = True

    async def defer_and_respond(self, interaction: Interaction, request: Request[Result]) -> bool:
        """Acknowledge, do the work, and show its result; return whether that was an answer, no refusal and no slip."""
        deferred = self._deferred(
            interaction, thinking=True, private=request.private, render_refusal=request.render_refusal
        )
        async with deferred as is_deferred:
            if not is_deferred:
                return False
            reply = await self._outcome(interaction, request)
            if reply.refusal and request.render_refusal is not None:
                reply = request.render_refusal(reply)
            if reply.refusal and not request.private:
                await self._refuse_in_private(interaction, reply)
            else:
                await self._finish(interaction, reply)
            return not (reply.refusal or reply.slip)

    async def edit_in_place(self, interaction: Interaction, request: Request[Result]) -> bool:
        """Put the result in the place of the message whose button was pressed; return whether it was no refusal.

        A refusal leaves the message alone.
        """
        async with self._deferred(interaction) as is_deferred:
            if not is_deferred:
                return False
            reply = await self._outcome(interaction, request)
            await (self._send_aside if reply.refusal else self._finish)(interaction, reply)
            return not reply.refusal

    async def send_parts(
        self, interaction: Interaction, parts: Iterator[Reply], slot: AbstractAsyncContextManager[None]
    ) -> None:
        """Answer privately, in `slot`, with a message for each part; a part is made when the one before was taken."""
        async with self._deferred(interaction, thinking=True, private=True) as is_deferred:
            if not is_deferred:
                return
            async with slot:
                show = self._finish
                while True:
                    make_next: LongWork[Reply | None] = LongWork(lambda _stop: next(parts, None))
                    reply = await self._outcome(interaction, Request(make_next, lambda part: part or _NO_MORE))
                    if reply is _NO_MORE:
                        return
                    if await show(interaction, reply) is Delivery.TOO_LATE or reply.refusal:
                        return
                    show = self._send_aside

    async def send(self, interaction: Interaction, reply: Reply) -> Delivery:
        """Answer at once, privately, with something that needs no work."""
        view = self._view_of(reply.controls) or discord.utils.MISSING
        return await respond(
            lambda: interaction.response.send_message(
                reply.content, embeds=reply.embeds, view=view, files=_files(reply), ephemeral=True
            )
        )

    async def open_modal(self, interaction: Interaction, modal: discord.ui.Modal) -> None:
        """Answer at once with a form to fill in; each of its fields needs a custom id of its own."""
        if await respond(lambda: interaction.response.send_modal(modal)) is Delivery.RESPONDED_BEFORE:
            interaction.client.add_view(modal)  # discord.py waits only for a form of which it heard that it is open

    async def delete_message(self, interaction: Interaction) -> None:
        """Delete the message whose button was pressed."""
        with self._answering():
            if await respond(interaction.response.defer) is not Delivery.TOO_LATE:
                await deliver(interaction.delete_original_response)

    async def refuse(
        self, interaction: Interaction, error: NewsError, render_refusal: Callable[[Reply], Reply] | None = None
    ) -> None:
        """Tell the user alone why there is no answer; `render_refusal` changes the refusal before it is shown."""
        reply = notices.refusal(error)
        if render_refusal is not None:
            reply = render_refusal(reply)
        await (self._send_aside if interaction.response.is_done() else self.send)(interaction, reply)

    async def report_error(self, interaction: Interaction, error: BaseException) -> None:
        """Tell the user alone why there is no answer: a refusal, or an unforeseen error, which is logged too."""
        try:
            if isinstance(error, NewsError):
                await self.refuse(interaction, error)
                return
        except Exception as fault:  # noqa: BLE001  # it could not be sent, which nothing foresaw
            error = fault
        if isinstance(error, discord.HTTPException) and error.code in NOBODY_WAITS:
            _log.warning("Discord takes no answer to a command any more (%d)", error.code)
            return
        reply = _log_fault("A bug", interaction, error)
        try:
            responded = interaction.response.is_done()
            if responded or await self.send(interaction, reply) is Delivery.RESPONDED_BEFORE:
                await self._send_aside(interaction, reply)
        except (discord.HTTPException, *CONNECTION_FAULTS):
            _log.warning("The error message could not be sent either", exc_info=True)

    def stop_accepting(self) -> None:
        """From now on tell every interaction that the bot is being restarted."""
        self._open = False

    async def drained(self, seconds: float) -> bool:
        """Wait for running answers; return whether all were given within `seconds`."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    @asynccontextmanager
    async def _deferred(
        self,
        interaction: Interaction,
        *,
        thinking: bool = False,
        private: bool = False,
        render_refusal: Callable[[Reply], Reply] | None = None,
    ) -> AsyncIterator[bool]:
        """Acknowledge and count the interaction until the block ends; yield False if it is not to be answered."""
        if not self._open:
            await self.refuse(interaction, Closed(), render_refusal)
            yield False
            return
        with self._answering():
            defer = interaction.response.defer
            yield await respond(lambda: defer(thinking=thinking, ephemeral=private)) is not Delivery.TOO_LATE

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

    async def _outcome(self, interaction: Interaction, request: Request[Result]) -> Reply:
        try:
            with self._tally.counting((NewsError,), measured=not request.is_long):
                return await run_request(self._offload, interaction, request)
        except NewsError as problem:
            if isinstance(problem, ArchiveError):
                _log.warning("A command was refused: %s", problem)
            if isinstance(problem, TooSlow) and request.is_long:
                problem = TooSlow("bot.given_up")
            return notices.refusal(problem)
        except Exception:  # noqa: BLE001  # the boundary: whatever it was, the user is answered and the log can be searched
            return _log_fault("An answer failed", interaction)

    async def _finish(self, interaction: Interaction, reply: Reply) -> Delivery:
        """Show the reply in the place of the acknowledgement, or of the message whose button was pressed."""
        view = self._view_of(reply.controls)
        return await deliver(
            lambda: interaction.edit_original_response(
                content=reply.content, embeds=reply.embeds, view=view, attachments=_files(reply)
            )
        )

    async def _refuse_in_private(self, interaction: Interaction, reply: Reply) -> None:
        """Turn a public acknowledgement into a private refusal.

        Discord takes no other message before the acknowledgement is filled, nor after it was deleted unfilled: so the
        refusal fills it, is sent again in private, and only then the public one is deleted.
        """
        await self._finish(
            interaction, replace(reply, controls=(DeleteId(interaction.user.id).button(gettext("Delete")),))
        )
        with suppress(discord.HTTPException, *CONNECTION_FAULTS):  # it can be read, and deleted, where it is
            if await self._send_aside(interaction, reply) is Delivery.MADE:
                await deliver(interaction.delete_original_response)

    async def _send_aside(self, interaction: Interaction, reply: Reply) -> Delivery:
        """Send the reply to the asker alone, in a message of its own."""
        view = self._view_of(reply.controls) or discord.utils.MISSING
        return await deliver(
            lambda: interaction.followup.send(
                reply.content or "", embeds=reply.embeds, view=view, files=_files(reply), ephemeral=True
            )
        )


def _files(reply: Reply) -> list[discord.File]:
    """Return the reply's file, made anew for each try, because sending reads it to its end."""
    return [discord.File(io.BytesIO(reply.file.content), reply.file.name)] if reply.file else []


def _log_fault(event: str, interaction: Interaction, error: BaseException | None = None) -> Reply:
    """Log the current exception, or the given one, and return a reply with its reference; log no question."""
    reference = secrets.token_hex(4)
    command = interaction.command.qualified_name if interaction.command else "button"
    _log.error("%s (reference %s, %s)", event, reference, command, exc_info=error or True)
    return notices.refusal(Refused("bot.fault", reference=reference))

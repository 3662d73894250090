"""The command boundary: acknowledge first, work off the loop, and always end with a sentence the user can read.

A `NewsError` is its own sentence. Anything unforeseen is logged under a reference id that the user is told. This is
also where a stop is drained: once `close_door` was called nothing new begins, and `drained` waits for what runs.
"""

from __future__ import annotations

import asyncio
import functools
import io
import logging
import secrets
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import aiohttp
import discord

from bot.delivery import NOBODY_WAITS, Delivery, deliver, respond
from bot.render import notices
from bot.render.reply import delete_control
from bot.threads.lanes import Busy, LineFull, NotDone, StillLoading, TooSlow
from bot.threads.request import Found, LongWork, Work
from bot.threads.runner import Working
from retrieval.errors import ArchiveError, NewsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractAsyncContextManager

    from bot.background.tally import Tally
    from bot.render.reply import Control, Reply
    from bot.threads.offload import Offload
    from retrieval.domain.cancellation import Cancellation

Result = TypeVar("Result")
Interaction = discord.Interaction[Any]

_log = logging.getLogger(__name__)


class ViewOf(Protocol):
    """Turns buttons as values into buttons that discord.py sends."""

    def __call__(self, controls: Sequence[Control]) -> discord.ui.View | None:
        """The view, or None where there is no button."""


class Responses:
    """Answers interactions; counts those that are being answered."""

    def __init__(self, offload: Offload, view_of: ViewOf, tally: Tally) -> None:
        self._working = Working(offload)
        self._tally = tally
        self._view_of = view_of
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._open = True

    async def defer_and_respond(
        self,
        interaction: Interaction,
        work: Callable[[], Result],
        show: Callable[[Result], Reply],
        *,
        private: bool = False,
        after: Future[None] | None = None,
        before: Callable[[], Awaitable[None]] | None = None,
        meanwhile: str | None = None,
        lacking: Callable[[Result], bool] | None = None,
        refused: Callable[[Reply], Reply] | None = None,
    ) -> bool:
        """Answers with `show(work())`, and returns whether there was an answer rather than a refusal.

        `after` is awaited first, and the user is told when that takes long; with `lacking` only where the work found
        too little, and then it is done again. `before`, which asks something of Discord, is awaited when it is the
        work's turn. While work takes long, `meanwhile` is shown. `LongWork` has threads of its own. A refusal is shown
        to whoever asked, alone, although the answer was to be public, and as `refused` makes it.
        """
        if not await self._admitted(interaction, refused):
            return False
        with self._answering():
            acknowledge = functools.partial(interaction.response.defer, thinking=True, ephemeral=private)
            if await respond(acknowledge) is Delivery.TOO_LATE:
                return False
            reply = await self._outcome(interaction, Work(work, show, before, meanwhile, lacking), after)
            if reply.refusal and refused is not None:
                reply = refused(reply)
            await (self._finish if private or not reply.refusal else self._refuse)(interaction, reply)
            return not reply.refusal

    async def send_parts(
        self,
        interaction: Interaction,
        part: Callable[[Result | None], Result | None],
        show: Callable[[Result], Reply],
        room: AbstractAsyncContextManager[None],
    ) -> None:
        """Answers privately, in `room`, message by message, each of what `part` makes of the last one, until None."""
        if not await self._admitted(interaction):
            return
        with self._answering():
            acknowledge = functools.partial(interaction.response.defer, thinking=True, ephemeral=True)
            if await respond(acknowledge) is Delivery.TOO_LATE:
                return
            async with room:
                await self._hand_over(interaction, part, show)

    async def _hand_over(
        self,
        interaction: Interaction,
        part: Callable[[Result | None], Result | None],
        show: Callable[[Result], Reply],
    ) -> None:
        last: Result | None = None
        send = self._finish
        while True:
            found = Found[Result]()
            work = Work(LongWork(functools.partial(_read, part, last)), functools.partial(found.shown, show))
            reply = await self._outcome(interaction, work, None)
            last = found.result
            sent = reply.content is None or await send(interaction, reply) is not Delivery.TOO_LATE
            if last is None or not sent:
                return
            send = self._aside

    async def edit_in_place(
        self,
        interaction: Interaction,
        work: Callable[[], Result],
        show: Callable[[Result], Reply],
        *,
        after: Future[None] | None = None,
        meanwhile: str | None = None,
    ) -> None:
        """Puts `show(work())` in the place of the message whose button was pressed.

        `after` and `meanwhile` are as in `thinking`.
        """
        if not await self._admitted(interaction):
            return
        with self._answering():
            if await respond(interaction.response.defer) is Delivery.TOO_LATE:
                return
            reply = await self._outcome(interaction, Work(work, show, meanwhile=meanwhile), after)
            if reply.refusal:  # the message stays as it is
                await self._aside(interaction, reply)
            else:
                await self._finish(interaction, reply)

    async def send(self, interaction: Interaction, reply: Reply) -> Delivery:
        """Answers at once, privately, with something that needs no work."""
        view = self._view_of(reply.controls) or discord.utils.MISSING

        async def say() -> None:
            await interaction.response.send_message(
                reply.content, embeds=reply.embeds, view=view, files=_files(reply), ephemeral=True
            )

        return await respond(say)

    async def open_modal(self, interaction: Interaction, form: discord.ui.Modal) -> None:
        """Answers at once with a form to fill in; each of its fields needs a custom id of its own."""
        if await respond(functools.partial(interaction.response.send_modal, form)) is Delivery.RESPONDED_BEFORE:
            interaction.client.add_view(form)  # discord.py waits only for a form of which it heard that it is open

    async def delete_message(self, interaction: Interaction) -> None:
        """Takes away the message whose button was pressed."""
        with self._answering():
            if await respond(interaction.response.defer) is not Delivery.TOO_LATE:
                await deliver(interaction.delete_original_response)

    async def report_error(self, interaction: Interaction, error: BaseException) -> None:
        """For what no boundary foresaw: logs it and tells the user, whether or not something was answered already."""
        if isinstance(error, discord.HTTPException) and error.code in NOBODY_WAITS:
            _log.warning("Discord takes no answer to a command any more (%d)", error.code)
            return
        reply = notices.fault(report("A bug", interaction, error))
        try:
            responded = interaction.response.is_done()
            if responded or await self.send(interaction, reply) is Delivery.RESPONDED_BEFORE:
                await self._aside(interaction, reply)
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            _log.warning("The apology did not arrive either", exc_info=True)

    def stop_accepting(self) -> None:
        """From now on every interaction is told that the bot is being restarted."""
        self._open = False

    async def drained(self, seconds: float) -> bool:
        """Whether every running answer was given within `seconds`."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _admitted(self, interaction: Interaction, refused: Callable[[Reply], Reply] | None = None) -> bool:
        if not self._open:
            stopping = notices.sentence(notices.STOPPING)
            await self.send(interaction, stopping if refused is None else refused(stopping))
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

    async def _outcome(self, interaction: Interaction, work: Work[Result], after: Future[None] | None) -> Reply:
        try:
            with self._tally.counting((NewsError, NotDone), measured=not isinstance(work.run, LongWork)):
                return await self._working.reply(interaction, work, after)
        except NewsError as problem:
            if isinstance(problem, ArchiveError):
                _log.warning("A command was refused: %s", problem)
            return notices.refusal(problem)
        except NotDone as problem:
            return _why_not_done(problem, long=isinstance(work.run, LongWork))
        except Exception:  # noqa: BLE001  # the boundary: whatever it was, the user is answered and the log can be searched
            return notices.fault(report("An answer failed", interaction))

    async def _finish(self, interaction: Interaction, reply: Reply) -> Delivery:
        """Shows the reply in the place of the acknowledgement, or of the message whose button was pressed."""

        async def show() -> None:
            await interaction.edit_original_response(
                content=reply.content,
                embeds=reply.embeds,
                view=self._view_of(reply.controls),
                attachments=_files(reply),
            )

        return await deliver(show)

    async def _refuse(self, interaction: Interaction, reply: Reply) -> None:
        """Turns a public acknowledgement into a private refusal.

        Discord takes no other message while the acknowledgement waits to be filled or after it was deleted unfilled:
        so the refusal fills it, is said once more in private, and only then the public one goes.
        """
        await self._finish(interaction, replace(reply, controls=(delete_control(interaction.user.id),)))
        with suppress(discord.HTTPException, aiohttp.ClientError, OSError):  # it can be read, and deleted, where it is
            if await self._aside(interaction, reply) is Delivery.MADE:
                await deliver(interaction.delete_original_response)

    async def _aside(self, interaction: Interaction, reply: Reply) -> Delivery:
        """Shows the reply to whoever asked, alone, in a message of its own."""

        async def show() -> None:
            view = self._view_of(reply.controls) or discord.utils.MISSING
            await interaction.followup.send(
                reply.content or "", embeds=reply.embeds, view=view, files=_files(reply), ephemeral=True
            )

        return await deliver(show)


def _read(part: Callable[[Result | None], Result | None], last: Result | None, _stop: Cancellation) -> Result | None:
    """Work that changes nothing: where nobody waits for it any more, its result is thrown away."""
    return part(last)


def _why_not_done(problem: NotDone, *, long: bool) -> Reply:
    if isinstance(problem, Busy):
        return notices.busy(discord.utils.utcnow() + timedelta(seconds=problem.seconds))
    if isinstance(problem, LineFull):
        return notices.line_full(problem.held)
    if isinstance(problem, StillLoading):
        return notices.sentence(notices.LOADING)
    if isinstance(problem, TooSlow):
        return notices.sentence(notices.GIVEN_UP if long else notices.TOO_SLOW)
    return notices.sentence(notices.STOPPING)


def _files(reply: Reply) -> list[discord.File]:
    """The file of a reply, made anew for each try, because sending reads it to its end."""
    return [discord.File(io.BytesIO(reply.file.content), reply.file.name)] if reply.file else []


def report(what: str, interaction: Interaction, error: BaseException | None = None) -> str:
    """Logs the error at hand, or the given one, under the reference id it returns. The question is not logged."""
    reference = secrets.token_hex(4)
    command = interaction.command.qualified_name if interaction.command else "button"
    _log.error("%s (reference %s, %s)", what, reference, command, exc_info=error or True)
    return reference

"""The command boundary: acknowledge first, work off the loop, and always end with a sentence the user can read.

A `NewsError` is its own sentence. Anything unforeseen is logged under a reference id that the user is told. This is
also where a stop is drained: once `close_door` was called nothing new begins, and `drained` waits for what runs.
"""

from __future__ import annotations

import asyncio
import functools
import io
import itertools
import logging
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import aiohttp
import discord

from bot.offload import Busy, TooSlow
from bot.render import notices
from bot.work import Found, Work
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from concurrent.futures import Future

    from bot.offload import Offload
    from bot.render.reply import Control, Reply
    from bot.tally import Tally

Result = TypeVar("Result")
Interaction = discord.Interaction[Any]

_PATIENCE_SECONDS: Final = 2.0
_PAUSES_SECONDS: Final = (0.5, 5.0, 20.0)
"""Between two tries to show an answer; a stop does not wait for more than its own limit."""
_ACKNOWLEDGED_ALREADY: Final = 40060
_NOBODY_WAITS: Final = frozenset({10008, 10015, 10062, 50027})
"""Discord's codes for: message or webhook unknown, interaction unknown (over three seconds old), token expired."""
_log = logging.getLogger(__name__)


class ViewOf(Protocol):
    """Turns buttons as values into buttons that discord.py sends."""

    def __call__(self, controls: Sequence[Control]) -> discord.ui.View | None:
        """The view, or None where there is no button."""


class Replies:
    """Answers interactions; counts those that are being answered."""

    def __init__(self, offload: Offload, view_of: ViewOf, tally: Tally) -> None:
        self._offload = offload
        self._tally = tally
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
        before: Callable[[], Awaitable[None]] | None = None,
        meanwhile: str | None = None,
    ) -> None:
        """Answers with `show(work())`; `after` is awaited first, and the user is told when that takes long.

        Then `before`, which asks something of Discord. While work takes long, `meanwhile` is shown.
        """
        if not await self._admitted(interaction):
            return
        with self._answering():
            if not await _acknowledged(interaction, thinking=True, ephemeral=private):
                return
            working = Work(work, before, meanwhile)
            await self._finish(interaction, await self._outcome(interaction, working, show, after))

    async def handing_over(
        self,
        interaction: Interaction,
        part: Callable[[Result | None], Result | None],
        show: Callable[[Result], Reply],
    ) -> None:
        """Answers privately, message by message, each of what `part` makes of the last one, until it makes None."""
        if not await self._admitted(interaction):
            return
        with self._answering():
            if not await _acknowledged(interaction, thinking=True, ephemeral=True):
                return
            last: Result | None = None
            for number in itertools.count():
                found = Found[Result]()
                work = Work(functools.partial(part, last))
                reply = await self._outcome(interaction, work, functools.partial(found.shown, show), None)
                if number == 0:
                    await self._finish(interaction, reply)
                elif reply.content is not None:
                    files = [_file(reply)] if reply.file else []
                    await interaction.followup.send(reply.content, files=files, ephemeral=True)
                last = found.result
                if last is None:
                    return

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
            if not await _acknowledged(interaction):
                return
            reply = await self._outcome(interaction, Work(work), show, after)
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
            if not await _acknowledged(interaction):
                return
            await interaction.delete_original_response()

    async def apologise(self, interaction: Interaction, error: BaseException) -> None:
        """For what no boundary foresaw: logs it and tells the user, whether or not something was answered already."""
        if isinstance(error, discord.HTTPException) and error.code in _NOBODY_WAITS:
            _log.warning("Discord takes no answer to a command any more (%d)", error.code)
            return
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
        work: Work[Result],
        show: Callable[[Result], Reply],
        after: Future[None] | None,
    ) -> Reply:
        try:
            with self._tally.counting((NewsError, TooSlow, Busy), measured=work.meanwhile is None):
                if after is not None:
                    await self._awaited(interaction, after)
                if work.before is not None:
                    await work.before()
                return show(await self._worked(interaction, work))
        except NewsError as problem:
            return notices.sentence(str(problem))
        except TooSlow:
            return notices.sentence(notices.TOO_SLOW)
        except Busy:
            return notices.sentence(notices.BUSY)
        except Exception:  # noqa: BLE001  # the boundary: whatever it was, the user is answered and the log can be searched
            return notices.fault(report("An answer failed", interaction))

    async def _worked(self, interaction: Interaction, work: Work[Result]) -> Result:
        """The result; where it takes long, the user is told what is being done."""
        if work.meanwhile is None:
            return await self._offload.run(work.run)
        running = asyncio.ensure_future(self._offload.run(work.run))
        try:
            await asyncio.wait({running}, timeout=_PATIENCE_SECONDS)
            if not running.done():
                await _told_meanwhile(interaction, work.meanwhile)
        finally:
            result = await running
        return result

    async def _awaited(self, interaction: Interaction, after: Future[None]) -> None:
        if not after.done() and not await self._offload.finished(after, _PATIENCE_SECONDS):
            await _told_meanwhile(interaction, notices.STARTING)
            if not await self._offload.finished(after, self._offload.limit_seconds):
                raise TooSlow
        after.result()

    async def _finish(self, interaction: Interaction, reply: Reply) -> None:
        """Shows the reply, again and again for half a minute where Discord or the line to it fails.

        discord.py tries again by itself where Discord says that it is busy, not where the line was cut.
        """
        for pause in (*_PAUSES_SECONDS, None):
            try:
                await interaction.edit_original_response(
                    content=reply.content,
                    embeds=reply.embeds,
                    view=self._view_of(reply.controls),
                    attachments=[_file(reply)] if reply.file else [],
                )
            except (aiohttp.ClientError, OSError, discord.DiscordServerError) as error:
                if pause is None:
                    raise
                _log.warning("An answer did not arrive (%s); once more", type(error).__name__)
                await asyncio.sleep(pause)
            except discord.HTTPException as error:
                if error.code not in _NOBODY_WAITS:
                    raise
                _log.warning("An answer was ready when nobody could be given it any more (%d)", error.code)
                return
            else:
                return


async def _acknowledged(interaction: Interaction, **options: bool) -> bool:
    """Tells Discord that the answer will come; whether anybody still waits for it.

    Once more where the line was cut: Discord may have heard, and then says that it knows.
    """
    try:
        try:
            await interaction.response.defer(**options)
        except (aiohttp.ClientError, OSError):
            _log.warning("The line was cut while a command was being acknowledged; once more")
            await interaction.response.defer(**options)
    except discord.HTTPException as error:
        if error.code == _ACKNOWLEDGED_ALREADY:
            return True
        if error.code not in _NOBODY_WAITS:
            raise
        _log.warning("A command reached this bot too late to be acknowledged (%d)", error.code)
        return False
    return True


async def _told_meanwhile(interaction: Interaction, said: str) -> None:
    """What is being done; where that does not arrive, the answer itself is given all the same."""
    try:
        if interaction.response.type is discord.InteractionResponseType.deferred_message_update:
            await interaction.followup.send(said, ephemeral=True)  # the message stays as it is
        else:
            await interaction.edit_original_response(content=said)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.warning("Why an answer takes long could not be said (%s)", type(error).__name__)


def _file(reply: Reply) -> discord.File:
    assert reply.file is not None
    return discord.File(io.BytesIO(reply.file.content), reply.file.name)


def report(what: str, interaction: Interaction, error: BaseException | None = None) -> str:
    """Logs the error at hand, or the given one, under the reference id it returns. The question is not logged."""
    reference = secrets.token_hex(4)
    command = interaction.command.qualified_name if interaction.command else "button"
    _log.error("%s (reference %s, %s)", what, reference, command, exc_info=error or True)
    return reference

"""Registers the commands with Discord in the background, so that no trouble with that keeps the bot from answering.

They are sent only if they changed since the last time, which the archive remembers. Until Discord has taken new ones,
those that it knows go on working.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands

from bot.delivery import CONNECTION_FAULTS
from bot.threads.lanes import NotDone
from retrieval.domain.ids import SHARED
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from discord.ext import commands

    from bot.service import Service

_PAUSES_SECONDS: Final = (10.0, 60.0, 300.0)
"""Between tries; the last one again and again."""
_TOO_MANY_REQUESTS: Final = 429
_SERVER_ERROR: Final = 500
_log = logging.getLogger(__name__)


class Registration:
    """Registers the commands of one bot, everywhere and in the server where they are developed."""

    def __init__(
        self, bot: commands.Bot, service: Service, dev_guild: discord.Object | None, *, always: bool = False
    ) -> None:
        self._bot = bot
        self._service = service
        self._guilds = (None,) if dev_guild is None else (None, dev_guild)
        self._always = always
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._register_all(), name="registration of commands")

    def cancel(self) -> None:
        """Stop trying."""
        if self._task is not None:
            self._task.cancel()

    async def _register_all(self) -> None:
        for guild in self._guilds:
            for pause in chain(_PAUSES_SECONDS, repeat(_PAUSES_SECONDS[-1])):
                if await self._try(guild):
                    break
                await asyncio.sleep(pause)

    async def _try(self, guild: discord.Object | None) -> bool:
        """Register; return False to try again later."""
        try:
            await self._register(guild)
        except (discord.HTTPException, *CONNECTION_FAULTS, NewsError) as error:
            if isinstance(error, discord.HTTPException) and _TOO_MANY_REQUESTS != error.status < _SERVER_ERROR:
                _log.exception("Discord did not take the commands; those it knows already go on working")
                return True
            problem = repr(error) if isinstance(error, NotDone) else str(error) or type(error).__name__
            _log.warning("The commands could not be registered yet (%s); once more later", problem)
            return False
        except Exception:  # noqa: BLE001  # a background task: nobody else would log it
            _log.exception("The commands could not be registered; those Discord knows go on working")
        return True

    async def _register(self, guild: discord.Object | None) -> None:
        """Send the commands if they differ from those that this application and server were sent last."""
        where = guild.id if guild else "everywhere"
        key, fingerprint = f"commands:{self._bot.application_id}:{where}", await fingerprint_of(self._bot.tree, guild)
        state, offload = self._service.newsroom.bot_state, self._service.offload
        if not self._always and await offload.answering.run(lambda: state.get(SHARED, key)) == fingerprint:
            return
        registered = await self._bot.tree.sync(guild=guild)
        if guild is None:
            self._service.command_ids.learn(registered)
        _log.info("Registered %d commands (%s)", len(registered), where)
        try:
            await offload.answering.run(lambda: state.put(SHARED, key, fingerprint))
        except NewsError as error:
            _log.warning("It could not be stored that the commands are registered: %s", error)


async def payload_of(tree: app_commands.CommandTree[Any], guild: discord.Object | None = None) -> list[dict[str, Any]]:
    """Return the commands as the JSON objects that Discord takes, in all languages; the guild's copies with `guild`."""
    translator = tree.translator
    if translator is None:
        payload = [command.to_dict(tree) for command in tree.get_commands(guild=guild)]
    else:
        payload = [await command.get_translated_payload(tree, translator) for command in tree.get_commands(guild=guild)]
    return sorted(payload, key=lambda each: each["name"])


async def fingerprint_of(tree: app_commands.CommandTree[Any], guild: discord.Object | None = None) -> str:
    """Return a hash of the payload."""
    return hashlib.sha256(json.dumps(await payload_of(tree, guild), sort_keys=True).encode()).hexdigest()

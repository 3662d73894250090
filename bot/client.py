"""The bot itself: what it may see of Discord, its commands and buttons, and how it comes and goes.

It reads no messages: the only intent is `guilds`. It can ping nobody. Commands are registered with Discord only when
they have changed since the last time, which the archive remembers.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands
from typing_extensions import override

from bot.buttons import views
from bot.commands.about import About
from bot.commands.article import Article
from bot.commands.ask import Ask
from bot.commands.feed import Feed
from bot.commands.help import Help
from bot.commands.privacy import Privacy
from bot.commands.quote import Quote
from bot.commands.settings import Settings
from bot.commands.speaker import Speakers
from bot.cooldown import Cooldown
from bot.feeding import Feeding
from bot.housekeeping import Housekeeping
from bot.memory import AnswerMemory
from bot.offload import Offload
from bot.preferences import PreferenceBook
from bot.replies import Replies
from bot.service import Service
from bot.tally import Tally
from retrieval.domain.ids import SHARED

if TYPE_CHECKING:
    from retrieval.newsroom import Newsroom

_COGS = (Ask, Quote, Speakers, Article, Feed, Settings, About, Privacy, Help)
_READING_SECONDS = 5.0
"""How long a stop waits for the article that is being read from a feed."""
_log = logging.getLogger(__name__)


class _Tree(app_commands.CommandTree["PullquoteBot"]):
    """A tree whose error handler is for bugs only: what can be foreseen is answered at the command boundary."""

    @override
    async def on_error(
        self, interaction: discord.Interaction[PullquoteBot], error: app_commands.AppCommandError, /
    ) -> None:
        await interaction.client.service.replies.apologise(interaction, getattr(error, "original", error))


class PullquoteBot(commands.Bot):
    """Serves one newsroom, which it does not own."""

    def __init__(
        self,
        newsroom: Newsroom,
        *,
        version: str,
        workers: int = 2,
        answer_seconds: float = 60.0,
        cooldown_seconds: float = 3.0,
        dev_guild_id: int | None = None,
        always_register: bool = False,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice, so nothing is missing
        super().__init__(
            command_prefix=commands.when_mentioned,
            tree_cls=_Tree,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            help_command=None,
        )
        offload, tally = Offload(workers=workers, limit_seconds=answer_seconds), Tally()
        self.service = Service(
            newsroom=newsroom,
            replies=Replies(offload, views.view_of, tally),
            offload=offload,
            memory=AnswerMemory(newsroom),
            cooldown=Cooldown(cooldown_seconds),
            preferences=PreferenceBook(newsroom),
            tally=tally,
            version=version,
            started=discord.utils.utcnow(),
        )
        self._feeding = Feeding(self, newsroom)
        self._dev_guild_id = dev_guild_id
        self._always_register = always_register

    @override
    async def setup_hook(self) -> None:
        for cog in _COGS:
            await self.add_cog(cog(self.service))
        await self.add_cog(Housekeeping(self.service, self))
        self.add_dynamic_items(*views.ALL)
        await self.service.offload.run(self.service.preferences.load)
        await self._register_commands(None)
        self._feeding.start()
        if self._dev_guild_id is not None:
            guild = discord.Object(self._dev_guild_id)
            self.tree.copy_global_to(guild=guild)
            await self._register_commands(guild)

    async def _register_commands(self, guild: discord.Object | None) -> None:
        """Sends the commands to Discord where they differ from what was sent last, to this application and server."""
        key = f"commands:{self.application_id}:{guild.id if guild else 'everywhere'}"
        state, fingerprint = self.service.newsroom.bot_state, fingerprint_of(self.tree, guild)
        known = await self.service.offload.run(functools.partial(state.get, SHARED, key))
        if known == fingerprint and not self._always_register:
            return
        try:
            registered = await self.tree.sync(guild=guild)
        except discord.HTTPException:
            _log.exception("Discord did not take the commands; those it knows already go on working")
            return
        await self.service.offload.run(functools.partial(state.put, SHARED, key, fingerprint))
        _log.info("Registered %d commands (%s)", len(registered), guild.id if guild else "everywhere")

    @override
    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing: there are no commands in messages."""

    async def drain(self, seconds: float) -> bool:
        """Takes nothing new, and waits up to `seconds` for running answers; whether all were given."""
        self.service.replies.close_door()
        self._feeding.stop()
        return await self.service.replies.drained(seconds)

    @override
    async def close(self) -> None:
        await self._feeding.close(_READING_SECONDS)
        await super().close()
        self.service.offload.close()


def payload_of(tree: app_commands.CommandTree[Any], guild: discord.Object | None = None) -> list[dict[str, Any]]:
    """The commands as they are sent to Discord, by name."""
    return sorted((command.to_dict(tree) for command in tree.get_commands(guild=guild)), key=lambda each: each["name"])


def fingerprint_of(tree: app_commands.CommandTree[Any], guild: discord.Object | None = None) -> str:
    """A hash of that payload."""
    return hashlib.sha256(json.dumps(payload_of(tree, guild), sort_keys=True).encode()).hexdigest()

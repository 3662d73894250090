"""The bot as discord.py's client: its intents, its parts, its start and its stop.

It reads no messages: the only intent is `guilds`. It can ping nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord import app_commands
from discord.ext import commands
from typing_extensions import override

from bot import modals, registry
from bot.answer_memory import AnswerMemory
from bot.background.feeding import Feeding
from bot.background.greeting import Greeting
from bot.background.heartbeat import Heartbeat
from bot.background.maintenance import Maintenance
from bot.background.registration import Registration
from bot.background.service_manager import ServiceManager
from bot.brief_memory import ANSWER_SECONDS, BriefMemory
from bot.command_ids import CommandIds
from bot.command_permissions import CommandPermissions
from bot.cooldown import Cooldown
from bot.exporting import ExportSlots
from bot.forms import Forms
from bot.refusals import Refused
from bot.responses import Responses
from bot.service import Service
from bot.settings_store import GuildSettingsStore
from bot.tally import Tally
from bot.threads.offload import Offload
from bot.translator import CommandTranslator
from retrieval.translation import speak

if TYPE_CHECKING:
    from retrieval.newsroom import Newsroom

_READING_SECONDS = 5.0
"""How long a stop waits for the article that is being read from a feed."""


_SHARED_SECONDS: Final = 60.0
"""For how long it is remembered what a member shared: what is pressed twice is posted once."""


class _Tree(app_commands.CommandTree["PullquoteBot"]):
    """A tree whose error handler is for bugs only; what can be foreseen is answered by Responses."""

    @override
    async def interaction_check(self, interaction: discord.Interaction[PullquoteBot], /) -> bool:
        speak(interaction.locale.value)
        return True

    @override
    async def on_error(
        self, interaction: discord.Interaction[PullquoteBot], error: app_commands.AppCommandError, /
    ) -> None:
        await interaction.client.service.responses.report_error(interaction, getattr(error, "original", error))


class PullquoteBot(commands.Bot):
    """Serves one newsroom, which its owner closes."""

    def __init__(
        self,
        newsroom: Newsroom,
        *,
        version: str,
        workers: int = 2,
        answer_seconds: float = 60.0,
        cooldown_seconds: float = 3.0,
        dev_guild_id: int | None = None,
        is_preview: bool = False,
        retention_days: int | None = None,
        manager: ServiceManager | None = None,
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
        command_ids = CommandIds(self, has_links=not is_preview)
        offload, tally = Offload(workers=workers, limit_seconds=answer_seconds), Tally()
        self.service = Service(
            newsroom=newsroom,
            responses=Responses(offload, registry.view_of, tally),
            offload=offload,
            answer_memory=AnswerMemory(newsroom),
            last_answers=BriefMemory(ANSWER_SECONDS),
            follow_ups=BriefMemory(ANSWER_SECONDS),
            shared=BriefMemory(_SHARED_SECONDS),
            cooldown=Cooldown(cooldown_seconds),
            forms=Forms(),
            exports=ExportSlots(),
            command_ids=command_ids,
            command_permissions=CommandPermissions(self, command_ids),
            guild_settings=GuildSettingsStore(newsroom),
            tally=tally,
            version=version,
            started=discord.utils.utcnow(),
            is_preview=is_preview,
        )
        self._feeding = Feeding(self, newsroom, self.service.guild_settings, registry.view_of)
        self._dev_guild = None if dev_guild_id is None else discord.Object(dev_guild_id)
        self._registration = Registration(self, self.service, self._dev_guild, always=is_preview)
        self._retention_days = retention_days
        self._manager = manager or ServiceManager()

    @override
    async def setup_hook(self) -> None:
        await self.tree.set_translator(CommandTranslator())
        for command in registry.COMMANDS:
            self.tree.add_command(command)
        await self.add_cog(Maintenance(self.service, self, self._retention_days))
        await self.add_cog(Heartbeat(self.service, self, self._manager))
        await self.add_cog(Greeting(self.service))
        self.add_dynamic_items(*registry.BUTTON_CLASSES)
        await self.service.offload.answering.run(self.service.guild_settings.load)
        if self._dev_guild is not None:
            self.tree.copy_global_to(guild=self._dev_guild)
        self._registration.start()
        self._feeding.start()

    async def on_interaction(self, interaction: discord.Interaction[PullquoteBot]) -> None:
        """Answer buttons and forms that are too old, which discord.py leaves without a word."""
        speak(interaction.locale.value)
        custom_id = cast("Any", interaction.data or {}).get("custom_id", "")
        if interaction.type is discord.InteractionType.modal_submit and not self.service.forms.is_open(custom_id):
            await modals.return_outdated(interaction, self.service)
        elif interaction.type is discord.InteractionType.component and registry.kind_of(custom_id) is None:
            await self.service.responses.refuse(interaction, Refused("bot.outdated"))

    @override
    async def on_message(self, message: discord.Message, /) -> None:
        """Do nothing: there are no commands in messages."""

    async def drain(self, seconds: float) -> bool:
        """Accept nothing new, wait up to `seconds` for running answers, and return whether all were given."""
        self._manager.stopping()
        self.service.responses.stop_accepting()
        self.service.offload.adding.close_queue()
        self._feeding.stop()
        return await self.service.responses.drained(seconds)

    @override
    async def close(self) -> None:
        self._registration.cancel()
        await self._feeding.close(_READING_SECONDS)
        await super().close()
        self.service.offload.close()

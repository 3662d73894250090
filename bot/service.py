"""What every command and button works with, found through the bot that received the interaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from datetime import datetime

    from bot.answer_memory import AnswerMemory
    from bot.brief_memory import BriefMemory, FollowUp, LastAnswer
    from bot.command_ids import CommandIds
    from bot.command_permissions import CommandPermissions
    from bot.cooldown import Cooldown
    from bot.exporting import ExportSlots
    from bot.forms import Forms
    from bot.interactions import Interaction
    from bot.responses import Responses
    from bot.settings_store import GuildSettingsStore
    from bot.tally import Tally
    from bot.threads.offload import Offload
    from retrieval.domain.health import DiskRoom
    from retrieval.newsroom import Newsroom


@dataclass(slots=True)
class Service:
    """The newsroom, and the parts of the bot around it."""

    newsroom: Newsroom
    responses: Responses
    offload: Offload
    answer_memory: AnswerMemory
    last_answers: BriefMemory[LastAnswer]
    """The last answer of each member in each channel."""
    follow_ups: BriefMemory[FollowUp]
    """A place is the token of the button that asks it again."""
    shared: BriefMemory[bool]
    """What each member shared lately: a place is a channel with an excerpt."""
    cooldown: Cooldown
    forms: Forms
    exports: ExportSlots
    command_ids: CommandIds
    command_permissions: CommandPermissions
    guild_settings: GuildSettingsStore
    tally: Tally
    version: str
    started: datetime
    is_preview: bool = False
    """Whether it runs in a local page, without Discord."""
    disk: DiskRoom | None = None
    """The room on the archive's disk at the last heartbeat."""

    @property
    def low_disk(self) -> DiskRoom | None:
        """The room on the disk if moderators are to be warned of it; otherwise None."""
        return self.disk if self.disk is not None and self.disk.is_low else None


class _HasService(Protocol):
    service: Service


def service_of(interaction: Interaction) -> Service:
    """Return the service of the bot that received the interaction."""
    return cast("_HasService", interaction.client).service

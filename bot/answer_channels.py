"""The list of channels in which the bot answers: while there is one, it answers in those channels and nowhere else.

A list never becomes empty by removing, for that would open every channel: `everywhere` is chosen in so many words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread
from typing_extensions import override

from bot.preferences import MOST_CHANNELS
from bot.render import servers
from retrieval.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settled import Preferences


class _OfEveryKind(app_commands.Transformer):
    """Takes channels as Discord describes them, with no kind left out and whether or not the bot can see them."""

    @property
    @override
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @override
    async def transform(self, _interaction: discord.Interaction[Any], value: Any, /) -> ListedChannel:
        assert isinstance(value, AppCommandChannel | AppCommandThread)
        return value


ListedChannel: TypeAlias = AppCommandChannel | AppCommandThread
"""Whatever questions can be asked in, or below: channels of every kind, threads, and categories."""
ListedOption: TypeAlias = app_commands.Transform[ListedChannel, _OfEveryKind]


@dataclass(frozen=True, slots=True)
class ListChange:
    """What a moderator wants of the list; `exists` says of a number whether the server still has such a channel."""

    add: ListedChannel | None
    remove: ListedChannel | None
    everywhere: bool
    exists: Callable[[int], bool]

    @property
    def is_nothing(self) -> bool:
        """Whether no change was asked for."""
        return self.add is None and self.remove is None and not self.everywhere

    def applied(self, settled: Preferences) -> Preferences:
        """The settings with the list changed. Raises BadInput where the result would surprise whoever asked for it."""
        if self.everywhere:
            if self.add or self.remove:
                raise BadInput(servers.CHANNELS_OR_EVERYWHERE)
            return replace(settled, channels=())
        listed = {*settled.channels, *([self.add.id] if self.add else [])}
        if self.remove is not None:
            listed = self._without(self.remove, listed)
        if len(listed) > MOST_CHANNELS:
            raise BadInput(servers.too_many_channels(MOST_CHANNELS))
        return replace(settled, channels=tuple(sorted(listed)))

    def _without(self, removed: ListedChannel, listed: set[int]) -> set[int]:
        if not listed:
            raise BadInput(servers.NO_CHANNEL_LIST)
        if removed.id not in listed:
            raise BadInput(servers.not_listed(_name(removed)))
        left = listed - {removed.id}
        if not any(self.exists(channel) for channel in left):
            raise BadInput(servers.last_channel(_name(removed)))
        return left

    def said(self) -> str:
        """What was changed, in a sentence."""
        if self.everywhere:
            return "I answer in every channel."
        added = f"I answer in {_name(self.add)}, and only in the channels on the list." if self.add else ""
        removed = f"I no longer answer in {_name(self.remove)}." if self.remove else ""
        return " ".join(filter(None, (added, removed)))


def _name(channel: ListedChannel) -> str:
    return f"the category {channel.name}" if channel.type is discord.ChannelType.category else f"#{channel.name}"

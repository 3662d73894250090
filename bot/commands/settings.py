"""`/settings`: how the bot behaves in a server, and who changed what."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread
from discord.ext import commands
from typing_extensions import override

from bot.checks import authorised
from bot.guild_settings import (
    LONGEST_RETENTION,  # discord.py reads the annotations
    MOST_CHANNELS,
    change_retention,
    change_settings,
)
from bot.render import notices, servers
from retrieval.domain.ids import UserId
from retrieval.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.guild_settings import GuildSettings
    from bot.service import Service
    from retrieval.domain.scope import Scope


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

    def applied(self, settled: GuildSettings) -> GuildSettings:
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


class Settings(commands.Cog):
    """The settings of the server in which the command is used. Every answer is for whoever asked, alone."""

    settings = app_commands.Group(
        name="settings",
        description="How I behave in this server.",
        guild_only=True,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, service: Service) -> None:
        self._service = service

    @settings.command(description="How everything is set here.")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Answers from memory."""
        await self._show(interaction)

    async def _show(self, interaction: discord.Interaction[Any]) -> None:
        if await self._let_in(interaction) is not None:
            settled = self._service.guild_settings.of(interaction.guild_id)
            await self._service.responses.send(interaction, servers.settings(settled))

    @settings.command(description="Show answers to everybody, or only to whoever asked.")
    @app_commands.describe(only_asker="True: only whoever asked sees the answer")
    async def private(self, interaction: discord.Interaction[Any], *, only_asker: bool) -> None:
        """For /ask and /quote."""
        changed = "Answers are shown only to whoever asked." if only_asker else "Answers are shown to everybody."
        await self._change(interaction, changed, lambda settled: replace(settled, private=only_asker))

    @settings.command(
        description="Choose the channels in which I answer. Where none is chosen, I answer in all of them."
    )
    @app_commands.describe(
        add="I answer in this channel, or in this category's channels, and in no channel that is not listed",
        remove="I no longer answer in this channel",
        everywhere="True: the list is emptied, and I answer in every channel",
    )
    async def channels(
        self,
        interaction: discord.Interaction[Any],
        add: ListedOption | None = None,
        remove: ListedOption | None = None,
        *,
        everywhere: bool = False,
    ) -> None:
        """Threads and a forum's posts count as their channel, channels as their category; without options, shows."""
        change = ListChange(add, remove, everywhere, functools.partial(_has_channel, interaction.guild))
        if change.is_nothing:
            await self._show(interaction)
        else:
            await self._change(interaction, change.said(), change.applied)

    @settings.command(description="How many days articles are kept here.")
    @app_commands.describe(days="Articles that came longer ago are removed, within the hour; 0 keeps them for ever")
    async def retention(
        self, interaction: discord.Interaction[Any], days: app_commands.Range[int, 0, LONGEST_RETENTION]
    ) -> None:
        """Shared articles are the operator's, and stay. What removes more than before is asked for once more."""
        home = await self._let_in(interaction)
        if home is None:
            return
        service, user = self._service, interaction.user.id
        kept = service.guild_settings.of(interaction.guild_id).retention_days
        if days and (kept is None or days < kept):
            work = functools.partial(service.newsroom.collections.expiring, home, days)
            ask = functools.partial(servers.confirm_retention, days=days, asker=user)
            await service.responses.defer_and_respond(interaction, work, ask, private=True)
        else:
            settling = functools.partial(change_retention, service, home, UserId(user), days)
            show = functools.partial(servers.settings, changed=servers.kept(days))
            await service.responses.defer_and_respond(interaction, settling, show, private=True)

    @settings.command(description="Let the members of a role add articles, beside those who manage the server.")
    @app_commands.describe(role="The role whose members may add articles", nobody="True: no role may add articles")
    async def adders(
        self, interaction: discord.Interaction[Any], role: discord.Role | None = None, *, nobody: bool = False
    ) -> None:
        """They may list and read them, too, but not remove them; without options, shows."""
        if role is None and not nobody:
            await self._show(interaction)
        elif role is not None and nobody:
            await self._service.responses.send(interaction, notices.sentence(servers.ROLE_OR_NOBODY))
        else:
            changed = f"Members of @{role.name} may add articles." if role else "No role may add articles any more."
            await self._change(interaction, changed, lambda settled: replace(settled, adders=role.id if role else None))

    @settings.command(description="Who changed what and when.")
    @app_commands.describe(everything="True: also what I did by myself, such as reading feeds")
    async def audit(self, interaction: discord.Interaction[Any], *, everything: bool = False) -> None:
        """Answers page by page, newest first."""
        home = await self._let_in(interaction)
        if home is not None:
            work = functools.partial(self._service.newsroom.collections.audit, home, people_only=not everything)
            show = functools.partial(servers.audit, asker=interaction.user.id, people_only=not everything)
            await self._service.responses.defer_and_respond(interaction, work, show, private=True)

    async def _change(
        self, interaction: discord.Interaction[Any], changed: str, change: Callable[[GuildSettings], GuildSettings]
    ) -> None:
        home = await self._let_in(interaction)
        if home is not None:
            work = functools.partial(change_settings, self._service, home, UserId(interaction.user.id), changed, change)
            show = functools.partial(servers.settings, changed=changed)
            await self._service.responses.defer_and_respond(interaction, work, show, private=True)

    async def _let_in(self, interaction: discord.Interaction[Any]) -> Scope | None:
        """The server, where this may be done by whoever tries; else they are told why not."""
        return await authorised(interaction, not_here=servers.NOT_HERE, refusal=servers.NOT_ALLOWED)


def _has_channel(guild: discord.Guild | None, channel: int) -> bool:
    return guild is not None and guild.get_channel_or_thread(channel) is not None

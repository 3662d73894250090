"""`/settings`: how the bot behaves in a server, and who changed what."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answer_channels import ListChange, ListedOption
from bot.permissions import let_in
from bot.preferences import LONGEST_RETENTION  # noqa: TC001  # discord.py reads the annotations
from bot.render import notices, servers
from bot.settling import retain, settle
from retrieval.domain.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service import Service
    from bot.settled import Preferences
    from retrieval.domain.scope import Scope


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
            settled = self._service.preferences.of(interaction.guild_id)
            await self._service.replies.saying(interaction, servers.settings(settled))

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
        kept = service.preferences.of(interaction.guild_id).retention_days
        if days and (kept is None or days < kept):
            work = functools.partial(service.newsroom.desk.expiring, home, days)
            ask = functools.partial(servers.confirm_retention, days=days, asker=user)
            await service.replies.thinking(interaction, work, ask, private=True)
        else:
            settling = functools.partial(retain, service, home, UserId(user), days)
            show = functools.partial(servers.settings, changed=servers.kept(days))
            await service.replies.thinking(interaction, settling, show, private=True)

    @settings.command(description="Let the members of a role add articles, beside those who manage the server.")
    @app_commands.describe(role="The role whose members may add articles", nobody="True: no role may add articles")
    async def adders(
        self, interaction: discord.Interaction[Any], role: discord.Role | None = None, *, nobody: bool = False
    ) -> None:
        """They may list and read them, too, but not remove them; without options, shows."""
        if role is None and not nobody:
            await self._show(interaction)
        elif role is not None and nobody:
            await self._service.replies.saying(interaction, notices.sentence(servers.ROLE_OR_NOBODY))
        else:
            changed = f"Members of @{role.name} may add articles." if role else "No role may add articles any more."
            await self._change(interaction, changed, lambda settled: replace(settled, adders=role.id if role else None))

    @settings.command(description="Who changed what and when.")
    @app_commands.describe(everything="True: also what I did by myself, such as reading feeds")
    async def audit(self, interaction: discord.Interaction[Any], *, everything: bool = False) -> None:
        """Answers page by page, newest first."""
        home = await self._let_in(interaction)
        if home is not None:
            work = functools.partial(self._service.newsroom.desk.audit, home, people_only=not everything)
            show = functools.partial(servers.audit, asker=interaction.user.id, people_only=not everything)
            await self._service.replies.thinking(interaction, work, show, private=True)

    async def _change(
        self, interaction: discord.Interaction[Any], changed: str, change: Callable[[Preferences], Preferences]
    ) -> None:
        home = await self._let_in(interaction)
        if home is not None:
            work = functools.partial(settle, self._service, home, UserId(interaction.user.id), changed, change)
            show = functools.partial(servers.settings, changed=changed)
            await self._service.replies.thinking(interaction, work, show, private=True)

    async def _let_in(self, interaction: discord.Interaction[Any]) -> Scope | None:
        """The server, where this may be done by whoever tries; else they are told why not."""
        return await let_in(interaction, elsewhere=servers.NOT_HERE, refusal=servers.NOT_ALLOWED)


def _has_channel(guild: discord.Guild | None, channel: int) -> bool:
    return guild is not None and guild.get_channel_or_thread(channel) is not None

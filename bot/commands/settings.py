"""`/settings`: how the bot behaves in a server, and who changed what. Every answer is for the asker alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread
from typing_extensions import override

from bot import autocomplete
from bot.buttons.settings import audit_request, retention_request
from bot.checks import authorise
from bot.command_kinds import ModeratorGroup
from bot.guild_settings import LONGEST_RETENTION, MOST_CHANNELS, is_zone
from bot.refusals import Refused
from bot.render import servers
from bot.render.custom_ids import AuditId
from bot.service import service_of
from bot.threads.request import Request
from retrieval.domain.ids import CollectionId, UserId
from retrieval.errors import BadInput
from retrieval.translation import ENGLISH, gettext, speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.guild_settings import GuildSettings
    from bot.interactions import Interaction


class _AnyChannel(app_commands.Transformer):
    """Takes channels of every kind as Discord describes them, whether or not the bot can see them."""

    @property
    @override
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @override
    async def transform(self, _interaction: Interaction, value: Any, /) -> ListedChannel:
        assert isinstance(value, AppCommandChannel | AppCommandThread)
        return value


ListedChannel: TypeAlias = AppCommandChannel | AppCommandThread
"""Where, or below which, questions can be asked: channels of every kind, threads, and categories."""
ChannelOption: TypeAlias = app_commands.Transform[ListedChannel, _AnyChannel]


def changed_channels(
    settings: GuildSettings,
    add: ListedChannel | None,
    remove: ListedChannel | None,
    *,
    everywhere: bool,
    guild: discord.Guild | None,
) -> GuildSettings:
    """Return the settings with a changed list of channels in which the bot answers; without a list it answers in all.

    Removing never leaves the list without a channel that the guild still has, because that would open or close all of
    them: `everywhere` says so explicitly. Raises BadInput for that, and for a contradiction.
    """
    if everywhere:
        if add or remove:
            raise BadInput("settings.channels_or_everywhere")
        return replace(settings, channels=())
    listed = {*settings.channels, *([add.id] if add else [])}
    if remove is not None:
        is_category = remove.type is discord.ChannelType.category
        if not listed:
            raise BadInput("settings.no_channel_list")
        if remove.id not in listed:
            raise BadInput(
                "settings.category_not_listed" if is_category else "settings.channel_not_listed", name=remove.name
            )
        listed.remove(remove.id)
        if guild is None or not any(map(guild.get_channel_or_thread, listed)):
            raise BadInput("settings.last_category" if is_category else "settings.last_channel", name=remove.name)
    if len(listed) > MOST_CHANNELS:
        raise BadInput("settings.too_many_channels", most=MOST_CHANNELS)
    return replace(settings, channels=tuple(sorted(listed)))


def _channels_changed(add: ListedChannel | None, remove: ListedChannel | None, *, everywhere: bool) -> str:
    """Say what changes in the list of channels."""
    if everywhere:
        return gettext("I answer in every channel.")
    added = removed = ""
    if add is not None and add.type is discord.ChannelType.category:
        added = gettext("I answer in the category {name}, and only in the channels on the list.", name=add.name)
    elif add is not None:
        added = gettext("I answer in #{name}, and only in the channels on the list.", name=add.name)
    if remove is not None and remove.type is discord.ChannelType.category:
        removed = gettext("I no longer answer in the category {name}.", name=remove.name)
    elif remove is not None:
        removed = gettext("I no longer answer in #{name}.", name=remove.name)
    return " ".join(filter(None, (added, removed)))


settings_group = ModeratorGroup("settings", "How I behave in this server.")


@settings_group.subcommand("How everything is set here.")
async def show(interaction: Interaction) -> None:
    """Answer from memory."""
    await _show(interaction)


@settings_group.subcommand("Show answers to everybody, or only to whoever asked.")
@app_commands.describe(only_asker="True: only whoever asked sees the answer")
async def private(interaction: Interaction, *, only_asker: bool) -> None:
    """Decide who sees answers of /ask and /quote."""

    def say() -> str:
        if only_asker:
            return gettext("Answers are shown only to whoever asked.")
        return gettext("Answers are shown to everybody.")

    await _change(interaction, say, lambda settings: replace(settings, private=only_asker))


@settings_group.subcommand("Choose the channels in which I answer. Where none is chosen, I answer in all of them.")
@app_commands.describe(
    add="I answer in this channel, or in this category's channels, and in no channel that is not listed",
    remove="I no longer answer in this channel",
    everywhere="True: the list is emptied, and I answer in every channel",
)
async def channels(
    interaction: Interaction,
    add: ChannelOption | None = None,
    remove: ChannelOption | None = None,
    *,
    everywhere: bool = False,
) -> None:
    """Change the list of channels, or show it. Threads and posts count as their channel, channels as their category."""
    if add is None and remove is None and not everywhere:
        await _show(interaction)
        return
    guild = interaction.guild
    await _change(
        interaction,
        lambda: _channels_changed(add, remove, everywhere=everywhere),
        lambda settings: changed_channels(settings, add, remove, everywhere=everywhere, guild=guild),
    )


@settings_group.subcommand("How many days articles are kept here.")
@app_commands.describe(days="Articles that came longer ago are removed, within the hour; 0 keeps them for ever")
async def retention(interaction: Interaction, days: app_commands.Range[int, 0, LONGEST_RETENTION]) -> None:
    """Set how long the server's own articles are kept; ask first if that removes more than before."""
    home = await authorise(interaction)
    service, by = service_of(interaction), UserId(interaction.user.id)
    days_before = service.guild_settings.of(interaction.guild_id).retention_days
    if days and (days_before is None or days < days_before):
        question = Request(
            lambda: service.newsroom.collections.expiring(home, days),
            lambda expiring: servers.confirm_retention(expiring, days=days, asker=by),
        )
        await service.responses.defer_and_respond(interaction, question)
    else:
        await service.responses.defer_and_respond(interaction, retention_request(service, home, by, days))


@settings_group.subcommand("Let the members of a role add articles, beside those who manage the server.")
@app_commands.describe(role="The role whose members may add articles", nobody="True: no role may add articles")
async def adders(interaction: Interaction, role: discord.Role | None = None, *, nobody: bool = False) -> None:
    """Set or show the role; its members may also list and read articles, but not remove them."""
    if role is None and not nobody:
        await _show(interaction)
    elif role is not None and nobody:
        raise Refused("bot.role_or_nobody")
    else:

        def say() -> str:
            if role is None:
                return gettext("No role may add articles any more.")
            return gettext("Members of @{role} may add articles.", role=role.name)

        await _change(interaction, say, lambda settings: replace(settings, adders=role.id if role else None))


@settings_group.subcommand("When I tell what a day or a week brought to those who follow something.")
@app_commands.describe(
    hour="The hour of the day, 0 to 23; a week's digest comes on Monday", zone="Begin to type a city: Europe/Madrid"
)
@app_commands.autocomplete(zone=autocomplete.zone)
async def digest(
    interaction: Interaction, hour: app_commands.Range[int, 0, 23], zone: app_commands.Range[str, 1, 60]
) -> None:
    """Set the hour and the time zone of digests; what waits for one already keeps its hour."""
    if not is_zone(zone):
        raise BadInput("settings.no_zone")
    await _change(
        interaction,
        lambda: gettext("Digests come at {hour}:00, {zone}.", hour=hour, zone=zone),
        lambda settings: replace(settings, digest_hour=hour, zone=zone),
    )


@settings_group.subcommand("Keep questions that found no answer, without who asked, for /review questions.")
@app_commands.describe(keep="True: they are kept for 30 days; False: those that are kept are deleted")
async def unanswered(interaction: Interaction, *, keep: bool) -> None:
    """Switch it on or off; off is how it begins."""
    service, server = service_of(interaction), interaction.guild_id

    def change(settings: GuildSettings) -> GuildSettings:
        if not keep and server is not None:
            service.newsroom.unanswered.clear(CollectionId(server))
        return replace(settings, keeps_unanswered=keep)

    def say() -> str:
        if keep:
            return gettext("Questions without an answer are kept, without who asked.")
        return gettext("No unanswered question is kept.")

    await _change(interaction, say, change)


@settings_group.subcommand("Who changed what and when.")
@app_commands.describe(everything="True: also what I did by myself, such as reading feeds")
async def audit(interaction: Interaction, *, everything: bool = False) -> None:
    """Answer page by page, newest first."""
    home = await authorise(interaction)
    service, first_page = service_of(interaction), AuditId(interaction.user.id, not everything, 0)
    await service.responses.defer_and_respond(interaction, audit_request(service, home, first_page))


async def _show(interaction: Interaction) -> None:
    await authorise(interaction)
    service = service_of(interaction)
    settings = service.guild_settings.of(interaction.guild_id)
    await service.responses.send(interaction, servers.settings(settings))


async def _change(
    interaction: Interaction, say: Callable[[], str], change: Callable[[GuildSettings], GuildSettings]
) -> None:
    """Change the settings; what `say` says of it stands above the answer and, in English, in the audit."""
    home = await authorise(interaction)
    service, by = service_of(interaction), UserId(interaction.user.id)
    with speaking(ENGLISH):
        detail = say()
    request = Request(
        lambda: service.guild_settings.change(home, by, detail, change),
        lambda settings: servers.settings(settings, changed=say()),
    )
    await service.responses.defer_and_respond(interaction, request)

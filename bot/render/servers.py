"""What is a server's own beside its articles: its settings, its audit, what is stored of it and of its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord.utils import format_dt

from bot.render import limits
from bot.render.amounts import count
from bot.render.escape import escaped, plain
from bot.render.reply import Control, Reply, audit_id, delete_control, erase_id, forget_id, retain_id

if TYPE_CHECKING:
    from bot.guild_settings import GuildSettings
    from retrieval.domain.upkeep import AuditLine, AuditPage, Expiring

NOT_ALLOWED: Final = "That is for those who may manage this server, or whom its Integrations page lets use the command."
NOT_AN_ADDER: Final = "That is for those who may manage this server, and for the role that /settings adders names."
FORGETTING: Final = "Forgetting you …"
NOT_HERE: Final = "That works only in a server that I am a member of."
NOT_YOUR_BUTTON: Final = "This button is too old, or somebody else's. Please use the command again."
NO_CHANNEL_LIST: Final = (
    "No channel is listed, so I answer in all of them, and cannot leave out a single one. List the channels in which I "
    "am to answer, with add, and I answer only there."
)
CHANNELS_OR_EVERYWHERE: Final = "Choose one: everywhere, or channels to add and remove."
ROLE_OR_NOBODY: Final = "Choose one: a role, or nobody."
_COLOUR: Final = discord.Colour(0x2F6FDE)
_RED: Final = discord.Colour(0xC23B3B)
_DETAIL: Final = 290

_OF_SERVERS: Final = (
    "Its own articles with their quotations; the feeds that it follows, and where their news is announced; what was "
    "decided about speakers; its settings; and who changed what, for a year. When I am removed from a server, all of "
    "it is kept for 30 days, then erased."
)
_OF_MEMBERS: Final = (
    "Your number on Discord beside the articles and feeds that you added, what you decided about speakers and what you "
    "changed. And for 30 days, which passages answered you, and to "
    "what you narrowed quotations and lists. For half an hour, and in memory "
    "alone, a form of yours that was refused."
)
_OF_NOBODY: Final = (
    "I read no messages. I ask the pages and feeds that moderators name for their text, and tell them nothing of you."
)
_STORED: Final = (("Of a server", _OF_SERVERS), ("Of you", _OF_MEMBERS), ("Of nobody", _OF_NOBODY))


def settings(settled: GuildSettings, *, changed: str | None = None) -> Reply:
    """A server's settings, with what was just changed in front."""
    said = None if changed is None else limits.cut(changed, limits.TITLE, escaped)
    embed = discord.Embed(title="Settings of this server", description=said, colour=_COLOUR)
    private = "only to whoever asked" if settled.private else "to everybody in the channel"
    embed.add_field(name="Answers are shown", value=private, inline=False)
    channels = _listed([f"<#{channel}>" for channel in settled.channels])
    embed.add_field(name="I answer", value=f"only in {channels}" if channels else "in every channel", inline=False)
    days = settled.retention_days
    kept = "for ever" if days is None else f"for {count(days, 'day')} after they came"
    embed.add_field(name="Articles are kept", value=kept, inline=False)
    role = f" and <@&{settled.adders}>" if settled.adders else ""
    embed.add_field(name="Articles are added by", value=f"those who may manage the server{role}", inline=False)
    if settled.adders:
        embed.set_footer(
            text="For the role to see /article: Server Settings, Integrations, this bot, /article, Add role."
        )
    return Reply(embeds=(embed,))


def not_listed(channel: str) -> str:
    """That a channel cannot be taken off the list."""
    return f"{channel[0].upper()}{channel[1:]} is not on the list. /settings show names the channels that are."


def last_channel(channel: str) -> str:
    """That the list would become empty."""
    return (
        f"Without {channel} no channel would be left on the list. To have me answer in every channel, choose "
        "everywhere; to have me answer in another one, add that first."
    )


def too_many_channels(most: int) -> str:
    """That one more channel cannot be named."""
    return f"I can be told of {most} channels, and that many are named. Take one off the list first, with remove."


def kept(days: int) -> str:
    """For how long articles are kept."""
    if not days:
        return "Articles are kept for ever."
    return f"Articles that came more than {count(days, 'day')} ago are removed, within the hour."


def removes(what: Expiring) -> str:
    """How many of the server's articles that removes, now and later."""
    later = f", and {what.later:,} later" if what.later else ""
    if what.now:
        return f"That is {what.now:,} of {count(what.now + what.later, 'article')} now{later}."
    if what.later:
        return f"None is that old now; {count(what.later, 'article')} will be."
    return "This server has no article of its own yet."


def too_many_days(most: int) -> str:
    """That articles cannot be kept for so many days."""
    return f"I can be told of {most:,} days at most; 0 keeps articles for ever."


def confirm_retention(what: Expiring, *, days: int, asker: int) -> Reply:
    """Asks before articles are kept for fewer days than before."""
    embed = discord.Embed(
        title=f"Keep articles for {count(days, 'day')}?",
        description=f"{kept(days)} {removes(what)}\nThis cannot be undone: `/article export` saves them first. Shared "
        "articles stay.",
        colour=_RED,
    )
    sure = Control(f"Keep for {count(days, 'day')}", retain_id(asker, days), danger=True)
    return Reply(embeds=(embed,), controls=(sure, delete_control(asker, "Change nothing")))


def audit(page: AuditPage, *, asker: int, people_only: bool) -> Reply:
    """A page of what was changed, newest first."""
    embed = discord.Embed(title="What was changed", colour=_COLOUR)
    if not page.lines:
        embed.description = "Nothing has been changed yet."
    for line in page.lines:
        embed.add_field(name=escaped(line.action.capitalize()) or "…", value=_line(line), inline=False)
    first = page.number * page.size
    if page.total:
        embed.set_footer(text=f"{first + 1} to {first + len(page.lines)} of {page.total:,}, kept for a year")
    back = (Control("Back", audit_id(asker, page.number - 1, people_only=people_only)),) if page.number else ()
    more = first + len(page.lines) < page.total
    on = (Control("Older", audit_id(asker, page.number + 1, people_only=people_only)),) if more else ()
    return Reply(embeds=(embed,), controls=(*back, *on))


def privacy(settled: GuildSettings, *, asker: int, manager: bool) -> Reply:
    """What is stored, for how long, and the buttons that erase it."""
    embed = discord.Embed(title="What I store", colour=_COLOUR)
    for name, value in _STORED:
        embed.add_field(name=name, value=value, inline=False)
    if settled.retention_days is not None:
        embed.set_footer(text=f"This server keeps its articles for {count(settled.retention_days, 'day')}.")
    mine = Control("Forget me", forget_id(asker, sure=False))
    everything = (Control("Erase all of this server", erase_id(asker, sure=False), danger=True),) if manager else ()
    return Reply(embeds=(embed,), controls=(mine, *everything))


def confirm_forgetting(*, asker: int) -> Reply:
    """Asks before a member is forgotten."""
    embed = discord.Embed(
        title="Forget you?",
        description="In every server: the buttons under your earlier answers stop working, and what you added or "
        "changed stays without your name. This cannot be undone.",
        colour=_RED,
    )
    sure = Control("Forget me", forget_id(asker, sure=True), danger=True)
    return Reply(embeds=(embed,), controls=(sure, delete_control(asker, "Keep")))


def forgotten(remembered: int) -> Reply:
    """That a member is forgotten."""
    return Reply(embeds=(_done("You are forgotten", f"{count(remembered, 'remembered answer')} erased."),))


def confirm_erasing(articles: int, *, asker: int) -> Reply:
    """Asks before everything of a server is erased."""
    embed = discord.Embed(
        title="Erase everything of this server?",
        description=f"Its {count(articles, 'article')}, feeds, settings, rulings on speakers and the list of changes. "
        "This cannot be undone: `/article export` saves the articles first.",
        colour=_RED,
    )
    sure = Control("Erase everything", erase_id(asker, sure=True), danger=True)
    return Reply(embeds=(embed,), controls=(sure, delete_control(asker, "Keep")))


def erased(articles: int) -> Reply:
    """That everything of a server is erased."""
    text = f"{count(articles, 'article')} and everything else of this server. What is shared by the operator stays."
    return Reply(embeds=(_done("Everything is erased", text),))


def _done(title: str, text: str) -> discord.Embed:
    return discord.Embed(title=title, description=text, colour=_COLOUR)


def _line(line: AuditLine) -> str:
    who = f"<@{line.user}>" if line.user is not None else "by myself"
    detail = limits.cut(plain(line.detail), _DETAIL, escaped)
    return f"{detail}\n{format_dt(line.at, 'f')} · {who}".lstrip()


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

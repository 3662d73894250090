"""What is a server's own beside its articles: its settings, its audit, what is stored of it and of its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord

from bot.render import limits, theme
from bot.render.cards import add_fields, confirmation
from bot.render.custom_ids import AuditId, EraseId, ForgetId, RetainId, pager
from bot.render.dates import day_and_time
from bot.render.escape import escaped
from bot.render.reply import Reply
from retrieval.domain.wording import count

if TYPE_CHECKING:
    from bot.guild_settings import GuildSettings
    from retrieval.domain.upkeep import AuditLine, AuditPage, Expiring

NOT_ALLOWED: Final = "That is for those who may manage this server, or whom its Integrations page lets use the command."
NOT_AN_ADDER: Final = "That is for those who may manage this server, and for the role that /settings adders names."
FORGETTING: Final = "Forgetting you …"
NOT_HERE: Final = "That works only in a server that I am a member of."
NOT_YOUR_BUTTON: Final = "This button is too old, or somebody else's. Please use the command again."
ROLE_OR_NOBODY: Final = "Choose one: a role, or nobody."
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


def settings(stored: GuildSettings, *, changed: str | None = None) -> Reply:
    """Return a server's settings, below what was just changed."""
    text = None if changed is None else limits.cut(changed, limits.TITLE, escaped)
    channels = " and ".join(filter(None, (", ".join(_channels(stored)[:-1]), *_channels(stored)[-1:])))
    days = stored.retention_days
    role = f" and <@&{stored.adders}>" if stored.adders else ""
    embed = add_fields(
        discord.Embed(title="Settings of this server", description=text, colour=theme.ACCENT),
        ("Answers are shown", "only to whoever asked" if stored.private else "to everybody in the channel"),
        ("I answer", f"only in {channels}" if channels else "in every channel"),
        ("Articles are kept", "for ever" if days is None else f"for {count(days, 'day')} after they came"),
        ("Articles are added by", f"those who may manage the server{role}"),
    )
    if stored.adders:
        embed.set_footer(
            text="For the role to see /article: Server Settings, Integrations, this bot, /article, Add role."
        )
    return Reply(embeds=(embed,))


def _channels(stored: GuildSettings) -> list[str]:
    return [f"<#{channel}>" for channel in stored.channels]


def kept(days: int) -> str:
    """Return for how long articles are kept."""
    if not days:
        return "Articles are kept for ever."
    return f"Articles that came more than {count(days, 'day')} ago are removed, within the hour."


def removes(expiring: Expiring) -> str:
    """Return how many of the server's articles are removed, now and later."""
    later = f", and {expiring.later:,} later" if expiring.later else ""
    if expiring.now:
        return f"That is {expiring.now:,} of {count(expiring.now + expiring.later, 'article')} now{later}."
    if expiring.later:
        return f"None is that old now; {count(expiring.later, 'article')} will be."
    return "This server has no article of its own yet."


def confirm_retention(expiring: Expiring, *, days: int, asker: int) -> Reply:
    """Ask before articles are kept for fewer days than before."""
    embed = discord.Embed(
        title=f"Keep articles for {count(days, 'day')}?",
        description=f"{kept(days)} {removes(expiring)}\nThis cannot be undone: `/article export` saves them first. "
        "Shared articles stay.",
        colour=theme.DANGER,
    )
    confirm = RetainId(asker, days).button(f"Keep for {count(days, 'day')}", danger=True)
    return confirmation(embed, confirm, asker=asker, cancel="Change nothing")


def audit(page: AuditPage, *, asker: int, people_only: bool) -> Reply:
    """Return a page of what was changed, newest first."""
    embed = discord.Embed(
        title="What was changed",
        description=None if page.lines else "Nothing has been changed yet.",
        colour=theme.ACCENT,
    )
    add_fields(embed, *((escaped(line.action.capitalize()) or "…", _audit_line(line)) for line in page.lines))
    first = page.number * page.size
    last = first + len(page.lines)
    if page.total:
        embed.set_footer(text=f"{first + 1} to {last} of {page.total:,}, kept for a year")
    controls = pager(
        page.number, lambda number: AuditId(asker, people_only, number), "Older", has_next=last < page.total
    )
    return Reply(embeds=(embed,), controls=controls)


def _audit_line(line: AuditLine) -> str:
    member = f"<@{line.user}>" if line.user is not None else "by myself"
    return f"{limits.one_line(line.detail, _DETAIL)}\n{day_and_time(line.at)} · {member}".lstrip()


def privacy(stored: GuildSettings, *, asker: int, manager: bool) -> Reply:
    """Return what is stored, for how long, and the buttons that erase it."""
    embed = add_fields(discord.Embed(title="What I store", colour=theme.ACCENT), *_STORED)
    if stored.retention_days is not None:
        embed.set_footer(text=f"This server keeps its articles for {count(stored.retention_days, 'day')}.")
    controls = [ForgetId(asker, sure=False).button("Forget me")]
    if manager:
        controls.append(EraseId(asker, sure=False).button("Erase all of this server", danger=True))
    return Reply(embeds=(embed,), controls=tuple(controls))


def confirm_forgetting(*, asker: int) -> Reply:
    """Ask before a member is forgotten."""
    embed = discord.Embed(
        title="Forget you?",
        description="In every server: the buttons under your earlier answers stop working, and what you added or "
        "changed stays without your name. This cannot be undone.",
        colour=theme.DANGER,
    )
    confirm = ForgetId(asker, sure=True).button("Forget me", danger=True)
    return confirmation(embed, confirm, asker=asker, cancel="Keep")


def forgotten(answers: int) -> Reply:
    """Return that a member is forgotten, with so many answers."""
    return _done("You are forgotten", f"{count(answers, 'remembered answer')} erased.")


def confirm_erasing(articles: int, *, asker: int) -> Reply:
    """Ask before everything of a server is erased."""
    embed = discord.Embed(
        title="Erase everything of this server?",
        description=f"Its {count(articles, 'article')}, feeds, settings, rulings on speakers and the list of changes. "
        "This cannot be undone: `/article export` saves the articles first.",
        colour=theme.DANGER,
    )
    confirm = EraseId(asker, sure=True).button("Erase everything", danger=True)
    return confirmation(embed, confirm, asker=asker, cancel="Keep")


def erased(articles: int) -> Reply:
    """Return that everything of a server is erased, with so many articles."""
    text = f"{count(articles, 'article')} and everything else of this server. What is shared by the operator stays."
    return _done("Everything is erased", text)


def _done(title: str, text: str) -> Reply:
    return Reply(embeds=(discord.Embed(title=title, description=text, colour=theme.ACCENT),))

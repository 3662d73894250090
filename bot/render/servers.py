"""What is a server's own beside its articles: its settings, its audit, what is stored of it and of its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import card, confirmation
from bot.render.custom_ids import AuditId, EraseId, ForgetId, RetainId, pager
from bot.render.dates import day_and_time
from bot.render.escape import escaped
from bot.render.reply import Reply
from retrieval.domain.wording import count

if TYPE_CHECKING:
    from bot.guild_settings import GuildSettings
    from bot.render.custom_ids import AskerId
    from retrieval.domain.upkeep import AuditLine, AuditPage, Expiring

FORGETTING: Final = "Forgetting you …"
_ADDERS: Final = "For the role to see /article: Server Settings, Integrations, this bot, /article, Add role."
_DETAIL: Final = 290

_OF_SERVERS: Final = (
    "Its own articles with their quotations; the feeds that it follows, and where their news is announced; what its "
    "channels are told of; what was decided about speakers and quotations; its settings; who changed what, for a "
    "year; and what was removed by hand, for a day, so that it can be undone. Where it switched that on: questions "
    "that found no answer, without who asked, for 30 days. When I am removed from a server, all of it is kept for "
    "30 days, then erased."
)
_OF_MEMBERS: Final = (
    "Your Discord id beside the articles and feeds that you added, what you decided about speakers and what you "
    "changed. Which speakers and topics you follow, until you stop it. What you said under *Wrong?*, for 90 days: "
    "moderators see how many said so, not who. For 30 days: which passages answered you, your filters of quotations "
    "and lists, and which articles you picked or removed. For half an hour, in memory only: a form of yours that was "
    "refused. For ten minutes, in memory only: which passage answered you last in a channel, and your questions that "
    "refer to it; for a minute, what you shared."
)
_OF_NOBODY: Final = (
    "I read no messages but those on which a member uses *Find sources*, and keep nothing of them. I ask the pages and "
    "feeds that moderators name for their text, and tell them nothing of you."
)
_STORED: Final = (("About a server", _OF_SERVERS), ("About you", _OF_MEMBERS), ("About nobody", _OF_NOBODY))


def settings(stored: GuildSettings, *, changed: str | None = None) -> Reply:
    """Return a server's settings, below what was just changed."""
    text = None if changed is None else limits.cut(changed, limits.TITLE, escaped)
    *others, last = (f"<#{channel}>" for channel in stored.channels) if stored.channels else ("",)
    channels = f"{', '.join(others)} and {last}" if others else last
    days = stored.retention_days
    role = f" and <@&{stored.adders}>" if stored.adders else ""
    embed = card(
        "Settings of this server",
        text,
        ("Answers are shown", "only to whoever asked" if stored.private else "to everybody in the channel"),
        ("I answer", f"only in {channels}" if channels else "in every channel"),
        ("Articles are kept", "for ever" if days is None else f"for {count(days, 'day')} after they were added"),
        ("Digests come", f"at {stored.digest_hour}:00, {escaped(stored.zone)}"),
        (
            "Unanswered questions",
            "are kept for 30 days, without who asked" if stored.keeps_unanswered else "are not kept",
        ),
        ("Articles are added by", f"those who may manage the server{role}"),
        footer=_ADDERS if stored.adders else None,
    )
    return Reply(embeds=(embed,))


def retention(days: int) -> str:
    """Return for how long articles are kept."""
    if not days:
        return "Articles are kept for ever."
    return f"Articles that were added more than {count(days, 'day')} ago are removed, within the hour."


def expiring(articles: Expiring) -> str:
    """Return how many of the server's articles are removed, now and later."""
    later = f", and {articles.later:,} later" if articles.later else ""
    if articles.now:
        return f"That is {articles.now:,} of {count(articles.now + articles.later, 'article')} now{later}."
    if articles.later:
        return f"None is that old now; {count(articles.later, 'article')} will be."
    return "This server has no article of its own yet."


def confirm_retention(articles: Expiring, *, days: int, asker: int) -> Reply:
    """Ask before articles are kept for fewer days than before."""
    return _confirm(
        f"Keep articles for {count(days, 'day')}?",
        f"{retention(days)} {expiring(articles)}\nThis cannot be undone: `/article export` saves them first. Shared "
        "articles stay.",
        RetainId(asker, days),
        f"Keep for {count(days, 'day')}",
        cancel="Change nothing",
    )


def _confirm(title: str, text: str, confirm: AskerId, label: str, *, cancel: str = "Keep") -> Reply:
    """Ask before something is done that cannot be undone; `label` is the button that does it."""
    embed = card(title, text, colour=theme.DANGER)
    return confirmation(embed, confirm.button(label, danger=True), asker=confirm.asker, cancel=cancel)


def audit(page: AuditPage, *, asker: int, people_only: bool) -> Reply:
    """Return a page of what was changed, newest first."""
    first = page.number * page.size
    last = first + len(page.lines)
    embed = card(
        "What was changed",
        None if page.lines else "Nothing has been changed yet.",
        *((escaped(line.action.capitalize()) or limits.BLANK, _audit_line(line)) for line in page.lines),
        footer=f"{first + 1} to {last} of {page.total:,}, kept for a year" if page.total else None,
    )
    controls = pager(
        page.number, lambda number: AuditId(asker, people_only, number), "Older", has_next=last < page.total
    )
    return Reply(embeds=(embed,), controls=controls)


def _audit_line(line: AuditLine) -> str:
    member = f"<@{line.user}>" if line.user is not None else "by myself"
    return f"{limits.one_line(line.detail, _DETAIL)}\n{day_and_time(line.at)} · {member}".lstrip()


def privacy(stored: GuildSettings, *, asker: int, manager: bool) -> Reply:
    """Return what is stored, for how long, and the buttons that erase it."""
    days = stored.retention_days
    footer = None if days is None else f"This server keeps its articles for {count(days, 'day')}."
    embed = card("What I store", None, *_STORED, footer=footer)
    controls = [ForgetId(asker, sure=False).button("Forget me")]
    if manager:
        controls.append(EraseId(asker, sure=False).button("Erase all of this server", danger=True))
    return Reply(embeds=(embed,), controls=tuple(controls))


def confirm_forgetting(*, asker: int) -> Reply:
    """Ask before a member is forgotten."""
    return _confirm(
        "Forget you?",
        "In every server: the buttons under your earlier answers stop working, I tell you no more of what you follow, "
        "and what you added or changed stays without your name. This cannot be undone.",
        ForgetId(asker, sure=True),
        "Forget me",
    )


def forgotten(answers: int) -> Reply:
    """Return the message that a member is forgotten; `answers` is how many remembered answers were erased."""
    return Reply(embeds=(card("You are forgotten", f"{count(answers, 'remembered answer')} erased."),))


def confirm_erasing(articles: int, *, asker: int) -> Reply:
    """Ask before everything of a server is erased."""
    return _confirm(
        "Erase everything of this server?",
        f"Its {count(articles, 'article')}, feeds, settings, decisions on speakers and the list of changes. "
        "This cannot be undone: `/article export` saves the articles first.",
        EraseId(asker, sure=True),
        "Erase everything",
    )


def erased(articles: int) -> Reply:
    """Say that everything of a server is erased, and how many articles."""
    text = f"{count(articles, 'article')} and everything else of this server. What is shared by the operator stays."
    return Reply(embeds=(card("Everything is erased", text),))

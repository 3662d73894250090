"""What is a server's own beside its articles: its settings, its audit, what is stored of it and of its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import card, confirmation
from bot.render.custom_ids import AuditId, EraseId, ForgetId, RetainId, pager
from bot.render.dates import day_and_time
from bot.render.escape import escaped
from bot.render.reply import Reply
from retrieval.domain.wording import both, capitalised
from retrieval.translation import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from bot.guild_settings import GuildSettings
    from bot.render.custom_ids import AskerId
    from retrieval.domain.upkeep import AuditLine, AuditPage, Expiring

FORGETTING: Final = gettext_noop("Forgetting you …")
_ADDERS: Final = gettext_noop(
    "For the role to see /article: Server Settings, Integrations, this bot, /article, Add role."
)
_DETAIL: Final = 290

_OF_SERVERS: Final = gettext_noop(
    "Its own articles with their quotations; the feeds that it follows, and where their news is announced; what its "
    "channels are told of; what was decided about speakers and quotations; its settings; who changed what, for a "
    "year; and what was removed by hand, for a day, so that it can be undone. Where it switched that on: questions "
    "that found no answer, without who asked, for 30 days. When I am removed from a server, all of it is kept for "
    "30 days, then erased."
)
_OF_MEMBERS: Final = gettext_noop(
    "Your Discord id beside the articles and feeds that you added, what you decided about speakers and what you "
    "changed. Which speakers and topics you follow, until you stop it. What you said under *Wrong?*, for 90 days: "
    "moderators see how many said so, not who. For 30 days: which passages answered you, your filters of quotations "
    "and lists, and which articles you picked or removed. For half an hour, in memory only: a form of yours that was "
    "refused. For ten minutes, in memory only: which passage answered you last in a channel, and your questions that "
    "refer to it; for a minute, what you shared."
)
_OF_NOBODY: Final = gettext_noop(
    "I read no messages but those on which a member uses *Find sources*, and keep nothing of them. I ask the pages and "
    "feeds that moderators name for their text, and tell them nothing of you."
)
_STORED: Final = (
    (gettext_noop("About a server"), _OF_SERVERS),
    (gettext_noop("About you"), _OF_MEMBERS),
    (gettext_noop("About nobody"), _OF_NOBODY),
)


def settings(stored: GuildSettings, *, changed: str | None = None) -> Reply:
    """Return a server's settings, below what was just changed."""
    text = None if changed is None else limits.cut(changed, limits.TITLE, escaped)
    embed = card(
        gettext("Settings of this server"),
        text,
        (
            gettext("Answers are shown"),
            gettext("only to whoever asked") if stored.private else gettext("to everybody in the channel"),
        ),
        (gettext("I answer"), _channels(stored)),
        (gettext("Articles are kept"), _kept(stored)),
        (
            gettext("Digests come"),
            gettext("at {hour}:00, {zone}", hour=stored.digest_hour, zone=escaped(stored.zone)),
        ),
        (
            gettext("Unanswered questions"),
            gettext("are kept for 30 days, without who asked") if stored.keeps_unanswered else gettext("are not kept"),
        ),
        (gettext("Articles are added by"), _adders(stored)),
        footer=gettext(_ADDERS) if stored.adders else None,
    )
    return Reply(embeds=(embed,))


def _channels(stored: GuildSettings) -> str:
    if not stored.channels:
        return gettext("in every channel")
    *others, last = (f"<#{channel}>" for channel in stored.channels)
    channels = both(", ".join(others), last) if others else last
    return gettext("only in {channels}", channels=channels)


def _kept(stored: GuildSettings) -> str:
    if stored.retention_days is None:
        return gettext("for ever")
    return ngettext(
        "for {number:,} day after they were added", "for {number:,} days after they were added", stored.retention_days
    )


def _adders(stored: GuildSettings) -> str:
    if not stored.adders:
        return gettext("those who may manage the server")
    return gettext("those who may manage the server and {role}", role=f"<@&{stored.adders}>")


def retention(days: int) -> str:
    """Return for how long articles are kept."""
    if not days:
        return gettext("Articles are kept for ever.")
    return ngettext(
        "Articles that were added more than {number:,} day ago are removed, within the hour.",
        "Articles that were added more than {number:,} days ago are removed, within the hour.",
        days,
    )


def expiring(articles: Expiring) -> str:
    """Return how many of the server's articles are removed, now and later."""
    both = articles.now + articles.later
    if articles.now and articles.later:
        return ngettext(
            "That is {now:,} of {number:,} article now, and {later:,} later.",
            "That is {now:,} of {number:,} articles now, and {later:,} later.",
            both,
            now=articles.now,
            later=articles.later,
        )
    if articles.now:
        return ngettext(
            "That is {now:,} of {number:,} article now.",
            "That is {now:,} of {number:,} articles now.",
            both,
            now=articles.now,
        )
    if articles.later:
        return ngettext(
            "None is that old now; {number:,} article will be.",
            "None is that old now; {number:,} articles will be.",
            articles.later,
        )
    return gettext("This server has no article of its own yet.")


def confirm_retention(articles: Expiring, *, days: int, asker: int) -> Reply:
    """Ask before articles are kept for fewer days than before."""
    stays = gettext("This cannot be undone: `/article export` saves them first. Shared articles stay.")
    return _confirm(
        ngettext("Keep articles for {number:,} day?", "Keep articles for {number:,} days?", days),
        f"{retention(days)} {expiring(articles)}\n{stays}",
        RetainId(asker, days),
        ngettext("Keep for {number:,} day", "Keep for {number:,} days", days),
        cancel=gettext("Change nothing"),
    )


def _confirm(title: str, text: str, confirm: AskerId, label: str, *, cancel: str) -> Reply:
    """Ask before something is done that cannot be undone; `label` is the button that does it."""
    embed = card(title, text, colour=theme.DANGER)
    return confirmation(embed, confirm.button(label, danger=True), asker=confirm.asker, cancel=cancel)


def audit(page: AuditPage, *, asker: int, people_only: bool) -> Reply:
    """Return a page of what was changed, newest first."""
    first = page.number * page.size
    last = first + len(page.lines)
    embed = card(
        gettext("What was changed"),
        None if page.lines else gettext("Nothing has been changed yet."),
        *((escaped(capitalised(gettext(line.action))) or limits.BLANK, _audit_line(line)) for line in page.lines),
        footer=gettext("{first} to {last} of {total:,}, kept for a year", first=first + 1, last=last, total=page.total)
        if page.total
        else None,
    )
    controls = pager(
        page.number, lambda number: AuditId(asker, people_only, number), gettext("Older"), has_next=last < page.total
    )
    return Reply(embeds=(embed,), controls=controls)


def _audit_line(line: AuditLine) -> str:
    member = f"<@{line.user}>" if line.user is not None else gettext("by myself")
    return f"{limits.one_line(line.detail, _DETAIL)}\n{day_and_time(line.at)} · {member}".lstrip()


def privacy(stored: GuildSettings, *, asker: int, manager: bool) -> Reply:
    """Return what is stored, for how long, and the buttons that erase it."""
    days = stored.retention_days
    footer = None
    if days is not None:
        footer = ngettext(
            "This server keeps its articles for {number:,} day.",
            "This server keeps its articles for {number:,} days.",
            days,
        )
    embed = card(gettext("What I store"), None, *((gettext(of), gettext(what)) for of, what in _STORED), footer=footer)
    controls = [ForgetId(asker, sure=False).button(gettext("Forget me"))]
    if manager:
        controls.append(EraseId(asker, sure=False).button(gettext("Erase all of this server"), danger=True))
    return Reply(embeds=(embed,), controls=tuple(controls))


def confirm_forgetting(*, asker: int) -> Reply:
    """Ask before a member is forgotten."""
    return _confirm(
        gettext("Forget you?"),
        gettext(
            "In every server: the buttons under your earlier answers stop working, what you follow yourself and what "
            "you said under *Wrong?* is erased, and what you added or changed stays without your name. This cannot be "
            "undone."
        ),
        ForgetId(asker, sure=True),
        gettext("Forget me"),
        cancel=gettext("Keep"),
    )


def forgotten(answers: int) -> Reply:
    """Return the message that a member is forgotten; `answers` is how many remembered answers were erased."""
    erased = ngettext("{number:,} remembered answer erased.", "{number:,} remembered answers erased.", answers)
    too = gettext("Whatever you followed yourself or said under *Wrong?* is erased too.")
    return Reply(embeds=(card(gettext("You are forgotten"), f"{erased} {too}"),))


def confirm_erasing(articles: int, *, asker: int) -> Reply:
    """Ask before everything of a server is erased."""
    what = ngettext(
        "Its {number:,} article, feeds, settings, decisions on speakers and the list of changes.",
        "Its {number:,} articles, feeds, settings, decisions on speakers and the list of changes.",
        articles,
    )
    return _confirm(
        gettext("Erase everything of this server?"),
        f"{what} {gettext('This cannot be undone: `/article export` saves the articles first.')}",
        EraseId(asker, sure=True),
        gettext("Erase everything"),
        cancel=gettext("Keep"),
    )


def erased(articles: int) -> Reply:
    """Say that everything of a server is erased, and how many articles."""
    text = ngettext(
        "{number:,} article and everything else of this server. What is shared by the operator stays.",
        "{number:,} articles and everything else of this server. What is shared by the operator stays.",
        articles,
    )
    return Reply(embeds=(card(gettext("Everything is erased"), text),))

"""Follows as messages: that one is made or ended, what is followed, and what is new for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import card, page_footer
from bot.render.custom_ids import FollowsId, StopFollowId, UnfollowId, pager
from bot.render.dates import relative
from bot.render.feeds import MOST_CARDS, news_cards
from bot.render.reply import Reply
from retrieval.domain.announcements import FollowKind, Rhythm, Stopped
from retrieval.domain.wording import count
from retrieval.translation import gettext, gettext_noop, pgettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrieval.domain.announcements import Follow, News

PER_PAGE: Final = 5
_NAME: Final = 100
_SERVER: Final = 60
_BUTTON: Final = 60

_WHAT: Final = {
    FollowKind.SPEAKER: gettext_noop("New words of {name}"),
    FollowKind.TOPIC: gettext_noop("New about “{name}”"),
    FollowKind.QUOTATION: gettext_noop("Quotation of the day"),
}
_KINDS: Final = {
    # Translators: what is followed: a speaker, a topic, or one quotation a day.
    FollowKind.SPEAKER: gettext_noop("speaker"),
    FollowKind.TOPIC: gettext_noop("topic"),
    FollowKind.QUOTATION: gettext_noop("one quotation"),
}
_SAID: Final = {
    # Translators: what is told, behind "From now on I tell you in direct messages".
    FollowKind.SPEAKER: gettext_noop("what {name} says"),
    FollowKind.TOPIC: gettext_noop("news about “{name}”"),
    FollowKind.QUOTATION: gettext_noop("the quotation of the day"),
}
_DIGEST: Final = {Rhythm.DAILY: gettext_noop("daily digest"), Rhythm.WEEKLY: gettext_noop("weekly digest")}
_WHEN: Final = {
    Rhythm.NOW: gettext_noop("as it comes"),
    Rhythm.DAILY: gettext_noop("once a day"),
    Rhythm.WEEKLY: gettext_noop("once a week"),
}
_NEXT: Final = {
    # Translators: when news is told, behind "From now on I tell you in direct messages what Ann Lee says".
    Rhythm.NOW: gettext_noop("as it comes"),
    Rhythm.DAILY: gettext_noop("once a day, next {time}"),
    Rhythm.WEEKLY: gettext_noop("once a week, next {time}"),
}
_TOLD: Final = {
    (False, False): gettext_noop("From now on I tell {place} {what}, {when}."),
    (False, True): gettext_noop("From now on I tell {place} {what}, {when}, and ping {role}."),
    (True, False): gettext_noop("This was followed already; from now on I tell {place} {what}, {when}."),
    (True, True): gettext_noop(
        "This was followed already; from now on I tell {place} {what}, {when}, and ping {role}."
    ),
}
"""By whether it was followed before, and whether a role is pinged."""
_STOPPED: Final = {
    Stopped.NO_CHANNEL: gettext_noop(
        "⚠ Stopped: the channel is gone, or I may not write there. Follow it again to go on."
    ),
    Stopped.REFUSED: gettext_noop("⚠ Stopped: you take no direct messages from me. Follow it again to go on."),
}


def added(follow: Follow, due: datetime, *, known: bool) -> Reply:
    """Say what is followed from now on, where that is told, and when a digest comes."""
    told = gettext(
        _TOLD[known, follow.role is not None],
        place=_place(follow),
        what=_what(follow),
        when=gettext(_NEXT[follow.rhythm], time=relative(due)),
        role=f"<@&{follow.role}>",
    )
    content = f"{told} {gettext('Articles that are here already do not count.')}"
    return Reply(content=content, controls=(UnfollowId(follow.id).button(gettext("Stop")),))


def ended(follow: Follow) -> Reply:
    """Say that a follow has ended."""
    return Reply(content=gettext("I no longer tell {place} {what}.", place=_place(follow), what=_what(follow)))


def listing(follows: Sequence[Follow], *, asker: int, page: int = 0) -> Reply:
    """Return a page of what a member follows, and of what channels are told where the member may manage the server."""
    if not follows:
        return Reply(content=gettext("You follow nothing here yet. Begin with /follow speaker or /follow topic."))
    last = (len(follows) - 1) // PER_PAGE
    page = max(0, min(page, last))
    on_page = follows[page * PER_PAGE : (page + 1) * PER_PAGE]
    footer = page_footer(count(len(follows), "follow"), page, last)
    colour = theme.DANGER if any(follow.stopped for follow in on_page) else theme.ACCENT
    embed = card(gettext("Followed here"), "\n\n".join(map(_line, on_page)), footer=footer, colour=colour)
    stops = (
        StopFollowId(asker, page, follow.id).button(
            gettext("Stop {name}", name=limits.cut(_title(follow), _BUTTON) or limits.BLANK)
        )
        for follow in on_page
    )
    return Reply(
        embeds=(embed,),
        controls=(*stops, *pager(page, lambda number: FollowsId(asker, number), gettext("More"), has_next=page < last)),
    )


def news(follow: Follow, items: Sequence[News], server: str) -> Reply:
    """Return what is new for a follow, with a button that ends it; in direct messages with the server's name."""
    parts = [gettext(_WHAT[follow.kind], name=_name(follow))]
    if follow.kind is not FollowKind.QUOTATION and follow.rhythm in _DIGEST:
        parts.append(gettext(_DIGEST[follow.rhythm]))
    if follow.channel is None:
        parts.append(limits.one_line(server, _SERVER))
    if len(items) > MOST_CARDS:
        parts.append(limits.and_more(len(items) - MOST_CARDS))
    stop = UnfollowId(follow.id).button(gettext("Stop"))
    return Reply(content=" · ".join(parts), embeds=news_cards(items), controls=(stop,))


def _line(follow: Follow) -> str:
    channel = f"<#{follow.channel}>"
    where = gettext("in direct messages") if follow.channel is None else gettext("in {channel}", channel=channel)
    parts = [gettext(_KINDS[follow.kind]), where, gettext(_WHEN[follow.rhythm])]
    if follow.role is not None:
        parts.append(gettext("pings {role}", role=f"<@&{follow.role}>"))
    stopped = [gettext(_STOPPED[follow.stopped])] if follow.stopped else []
    return "\n".join([f"**{_name(follow)}**", " · ".join(parts), *stopped])


def _place(follow: Follow) -> str:
    # Translators: whom or where I tell, in "From now on I tell … what Ann Lee says".
    if follow.channel is None:
        return gettext("you in direct messages")
    return pgettext("told", "{channel}").format(channel=f"<#{follow.channel}>")


def _what(follow: Follow) -> str:
    return gettext(_SAID[follow.kind], name=_name(follow))


def _title(follow: Follow) -> str:
    """Return the name of what is followed, not escaped."""
    return gettext(_WHAT[follow.kind]) if follow.kind is FollowKind.QUOTATION else follow.name


def _name(follow: Follow) -> str:
    return limits.one_line(_title(follow), _NAME) or limits.BLANK

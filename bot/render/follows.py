"""Follows as messages: that one is made or ended, what is followed, and what is new for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import card
from bot.render.custom_ids import FollowsId, StopFollowId, UnfollowId, pager
from bot.render.dates import relative
from bot.render.feeds import MOST_CARDS, news_cards
from bot.render.reply import Reply
from retrieval.domain.announcements import FollowKind, Rhythm, Stopped
from retrieval.domain.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrieval.domain.announcements import Follow, News

PER_PAGE: Final = 5
_NAME: Final = 100
_SERVER: Final = 60
_BUTTON: Final = 60

_WHAT: Final = {
    FollowKind.SPEAKER: "New words of {}",
    FollowKind.TOPIC: "New about “{}”",
    FollowKind.QUOTATION: "Quotation of the day",
}
_KINDS: Final = {FollowKind.SPEAKER: "speaker", FollowKind.TOPIC: "topic", FollowKind.QUOTATION: "one quotation"}
_SAID: Final = {
    FollowKind.SPEAKER: "what {} says",
    FollowKind.TOPIC: "news about “{}”",
    FollowKind.QUOTATION: "the quotation of the day",
}
_DIGEST: Final = {Rhythm.NOW: "", Rhythm.DAILY: " · daily digest", Rhythm.WEEKLY: " · weekly digest"}
_WHEN: Final = {Rhythm.NOW: "as it comes", Rhythm.DAILY: "once a day", Rhythm.WEEKLY: "once a week"}
_STOPPED: Final = {
    Stopped.NO_CHANNEL: "⚠ Stopped: the channel is gone, or I may not write there. Follow it again to go on.",
    Stopped.REFUSED: "⚠ Stopped: you take no direct messages from me. Follow it again to go on.",
}


def added(follow: Follow, due: datetime, *, known: bool) -> Reply:
    """Say what is followed from now on, where that is told, and when a digest comes."""
    when = "as it comes" if follow.rhythm is Rhythm.NOW else f"{_WHEN[follow.rhythm]}, next {relative(due)}"
    begun = "I followed this before; from now on I tell" if known else "From now on I tell"
    role = f", and ping <@&{follow.role}>" if follow.role is not None else ""
    told = f"{begun} {_place(follow)} {_SAID[follow.kind].format(_name(follow))}, {when}{role}."
    content = f"{told} Articles that are here already do not count."
    return Reply(content=content, controls=(UnfollowId(follow.id).button("Stop"),))


def ended(follow: Follow) -> Reply:
    """Say that a follow has ended."""
    return Reply(content=f"I no longer tell {_place(follow)} {_SAID[follow.kind].format(_name(follow))}.")


def listing(follows: Sequence[Follow], *, asker: int, page: int = 0) -> Reply:
    """Return a page of what a member follows, and of what channels are told where the member may manage the server."""
    if not follows:
        return Reply(content="You follow nothing here yet. Begin with /follow speaker or /follow topic.")
    last = (len(follows) - 1) // PER_PAGE
    page = max(0, min(page, last))
    on_page = follows[page * PER_PAGE : (page + 1) * PER_PAGE]
    footer = count(len(follows), "follow") + (f", page {page + 1} of {last + 1}" if last else "")
    colour = theme.DANGER if any(follow.stopped for follow in on_page) else theme.ACCENT
    embed = card("Followed here", "\n\n".join(map(_line, on_page)), footer=footer, colour=colour)
    stops = (
        StopFollowId(asker, page, follow.id).button(f"Stop {limits.cut(_title(follow), _BUTTON) or limits.BLANK}")
        for follow in on_page
    )
    return Reply(
        embeds=(embed,),
        controls=(*stops, *pager(page, lambda number: FollowsId(asker, number), "More", has_next=page < last)),
    )


def news(follow: Follow, items: Sequence[News], server: str) -> Reply:
    """Return what is new for a follow, with a button that ends it; in direct messages with the server's name."""
    more = f" · and {len(items) - MOST_CARDS} more" if len(items) > MOST_CARDS else ""
    where = f" · {limits.one_line(server, _SERVER)}" if follow.channel is None else ""
    digest = "" if follow.kind is FollowKind.QUOTATION else _DIGEST[follow.rhythm]
    content = f"{_WHAT[follow.kind].format(_name(follow))}{digest}{where}{more}"
    return Reply(content=content, embeds=news_cards(items), controls=(UnfollowId(follow.id).button("Stop"),))


def _line(follow: Follow) -> str:
    role = f" · pings <@&{follow.role}>" if follow.role is not None else ""
    where = "in direct messages" if follow.channel is None else f"in <#{follow.channel}>"
    lines = [f"**{_name(follow)}**", f"{_KINDS[follow.kind]} · {where} · {_WHEN[follow.rhythm]}{role}"]
    return "\n".join([*lines, *([_STOPPED[follow.stopped]] if follow.stopped else [])])


def _place(follow: Follow) -> str:
    return "you in direct messages" if follow.channel is None else f"<#{follow.channel}>"


def _title(follow: Follow) -> str:
    """Return the name of what is followed, not escaped."""
    return _WHAT[follow.kind] if follow.kind is FollowKind.QUOTATION else follow.name


def _name(follow: Follow) -> str:
    return limits.one_line(_title(follow), _NAME) or limits.BLANK

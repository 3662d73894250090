"""Feeds as messages: what was followed, how each is doing, what is new, and that one has failed for long.

Titles, addresses and errors come from outside and are escaped; an address is shown, and opens nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord.utils import format_dt

from bot.render import limits
from bot.render.amounts import count
from bot.render.escape import block_quote, escaped, plain
from bot.render.people import who
from bot.render.reply import Control, Reply, feeds_id
from bot.render.sources import link, link_to, published

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.domain.feeds import FeedAdded, FeedHealth, FeedNews
    from retrieval.domain.ids import ChannelId, FeedId
    from retrieval.domain.quotations import CitedQuotation

PER_PAGE: Final = 5
MOST_CARDS: Final = 5
"""Articles that are announced in one message; of more only the number is said."""
_NAME: Final = 100
_ADDRESS: Final = 150
_ERROR: Final = 250
_QUOTED: Final = 500
_FEED: Final = 60
_OTHERS: Final = 4
_COLOUR: Final = discord.Colour(0x2F6FDE)
_TROUBLED: Final = discord.Colour(0xC0392B)

READING: Final = "Reading the feed …"
NOT_HERE: Final = "Feeds belong to a server that I am a member of. Use this command there."
NOT_ALLOWED: Final = "Only somebody who may manage this server can look after its feeds."
NO_SUCH_FEED: Final = "No feed of that name is followed here. Begin to type its name and pick it from the list."
CHANNEL_GONE: Final = "The channel for its news is gone; use /feed add again to name another."


def may_not_write(channel: ChannelId) -> str:
    """Which permissions are missing where."""
    return f"I may not write in <#{channel}>. Give me View Channel, Send Messages and Embed Links there."


def added(result: FeedAdded) -> Reply:
    """That a feed is followed, what happens next, and which other feeds the page names."""
    feed = result.feed
    where = f"announced in <#{feed.channel}>" if feed.channel is not None else "announced nowhere"
    if result.known:
        return Reply(content=f"“{_name(feed)}” is followed here already; its new articles are {where} from now on.")
    lines = [f"Following “{_name(feed)}” from now on. New articles are {where}."]
    if result.waiting:
        amount = "its newest article" if result.waiting == 1 else f"its {result.waiting} newest articles"
        lines.append(f"I begin to read {amount} within a minute; /feed list shows how far I am.")
    if feed.articles:
        lines.append(f"{count(feed.articles, 'article')} of it {'is' if feed.articles == 1 else 'are'} here already.")
    if result.others:
        others = ", ".join(limits.cut(plain(url), _ADDRESS, escaped) for url in result.others[:_OTHERS])
        lines.append(f"That page names other feeds too: {others}")
    return Reply(content="\n".join(lines))


def removed(feed: FeedHealth) -> Reply:
    """That a feed is followed no longer, and what becomes of its articles."""
    stays = "stays" if feed.articles == 1 else "stay"
    kept = f" {count(feed.articles, 'article')} of it {stays} here." if feed.articles else ""
    return Reply(content=f"“{_name(feed)}” is followed no longer.{kept}")


def listing(feeds: Sequence[FeedHealth], troubles: Mapping[FeedId, str], *, asker: int, page: int = 0) -> Reply:
    """A page of what a server follows; `troubles` are those with the channels."""
    if not feeds:
        return Reply(content="No feed is followed here yet. Add one with /feed add.")
    last = (len(feeds) - 1) // PER_PAGE
    page = max(0, min(page, last))
    shown = feeds[page * PER_PAGE : (page + 1) * PER_PAGE]
    wrong = any(feed.failing_since is not None or feed.id in troubles for feed in shown)
    embed = discord.Embed(
        title="Feeds of this server",
        description="\n\n".join(_health(feed, troubles.get(feed.id)) for feed in shown),
        colour=_TROUBLED if wrong else _COLOUR,
    )
    amount = count(len(feeds), "feed")
    embed.set_footer(text=amount if not last else f"{amount}, page {page + 1} of {last + 1}")
    back = (Control("Back", feeds_id(asker, page - 1)),) if page else ()
    on = (Control("More feeds", feeds_id(asker, page + 1)),) if page < last else ()
    return Reply(embeds=(embed,), controls=(*back, *on))


def _health(feed: FeedHealth, trouble: str | None) -> str:
    lines = [f"**{_name(feed)}**", limits.cut(plain(feed.url), _ADDRESS, escaped)]
    where = f"announced in <#{feed.channel}>" if feed.channel is not None else "not announced"
    lines.append(f"{count(feed.articles, 'article')} · {where} · {_state(feed)}")
    if feed.stopped_at is not None:
        lines.append(f"⚠ Gone for good, as its server said {format_dt(feed.stopped_at, 'D')}. I ask it no more.")
    elif feed.failing_since is not None:
        lines.append(f"⚠ Failing since {format_dt(feed.failing_since, 'D')}: {_error(feed)} I go on trying.")
    if trouble is not None:
        lines.append(f"⚠ {trouble}")
    return "\n".join(lines)


def _state(feed: FeedHealth) -> str:
    """Whether it answers; not when it did, for others may have had it asked."""
    if feed.failing_since is None and feed.stopped_at is None:
        return "not asked yet" if feed.answered_at is None else "answers"
    return "never answered" if feed.answered_at is None else "does not answer"


def news(items: Sequence[FeedNews]) -> Reply:
    """New articles for one channel: headline, link and the best quotation of each, and how many more there are."""
    more = len(items) - MOST_CARDS
    content = None
    if more > 0:
        content = f"and {more} more of “{limits.cut(plain(items[0].feed), _NAME, escaped)}”"
    return Reply(content=content, embeds=tuple(_card(item) for item in items[:MOST_CARDS]))


def _card(item: FeedNews) -> discord.Embed:
    quotation = item.quotation
    said = "" if quotation is None else f"\n{_quoted(quotation)}"
    embed = discord.Embed(
        title=limits.title(item.source.title),
        url=link(item.source) if quotation is None else link_to(item.source, quotation.words),
        description=f"{published(item.source)}{said}",
        colour=_COLOUR,
    )
    return embed.set_footer(text=f"{limits.cut(item.feed, _FEED)} · article {item.number}")


def _quoted(cited: CitedQuotation) -> str:
    """The quoted words, whole or not at all, and who said them."""
    said_by = limits.cut(plain(who(cited.quotation.speakers[0])), _NAME, escaped)
    words = block_quote(f"“{escaped(cited.words.strip())}”")
    return f"{words}\n{said_by}" if len(words) <= _QUOTED else ""


def failing(feed: FeedHealth) -> Reply:
    """What moderators are told once."""
    error = _error(feed)
    if feed.stopped_at is not None:
        said = (
            f"The feed “{_name(feed)}” is gone for good: {error} I ask it no more. /feed remove takes it off the list."
        )
        return Reply(content=said)
    since = format_dt(feed.failing_since, "D") if feed.failing_since else "long ago"
    said = (
        f"The feed “{_name(feed)}” has failed since {since}: {error} I go on trying once a day. /feed list shows more."
    )
    return Reply(content=said)


def _name(feed: FeedHealth) -> str:
    return limits.cut(plain(feed.name) or plain(feed.url), _NAME, escaped)


def _error(feed: FeedHealth) -> str:
    return limits.cut(plain(feed.last_error or "It does not answer."), _ERROR, escaped)


def choice(feed: FeedHealth) -> str:
    """Its name for a list to pick from, which Discord refuses whole for a single name without a sign to show."""
    return limits.cut(feed.name, limits.CHOICE) or limits.cut(feed.url, limits.CHOICE) or "…"

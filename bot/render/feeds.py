"""Feeds as messages: that one is followed, how each is doing, what is new, and that one has failed for long.

Titles, addresses and errors come from outside and are escaped; an address is shown, and opens nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import article_card, card
from bot.render.custom_ids import FeedsId, pager
from bot.render.dates import long_day
from bot.render.escape import block_quote, escaped, plain
from bot.render.people import name_with_role
from bot.render.reply import Reply
from retrieval.domain.wording import PARTIAL, count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import discord

    from retrieval.domain.announcements import News
    from retrieval.domain.articles import Source
    from retrieval.domain.feeds import FeedAdded, FeedHealth, FeedTrial, WordFilter
    from retrieval.domain.ids import FeedId
    from retrieval.domain.quotations import CitedQuotation

PER_PAGE: Final = 4
MOST_CARDS: Final = 5
"""Articles that are announced in one message; of more only the number is said."""
_NAME: Final = 100
_ADDRESS: Final = 150
_ERROR: Final = 250
_QUOTED: Final = 500
_FEED: Final = 60
_OTHERS: Final = 4
_WORDS: Final = 500
_WORDS_IN_LIST: Final = 200

READING: Final = "Reading the feed …"


def added(result: FeedAdded) -> Reply:
    """Say that a feed is followed, what happens next, and which other feeds the page names."""
    feed = result.feed
    where = f"announced in <#{feed.channel}>" if feed.channel is not None else "announced nowhere"
    if result.known:
        return Reply(content=f"“{_name(feed)}” is followed here already; its new articles are {where} from now on.")
    lines = [f"Following “{_name(feed)}” from now on. New articles are {where}."]
    if result.waiting:
        amount = "its newest article" if result.waiting == 1 else f"its {result.waiting} newest articles"
        lines.append(f"I start to read {amount} within a minute; /feed list shows the progress.")
    if feed.articles:
        lines.append(f"{count(feed.articles, 'article')} of it {'is' if feed.articles == 1 else 'are'} here already.")
    if result.others:
        others = ", ".join(limits.one_line(url, _ADDRESS) for url in result.others[:_OTHERS])
        lines.append(f"That page names other feeds too: {others}")
    return Reply(content="\n".join(lines))


def removed(feed: FeedHealth) -> Reply:
    """Say that a feed is no longer followed, and that its articles stay."""
    stays = "stays" if feed.articles == 1 else "stay"
    articles = f" {count(feed.articles, 'article')} of it {stays} here." if feed.articles else ""
    return Reply(content=f"“{_name(feed)}” is no longer followed.{articles}")


def filtered(feed: FeedHealth) -> Reply:
    """Say which articles of a feed are read and announced from now on."""
    lines = _filters(feed) or ["Every new article is read, and announced where the feed has a channel."]
    shown = (limits.one_line(line, _WORDS) for line in lines)
    return Reply(content="\n".join([f"“{_name(feed)}”, from now on:", *shown]))


def _filters(feed: FeedHealth) -> list[str]:
    """Return a line for each filter."""
    filters = (("read", feed.filters.read), ("announced", feed.filters.announced))
    return [f"Only articles {_words(words)} are {what}" for what, words in filters if words.wanted or words.unwanted]


def _words(words: WordFilter) -> str:
    parts = (("with", words.wanted), ("without", words.unwanted))
    return ", and ".join(f"{what} {' or '.join(f'“{word}”' for word in listed)}" for what, listed in parts if listed)


def listing(feeds: Sequence[FeedHealth], troubles: Mapping[FeedId, str], *, asker: int, page: int = 0) -> Reply:
    """Return a page of the feeds of a server; `troubles` are those with their channels."""
    if not feeds:
        return Reply(content="No feed is followed here yet. Add one with /feed add.")
    last = (len(feeds) - 1) // PER_PAGE
    page = max(0, min(page, last))
    on_page = feeds[page * PER_PAGE : (page + 1) * PER_PAGE]
    failing = any(feed.failing_since is not None or feed.id in troubles for feed in on_page)
    embed = card(
        "Feeds of this server",
        "\n\n".join(_health(feed, troubles.get(feed.id)) for feed in on_page),
        footer=count(len(feeds), "feed") + (f", page {page + 1} of {last + 1}" if last else ""),
        colour=theme.DANGER if failing else theme.ACCENT,
    )
    controls = pager(page, lambda number: FeedsId(asker, number), "More feeds", has_next=page < last)
    return Reply(embeds=(embed,), controls=controls)


def _health(feed: FeedHealth, trouble: str | None) -> str:
    where = f"announced in <#{feed.channel}>" if feed.channel is not None else "not announced"
    lines = [
        f"**{_name(feed)}**",
        limits.one_line(feed.url, _ADDRESS),
        f"{count(feed.articles, 'article')} · {where} · {_state(feed)}",
    ]
    if feed.stopped_at is not None:
        lines.append(f"⚠ Gone for good: its server said so on {long_day(feed.stopped_at)}. I no longer check it.")
    elif feed.failing_since is not None:
        lines.append(f"⚠ Failing since {long_day(feed.failing_since)}: {_error(feed)} I keep trying.")
    if filters := _filters(feed):
        lines.append(limits.one_line("; ".join(filters), _WORDS_IN_LIST))
    if trouble is not None:
        lines.append(f"⚠ {trouble}")
    return "\n".join(lines)


def _state(feed: FeedHealth) -> str:
    """Return whether the feed answers; not when it did, for another server may have had it asked."""
    if feed.failing_since is None and feed.stopped_at is None:
        return "not asked yet" if feed.answered_at is None else "answers"
    return "never answered" if feed.answered_at is None else "does not answer"


def news(items: Sequence[News]) -> Reply:
    """Return new articles for one channel, each with its best quotation, and how many more there are."""
    more = len(items) - MOST_CARDS
    content = f"and {more} more of “{limits.one_line(items[0].heading, _NAME)}”" if more > 0 else None
    return Reply(content=content, embeds=news_cards(items))


def news_cards(items: Sequence[News]) -> tuple[discord.Embed, ...]:
    """Return cards of the first new articles."""
    return tuple(
        _news_card(item.heading, item.source, item.quotation, f" · article {item.number}")
        for item in items[:MOST_CARDS]
    )


def trial(result: FeedTrial) -> Reply:
    """Return the newest entry of a feed as it would be announced, and say where its filters keep it out."""
    said = "Its newest entry would be announced like this; nothing was stored."
    if not result.read:
        said = "Its newest entry would not be read, because of its filter; nothing was stored."
    elif not result.announced:
        said = "Its newest entry would be read but not announced, because of its filter; nothing was stored."
    if result.partial:
        said += f" {PARTIAL}"
    return Reply(content=said, embeds=(_news_card(result.feed, result.source, result.quotation),))


def _news_card(heading: str, source: Source, quotation: CitedQuotation | None, number: str = "") -> discord.Embed:
    footer = limits.cut(heading, _FEED) + number
    if quotation is None:
        return article_card(source, footer=footer)
    return article_card(source, text=f"\n{_quoted(quotation)}", words=quotation.words, footer=footer)


def _quoted(cited: CitedQuotation) -> str:
    """Return the quoted words and who said them; empty if the words are too many, for they are never cut."""
    speaker = limits.one_line(name_with_role(cited.quotation.speakers[0]), _NAME)
    words = block_quote(f"“{escaped(cited.words.strip())}”")
    return f"{words}\n{speaker}" if len(words) <= _QUOTED else ""


def failing(feed: FeedHealth) -> Reply:
    """Return the one message to moderators about a feed that has failed for long."""
    name, error = _name(feed), _error(feed)
    if feed.stopped_at is not None:
        return Reply(
            content=f"The feed “{name}” is gone for good: {error} I no longer check it. /feed remove deletes it."
        )
    since = long_day(feed.failing_since) if feed.failing_since else "long ago"
    return Reply(
        content=f"The feed “{name}” has failed since {since}: {error} I keep trying once a day. /feed list shows more."
    )


def _name(feed: FeedHealth) -> str:
    return limits.cut(plain(feed.name) or plain(feed.url), _NAME, escaped)


def _error(feed: FeedHealth) -> str:
    return limits.one_line(feed.last_error or "It does not answer.", _ERROR)


def choice(feed: FeedHealth) -> str:
    """Return the feed's label in a list to pick from; never empty, for then Discord refuses the whole list."""
    return limits.cut(feed.name, limits.CHOICE) or limits.cut(feed.url, limits.CHOICE) or limits.BLANK

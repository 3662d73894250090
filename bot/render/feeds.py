"""Feeds as messages: that one is followed, how each is doing, what is new, and that one has failed for long.

Titles, addresses and errors come from outside and are escaped; an address is shown, and opens nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import article_card, card, page_footer
from bot.render.custom_ids import FeedsId, pager
from bot.render.dates import long_day
from bot.render.escape import block_quote, escaped, plain
from bot.render.people import name_with_role
from bot.render.reply import Reply
from retrieval.domain.wording import PARTIAL, count, in_quotation_marks
from retrieval.errors import unpacked
from retrieval.translation import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import discord

    from retrieval.domain.announcements import News
    from retrieval.domain.articles import Source
    from retrieval.domain.feeds import FeedAdded, FeedHealth, FeedTrial
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

READING: Final = gettext_noop("Reading the feed …")
_ONLY_READ: Final = {
    (True, False): gettext_noop("Only articles with {wanted} are read"),
    (False, True): gettext_noop("Only articles without {unwanted} are read"),
    (True, True): gettext_noop("Only articles with {wanted}, and without {unwanted} are read"),
}
"""By whether words are wanted and unwanted."""
_ONLY_ANNOUNCED: Final = {
    (True, False): gettext_noop("Only articles with {wanted} are announced"),
    (False, True): gettext_noop("Only articles without {unwanted} are announced"),
    (True, True): gettext_noop("Only articles with {wanted}, and without {unwanted} are announced"),
}


def added(result: FeedAdded) -> Reply:
    """Say that a feed is followed, what happens next, and which other feeds the page names."""
    feed = result.feed
    lines = [_followed(result)]
    if result.known:
        return Reply(content=lines[0])
    if result.waiting:
        waiting = ngettext(
            "I start to read its newest article within a minute; /feed list shows the progress.",
            "I start to read its {number:,} newest articles within a minute; /feed list shows the progress.",
            result.waiting,
        )
        lines.append(waiting)
    if feed.articles:
        here = ngettext(
            "{number:,} article of it is here already.", "{number:,} articles of it are here already.", feed.articles
        )
        lines.append(here)
    if result.others:
        others = ", ".join(limits.one_line(url, _ADDRESS) for url in result.others[:_OTHERS])
        lines.append(gettext("That page names other feeds too: {addresses}", addresses=others))
    return Reply(content="\n".join(lines))


def _followed(result: FeedAdded) -> str:
    """Return that a feed is followed, and where its articles are announced."""
    names = {"feed": _name(result.feed), "channel": f"<#{result.feed.channel}>"}
    if result.feed.channel is None and result.known:
        return gettext(
            "“{feed}” is followed here already; its new articles are announced nowhere from now on.", **names
        )
    if result.known:
        return gettext(
            "“{feed}” is followed here already; its new articles are announced in {channel} from now on.", **names
        )
    if result.feed.channel is None:
        return gettext("Following “{feed}” from now on. New articles are announced nowhere.", **names)
    return gettext("Following “{feed}” from now on. New articles are announced in {channel}.", **names)


def removed(feed: FeedHealth) -> Reply:
    """Say that a feed is no longer followed, and that its articles stay."""
    content = gettext("“{feed}” is no longer followed.", feed=_name(feed))
    if feed.articles:
        content += " " + ngettext(
            "{number:,} article of it stays here.", "{number:,} articles of it stay here.", feed.articles
        )
    return Reply(content=content)


def filtered(feed: FeedHealth) -> Reply:
    """Say which articles of a feed are read and announced from now on."""
    lines = _filters(feed) or [gettext("Every new article is read, and announced where the feed has a channel.")]
    shown = (limits.one_line(line, _WORDS) for line in lines)
    return Reply(content="\n".join([gettext("“{feed}”, from now on:", feed=_name(feed)), *shown]))


def _filters(feed: FeedHealth) -> list[str]:
    """Return a line for each filter."""
    filters = ((_ONLY_READ, feed.filters.read), (_ONLY_ANNOUNCED, feed.filters.announced))
    return [
        gettext(
            only[bool(words.wanted), bool(words.unwanted)],
            wanted=_any_of(words.wanted),
            unwanted=_any_of(words.unwanted),
        )
        for only, words in filters
        if words.wanted or words.unwanted
    ]


def _any_of(words: Iterable[str]) -> str:
    # Translators: between the words of a list, one of which is enough.
    return f" {gettext('or')} ".join(map(in_quotation_marks, words))


def listing(feeds: Sequence[FeedHealth], troubles: Mapping[FeedId, str], *, asker: int, page: int = 0) -> Reply:
    """Return a page of the feeds of a server; `troubles` are those with their channels."""
    if not feeds:
        return Reply(content=gettext("No feed is followed here yet. Add one with /feed add."))
    last = (len(feeds) - 1) // PER_PAGE
    page = max(0, min(page, last))
    on_page = feeds[page * PER_PAGE : (page + 1) * PER_PAGE]
    failing = any(feed.failing_since is not None or feed.id in troubles for feed in on_page)
    embed = card(
        gettext("Feeds of this server"),
        "\n\n".join(_health(feed, troubles.get(feed.id)) for feed in on_page),
        footer=page_footer(count(len(feeds), "feed"), page, last),
        colour=theme.DANGER if failing else theme.ACCENT,
    )
    controls = pager(page, lambda number: FeedsId(asker, number), gettext("More feeds"), has_next=page < last)
    return Reply(embeds=(embed,), controls=controls)


def _health(feed: FeedHealth, trouble: str | None) -> str:
    where = (
        gettext("announced in {channel}", channel=f"<#{feed.channel}>")
        if feed.channel is not None
        else gettext("not announced")
    )
    lines = [
        f"**{_name(feed)}**",
        limits.one_line(feed.url, _ADDRESS),
        f"{count(feed.articles, 'article')} · {where} · {_state(feed)}",
    ]
    if feed.stopped_at is not None:
        day = long_day(feed.stopped_at)
        lines.append(gettext("⚠ Gone for good: its server said so on {day}. I no longer check it.", day=day))
    elif feed.failing_since is not None:
        since, error = long_day(feed.failing_since), _error(feed)
        lines.append(gettext("⚠ Failing since {day}: {error} I keep trying.", day=since, error=error))
    if filters := _filters(feed):
        lines.append(limits.one_line("; ".join(filters), _WORDS_IN_LIST))
    if trouble is not None:
        lines.append(f"⚠ {trouble}")
    return "\n".join(lines)


def _state(feed: FeedHealth) -> str:
    """Return whether the feed answers; not when it did, for another server may have had it asked."""
    if feed.failing_since is None and feed.stopped_at is None:
        # Translators: of the server of a feed, as the three that follow.
        return gettext("not asked yet") if feed.answered_at is None else gettext("answers")
    return gettext("never answered") if feed.answered_at is None else gettext("does not answer")


def news(items: Sequence[News]) -> Reply:
    """Return new articles for one channel, each with its best quotation, and how many more there are."""
    more = len(items) - MOST_CARDS
    if more <= 0:
        return Reply(embeds=news_cards(items))
    heading = limits.one_line(items[0].heading, _NAME)
    # Translators: how many more new articles a feed has.
    content = ngettext("and {number:,} more of “{feed}”", "and {number:,} more of “{feed}”", more, feed=heading)
    return Reply(content=content, embeds=news_cards(items))


def news_cards(items: Sequence[News]) -> tuple[discord.Embed, ...]:
    """Return cards of the first new articles."""
    return tuple(
        _news_card(item.heading, item.source, item.quotation, f" · {gettext('article {number}', number=item.number)}")
        for item in items[:MOST_CARDS]
    )


def trial(result: FeedTrial) -> Reply:
    """Return the newest entry of a feed as it would be announced, and say where its filters keep it out."""
    said = gettext("Its newest entry would be announced like this; nothing was stored.")
    if not result.read:
        said = gettext("Its newest entry would not be read, because of its filter; nothing was stored.")
    elif not result.announced:
        said = gettext("Its newest entry would be read but not announced, because of its filter; nothing was stored.")
    if result.partial:
        said += f" {gettext(PARTIAL)}"
    return Reply(content=said, embeds=(_news_card(result.feed, result.source, result.quotation),))


def _news_card(heading: str, source: Source, quotation: CitedQuotation | None, number: str = "") -> discord.Embed:
    footer = limits.cut(heading, _FEED) + number
    if quotation is None:
        return article_card(source, footer=footer)
    return article_card(source, text=f"\n{_quoted(quotation)}", words=quotation.words, footer=footer)


def _quoted(cited: CitedQuotation) -> str:
    """Return the quoted words and who said them; empty if the words are too many, for they are never cut."""
    speaker = limits.one_line(name_with_role(cited.quotation.speakers[0]), _NAME)
    words = block_quote(in_quotation_marks(escaped(cited.words.strip())))
    return f"{words}\n{speaker}" if len(words) <= _QUOTED else ""


def failing(feed: FeedHealth) -> Reply:
    """Return the one message to moderators about a feed that has failed for long."""
    name, error = _name(feed), _error(feed)
    if feed.stopped_at is not None:
        gone = gettext(
            "The feed “{feed}” is gone for good: {error} I no longer check it. /feed remove deletes it.",
            feed=name,
            error=error,
        )
        return Reply(content=gone)
    if feed.failing_since is None:
        since_long = gettext(
            "The feed “{feed}” has failed since long ago: {error} I keep trying once a day. /feed list shows more.",
            feed=name,
            error=error,
        )
        return Reply(content=since_long)
    return Reply(
        content=gettext(
            "The feed “{feed}” has failed since {day}: {error} I keep trying once a day. /feed list shows more.",
            feed=name,
            day=long_day(feed.failing_since),
            error=error,
        )
    )


def _name(feed: FeedHealth) -> str:
    return limits.cut(plain(feed.name) or plain(feed.url), _NAME, escaped)


def _error(feed: FeedHealth) -> str:
    return limits.one_line(unpacked(feed.last_error) if feed.last_error else gettext("It does not answer."), _ERROR)


def choice(feed: FeedHealth) -> str:
    """Return the feed's label in a list to pick from; never empty, for then Discord refuses the whole list."""
    return limits.cut(feed.name, limits.CHOICE) or limits.cut(feed.url, limits.CHOICE) or limits.BLANK

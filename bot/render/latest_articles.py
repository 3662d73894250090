"""The newest articles: a line each, those of one story together, and menus of what is on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import card
from bot.render.custom_ids import AboutId, AskMenuId, DeleteId, LatestId, QuotedInId, QuotedMenuId, pager
from bot.render.escape import escaped, plain
from bot.render.reply import Menu, Option, Reply
from bot.render.sources import headline_link, publisher_and_date
from retrieval.domain.wording import count, day_in_words, filters_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.render.reply import Control
    from retrieval.domain.articles import Latest, LatestArticle
    from retrieval.domain.scope import Filters

    Story = tuple[LatestArticle, ...]

_STORIES: Final = 6
_OF_STORY: Final = 4
"""Articles of one story that are listed; with the stories of a page no more than a menu takes."""
_HEADLINE: Final = 120
_PUBLISHER: Final = 60
_TOPIC: Final = 150
_READ_AS: Final = 70
_EMPTY: Final = "There is no article yet."


def listing(
    latest: Latest,
    *,
    asker: int,
    token: int,
    page: int = 0,
    alone: bool = False,
    filters: Filters | None = None,
) -> Reply:
    """Return a page of the newest articles; the last page if there are fewer. `alone` is a private copy."""
    all_pages = pages(latest)
    page = min(page, max(len(all_pages) - 1, 0))
    stories = all_pages[page] if all_pages else []
    text = "\n\n".join("\n".join(_lines(story)) for story in stories)
    embed = card(_title(latest), text or _nothing(latest, filters), footer=_footer(latest, all_pages, page, filters))
    if not stories:
        embed.colour = theme.ABSTENTION
    controls: tuple[Control | Menu, ...] = pager(
        page, lambda number: LatestId(asker, token, number), "Older", has_next=page + 1 < len(all_pages)
    )
    delete = () if alone else (DeleteId(asker).button("Delete"),)
    return Reply(
        embeds=(embed,),
        controls=(*_menus([article for story in stories for article in story[:_OF_STORY]]), *controls, *delete),
    )


def pages(latest: Latest) -> list[list[Story]]:
    """Return the stories by page, each page short enough for a message."""
    return limits.paginate(
        latest.stories, _STORIES, limits.DESCRIPTION, lambda story: sum(len(line) + 2 for line in _lines(story))
    )


def _title(latest: Latest) -> str:
    if latest.topic is None:
        return "Latest"
    title = f"Latest on “{limits.cut(latest.topic, _TOPIC, escaped)}”"
    return f"{title}, read as {limits.one_line(', '.join(latest.read_as), _READ_AS)}" if latest.read_as else title


def _nothing(latest: Latest, filters: Filters | None) -> str:
    if filters and filters.publisher and not latest.matched:
        return f"No article of “{limits.cut(filters.publisher, _PUBLISHER, escaped)}” is here."
    if latest.topic is not None:
        return "No article is about that."
    return "No article matches." if filters else _EMPTY


def _lines(story: Story) -> Iterator[str]:
    """Yield a line an article, the newest first, and how many more there are."""
    for place, article in enumerate(story[:_OF_STORY]):
        lead = "↳ " if place else "• "
        yield f"{lead}{headline_link(article.source, _HEADLINE)} · {publisher_and_date(article.source, _PUBLISHER)}"
    if len(story) > _OF_STORY:
        yield f"↳ and {len(story) - _OF_STORY} more"


def _footer(latest: Latest, all_pages: Sequence[Sequence[Story]], page: int, filters: Filters | None) -> str | None:
    sizes = [sum(map(len, stories)) for stories in all_pages]
    before = sum(sizes[:page])
    shown = f"{before + 1:,} to {before + sizes[page]:,} of {count(latest.articles, 'article')}" if sizes else ""
    parts = filter(None, (shown, filters_in_words(filters) if filters else ""))
    return limits.cut(" · ".join(map(plain, parts)), limits.FOOTER) or None


def _menus(articles: Sequence[LatestArticle]) -> Iterator[Menu]:
    """Yield a menu that asks about an article, and one that shows who is quoted in it."""
    asking = tuple(_option(article, str(AboutId(article.opening)), "") for article in articles)
    quoting = tuple(
        _option(article, str(QuotedInId(article.opening, 0)), f"{count(article.quotations, 'quotation')} · ")
        for article in articles
        if article.quotations
    )
    if asking:
        yield Menu("Ask about one of these articles …", str(AskMenuId()), asking)
    if quoting:
        yield Menu("Read who is quoted in one of them …", str(QuotedMenuId()), quoting)


def _option(article: LatestArticle, value: str, lead: str) -> Option:
    source = article.source
    date = day_in_words(source.published_at) if source.published_at else "date not known"
    description = limits.cut(f"{lead}{source.publisher or 'publisher not known'}", limits.OPTION - len(date) - 3)
    return Option(limits.cut(source.title, limits.OPTION) or limits.BLANK, value, f"{description} · {date}")

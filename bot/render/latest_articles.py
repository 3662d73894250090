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
from retrieval.translation import gettext, ngettext

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
_TOPIC: Final = 130
_READ_AS: Final = 70


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
        page, lambda number: LatestId(asker, token, number), gettext("Older"), has_next=page + 1 < len(all_pages)
    )
    delete = () if alone else (DeleteId(asker).button(gettext("Delete")),)
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
        # Translators: the title of a list of the newest articles.
        return gettext("Latest")
    topic = limits.cut(latest.topic, _TOPIC, escaped)
    if not latest.read_as:
        return gettext("Latest on “{topic}”", topic=topic)
    words = limits.one_line(", ".join(latest.read_as), _READ_AS)
    return gettext("Latest on “{topic}”, read as {words}", topic=topic, words=words)


def _nothing(latest: Latest, filters: Filters | None) -> str:
    if filters and filters.publisher and not latest.matched:
        publisher = limits.cut(filters.publisher, _PUBLISHER, escaped)
        return gettext("No article of “{publisher}” is here.", publisher=publisher)
    if latest.topic is not None:
        return gettext("No article is about that.")
    return gettext("No article matches.") if filters else gettext("There is no article yet.")


def _lines(story: Story) -> Iterator[str]:
    """Yield a line an article, the newest first, and how many more there are."""
    for place, article in enumerate(story[:_OF_STORY]):
        lead = "↳ " if place else "• "
        yield f"{lead}{headline_link(article.source, _HEADLINE)} · {publisher_and_date(article.source, _PUBLISHER)}"
    if len(story) > _OF_STORY:
        yield f"↳ {limits.and_more(len(story) - _OF_STORY)}"


def _footer(latest: Latest, all_pages: Sequence[Sequence[Story]], page: int, filters: Filters | None) -> str | None:
    parts = filter(None, (_shown(latest, all_pages, page), filters_in_words(filters) if filters else ""))
    return limits.cut(" · ".join(map(plain, parts)), limits.FOOTER) or None


def _shown(latest: Latest, all_pages: Sequence[Sequence[Story]], page: int) -> str:
    """Return which of the articles a page shows; empty if there are none."""
    sizes = [sum(map(len, stories)) for stories in all_pages]
    if not sizes:
        return ""
    before = sum(sizes[:page])
    return ngettext(
        "{first:,} to {last:,} of {number:,} article",
        "{first:,} to {last:,} of {number:,} articles",
        latest.articles,
        first=before + 1,
        last=before + sizes[page],
    )


def _menus(articles: Sequence[LatestArticle]) -> Iterator[Menu]:
    """Yield a menu that asks about an article, and one that shows who is quoted in it."""
    asking = tuple(_option(article, str(AboutId(article.opening)), "") for article in articles)
    quoting = tuple(
        _option(article, str(QuotedInId(article.opening, 0)), f"{count(article.quotations, 'quotation')} · ")
        for article in articles
        if article.quotations
    )
    if asking:
        yield Menu(gettext("Ask about one of these articles …"), str(AskMenuId()), asking)
    if quoting:
        yield Menu(gettext("Read who is quoted in one of them …"), str(QuotedMenuId()), quoting)


def _option(article: LatestArticle, value: str, lead: str) -> Option:
    source = article.source
    date = day_in_words(source.published_at) if source.published_at else gettext("date not known")
    publisher = source.publisher or gettext("publisher not known")
    description = limits.cut(f"{lead}{publisher}", limits.OPTION - len(date) - 3)
    return Option(limits.cut(source.title, limits.OPTION) or limits.BLANK, value, f"{description} · {date}")

"""When a page was published and last changed, in UTC.

A time in the page's data is taken as it is, in UTC where it names no zone; a day alone is its midnight in UTC, as
everywhere in Pullquote. Dates in the visible text or the address are found by htmldate. Those of other stories,
to which a page leads, are not asked.
"""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeAlias

from htmldate import find_date
from lxml.etree import XPath

from retrieval.adapters.extraction.prose import is_alone, is_prose, may_be_headline
from retrieval.text.boilerplate import fold_line
from retrieval.text.moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from lxml.html import HtmlElement

    from retrieval.adapters.extraction.linked_data import LinkedArticle

_Others: TypeAlias = "Callable[[], AbstractSet[HtmlElement]]"

_PUBLISHED = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "date.issued",
    "dc.date.issued", "dc.date", "dcterms.created", "dcterms.issued", "dc.date.created", "pubdate", "publishdate",
    "publish-date", "publication_date", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime",
    "article.published", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:modified_time", "og:updated_time", "article:modified", "datemodified",
    "dcterms.modified", "dc.date.modified", "last-modified", "lastmod",
)  # fmt: skip
_CJK_DAY = re.compile(r"((?:19|20)\d\d)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]")
_SLASHED_DAY = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}/(?:\d\d){1,2}(?![\d/])")
_SLASHES = re.compile(r"/\d{1,2}/\d\d")
"""What a day with slashes holds: it is quick to find."""
_NEAR_TOP = XPath("(//h1)[position() <= 3]/following::*[position() <= 400]")
_PIECES = 12
"""Texts of an element that a line with a date is read from."""
_BEFORE_DAY, _BEHIND_DAY = 30, 40
"""Characters around a day in which its hour stands."""
_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:related(?:-?\w+)?|recommend(?:ed|ations?)?|read-?(?:more|also|next)|see-?also|most-?(?:read|popular)"
    r"|more-?(?:about|on|from|news|stories)|taboola|outbrain|comments?|respond"
    r"|(?P<maybe>popular|latest|trending|teasers?|sidebar|calendar))(?=$|[\s_-])",
    re.IGNORECASE,
)
"""`maybe`: names of lists, and of boxes that hold what belongs to the article too."""
_MAYBE = "maybe"
_SEVERAL = 2
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BLOCKS = ("li", "article", "div", "section")
_LINKED_HEADINGS = XPath(
    " | ".join(f"//{tag}[.//a[@href]] | //a[@href]//{tag}" for tag in ("h2", "h3", "h4", "h5", "h6"))
)
_NAMED = XPath("//body//*[@class or @id]")
_DATED = XPath("//time | //*[@itemprop='datePublished' or @itemprop='dateModified']")
_MARKED = XPath("//*[@itemprop=$name]")
_TIMED = XPath("//article//time[@datetime] | //main//time[@datetime] | //header//time[@datetime]")
_LOCAL_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?\s?[+-]\d\d:?\d\d$")
_OF_CHANGE = re.compile(r"updated|modified", re.IGNORECASE)
_CHANGE = (
    r"(?:(?:last |letzte )?(?:updated?|modified|änderung|geändert)|aktualisiert|mis à jour|modifié|actualizad[oa]"
    r"|aggiornat[oa]|atualizad[oa]|aktualizacja|обновлено|bijgewerkt|更新)"
)
_CHANGED = re.compile(rf"(\D{{0,60}}\d.{{5,60}}?)\b{_CHANGE}.{{0,80}}$", re.IGNORECASE | re.DOTALL)
"""A line of dates, the last of them that of a change."""
_CHANGED_FIRST = re.compile(
    rf"(\s*){_CHANGE}\b.{{5,60}}?(?:$|[|•·]|(?=\b(?:first )?(?:published|posted|veröffentlicht|publié|publicado)))",
    re.IGNORECASE | re.DOTALL,
)
"""A line that begins with a change."""
_MODIFIED_DATA = re.compile(r'"dateModified"\s{0,9}:\s{0,9}"[^"]{0,60}"')
_DIGIT = re.compile(r"\d")
_DATELINE = re.compile(r".{0,60}?\b(?:19|20)\d\d\b.{0,30}?(?:[–—:)]| -|--)")
_APPEARED = re.compile(
    r"\b(?:(?:re)?published|posted|updated|issued|released|veröffentlicht|erschienen|aktualisiert|publié|publicad[oa]"
    r"|pubblicato|opublikowano|опубликовано)\b",
    re.IGNORECASE,
)
_LONGEST_LINE = 200
_LEAST_CHANGE = timedelta(minutes=1)


def read_dates(
    tree: HtmlElement, linked: LinkedArticle | None, url: str, now: datetime, language: str | None = None
) -> tuple[datetime | None, datetime | None]:
    """When the article was published, and when it was last changed, if that is at least a minute later.

    None for what the page does not say, and for a time in the future.
    """
    others = cache(partial(_other_stories, tree))
    created = chain(
        [linked.published if linked else None],
        _meta(tree, _PUBLISHED, others),
        _marked(tree, "datePublished", others),
    )
    first = _first(created, now, language) or _shown(tree, url, now, language, others())
    if first is None:
        return None, None
    classed = (element for element in tree.iter("time") if _tells_change(element))
    changed = chain(
        [linked.modified if linked else None],
        _meta(tree, _MODIFIED, others),
        _marked(tree, "dateModified", others),
        (element.get("datetime") for element in classed if others().isdisjoint(element.iterancestors())),
    )
    last = _first(changed, now, language)
    return first, last if last is not None and last - first >= _LEAST_CHANGE else None


def _shown(
    tree: HtmlElement, url: str, now: datetime, language: str | None, others: AbstractSet[HtmlElement]
) -> datetime | None:
    """The date that is shown on a page, without the boxes of `others`, whose data name none."""
    shown = deepcopy(tree)
    for element in [copy for own, copy in zip(tree.iter(), shown.iter(), strict=True) if own in others]:
        if element.getparent() is not None:
            element.drop_tree()
    _drop_told_dates(shown)
    times, text = list(_times(shown)), shown.text_content()
    day = _cjk_day(shown) if "年" in text or "년" in text else None
    day = day or (_plausible(_slashed_day(shown, language), now) if _SLASHES.search(text) else None)
    day = day or _visible_day(shown, url, now)
    same_day = [time for time in times if day is not None and time.date() == day.date()]
    if same_day and (len(set(same_day)) == 1 or _TIMED(shown)):
        day = same_day[0]
    return _plausible(day or (times[0] if len(set(times)) == 1 else None), now)


def _drop_told_dates(tree: HtmlElement) -> None:
    """Empty captions, and the sentences that tell of a day, but for a dateline and what says when it appeared."""
    for element in [*tree.iter("p", "li", "blockquote", "dd", "figcaption")]:
        text = " ".join(element.text_content().split())
        tells = _DIGIT.search(text) and is_prose(text) and not (_DATELINE.match(text) or _APPEARED.search(text))
        if (tells or element.tag == "figcaption") and element.getparent() is not None:
            element.clear(keep_tail=True)


def _other_stories(tree: HtmlElement) -> set[HtmlElement]:
    """The boxes of a page that lead to other stories: around neither a headline nor the longest paragraph."""
    longest = max(tree.iter("p"), key=lambda paragraph: len(paragraph.text_content()), default=None)
    own = {
        element
        for part in (*tree.iter("h1"), *([] if longest is None else [longest]))
        for element in (part, *part.iterancestors())
    }
    named = (element for element in _NAMED(tree) if element not in own and _leads_away(element))
    beside = (element for element in tree.iter("aside", "nav") if any(map(may_be_headline, element.iter("a"))))
    return {element for element in (*named, *beside, *_cards(tree)) if element not in own}


def _leads_away(element: HtmlElement) -> bool:
    """Whether an element is named as a box of other stories, or as a list and holds several dates or a headline."""
    name = _name_of_others(f"{element.get('class', '')} {element.get('id', '')}"[:300])
    if name != _MAYBE:
        return name is not None
    years = islice(_YEAR.finditer(element.text_content()), _SEVERAL)
    return len([*years]) == _SEVERAL or any(map(may_be_headline, element.iter("a")))


@lru_cache(maxsize=1_000)
def _name_of_others(names: str) -> str | None:
    named = _OTHERS.search(names)
    return named and (_MAYBE if named["maybe"] else named[0])


def _cards(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The teasers that dates stand in: the smallest blocks with a linked heading, and items of lists of links.

    A heading that the page's title names too is the article's own.
    """
    dated = _DATED(tree)
    if not dated:
        return
    title = fold_line(tree.findtext(".//title") or "")
    items = {link.getparent() for link in tree.xpath("//li/a[@href]") if may_be_headline(link)}
    around: dict[HtmlElement, bool] = {}
    for heading in _LINKED_HEADINGS(tree):
        is_own = fold_line(heading.text_content()) in title
        for element in heading.iterancestors():
            around[element] = around.get(element, False) or is_own
    for element in dated:
        block = next((each for each in element.iterancestors(*_BLOCKS) if each in around or each in items), None)
        if block is not None and not around.get(block, False) and (block in around or not is_alone(block)):
            yield block


def _first(texts: Iterable[str | None], now: datetime, language: str | None) -> datetime | None:
    return next((date for text in texts if (date := _plausible(_day_or_time(text, language), now)) is not None), None)


def _day_or_time(text: str | None, language: str | None) -> datetime | None:
    """As `read_moment`; a midnight in the page's own zone is a day alone, not an hour of the day before."""
    midnight = _LOCAL_MIDNIGHT.match((text or "").strip())
    return read_moment(midnight[1] if midnight else text, language=language)


def _plausible(date: datetime | None, now: datetime) -> datetime | None:
    """The date, unless it is more than a day ahead (zones, early filing)."""
    return date if date is not None and date <= now + timedelta(days=1) else None


def _meta(tree: HtmlElement, names: tuple[str, ...], others: _Others) -> Iterator[str | None]:
    """The contents of meta elements of these names that are not in the boxes of `others`, in the order of the names."""
    contents: dict[str, str | None] = {}
    for element in tree.iter("meta"):
        stated = {(element.get(attribute) or "").lower() for attribute in ("property", "name", "itemprop")}
        if not stated.isdisjoint(names) and (
            element.getparent().tag == "head" or others().isdisjoint(element.iterancestors())
        ):
            for name in stated:
                contents.setdefault(name, element.get("content"))
    yield from (contents[name] for name in names if name in contents)


def _marked(tree: HtmlElement, name: str, others: _Others) -> Iterator[str | None]:
    """The values of elements with this `itemprop` that are not in the boxes of `others`."""
    for element in _MARKED(tree, name=name):
        if others().isdisjoint(element.iterancestors()):
            yield element.get("datetime") or element.get("content") or element.text_content()


def _times(tree: HtmlElement) -> Iterator[datetime]:
    for element in tree.iter("time"):
        if not _tells_change(element) and (date := read_moment(element.get("datetime"))) is not None:
            yield date


def _tells_change(element: HtmlElement) -> bool:
    """Whether a time is said to be that of a change, and not of the publication too, as of WordPress."""
    names = f"{element.get('class')} {element.get('itemprop')}"
    return _OF_CHANGE.search(names) is not None and "publi" not in names.lower()


def _cjk_day(tree: HtmlElement) -> datetime | None:
    """The first day below the headline in Chinese, Japanese or Korean, which htmldate does not read."""
    for element in _NEAR_TOP(tree):
        shown = _CJK_DAY.search(element.text or "")
        if shown:
            try:
                return datetime(int(shown[1]), int(shown[2]), int(shown[3]), tzinfo=UTC)
            except ValueError:
                return None
    return None


def _slashed_day(tree: HtmlElement, language: str | None) -> datetime | None:
    """The first moment below the headline whose day has slashes, of which htmldate takes every first number for a day.

    None for one that names no half of a day nor zone, by which it is told whether its month comes first.
    """
    for element in _NEAR_TOP(tree):
        line = " ".join(islice(element.itertext(), _PIECES))[:_LONGEST_LINE]
        unchanged = _unchanged(line)
        line = line if unchanged is None else unchanged
        day = _SLASHED_DAY.search(line)
        if day and not is_prose(line):
            around = line[max(0, day.start() - _BEFORE_DAY) : day.end() + _BEHIND_DAY]
            if (moment := read_moment(around, language=language)) is not None:
                return moment
    return None


def _visible_day(tree: HtmlElement, url: str, now: datetime) -> datetime | None:
    """The day that htmldate finds. A first of January may be its reading of a lone year, as in a copyright line.

    What the page's data tell of a change is asked only where nothing that is made to show a date does. Changes the
    tree.
    """
    _drop_changes(tree)
    unchanged = _without_changed_data(tree)
    day = _search(unchanged, url, now, extensive=False) if unchanged is not None else None
    if day is not None:
        return day
    day = _search(tree, url, now, extensive=True)
    if day is not None and (day.month, day.day) == (1, 1):
        return _search(tree, url, now, extensive=False)
    return day


def _drop_changes(tree: HtmlElement) -> None:
    """Drop what a tree shows of changes: times of them, and what names one in a line of dates."""
    for element in tree.iter("time", "span", "div", "p", "li"):
        unchanged = _unchanged(element.text)
        if unchanged is not None:
            element.text = unchanged
        if element.tag == "time" and _tells_change(element):
            element.attrib.pop("datetime", None)
            element.text = unchanged or ""


def _without_changed_data(tree: HtmlElement) -> HtmlElement | None:
    """The tree without the last change that its meta elements and JSON-LD name; None where they name none."""
    if not any(map(_names_change, tree.iter("meta", "script"))):
        return None
    copy = deepcopy(tree)
    for element in copy.iter("meta", "script"):
        if _names_change(element) and element.tag == "meta":
            element.set("content", "")
        elif element.tag == "script":
            element.text = _MODIFIED_DATA.sub('"_":""', element.text or "")
    return copy


def _names_change(element: HtmlElement) -> bool:
    """Whether a meta element or a script names the last change."""
    if element.tag == "script":
        return _MODIFIED_DATA.search(element.text or "") is not None
    return not frozenset(_MODIFIED).isdisjoint(map(str.lower, element.values()))


def _unchanged(line: str | None) -> str | None:
    """A short line of dates without that of a change; None where it names none."""
    if line is None or len(line) > _LONGEST_LINE:
        return None
    for pattern in (_CHANGED, _CHANGED_FIRST):
        if pattern.match(line):
            return pattern.sub(r"\1", line)
    return None


def _search(tree: HtmlElement, url: str, now: datetime, *, extensive: bool) -> datetime | None:
    latest = (now + timedelta(days=1)).strftime("%Y-%m-%d")
    try:
        text = find_date(tree, extensive_search=extensive, original_date=True, url=url or None, max_date=latest)
    except (ValueError, OverflowError, RecursionError):
        return None
    return read_moment(text)

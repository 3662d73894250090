"""When a page was published and last changed, in UTC.

A time in the page's data is taken as it is, in UTC where it names no zone; a day alone is its midnight in UTC, as
everywhere in Pullquote. Dates in the visible text or the address are found by htmldate.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from htmldate import find_date

from retrieval.text.moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from retrieval.adapters.extraction.linked_data import LinkedArticle

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
_NEAR_TOP = 400
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
_LONGEST_LINE = 200
_LEAST_CHANGE = timedelta(minutes=1)


def published(tree: HtmlElement, linked: LinkedArticle | None, url: str, now: datetime) -> datetime | None:
    """When the article was published; None where the page does not say, or names a time in the future."""
    stated = [linked.published if linked else None, *_meta(tree, _PUBLISHED), *_marked(tree, "datePublished")]
    date = _first(stated, now)
    if date is not None:
        return date
    times = list(_times(tree))
    day = _cjk_day(tree) or _visible_day(tree, url, now)
    same_day = [time for time in times if day is not None and time.date() == day.date()]
    if same_day and (len(set(same_day)) == 1 or _timed(tree)):
        day = same_day[0]
    return _plausible(day or (times[0] if len(set(times)) == 1 else None), now)


def updated(tree: HtmlElement, linked: LinkedArticle | None, first: datetime | None, now: datetime) -> datetime | None:
    """When the article was last changed, if that is at least a minute after it was published (`first`)."""
    stated = [linked.modified if linked else None, *_meta(tree, _MODIFIED), *_marked(tree, "dateModified")]
    classed = [element.get("datetime") for element in tree.iter("time") if _tells_change(element)]
    date = _first([*stated, *classed], now)
    return date if date is not None and first is not None and date - first >= _LEAST_CHANGE else None


def _first(texts: Iterable[str | None], now: datetime) -> datetime | None:
    return next((date for text in texts if (date := _plausible(_day_or_time(text), now)) is not None), None)


def _day_or_time(text: str | None) -> datetime | None:
    """As `read_moment`; a midnight in the page's own zone is a day alone, not an hour of the day before."""
    midnight = _LOCAL_MIDNIGHT.match((text or "").strip())
    return read_moment(midnight[1] if midnight else text)


def _plausible(date: datetime | None, now: datetime) -> datetime | None:
    """The date, unless it is more than a day ahead (zones, early filing)."""
    return date if date is not None and date <= now + timedelta(days=1) else None


def _meta(tree: HtmlElement, names: tuple[str, ...]) -> Iterator[str | None]:
    """The contents of meta elements of these names, in the order of the names."""
    contents: dict[str, str | None] = {}
    for element in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            contents.setdefault((element.get(attribute) or "").lower(), element.get("content"))
    return (contents[name] for name in names if name in contents)


def _marked(tree: HtmlElement, name: str) -> Iterator[str | None]:
    """The values of elements with this `itemprop`."""
    for element in tree.xpath("//*[@itemprop=$name]", name=name):
        yield element.get("datetime") or element.get("content") or element.text_content()


def _times(tree: HtmlElement) -> Iterator[datetime]:
    for element in tree.xpath("//time[@datetime]"):
        if not _tells_change(element) and (date := read_moment(element.get("datetime"))) is not None:
            yield date


def _tells_change(element: HtmlElement) -> bool:
    """Whether a time is said to be that of a change, and not of the publication too, as of WordPress."""
    names = f"{element.get('class')} {element.get('itemprop')}"
    return _OF_CHANGE.search(names) is not None and "publi" not in names.lower()


def _timed(tree: HtmlElement) -> bool:
    return bool(tree.xpath("//article//time[@datetime] | //main//time[@datetime] | //header//time[@datetime]"))


def _cjk_day(tree: HtmlElement) -> datetime | None:
    """The first day below the headline in Chinese, Japanese or Korean, which htmldate does not read."""
    for element in tree.xpath("(//h1)[position() <= 3]/following::*[position() <= $most]", most=_NEAR_TOP):
        shown = _CJK_DAY.search(element.text or "")
        if shown:
            try:
                return datetime(int(shown[1]), int(shown[2]), int(shown[3]), tzinfo=UTC)
            except ValueError:
                return None
    return None


def _visible_day(tree: HtmlElement, url: str, now: datetime) -> datetime | None:
    """The day that htmldate finds. A first of January may be its reading of a lone year, as in a copyright line.

    What the page's data tell of a change is asked only where nothing that is made to show a date does.
    """
    with _without_changes(tree):
        with _without_changed_data(tree) as changed:
            day = _search(tree, url, now, extensive=False) if changed else None
        if day is not None:
            return day
        day = _search(tree, url, now, extensive=True)
        if day is not None and (day.month, day.day) == (1, 1):
            return _search(tree, url, now, extensive=False)
        return day


@contextmanager
def _without_changes(tree: HtmlElement) -> Iterator[None]:
    """The tree without what it shows of changes: times of them, and what names one in a line of dates."""
    times = [element for element in tree.iter("time") if _tells_change(element)]
    texts = dict.fromkeys(times, "")
    for element in tree.iter("time", "span", "div", "p", "li"):
        unchanged = _unchanged(element.text)
        if unchanged is not None:
            texts[element] = unchanged
    before = [(element, element.get("datetime"), element.text) for element in texts]
    for element in times:
        element.attrib.pop("datetime", None)
    for element, text in texts.items():
        element.text = text
    try:
        yield
    finally:
        for element, moment, text in before:
            element.text = text
            if moment is not None:
                element.set("datetime", moment)


@contextmanager
def _without_changed_data(tree: HtmlElement) -> Iterator[bool]:
    """The tree without the last change that its meta elements and JSON-LD name; and whether they name one."""
    metas = [
        element
        for element in tree.iter("meta")
        if not frozenset(_MODIFIED).isdisjoint(map(str.lower, element.values()))
    ]
    scripts = [element for element in tree.iter("script") if _MODIFIED_DATA.search(element.text or "")]
    contents, texts = [element.get("content", "") for element in metas], [element.text for element in scripts]
    for element in metas:
        element.set("content", "")
    for element in scripts:
        element.text = _MODIFIED_DATA.sub('"_":""', element.text)
    try:
        yield bool(metas or scripts)
    finally:
        for element, content in zip(metas, contents, strict=True):
            element.set("content", content)
        for element, text in zip(scripts, texts, strict=True):
            element.text = text


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

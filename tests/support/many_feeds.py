"""A hundred feeds of every dialect, nearly all wrong in one way and sent in another; the same ones each time.

Each is shown twice, the second time with one story more. What ought to be stored is known, for they are made here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from functools import partial
from html import escape
from types import MappingProxyType
from typing import Final, TypeAlias

COUNT: Final = 100
_FIRST: Final = 3
"""Stories that a feed lists at its first look."""
_NOON: Final = datetime(2026, 3, 17, 12, tzinfo=UTC)
_PLACES: Final = ("Varn", "Osterby", "Lund Bay", "Kettering Sound", "Mirow", "Tallow", "Brask", "Old Quay")
_THINGS: Final = ("ferry", "tram", "dairy", "library", "bridge", "mill", "school", "lighthouse", "market", "orchard")
_PEOPLE: Final = ("Ada Lind", "Bo Reyes", "Carla Nowak", "Dmitri Sand", "Elif Aras", "Femi Obi", "Greta Holm")


_TEXT: Final = """
The {thing} of {town} was closed on Monday after {days} complaints about its roof, and {boats} people who need it every
morning had to find another way across the square to their work and to their schools.

“We were told of the {days} complaints only yesterday,” said {speaker}, who keeps the keys of the {thing} and has
counted {boats} visitors since the spring, more than in any year before that anybody there remembers.

The council had set aside {crowns} crowns for repairs in the year {year}, but spent them on a road, and the builders who
were asked in the summer have answered that they cannot begin before the frost is over.

In the market people spoke of little else. A baker near number {boats} said that he sells half of what he sold, and a
teacher brought {days} letters of her pupils, who want the {thing} to be opened again before the holidays.

A meeting about the {crowns} crowns is planned for Thursday at noon in the town hall of {town}, where anybody may speak,
and a vote will follow that same evening if all {year} members of the council can come.
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A story as it ought to be stored, and, behind it, as its feed writes it."""

    title: str
    url: str
    published: datetime
    author: str
    paragraphs: tuple[str, ...]
    id: str
    written_title: str
    link: str
    date: str
    byline: str
    updated: str = ""
    content: str = ""
    visited: bool = True
    """Whether its page has to be fetched."""

    @property
    def html(self) -> str:
        """Its text."""
        return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)

    @property
    def page(self) -> str:
        """Its page, which names neither date nor author."""
        title = escape(self.title)
        return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{self.html}</body></html>"


@dataclass(frozen=True, slots=True)
class MadeFeed:
    """A feed as its site sends it at each of two looks, and the stories that it lists then."""

    name: str
    url: str
    content_type: str | None
    looks: tuple[bytes, bytes]
    items: tuple[tuple[Item, ...], tuple[Item, ...]]


Fault: TypeAlias = Callable[[Item, int, int], Item]
"""Changes a story: the how manieth of its feed, and at which look."""
Writer: TypeAlias = Callable[[Sequence[Item], str], str]

_MONTHS: Final = MappingProxyType(
    {
        "Portuguese": "Jan Fev Mar Abr Mai Jun Jul Ago Set Out Nov Dez",
        "Italian": "gen feb mar apr mag giu lug ago set ott nov dic",
        "German": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
        "French": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        "Russian": "янв фев мар апр мая июн июл авг сен окт ноя дек",
    }
)
_ZONES: Final = MappingProxyType({"CEST": 2.0, "JST": 9.0, "IST": 5.5, "AEST": 10.0})


def _carry(item: Item, ending: str = "", *, whole: bool = True) -> Item:
    return replace(item, content=item.html + ending, visited=not whole)


def _dated(write: Callable[[Item], str]) -> Fault:
    return lambda item, _number, _look: replace(item, date=write(item))


def _worded(months: str, item: Item) -> str:
    date = item.published.astimezone(timezone(timedelta(hours=3)))
    return f"{date.day:02} {months.split()[date.month - 1]} {date:%Y %H:%M:%S} +0300"


def _zoned(zone: str, item: Item) -> str:
    return f"{item.published.astimezone(timezone(timedelta(hours=_ZONES[zone]))):%a, %d %b %Y %H:%M:%S} {zone}"


def _headed(item: Item, written: str, read: str) -> Item:
    return _carry(replace(item, title=f"{item.title}{read}", written_title=f"{item.title}{written}"))


def _moved(item: Item, number: int, look: int) -> Item:
    if number or not look:
        return item
    text = (*item.paragraphs[:-1], f"{item.paragraphs[-1]} It was told later that day.")
    return replace(item, url=f"{item.url}-again", link=f"{item.link}-again", paragraphs=text)


FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "nothing wrong": lambda item, _number, _look: item,
        "whole text": lambda item, _number, _look: _carry(item),
        "one id for all": lambda item, _number, _look: replace(item, id="https://varn.example/?p=1"),
        "no ids": lambda item, _number, _look: replace(item, id=""),
        "a changing address": _moved,
        "only a date of change": lambda item, _number, _look: replace(item, updated=item.date, date=""),
        "changed when made": lambda item, _number, look: replace(item, updated=f"2026-03-18T1{look}:07:1{look}Z"),
        "dates as seconds": lambda item, _number, _look: replace(item, date=f"{item.published.timestamp():.0f}"),
        "dates in Chinese": lambda item, _number, _look: replace(item, date=f"{item.published:%Y年%m月%d日 %H:%M:%S}"),
        "signs in headlines": lambda item, _number, _look: _headed(item, " <2%, wages >4%", " <2%, wages >4%"),
        "tags in headlines": lambda item, _number, _look: _headed(item, ": <em>No</em>, we stay", ": No, we stay"),
        "escaped CDATA": lambda item, _number, _look: replace(
            _carry(item), content=f"<![CDATA[{item.html}]]>", written_title=f"<![CDATA[{item.title}]]>"
        ),
        "a closing sentence": lambda item, _number, _look: _carry(
            item, "<p>The post <a href='/'>News</a> appeared first on <a href='/'>Varn</a>.</p>"
        ),
        "a long teaser": lambda item, _number, _look: _carry(
            item, "<p>Continue reading <a href='/'>News</a> at Varn.</p>", whole=False
        ),
        "blanks in links": lambda item, _number, _look: replace(
            item, link=f"{item.link}/the end", url=f"{item.url}/the%20end"
        ),
        "a newer mail address": lambda item, _number, _look: replace(item, byline=f"desk@varn.media ({item.author})"),
        **{f"dates in {language}": _dated(partial(_worded, months)) for language, months in _MONTHS.items()},
        **{f"dates in {zone}": _dated(partial(_zoned, zone)) for zone in _ZONES},
    }
)


def _tags(*parts: tuple[str, str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag.partition(' ')[0]}>" for tag, text in parts if text)


def _rss(version: str, whole: str = "description") -> Writer:
    def write(items: Sequence[Item], host: str) -> str:
        entries = "".join(
            f"""<item>{
                _tags(
                    ("guid isPermaLink='false'", each.id),
                    ("title", each.written_title),
                    ("link", each.link),
                    ("pubDate", each.date),
                    ("dc:date", each.updated),
                    ("author", each.byline),
                    ("description", "" if each.content else "In short."),
                    (whole, each.content),
                )
            }</item>"""
            for each in items
        )
        spaces = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
        return f"<rss version='{version}' {spaces}><channel><title>{host}</title>{entries}</channel></rss>"

    return write


def _rdf(items: Sequence[Item], host: str) -> str:
    entries = "".join(
        f"""<item{f" rdf:about='{each.id}'" if each.id else ""}>{
            _tags(
                ("title", each.written_title),
                ("link", each.link),
                ("dc:date", each.date or each.updated),
                ("dc:creator", each.byline),
                ("description", "In short."),
                ("content:encoded", each.content),
            )
        }</item>"""
        for each in items
    )
    spaces = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    head = (
        f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' {spaces}>"
    )
    return f"{head}<channel><title>{host}</title></channel>{entries}</rdf:RDF>"


def _atom(version: str) -> Writer:
    space, published, updated = {
        "1.0": ("http://www.w3.org/2005/Atom", "published", "updated"),
        "0.3": ("http://purl.org/atom/ns#", "issued", "modified"),
    }[version]

    def write(items: Sequence[Item], host: str) -> str:
        entries = "".join(
            f"""<entry><link rel="alternate" href="{each.link}"/>{
                _tags(
                    ("id", each.id),
                    ("title type='html'", each.written_title),
                    (published, each.date),
                    (updated, each.updated),
                    ("summary", "In short."),
                    ("content type='html'", each.content),
                )
            }<author>{_tags(("name", each.byline))}</author></entry>"""
            for each in items
        )
        return f"<feed version='{version}' xmlns='{space}'><title>{host}</title>{entries}</feed>"

    return write


def _json(version: str) -> Writer:
    def write(items: Sequence[Item], host: str) -> str:
        entries = [
            {
                "id": each.id,
                "title": each.written_title,
                "url": each.link,
                "date_published": each.date,
                "date_modified": each.updated,
                "content_html": each.content,
                **({"author": {"name": each.byline}} if version == "1" else {"authors": [{"name": each.byline}]}),
            }
            for each in items
        ]
        return json.dumps({"version": f"https://jsonfeed.org/version/{version}", "title": host, "items": entries})

    return write


DIALECTS: Final[Mapping[str, Writer]] = MappingProxyType(
    {
        "RSS 0.91": _rss("0.91"),
        "RSS 0.92": _rss("0.92"),
        "RSS 1.0": _rdf,
        "RSS 2.0": _rss("2.0"),
        "RSS 2.0 with content": _rss("2.0", "content:encoded"),
        "Atom 0.3": _atom("0.3"),
        "Atom 1.0": _atom("1.0"),
        "JSON Feed 1": _json("1"),
        "JSON Feed 1.1": _json("1.1"),
    }
)
_XML: Final = "<?xml version='1.0' encoding='{}'?>"


def _sent(text: str, content_type: str | None = "application/xml", encoding: str = "utf-8") -> tuple[bytes, str | None]:
    declared = "utf-16" if encoding.startswith("utf-16") else encoding
    return (_XML.format(declared) + text).encode(encoding), content_type


def _sent_as_json(text: str) -> tuple[bytes, str | None]:
    return text.encode(), "application/feed+json"


SENDING: Final[Mapping[str, Callable[[str], tuple[bytes, str | None]]]] = MappingProxyType(
    {
        "as it should be": _sent,
        "without a type": lambda text: _sent(text, None),
        "as a download": lambda text: _sent(text, "application/octet-stream"),
        "by an invented type": lambda text: _sent(text, "text/rss+xml"),
        "as a page": lambda text: _sent(text, "text/html; charset=utf-8"),
        "in UTF-16 without a mark": lambda text: _sent(text, encoding="utf-16-le"),
        "in UTF-16": lambda text: _sent(text, encoding="utf-16"),
        "behind blank lines": lambda text: (b"\xef\xbb\xbf\n\n" + _sent(text)[0], "text/xml"),
        "with unknown entities": lambda text: _sent(text.replace("In short", "&nbsp;&nix; In short & more")),
        "with a control character": lambda text: _sent(text.replace("In short", "In\x08 short")),
        "breaking off": lambda text: _sent(text[:-9]),
    }
)


def many_feeds() -> tuple[MadeFeed, ...]:
    """All of them: every fault in several dialects, every dialect with several faults, sent in every way."""
    return tuple(_feed(number) for number in range(COUNT))


def _feed(number: int) -> MadeFeed:
    faults, dialects, ways = list(FAULTS), list(DIALECTS), list(SENDING)
    fault, dialect = faults[number % len(faults)], dialects[(number + number // len(faults)) % len(dialects)]
    if dialect == "RSS 1.0" and fault == "changed when made":
        dialect = "RSS 2.0"  # the other has one date alone
    way = "as it should be" if dialect.startswith("JSON") else ways[number % len(ways)]
    host, random_source = f"paper{number}.example", random.Random(number)
    stories = [_story(host, place, random_source) for place in range(_FIRST + 1)]
    before = tuple(FAULTS[fault](story, place, 0) for place, story in enumerate(stories[:_FIRST]))
    items = (before, tuple(FAULTS[fault](story, place, 1) for place, story in enumerate(stories)))
    texts = [DIALECTS[dialect](listed, host) for listed in items]
    send = _sent_as_json if dialect.startswith("JSON") else SENDING[way]
    (first, content_type), (second, _) = map(send, texts)
    return MadeFeed(f"{dialect}, {fault}, {way}", f"http://{host}/feed", content_type, (first, second), items)


def _story(host: str, place: int, chosen: random.Random) -> Item:
    town, thing, person, other = (chosen.choice(names) for names in (_PLACES, _THINGS, _PEOPLE, _PEOPLE))
    published = _NOON + timedelta(hours=place, minutes=chosen.randrange(60), seconds=chosen.randrange(60))
    title = f"The {thing} of {town} closes for {chosen.randrange(2, 90)} days, story {place}"
    url, date = f"http://{host}/{place}", format_datetime(published)
    return Item(
        title, url, published, person, _text(town, thing, other, chosen), f"{host}-{place}", title, url, date, person
    )


def _text(town: str, thing: str, speaker: str, chosen: random.Random) -> tuple[str, ...]:
    """Five paragraphs of some forty words, in which no line of another story stands."""
    days, boats, crowns, year = (chosen.randrange(100, 99_999) for _ in range(4))
    text = _TEXT.format(town=town, thing=thing, speaker=speaker, days=days, boats=boats, crowns=crowns, year=year)
    return tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))

"""The pages that extraction is measured on: story, layout, encoding and how the date is told, with what is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from retrieval.domain.pages import Fetched
from tests.quality.pages import layouts
from tests.quality.pages.layouts import linked_data, meta
from tests.quality.pages.stories import Story, story

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a server sends it, and what its article is."""

    name: str
    fetched: Fetched
    story: Story
    published: datetime | None
    updated: datetime | None = None
    names_author: bool = True
    names_publisher: bool = True


def page(
    name: str,
    layout: Callable[[Story, str, str], str],
    *,
    published: datetime | None,
    url: str,
    head: str = "",
    dated: str = "",
    encoding: str = "utf-8",
    charset: str | None = None,
    updated: datetime | None = None,
    names_author: bool = True,
    names_publisher: bool = True,
) -> Page:
    """One page; `encoding` is what its bytes are in, `charset` what the server says."""
    told = story(name.partition(" ")[0])
    html = layout(told, head, dated)
    # A character that an old encoding lacks stands as a reference, as its content systems write it.
    content = html.encode(encoding, "xmlcharrefreplace")
    return Page(
        name, Fetched(url, content, "text/html", charset), told, published, updated, names_author, names_publisher
    )


def at(text: str) -> datetime:
    return (
        datetime.fromisoformat(text).astimezone(UTC)
        if "T" in text
        else datetime.fromisoformat(text).replace(tzinfo=UTC)
    )


def charset(name: str) -> str:
    return f'<meta charset="{name}">'


def http_equiv(name: str) -> str:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={name}">'


def pages() -> list[Page]:
    """All of them, built anew."""
    ferry, glass, river, clinic = story("ferry"), story("glass"), story("river"), story("clinic")
    chess, storm, forno = story("chess"), story("storm"), story("forno")
    return [
        page(
            "ferry newspaper",
            layouts.newspaper,
            url="https://courier.example/news/ferry-winter",
            head=charset("utf-8")
            + linked_data(ferry, datePublished="2024-10-01T19:42:00+02:00", dateModified="2024-10-02T08:05:00+02:00"),
            published=at("2024-10-01T19:42+02:00"),
            updated=at("2024-10-02T08:05+02:00"),
        ),
        page(
            "ferry amp",
            layouts.amp,
            url="https://courier.example/amp/ferry-winter",
            head='<link rel="canonical" href="https://courier.example/news/ferry-winter">'
            + linked_data(ferry, datePublished="2024-10-01T17:42:00.000Z"),
            dated="<time>1 Oct 2024</time>",
            published=at("2024-10-01T17:42+00:00"),
        ),
        page(
            "ferry line breaks",
            layouts.line_breaks,
            url="https://courier.example/2024/10/01/ferry",
            dated="Tuesday, October 1, 2024",
            published=at("2024-10-01"),
            names_author=False,
        ),
        page(
            "glass broadcaster",
            layouts.broadcaster,
            url="https://ledger.example/news/a-17",
            head=meta(og__title=glass.headline, og__site_name=glass.publisher) + linked_data(glass),
            dated='<time datetime="2024-02-16T11:20:00Z">16 February 2024</time>',
            published=at("2024-02-16T11:20+00:00"),
        ),
        page(
            "glass magazine",
            layouts.magazine,
            url="https://ledger.example/long/glass",
            head=meta(og__site_name=glass.publisher, article__published_time="2024-02-18T06:00:00+01:00")
            + '<meta name="author" content="Tomas Edgell and Priya Raman">',
            published=at("2024-02-18T05:00+00:00"),
        ),
        page(
            "glass tables",
            layouts.tables,
            url="http://www.ledger.example/archive/glass.htm",
            head=http_equiv("iso-8859-1"),
            dated="Friday, 16 February 2024",
            encoding="cp1252",
            published=at("2024-02-16"),
            names_author=False,
        ),
        page(
            "river div soup",
            layouts.div_soup,
            url="https://tarn.example/item?id=4411",
            dated="Published 12 September 2024",
            published=at("2024-09-12"),
            names_author=False,
        ),
        page(
            "river script only",
            layouts.script_only,
            url="https://tarn.example/app/salmon",
            head=linked_data(
                river, datePublished="2024-09-12T14:00:00+00:00", articleBody="\n\n".join(river.paragraphs)
            ),
            published=at("2024-09-12T14:00+00:00"),
        ),
        page(
            "river microdata",
            layouts.microdata,
            url="https://tarn.example/2024/salmon",
            head=meta(og__site_name=river.publisher),
            dated='<time itemprop="datePublished" datetime="2024-09-12">Thursday</time>'
            '<meta itemprop="dateModified" content="2024-09-13T09:30:00Z">',
            published=at("2024-09-12"),
            updated=at("2024-09-13T09:30+00:00"),
        ),
        page(
            "clinic tabloid",
            layouts.tabloid,
            url="https://ostry.example/health/night-clinic-4821.html",
            head=meta(
                og__title=f"{clinic.headline} - {clinic.publisher}",
                og__site_name=clinic.publisher,
                article__published_time="2024-03-04T18:30:12+01:00",
                article__modified_time="2024-03-05T07:11:00+01:00",
            ),
            published=at("2024-03-04T17:30:12+00:00"),
            updated=at("2024-03-05T06:11+00:00"),
        ),
        page(
            "clinic bare",
            layouts.bare,
            url="https://ostry.example/2024/03/04/clinic.html",
            published=at("2024-03-04"),
            names_author=False,
        ),
        page(
            "clinic broken",
            layouts.broken,
            url="https://ostry.example/c/9",
            dated="<p class=date>4 March 2024</p>",
            published=at("2024-03-04"),
            names_author=False,
        ),
        page(
            "chess blog",
            layouts.blog,
            url="https://clock.example/?p=1234",
            dated='<time class="entry-date published" datetime="2024-06-09T20:15:00+01:00">June 9, 2024</time>'
            '<time class="updated" datetime="2024-06-10T08:00:00+01:00">June 10, 2024</time>',
            published=at("2024-06-09T19:15+00:00"),
            updated=at("2024-06-10T07:00+00:00"),
        ),
        page(
            "chess newspaper without its head",
            layouts.newspaper,
            url="https://clock.example/hallow-open",
            dated='<span class="date">Sunday 9 June 2024, 8.15pm</span>',
            published=at("2024-06-09"),
        ),
        page(
            "chess graph",
            layouts.broadcaster,
            url="https://clock.example/g/1",
            head='<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":'
            '"Board & Clock"},{"@type":["NewsArticle","ReportageNewsArticle"],"headline":"' + chess.headline + '",'
            '"datePublished":"2024-06-09T20:15:00Z","author":{"@type":"Person","name":"Kofi Lindqvist"},'
            '"publisher":{"@id":"https://clock.example/#org"}},{"@type":"Organization","@id":'
            '"https://clock.example/#org","name":"Board & Clock"}]}</script>',
            published=at("2024-06-09T20:15+00:00"),
        ),
        page(
            "storm live blog",
            layouts.live_blog,
            url="https://ledger.example/live/agda",
            head=linked_data(storm, datePublished="2024-01-31T06:10:00Z", dateModified="2024-01-31T17:55:00Z"),
            published=at("2024-01-31T06:10+00:00"),
            updated=at("2024-01-31T17:55+00:00"),
        ),
        page(
            "storm utf-16",
            layouts.newspaper,
            url="https://ledger.example/agda-16",
            head=linked_data(storm, datePublished="2024-01-31T06:10:00Z"),
            encoding="utf-16",
            published=at("2024-01-31T06:10+00:00"),
        ),
        page(
            "battery press release",
            layouts.press_release,
            url="https://www.kystkraft.example/media/2024/battery",
            head=meta(og__site_name="Kystkraft"),
            dated="<p class='date'>Varden, 11 April 2024</p>",
            published=at("2024-04-11"),
            names_author=False,
        ),
        page(
            "battery word processor",
            layouts.word_processor,
            url="https://www.kystkraft.example/old/battery.htm",
            head=http_equiv("windows-1252"),
            dated="11 April 2024",
            encoding="cp1252",
            published=at("2024-04-11"),
            names_author=False,
        ),
        page(
            "column blog",
            layouts.blog,
            url="https://holm.example/2024/05/slow-queue/",
            head='<meta name="author" content="Greta Holm">' + meta(og__site_name="Holm, sweet Holm"),
            dated="<time datetime='2024-05-23'>23 May 2024</time>",
            published=at("2024-05-23"),
        ),
        page(
            "column magazine",
            layouts.magazine,
            url="https://holm.example/essays/queue",
            head='<meta name="author" content="Greta Holm"><meta name="DC.date.issued" content="2024-05-23">',
            published=at("2024-05-23"),
        ),
        page(
            "zug newspaper",
            layouts.newspaper,
            url="https://donaubote.example/reise/nachtzug",
            head=charset("iso-8859-1"),
            dated='<p class="datum">Veröffentlicht am 14.06.2024, 23:10 Uhr</p>',
            encoding="cp1252",
            published=at("2024-06-14"),
        ),
        page(
            "zug div soup",
            layouts.div_soup,
            url="https://donaubote.example/n/77",
            dated="14. Juni 2024",
            charset="iso-8859-15",
            encoding="iso-8859-15",
            published=at("2024-06-14"),
            names_author=False,
        ),
        page(
            "marche tabloid",
            layouts.tabloid,
            url="https://echo.example/saint-aubry/halle",
            head=http_equiv("ISO-8859-1"),
            dated="Publié le 12 mars 2024 à 09h15",
            encoding="cp1252",
            published=at("2024-03-12"),
        ),
        page(
            "marche wrong charset",
            layouts.broadcaster,
            url="https://echo.example/halle-2",
            head=linked_data(story("marche"), datePublished="2024-03-12T09:15:00+01:00"),
            charset="iso-8859-1",
            published=at("2024-03-12T08:15+00:00"),
        ),
        page(
            "lluvia newspaper",
            layouts.newspaper,
            url="https://sierra.example/embalse",
            head=charset("utf-8"),
            dated="<time>Miércoles, 20 de marzo de 2024</time>",
            published=at("2024-03-20"),
        ),
        page(
            "lluvia line breaks",
            layouts.line_breaks,
            url="https://sierra.example/2024-03-20/embalse.php",
            head=http_equiv("windows-1252"),
            encoding="cp1252",
            dated="20/03/2024",
            published=at("2024-03-20"),
            names_author=False,
        ),
        page(
            "most newspaper",
            layouts.newspaper,
            url="https://vestnik.example/most",
            head=http_equiv("windows-1251"),
            encoding="cp1251",
            dated='<div class="date">18 мая 2024</div>',
            published=at("2024-05-18"),
        ),
        page(
            "most undeclared",
            layouts.bare,
            url="https://vestnik.example/2024/05/18/most",
            encoding="cp1251",
            published=at("2024-05-18"),
            names_author=False,
        ),
        page(
            "most koi8-r",
            layouts.div_soup,
            url="https://vestnik.example/n/5",
            charset="koi8-r",
            encoding="koi8-r",
            dated="18.05.2024",
            published=at("2024-05-18"),
            names_author=False,
        ),
        page(
            "cha newspaper",
            layouts.newspaper,
            url="https://qinghe.example/cha",
            head=http_equiv("gb2312"),
            encoding="gb18030",
            dated='<span class="time">2024年3月16日</span>',
            published=at("2024-03-16"),
        ),
        page(
            "cha script only",
            layouts.script_only,
            url="https://qinghe.example/app/cha",
            head=linked_data(
                story("cha"), datePublished="2024-03-16 10:30:00", articleBody="\n".join(story("cha").paragraphs)
            ),
            published=at("2024-03-16T10:30:00+00:00"),
        ),
        page(
            "sharq newspaper",
            layouts.newspaper,
            url="https://sahel.example/maktaba",
            head=charset("windows-1256") + meta(article__published_time="2024-03-17T12:00:00+03:00"),
            encoding="cp1256",
            published=at("2024-03-17T09:00+00:00"),
        ),
        page(
            "sharq microdata",
            layouts.microdata,
            url="https://sahel.example/m/2",
            dated="<time itemprop='datePublished' datetime='2024-03-17T09:00:00Z'>17 مارس 2024</time>",
            published=at("2024-03-17T09:00+00:00"),
        ),
        page(
            "tegami newspaper",
            layouts.newspaper,
            url="https://hamabe.example/tegami",
            head=charset("shift_jis"),
            encoding="cp932",
            dated="<p class='date'>2024年3月21日</p>",
            published=at("2024-03-21"),
        ),
        page(
            "tegami euc-jp",
            layouts.bare,
            url="https://hamabe.example/2024/03/21/tegami",
            charset="euc-jp",
            encoding="euc_jp",
            published=at("2024-03-21"),
            names_author=False,
        ),
        page(
            "forno amp",
            layouts.amp,
            url="https://colli.example/forno?amp=1",
            head='<link rel="canonical" href="https://evil.example/forno">'
            + linked_data(forno, datePublished="2024-02-10T13:05:00+0100"),
            published=at("2024-02-10T12:05+00:00"),
        ),
        page(
            "latarnia newspaper",
            layouts.newspaper,
            url="https://wybrzeze.example/latarnik",
            head=charset("iso-8859-2"),
            encoding="iso-8859-2",
            dated='<time datetime="2024-04-07 18:00">7 kwietnia 2024</time>',
            published=at("2024-04-07T18:00+00:00"),
        ),
        page(
            "escola press release",
            layouts.press_release,
            url="https://anare.example/escola-flutuante",
            head=meta(og__site_name="Gazeta do Anaré"),
            dated="<p>Segunda-feira, 5 de agosto de 2024</p>",
            published=at("2024-08-05"),
            names_author=False,
        ),
        page(
            "bus newspaper",
            layouts.newspaper,
            url="https://courier.example/explained/nine",
            head=linked_data(story("bus"), datePublished="2024-10-04T06:00:00+02:00"),
            published=at("2024-10-04T04:00+00:00"),
        ),
        page(
            "bus blog",
            layouts.blog,
            url="https://courier.example/blog/nine",
            dated="<time datetime='2024-10-04T06:00:00+02:00'>4 October</time>",
            published=at("2024-10-04T04:00+00:00"),
        ),
        page(
            "mine rich",
            layouts.rich,
            url="https://ledger.example/mine?utm_source=x",
            head=meta(og__site_name="The Northern Ledger", og__url="https://ledger.example/mine"),
            dated="<time datetime='2024-11-18T07:30Z'>18 November</time>",
            published=at("2024-11-18T07:30+00:00"),
        ),
        page(
            "mine scrolling",
            layouts.scrolling,
            url="https://ledger.example/mine-2",
            head='<meta name="author" content="Owen Tallis"><meta name="date" content="Mon, 18 Nov 2024 07:30:00 GMT">',
            published=at("2024-11-18T07:30+00:00"),
        ),
        page(
            "marche rich",
            layouts.rich,
            url="https://echo.example/halle-3",
            head=linked_data(story("marche"), datePublished="2024-03-12T09:15:00"),
            published=at("2024-03-12T09:15+00:00"),
        ),
        page(
            "clinic cluttered",
            layouts.cluttered,
            url="https://ostry.example/clutter/1",
            dated='<time datetime="2024-03-04T18:30:00+01:00">Mon, 4 March</time>',
            published=at("2024-03-04T17:30+00:00"),
        ),
        page(
            "zug cluttered",
            layouts.cluttered,
            url="https://donaubote.example/clutter/2",
            head=linked_data(story("zug"), datePublished="2024-06-14T23:10:00+02:00"),
            published=at("2024-06-14T21:10+00:00"),
        ),
        page(
            "storm without any date",
            layouts.cluttered,
            url="https://ledger.example/undated",
            published=None,
        ),
    ]

"""What real feeds do wrong, by kind, each in several forms."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pytest

from retrieval.adapters.feeds.parser import parse_feed
from retrieval.domain.pages import Fetched
from retrieval.text.feed_document import MOST_ENTRIES, FeedDocument
from tests.support.feeds import FEED, SITE

if TYPE_CHECKING:
    from retrieval.text.feed_document import FeedEntry

TEXT = "".join(f"<p>{'The night train to Varn stood still for hours. ' * 6}</p>" for _ in range(4))


_TAGS = {"content": "content:encoded"}


def item(number: int = 1, **parts: str) -> str:
    """An entry of RSS; `parts` replace what it says of itself, an empty one leaves it out."""
    said = {
        "guid": f"train-{number}",
        "title": f"Night train {number} stands still",
        "link": f"{SITE}/{number}",
    } | parts
    tags = ((_TAGS.get(part, part), text) for part, text in said.items() if text)
    return f"<item>{''.join(f'<{tag}>{text}</{tag}>' for tag, text in tags)}</item>"


def rss(*items: str, encoding: str = "utf-8") -> bytes:
    feed = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Varn Gazette</title><link>{SITE}</link>{''.join(items)}</channel></rss>"
    )
    return feed.encode(encoding)


def atom(*entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Varn Gazette</title>{"".join(entries)}</feed>'.encode()


def read(content: bytes, content_type: str = "application/xml") -> FeedDocument:
    document = parse_feed(Fetched(FEED, content, content_type))
    assert isinstance(document, FeedDocument)
    return document


def only(*items: str) -> FeedEntry:
    (entry,) = read(rss(*items)).entries
    return entry


@pytest.mark.parametrize("shared", ["https://varn.example/?p=1", "1", "", "null", "tag:varn.example,2026:feed"])
def test_entries_that_share_an_id_are_told_apart_by_their_links(shared: str) -> None:
    without_links = rss(*(item(number, guid=shared, link="") for number in (1, 2, 3)))
    entries = read(without_links.replace(b"<guid>", b"<guid isPermaLink='false'>")).entries
    assert len({entry.key for entry in entries}) == 3
    document = read(rss(*(item(number, guid=shared) for number in (1, 2, 3))))
    assert {entry.link for entry in document.entries} == {f"{SITE}/{number}" for number in (1, 2, 3)}
    assert len({entry.key for entry in document.entries}) == 3


@pytest.mark.parametrize(
    "again",
    [
        {"link": f"{SITE}/1?utm_source=rss"},
        {"link": f"{SITE}/1#comments"},
        {"link": ""},
        {"title": "Night train 1 moves again"},
        {"description": "In short."},
    ],
)
def test_an_entry_that_is_listed_twice_with_its_own_id_is_one(again: dict[str, str]) -> None:
    assert len(read(rss(item(1), item(1, **again), item(2))).entries) == 2


@pytest.mark.parametrize(
    ("written", "headline"),
    [
        ("Rents <2% while wages grow >4%", "Rents <2% while wages grow >4%"),
        ("5 < 6 and 7 > 3, says court", "5 < 6 and 7 > 3, says court"),
        ("<3 from Varn: letters > emails", "<3 from Varn: letters > emails"),
        ("Why <Insert Name Here> won", "Why <Insert Name Here> won"),
        ("a <b and c> d", "a <b and c> d"),
        ("Growth of <1% & falling", "Growth of <1% & falling"),
        ("Why <em>Night Train</em>, a film, won", "Why Night Train, a film, won"),
        ("R<sub>0</sub> below 1", "R0 below 1"),
        ("<b>Varn</b>: “<i>No</i>”", "Varn: “No”"),
        ('The <a href="/x" title="y">strike</a>’s end', "The strike’s end"),
        ("Mr <span class='n'>Orme</span>, 50", "Mr Orme, 50"),
        ("Trains<br/>and boats", "Trains and boats"),
        ("<p>Trains</p><p>Boats</p>", "Trains Boats"),
        ("Trains <!-- ad --> stop", "Trains stop"),
        ("<![CDATA[Trains stop]]>", "Trains stop"),
        ("<![CDATA[Trains &amp; boats]]>", "Trains & boats"),
        ("<![CDATA[ <b>Trains</b> ]]>", "Trains"),
        ("<o:p>Trains</o:p> stop", "Trains stop"),
        ("Why &lt;em&gt;Night Train&lt;/em&gt; won", "Why Night Train won"),
        ("Trains &amp;amp; boats", "Trains &amp; boats"),
        ("How to write &lt;br&gt;", "How to write <br>"),
    ],
)
def test_a_headline_loses_its_markup_and_nothing_else(written: str, headline: str) -> None:
    assert only(item(title=escape(written))).title == headline
    assert only(item(title=f"<![CDATA[{written.replace(']]>', ']]]]><![CDATA[>')}]]>")).title == headline


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("desk@varn.media (Ada Lind)", ("Ada Lind",)),
        ("desk@varn.newspaper (Ada Lind)", ("Ada Lind",)),
        ("Ada Lind &lt;ada@varn.photography&gt;", ("Ada Lind",)),
        ("ada@varn.online", ()),
        ("Ada Lind (ada@varn.example)", ("Ada Lind",)),
        ("mailto:ada.lind@news.varn.technology (Ada Lind)", ("Ada Lind",)),
        ("Ada Lind", ("Ada Lind",)),
        ("Ada Lind (Varn Gazette)", ("Ada Lind (Varn Gazette)",)),
    ],
)
def test_an_author_is_the_name_beside_a_mail_address(written: str, name: tuple[str, ...]) -> None:
    assert only(item(author=written)).authors == name


@pytest.mark.parametrize(
    ("link", "address"),
    [
        (f"{SITE}/night train", f"{SITE}/night%20train"),
        (f"{SITE}/night\ntrain", f"{SITE}/nighttrain"),
        (f"\n  {SITE}/night-train\n ", f"{SITE}/night-train"),
        (f"{SITE}/night-\n\ttrain", f"{SITE}/night-train"),
        (f"{SITE}/a?q=night train", f"{SITE}/a?q=night%20train"),
        ("/night train/1", f"{SITE}/night%20train/1"),
        (f"{SITE}/night\u00a0train", f"{SITE}/night%C2%A0train"),
    ],
)
def test_a_link_with_blanks_or_broken_lines_is_followed(link: str, address: str) -> None:
    assert only(item(link=link)).link == address


ENDINGS = {
    "The post <a href='/1'>Night train</a> appeared first on <a href='/'>Varn Gazette</a>.": "appeared",
    "The post Night train first appeared on Varn Gazette.": "appeared",
    "This article was originally published on <a href='/'>Varn Gazette</a>": None,
    "Der Beitrag <a href='/1'>Nachtzug</a> erschien zuerst auf <a href='/'>Varn</a>.": "erschien",
    "L’article <a href='/1'>Le train</a> est apparu en premier sur <a href='/'>Varn</a>.": "apparu",
    "La entrada <a href='/1'>El tren</a> se publicó primero en <a href='/'>Varn</a>.": "publicó",
    "O post <a href='/1'>O trem</a> apareceu primeiro em <a href='/'>Varn</a>.": "apareceu",
    "L'articolo <a href='/1'>Il treno</a> proviene da <a href='/'>Varn</a>.": "proviene",
    "Сообщение <a href='/1'>Поезд</a> появились сначала на <a href='/'>Варн</a>.": "появились",
}


@pytest.mark.parametrize(("ending", "word"), ENDINGS.items())
@pytest.mark.parametrize("tag", ["p", "div"])
def test_the_closing_sentence_of_a_weblog_is_no_part_of_the_text(ending: str, word: str | None, tag: str) -> None:
    carried = only(item(content=escape(f"{TEXT}<{tag}>{ending}</{tag}>"))).content
    assert carried is not None
    assert word is None or word not in carried
    assert carried.count("stood still") == 24


def test_a_sentence_about_a_post_inside_a_text_stays() -> None:
    said = f"<p>The post office appeared first on a map of 1702.</p>{TEXT}"
    assert only(item(content=escape(said))).content == said


@pytest.mark.parametrize(
    "ending",
    [
        "Continue reading <a href='/1'>Night train stands still</a> at Varn Gazette.",
        "<a href='/1'>Continue reading</a>",
        "Read the full story on varn.example.",
        "Read more at Varn Gazette",
        "… <a href='/1'>Weiterlesen</a>",
        "Lire la suite sur Varn.",
        "Seguir leyendo",
        "Continua a leggere su Varn",
        "Читать далее: Varn",
        "The strike went on […]",
        "Click here to read the rest.",
        "View Entire Post ›",
        "To continue reading, log in at Varn Gazette.",
    ],
)
def test_a_text_that_ends_by_sending_its_reader_on_is_a_teaser(ending: str) -> None:
    assert only(item(content=escape(f"{TEXT}<p>{ending}</p>"))).content is None


@pytest.mark.parametrize(
    "ending",
    [
        "She hoped that people would continue reading books at night.",
        "“I read the story twice,” he said.",
        "Nobody could tell more.",
        "He went on to read the full indictment aloud.",
        "The continued reading of the bill took hours.",
    ],
)
def test_a_text_that_tells_of_reading_is_whole(ending: str) -> None:
    assert only(item(content=escape(f"{TEXT}<p>{ending}</p>"))).content is not None


@pytest.mark.parametrize("content", ["<![CDATA[{}]]>", "<![CDATA[\n{}\n]]>", "<![CDATA[<div>{}</div>]]>"])
@pytest.mark.parametrize("tag", ["description", "content"])
def test_an_escaped_wrapper_is_no_part_of_the_text(content: str, tag: str) -> None:
    carried = only(item(1, **{tag: escape(content.format(TEXT))})).content
    assert carried is not None
    assert "CDATA" not in carried
    assert "]]>" not in carried


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "iso-8859-1", "windows-1252", "utf-8"])
def test_a_feed_is_read_in_its_encoding_with_and_without_a_mark(encoding: str) -> None:
    declared = "utf-16" if encoding.startswith("utf-16") else encoding
    feed = rss(item(title="Über Värn")).decode().replace('encoding="utf-8"', f'encoding="{declared}"')
    (entry,) = read(feed.encode(encoding)).entries
    assert entry.title == "Über Värn"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-16", "utf-8", "iso-8859-1", ""])
@pytest.mark.parametrize("charset", [None, "utf-8", "utf-16", "iso-8859-1"])
def test_a_feed_in_wide_characters_is_read_whatever_is_said_of_them(
    encoding: str, declared: str, charset: str | None
) -> None:
    feed = rss(item(title="Über Värn")).decode().replace('encoding="utf-8"', f'encoding="{declared}"')
    feed = feed if declared else feed[feed.index("?>") + 2 :].lstrip()
    parsed = parse_feed(Fetched("https://x.example/feed", feed.encode(encoding), "application/rss+xml", charset))
    assert isinstance(parsed, FeedDocument)
    assert [entry.title for entry in parsed.entries] == ["Über Värn"]


def entry(number: int, updated: str, published: str = "", text: str = "In short.") -> str:
    dates = f"<updated>{updated}</updated>" + (f"<published>{published}</published>" if published else "")
    return (
        f"<entry><id>urn:{number}</id><title>Night train {number}</title><link href='{SITE}/{number}'/>{dates}"
        f"<summary>{text}</summary></entry>"
    )


MADE = ["2026-03-17T09:30:07Z", "2026-03-17T10:00:11Z"]
ON_THE_MINUTE = ["2026-03-17T09:30:00Z", "2026-03-17T10:00:00Z"]


@pytest.mark.parametrize("size", [2, 3, 12])
@pytest.mark.parametrize("published", ["", "2026-03-16T08:00:00Z"])
@pytest.mark.parametrize("looks", [MADE, ON_THE_MINUTE])
def test_entries_changed_when_the_feed_was_made_were_not_changed(size: int, published: str, looks: list[str]) -> None:
    first, second = (read(atom(*(entry(number, made, published) for number in range(size)))) for made in looks)
    assert [each.version for each in first.entries] == [each.version for each in second.entries]
    kept = looks is ON_THE_MINUTE and not published  # somebody may have set it, and there is no other date
    assert {each.updated_at is None for each in first.entries} == {not kept}
    texts = [entry(number, looks[1], published, f"Longer {number // (size - 1)}.") for number in range(size)]
    assert read(atom(*texts)).entries[-1].version != first.entries[-1].version


def test_entries_published_when_the_feed_was_made_are_not_new_at_each_look() -> None:
    dates = ["Tue, 17 Mar 2026 09:30:07 +0000", "Tue, 17 Mar 2026 10:00:11 +0000"]
    first, second = (read(rss(*(item(number, pubDate=date) for number in range(4)))) for date in dates)
    assert [each.version for each in first.entries] == [each.version for each in second.entries]


@pytest.mark.parametrize("minutes", [("01", "02"), ("01", "30"), ("59", "00")])
def test_entries_changed_one_by_one_were_changed(minutes: tuple[str, str]) -> None:
    feed = atom(*(entry(number, f"2026-03-17T09:{minute}:07Z") for number, minute in enumerate(minutes)))
    assert None not in {each.updated_at for each in read(feed).entries}


@pytest.mark.parametrize("dates", [True, False])
@pytest.mark.parametrize("more", [20, 500, 1500])
def test_of_a_long_feed_the_newest_are_read_wherever_they_stand(more: int, *, dates: bool) -> None:
    size = MOST_ENTRIES + more
    pub_dates = [f"2026-{1 + n // 25 % 12:02}-{1 + n % 25:02}T{n // 300:02}:00:00Z" for n in range(size)]
    pub_dates.sort()
    items = [item(n, pubDate=pub_dates[n] if dates or n % 7 == 0 else "") for n in range(size)]
    for listed in (items, items[::-1]):
        document = read(rss(*listed))
        assert len(document.entries) == MOST_ENTRIES
        assert document.newest()[0].link == f"{SITE}/{size - 1}"

"""Feeds of every kind, whole and broken, and what somebody may send who means harm."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.feeds.parser import parse_feed
from retrieval.domain.pages import Fetched
from retrieval.text.feed_document import MOST_ENTRIES, FeedDocument, FeedEntry, FeedsNamed
from tests.support.feeds import FEED, SITE, Story, rss
from tests.support.sizes import sized

if TYPE_CHECKING:
    from pathlib import Path

LONG = "<p>" + "The harbour was quiet on Tuesday morning. " * 40 + "</p>"

RSS_091 = """<?xml version="1.0"?><rss version="0.91"><channel><title>Old Courier</title>
<item><title>Bridge closed</title><link>https://courier.example/1</link><description>Short.</description></item>
</channel></rss>"""

RSS_092 = RSS_091.replace("0.91", "0.92")

RSS_10 = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://courier.example/"><title>Old Courier</title><link>https://courier.example/</link></channel>
<item rdf:about="https://courier.example/1"><title>Bridge closed</title><link>https://courier.example/1</link>
<dc:date>2026-03-25T12:00:00+01:00</dc:date><dc:creator>Ann Lee</dc:creator></item></rdf:RDF>"""

ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Old Courier</title>
<id>urn:feed</id><updated>2026-03-26T00:00:00Z</updated>
<entry><id>urn:1</id><title type="html">Bridge &lt;b&gt;closed&lt;/b&gt;</title><link rel="self" href="/1.atom"/>
<link rel="alternate" href="/1"/><published>2026-03-25T11:00:00Z</published><updated>2026-03-25T13:05:00Z</updated>
<author><name>Ann Lee</name></author><content type="html">{LONG.replace("<", "&lt;")}</content></entry></feed>"""

ATOM_03 = """<?xml version="1.0"?><feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Old Courier</title>
<entry><id>urn:1</id><title>Bridge closed</title><link rel="alternate" href="https://courier.example/1"/>
<issued>2026-03-25T11:00:00Z</issued></entry></feed>"""


def read(content: str | bytes, content_type: str = "application/xml", charset: str | None = None) -> FeedDocument:
    raw = content.encode() if isinstance(content, str) else content
    document = parse_feed(Fetched(FEED, raw, content_type, charset))
    assert isinstance(document, FeedDocument)
    return document


def only(document: FeedDocument) -> FeedEntry:
    (entry,) = document.entries
    return entry


@pytest.mark.parametrize("feed", [RSS_091, RSS_092, RSS_10, ATOM, ATOM_03], ids=["0.91", "0.92", "1.0", "Atom", "0.3"])
def test_every_kind_of_xml_feed_is_read(feed: str) -> None:
    document = read(feed)
    assert document.title == "Old Courier"
    assert only(document).title == "Bridge closed"
    assert only(document).link == "https://courier.example/1"


def test_dates_and_authors_are_read_in_utc() -> None:
    assert only(read(RSS_10)).updated_at == datetime(2026, 3, 25, 11, tzinfo=UTC)
    assert only(read(RSS_10)).authors == ("Ann Lee",)
    entry = only(read(ATOM))
    assert entry.published_at == datetime(2026, 3, 25, 11, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 3, 25, 13, 5, tzinfo=UTC)
    assert entry.authors == ("Ann Lee",)


def test_the_whole_text_is_taken_and_a_teaser_is_not() -> None:
    assert "quiet on Tuesday" in (only(read(ATOM)).content or "")
    assert only(read(RSS_091)).content is None
    cut_off = LONG.replace("</p>", " Continue reading →</p>")
    assert only(read(rss(Story(1, content=cut_off), full=True))).content is None


@pytest.mark.parametrize("version", ["1", "1.1"])
def test_json_feeds_are_read(version: str) -> None:
    item = {
        "id": 7,
        "url": "/7",
        "title": "Bridge closed",
        "content_html": LONG,
        "date_published": "2026-03-25T12:00:00+01:00",
        "author": {"name": "Ann Lee"},
    }
    feed = {"version": f"https://jsonfeed.org/version/{version}", "title": "Old Courier", "items": [item, "no item"]}
    entry = only(read("\ufeff" + json.dumps(feed), "application/feed+json"))
    assert entry.link == f"{SITE}/7"
    assert entry.published_at == datetime(2026, 3, 25, 11, tzinfo=UTC)
    assert entry.authors == ("Ann Lee",)
    assert entry.content == LONG


def test_a_json_feed_of_plain_text_becomes_paragraphs() -> None:
    text = "The <harbour> was quiet. " * 60 + "\n" + "It was not on Friday. " * 10
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a", "content_text": text}]}
    content = only(read(json.dumps(feed))).content
    assert content is not None
    assert content.count("<p>") == 2
    assert "&lt;harbour&gt;" in content


def test_an_entry_stays_the_same_and_its_version_tells_that_it_was_changed() -> None:
    first, again, changed = (only(read(rss(Story(1, version=number)))) for number in (1, 1, 2))
    assert first == again
    assert first.key == changed.key
    assert first.version != changed.version


def test_markup_alone_makes_no_new_version() -> None:
    """Advertisements and counters change by the minute, and each version costs its page a visit."""
    plain, dressed = (
        only(read(RSS_091.replace("Short.", text))) for text in ("Short.", "&lt;img src='9.png'&gt; Short. ")
    )
    assert plain.version == dressed.version
    assert plain.version != only(read(RSS_091.replace("Short.", "Longer."))).version


def test_where_an_entry_says_when_it_was_changed_that_alone_counts() -> None:
    entry, reworded, changed = (
        only(read(ATOM.replace(old, new)))
        for old, new in (("", ""), ("quiet", "loud"), ("13:05:00Z</updated>", "14:05:00Z</updated>"))
    )
    assert entry.version == reworded.version
    assert entry.version != changed.version


def test_an_entry_that_is_listed_twice_is_one() -> None:
    assert len(read(rss(Story(1), Story(2), Story(1))).entries) == 2


def test_the_newest_come_first_where_all_have_dates_and_else_the_feeds_own_order() -> None:
    dated = read(rss(Story(1), Story(3), Story(2)))
    assert [entry.link for entry in dated.newest()] == [f"{SITE}/{number}" for number in (3, 2, 1)]
    undated = read(RSS_091.replace("</channel>", "<item><title>B</title><link>/2</link></item></channel>"))
    assert undated.newest() == undated.entries


BROKEN = {
    "cut off": rss(Story(1), Story(2))[:-60],
    "an entity that nobody defined": rss(Story(1)).replace("In short", "In short &nbsp;&undefined; &"),
    "another encoding than it says": rss(Story(1)).replace("harbour", "harboür").encode("latin-1"),
    "blanks before the declaration": "\n\n  " + rss(Story(1)),
    "a byte order mark": "\ufeff" + rss(Story(1)),
    "a control character": rss(Story(1)).replace("In short", "In\x08 short"),
    "dates that are none": rss(Story(1)).replace("2026", "soon"),
    "tags that are not closed": rss(Story(1), Story(2)).replace("</guid>", ""),
    "called a page": rss(Story(1)),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_feed_is_read_as_far_as_it_goes(content: str | bytes) -> None:
    document = read(content, "text/html")
    assert document.title == "The Selby Courier"
    assert document.entries[0].link == f"{SITE}/1"
    assert "Report number 1" in (document.entries[0].title or "")


def named(page: str) -> tuple[str, ...]:
    named = parse_feed(Fetched(f"{SITE}/news/", page.encode(), "text/html", "utf-8"))
    assert isinstance(named, FeedsNamed)
    return named.addresses


def test_a_page_names_its_feeds_those_of_comments_last() -> None:
    page = """<!DOCTYPE html><html><head><title>News</title>
    <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
    <link rel="alternate" type="application/json" href="/wp-json/1"><link rel="stylesheet" href="/a.css">
    <LINK REL='alternate' TYPE='application/rss+xml; charset=utf-8' HREF='/rss?a=1&amp;b=2'>
    <link rel=alternate type=application/atom+xml href=atom.xml><link rel="alternate" hreflang="de" href="/de">
    <link rel="alternate" type="application/rss+xml" href="file:///etc/passwd"></head><body>…</body></html>"""
    assert named(page) == (f"{SITE}/rss?a=1&b=2", f"{SITE}/news/atom.xml", f"{SITE}/comments/feed")


def test_addresses_are_taken_from_the_pages_base() -> None:
    page = '<head><base href="https://cdn.example/x/"><link rel="alternate" type="application/rss+xml" href="f"></head>'
    assert named(page) == ("https://cdn.example/x/f",)


def test_a_page_in_an_encoding_that_is_none_names_its_feeds_all_the_same() -> None:
    page = b'<head><link rel="alternate" type="application/rss+xml" href="/rss"></head>'
    for charset in ("no-such-encoding", "hex", "idna"):
        assert parse_feed(Fetched(f"{SITE}/news/", page, "text/html", charset)) == FeedsNamed((f"{SITE}/rss",))


@pytest.mark.parametrize(("words", "carried"), [(149, False), (150, True)])
def test_a_text_of_150_words_is_taken_for_the_whole_article(words: int, carried: bool) -> None:  # noqa: FBT001
    text = " ".join(["harbour"] * words)
    assert (only(read(rss(Story(1, content=f"<p>{text}.</p>"), full=True))).content is not None) == carried


@pytest.mark.parametrize("content", ["", "hello", "{}", "[1]", '{"items": []}', "<html><body><p>Hi</p></body></html>"])
def test_what_is_no_feed_and_names_none_is_told_so(content: str) -> None:
    assert named(content) == ()


def test_a_file_is_never_opened_whatever_the_content_says(tmp_path: Path) -> None:
    path = tmp_path / "secret.xml"
    path.write_text(rss(Story(1)), encoding="utf-8")
    assert parse_feed(Fetched(FEED, str(path).encode(), "text/xml")) == FeedsNamed()
    outside = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{path}">]>' + rss(Story(1)).partition("?>")[2]
    assert "harbour from" not in str(read(outside.replace("In short", "&x;")))


def test_no_entity_multiplies_itself() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "laugh" * 10}">' for n in range(10))
    content = f"<!DOCTYPE rss [{bomb}]>" + rss(Story(1)).partition("?>")[2].replace("In short", "&e9;")
    document = read(content)
    assert sum(len(str(entry)) for entry in document.entries) < 10_000


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "https://", "http://[", "data:text/html,x", "x" * 9000]
)
def test_a_link_that_is_no_web_address_is_left_out(link: str) -> None:
    entry = only(read(rss(Story(1)).replace(f"{SITE}/1", link)))
    assert entry.link is None or entry.link.startswith("https://courier.example/")


def test_a_feed_without_end_is_read_to_a_limit() -> None:
    document = read(rss(*map(Story, range(3 * MOST_ENTRIES))))
    assert len(document.entries) == MOST_ENTRIES


@pytest.mark.parametrize(
    "content",
    ["<" * 300_000, "<link " * 60_000, "<a" * sized(50_000, 200_000), '{"a":' * 100_000, "<![CDATA[" * 50_000],
)
def test_what_is_made_to_be_slow_is_not(content: str) -> None:
    started = time.thread_time()
    parse_feed(Fetched(FEED, content.encode(), "text/html"))
    assert time.thread_time() - started < 10


@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)), st.sampled_from(["", RSS_10, ATOM, "{"])
)
def test_nothing_that_comes_in_breaks_the_parser(noise: bytes, around: str) -> None:
    middle = len(around) // 2
    content = around[:middle].encode() + noise + around[middle:].encode()
    assert isinstance(parse_feed(Fetched(FEED, content, "text/xml", "utf-8")), FeedDocument | FeedsNamed)

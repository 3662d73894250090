"""Well-known papers are followed by name; a program says which of their feeds have gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest

from retrieval.adapters.feeds.parser import parse_feed
from retrieval.errors import FeedRejected
from retrieval.feeds.following import feed_address
from retrieval.feeds.well_known import address_of, like, well_known_feeds
from tests.support.fakes import FakeFetcher
from tests.support.feeds import Story, rss
from tests.well_known_feeds import failing

if TYPE_CHECKING:
    from retrieval.ports import FeedParser

MOST = 100
"""Characters of a choice's name and value."""


def test_every_feed_of_the_list_can_be_offered_and_is_followed_as_it_stands() -> None:
    feeds = well_known_feeds()
    assert len(feeds) >= 60
    assert {"en", "es", "fr", "de", "pt"} <= {feed.language for feed in feeds}
    assert len({feed.url for feed in feeds}) == len({feed.name for feed in feeds}) == len(feeds)
    for feed in feeds:
        assert len(feed.url) <= MOST
        assert len(f"{feed.name} ({feed.language})") <= MOST
        assert urlsplit(feed.url).scheme == "https"
        assert feed_address(feed.url) == feed.url


def test_the_papers_of_the_member_s_language_are_offered_first() -> None:
    assert {feed.language for feed in like("", "fr", 5)} == {"fr"}
    assert [feed.language for feed in like("france 24", "es")] == ["es", "en", "fr"]
    assert [feed.name for feed in like("zurcher", "en")] == ["Neue Zürcher Zeitung"]
    assert like("no such paper", "en") == ()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Le Monde", "https://www.lemonde.fr/rss/une.xml"),
        ("  bbc news ", "https://feeds.bbci.co.uk/news/rss.xml"),
        ("monde", "https://www.lemonde.fr/rss/une.xml"),
        ("Guardian", "Guardian"),
        ("https://courier.example/rss", "https://courier.example/rss"),
        ("", ""),
    ],
)
def test_a_name_that_means_one_paper_is_its_address(typed: str, address: str) -> None:
    assert address_of(typed) == address


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("guardian", "can mean several papers: The Guardian: Australia; The Guardian: UK; "),
        ("The Selby Nobody", "neither the address of a feed nor the name of a paper on my list"),
        ("http://localhost/feed", "leads to a private network"),
        ("http://[::1]/feed", "has a number where the name of a site belongs"),
    ],
)
def test_what_is_no_feed_s_address_is_refused_for_its_own_reason(typed: str, reason: str) -> None:
    with pytest.raises(FeedRejected, match=re.escape(reason)):
        feed_address(typed)


def test_the_program_names_the_feeds_that_fail() -> None:
    web, (gone, page, empty, moved, *fine) = FakeFetcher(), well_known_feeds()
    for feed in fine:
        web.page(feed.url, rss(Story(1)), "application/xml")
    web.fails(gone.url, 404)
    web.page(page.url, "<html><link rel=alternate type=application/rss+xml href=/rss></html>")
    web.page(empty.url, rss(), "application/xml")
    web.page("https://courier.example/new", rss(Story(1)), "application/xml")
    web.moved(moved.url, "https://courier.example/new")
    parser: Any = cast("FeedParser", type("Parser", (), {"read": staticmethod(parse_feed)})())
    lines = list(failing(web, parser))
    assert [line.split(", ")[0] for line in lines] == [f"{f.name} ({f.language})" for f in (gone, page, empty, moved)]
    assert lines[3].endswith(": moved to https://courier.example/new")

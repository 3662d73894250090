"""What the bot sends to a site, and what it makes of the answer."""

from __future__ import annotations

import gzip
import tomllib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from retrieval.adapters.web.fetcher import PRODUCT, VERSION
from retrieval.domain.pages import NotModified, Validators
from tests.retrieval.web_server import redirect, response
from tests.retrieval.web_visits import STORY, failure, fetched, fetcher
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from tests.retrieval.web_server import LocalWeb


def test_bot_says_who_it_is_and_whom_to_write_to(web: LocalWeb) -> None:
    fetcher(web, contact="news@example.com").fetch(STORY)

    agents = {request.headers["user-agent"] for request in web.requests}
    assert agents == {f"{PRODUCT}/{VERSION} (+news@example.com)"}


def test_bot_without_a_contact_says_its_name(web: LocalWeb) -> None:
    fetcher(web).fetch(STORY)

    assert web.requests[-1].headers["user-agent"] == f"{PRODUCT}/{VERSION}"


def test_version_that_is_told_is_the_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert project.rpartition(".")[0] == VERSION


def test_nothing_but_the_request_is_sent(web: LocalWeb) -> None:
    """No cookie, no referrer, nothing that tells who asked."""
    fetcher(web).fetch(STORY)

    assert web.requests[-1].headers.keys() == {"host", "user-agent", "accept", "accept-encoding", "connection"}


@pytest.mark.parametrize("etag", ['"1"\r\nCookie: a=b', '"\N{SNOWMAN}"', '"' + "x" * 500 + '"', "", " "])
def test_validator_that_is_no_header_is_not_sent(web: LocalWeb, etag: str) -> None:
    fetcher(web).fetch(STORY, Validators(etag, "Mon, 25 Mar 2024 12:00:00 GMT"))

    assert "if-none-match" not in web.requests[-1].headers
    assert web.requests[-1].headers["if-modified-since"] == "Mon, 25 Mar 2024 12:00:00 GMT"


def test_validator_of_absurd_length_is_not_kept(web: LocalWeb) -> None:
    web.page(STORY, response("the story", ETag='"' + "x" * 500 + '"', Last_Modified="today"))

    assert fetched(web).validators == Validators(None, "today")


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"the story"), gzip.compress(b"the ") + gzip.compress(b"story")],
    ids=["once", "in two files"],
)
def test_packed_page_is_unpacked(web: LocalWeb, body: bytes) -> None:
    web.page(STORY, response(body, Content_Encoding="gzip"))

    assert fetched(web).content == b"the story"


@pytest.mark.parametrize("size", [100_000, 99_999])
def test_page_as_large_as_allowed_is_read_whole(web: LocalWeb, size: int) -> None:
    web.page(STORY, response(gzip.compress(b"x" * size), Content_Encoding="gzip"))

    assert len(fetched(web).content) == size


@pytest.mark.parametrize(
    ("header", "kind", "charset"),
    [
        ("text/html", "text/html", None),
        ("TEXT/HTML;Charset=UTF-8", "text/html", "utf-8"),
        ('application/atom+xml; charset="ISO-8859-1"; x=y', "application/atom+xml", "iso-8859-1"),
        ("text/plain; charset=utf-8, text/plain", "text/plain", "utf-8"),
        ("text/html; charset=../../etc", "text/html", None),
    ],
)
def test_content_type_and_charset_are_read_from_the_header(
    web: LocalWeb, header: str, kind: str, charset: str | None
) -> None:
    web.page(STORY, response("the story", content_type=header))

    page = fetched(web)
    assert (page.content_type, page.charset) == (kind, charset)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-32"])
def test_text_in_wide_characters_is_text_where_the_header_says_so(web: LocalWeb, charset: str) -> None:
    web.page(STORY, response("a story".encode(charset), content_type=f"text/html; charset={charset}"))

    assert fetched(web).content.decode(charset) == "a story"


@pytest.mark.parametrize("charset", ["utf-16", "utf-32"])
def test_text_in_wide_characters_is_text_where_its_first_mark_says_so(web: LocalWeb, charset: str) -> None:
    web.page(STORY, response("a story".encode(charset), content_type="text/html"))

    assert fetched(web).content.decode(charset) == "a story"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "content", ["<?xml version='1.0'?><rss>a story</rss>", "<rss>a story</rss>", "<feed>a story</feed>"]
)
def test_a_feed_in_wide_characters_is_text_where_its_first_tag_says_so(
    web: LocalWeb, content: str, charset: str
) -> None:
    web.page(STORY, response(content.encode(charset), content_type="text/xml; charset=utf-8"))

    assert fetched(web).content.decode(charset) == content


@pytest.mark.parametrize(
    ("hops", "moved"),
    [
        ([301], True),
        ([308, 301], True),
        ([302], False),
        ([301, 302], False),
        ([303, 301], False),
        ([307], False),
        ([301] * 5, True),
    ],
)
def test_new_address_is_told_only_where_every_redirect_is_for_good(web: LocalWeb, hops: list[int], moved: bool) -> None:  # noqa: FBT001
    for number, status in enumerate(hops):
        web.page(f"http://news.example/{number}", redirect(f"/{number + 1}", status))
    last = f"http://news.example/{len(hops)}"
    web.page(last, response("the story"))

    page = fetched(web, "http://news.example/0")
    assert (page.url, page.moved_to) == (last, last if moved else None)


def test_sixth_redirect_is_one_too_many(web: LocalWeb) -> None:
    for number in range(6):
        web.page(f"http://news.example/{number}", redirect(f"/{number + 1}"))

    assert str(failure(web, "http://news.example/0")) == "news.example sends me on and on, so I gave up."
    assert len(web.targets()) == 6


@pytest.mark.parametrize(
    ("location", "target"),
    [("/größe", "/gr%C3%B6%C3%9Fe"), ("a b", "/a%20b"), ("?page=2", "/story?page=2"), ("//other.example/x#y", "/x")],
)
def test_redirect_is_understood_as_servers_write_it(web: LocalWeb, location: str, target: str) -> None:
    web.page(STORY, redirect(location))
    failure(web)

    assert web.targets() == ["/story", target]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("999999999", 7 * 24 * 3600),
        ("9" * 5000, None),
        ("-5", None),
        ("soon", None),
        ("Mon, 25 Mar 2024 12:00:00 GMT", 0),
        ("Mon, 25 Mar 2024 12:00:00", 0),
        ("Mon, 99 Mar 99999 99:00:00 GMT", None),
    ],
)
def test_time_to_come_back_is_read_and_bounded(web: LocalWeb, said: str, seconds: float | None) -> None:
    web.page(STORY, response(status=503, Retry_After=said))

    assert failure(web).retry_after == seconds


def test_time_to_come_back_may_be_a_date(web: LocalWeb) -> None:
    web.page(STORY, response(status=429, Retry_After=format_datetime(datetime.now(UTC) + timedelta(hours=1))))

    assert failure(web).retry_after == pytest.approx(3600, abs=60)


def test_what_has_not_changed_is_told_so(web: LocalWeb) -> None:
    web.unchanged["news.example/story"] = {"if-none-match": '"1"'}

    assert fetcher(web).fetch(STORY, Validators(etag='"1"')) == NotModified()

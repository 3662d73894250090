"""What is read of a page, a file or a message, and which of them are refused with which sentence.

How well whole pages are read is measured in `tests.quality.pages`.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.extraction.body import article_text
from retrieval.adapters.extraction.canonical_url import canonical_url
from retrieval.adapters.extraction.dates import read_dates
from retrieval.adapters.extraction.dispatch import read_content
from retrieval.adapters.extraction.html import read_html
from retrieval.adapters.extraction.html_tree import parse
from retrieval.adapters.extraction.linked_data import read_linked_data
from retrieval.domain.file_types import DOCX
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected
from retrieval.text.moments import read_moment
from tests.support.pages import linked_data, plain_page
from tests.support.pdfs import pdf
from tests.support.stories import story

if TYPE_CHECKING:
    from retrieval.domain.articles import Draft

FERRY = story("ferry")
NOW = datetime(2024, 12, 1, tzinfo=UTC)
SHORT = "<p>" + "</p><p>".join(FERRY.paragraphs[:2]) + "</p>"


def of(content: bytes | str, kind: str = "text/html", url: str = "https://courier.example/a") -> Draft:
    return read_content(Fetched(url, content.encode() if isinstance(content, str) else content, kind))


def html(body: str, head: str = "", title: str = "A title") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


# Pages that are none


TEASERS = "".join(
    f"<div class='item'><h3><a href='/{number}'>{line} number {number}</a></h3>"
    f"<p>{FERRY.paragraphs[number % 6]} ({number})</p></div>"
    for number, line in enumerate(["Harbour dredged", "School closed", "Choir sings", "Bus late"] * 2)
)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (
            html(
                f"<article><h1>Ferry</h1>{SHORT}</article>"
                "<div>Subscribe to continue reading. Already a subscriber?</div>"
            ),
            "subscribers",
        ),
        (
            html(
                f"<article><h1>Ferry</h1>{SHORT}</article>",
                '<script type="application/ld+json">'
                '{"@type":"NewsArticle","headline":"Ferry","isAccessibleForFree":"False"}</script>',
            ),
            "subscribers",
        ),
        (
            html(f"<article><h1>Fähre</h1>{SHORT}</article><p>Jetzt Abo abschließen: Weiterlesen mit Plus</p>"),
            "subscribers",
        ),
        (
            html("<main><h1>Before you continue</h1><p>We value your privacy.</p><button>Accept all</button></main>"),
            "consent page",
        ),
        (html("<h1>404</h1><p>The page was not found.</p>", title="404 Not Found"), "error page"),
        (html("<p>Checking your browser</p>", title="Just a moment..."), "error page"),
        (html("<form><input name=u><input type=password></form>", title="Courier"), "login"),
        (html("<h1>Watch</h1><video src=a.mp4></video><p>A clip of the harbour.</p>"), "video"),
        (html("<h1>Pictures</h1>" + "<figure><img src=a><figcaption>One</figcaption></figure>" * 9), "pictures"),
        (
            html("<article><h1>Brief</h1><p>The bridge was closed on Tuesday after cracks were found.</p></article>"),
            "40 are the least",
        ),
        (html(f"<main>{TEASERS}</main>", title="Courier"), "list of articles"),
        ("", "empty"),
        ("<!-- nothing -->", "no article|empty"),
    ],
    ids=range(13),
)
def test_a_page_without_an_article_is_refused_with_the_reason(page: str, reason: str) -> None:
    with pytest.raises(ArticleRejected, match=reason):
        of(page)


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("image/png", b"\x89PNG\r\n", "a picture"),
        ("video/mp4", b"....", "a video"),
        ("application/zip", b"PK\x03\x04....", "no article"),
        ("application/json", b"{}", "type application/json"),
        ("application/rss+xml", b"<?xml version='1.0'?><rss version='2.0'></rss>", "a feed"),
        ("text/plain", b"a\0b\0c\0" * 50, "binary"),
        (DOCX.media_types[0], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 50, "without a password, or a message as .eml"),
        ("application/octet-stream", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 50, "save a document as .docx"),
        ("text/plain", b"\n ", "empty"),
        ("application/pdf", b"no pdf at all", "damaged"),
        ("application/pdf", pdf([["Too short."]]), "2 words"),
        ("application/pdf", pdf([[]]), "only pictures"),
        ("message/rfc822", b"Subject: x\n\n", "no text|No text"),
        ("message/rfc822", b"Subject: x\n\nShort.", "Only 1 word "),
        ("text/plain", b"word " * 100_000, "no news article"),
    ],
    ids=range(15),
)
def test_a_content_that_is_no_article_is_refused_with_the_reason(kind: str, content: bytes, reason: str) -> None:
    with pytest.raises(ArticleRejected, match=reason):
        of(content, kind)


def test_a_whole_article_is_read_though_the_page_says_it_is_not_free() -> None:
    page = plain_page("glass", "newspaper", linked_data("glass", isAccessibleForFree=False))
    page = page.replace("</article>", "</article><p>Subscribe to read more like this.</p>")
    with pytest.raises(ArticleRejected, match="subscribers"):  # 200 words of unknown whole: a stub, as the page says
        of(page)
    longer = story("glass").body + "\n\n" + FERRY.body
    page = plain_page("glass", "newspaper", linked_data("glass", isAccessibleForFree=False, articleBody=longer))
    assert len(of(page).text) > 2_000


def test_an_article_among_many_links_to_others_is_no_list() -> None:
    page = plain_page("ferry", "newspaper").replace("</main>", f"<section class='further'>{TEASERS}</section></main>")
    assert of(page).text.startswith(FERRY.paragraphs[0])


def test_an_article_about_cookies_logins_and_errors_is_read() -> None:
    page = plain_page("ferry", "newspaper").replace(
        FERRY.headline, "Page not found: why we accept all cookies and log in"
    )
    assert of(page).title == "Page not found: why we accept all cookies and log in"


def test_a_brief_is_no_stub_because_the_foot_of_the_page_speaks_of_subscribers() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in FERRY.paragraphs[:3])
    page = html(f"<article><h1>Ferry</h1>{text}</article><footer>Already a subscriber? Log in</footer>")
    assert of(page).text == "\n\n".join(FERRY.paragraphs[:3])


def test_what_readers_say_is_left_out_though_it_is_longer_than_the_article() -> None:
    talk = "".join(f"<div class=msg><b>user{n}</b><div>{story('river').body} {n}</div></div>" for n in range(20))
    text = "".join(f"<p>{paragraph}</p>" for paragraph in FERRY.paragraphs)
    page = html(f"<article><h1>Ferry</h1>{text}</article><div class=discussion-thread>{talk}</div>")
    assert of(page).text == FERRY.body


def test_an_article_that_is_open_for_comments_is_no_comment() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in FERRY.paragraphs)
    page = html(f"<h1>Ferry</h1><div class='post has-cookies comments-open'>{text}</div>")
    assert of(page).text == FERRY.body


# What is known of an article


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        ("https://courier.example/b", True),
        ("/b", True),
        ("//www.courier.example/b", True),
        ("http://courier.example/b?id=1", True),
        ("https://courier.example/?p=7", True),
        ("https://evil.example/b", False),
        ("https://courier.example.evil.example/b", False),
        ("https://courier.example@evil.example/b", False),
        ("https://user@courier.example/b", False),
        ("https://courier.example:8443/b", False),
        ("https://courier.example/", False),
        ("https://courier.example", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://courier.example/a b", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_a_page_s_own_address_is_believed_within_its_site_alone(claimed: str, *, believed: bool) -> None:
    assert (canonical_url("https://courier.example/a", claimed) is not None) is believed


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        ("https://m.paper.co.uk/a", "https://www.paper.co.uk/a", True),
        ("https://amp.paper.com/a", "https://paper.com/a", True),
        ("https://one.co.uk/a", "https://two.co.uk/a", False),
        ("https://one.github.io/a", "https://two.github.io/a", False),
        ("https://192.0.2.1/a", "https://192.0.2.2/a", False),
    ],
)
def test_a_site_is_what_a_person_can_register(here: str, there: str, *, same: bool) -> None:
    assert (canonical_url(here, there) == there) is same


def test_the_name_of_the_site_is_no_headline_though_it_is_the_first_heading() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in FERRY.paragraphs)
    logo = "<header><h1><a href=/>The Selby Courier</a></h1></header>"
    page = html(f"{logo}<div class=post><h2>{FERRY.headline}</h2>{text}</div>", title=f"{FERRY.headline} - Courier")
    draft = of(page)
    assert (draft.title, draft.publisher) == (FERRY.headline, "Courier")


def test_a_file_claims_no_address() -> None:
    page = plain_page("ferry", "newspaper", '<link rel="canonical" href="https://courier.example/ferry">')
    assert of(page, url="").url is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-10-01T19:42:00+02:00", datetime(2024, 10, 1, 17, 42, tzinfo=UTC)),
        ("2024-10-01T19:42:00+0200", datetime(2024, 10, 1, 17, 42, tzinfo=UTC)),
        ("2024-10-01T19:42:00Z", datetime(2024, 10, 1, 19, 42, tzinfo=UTC)),
        ("2024-10-01T19:42:00", datetime(2024, 10, 1, 19, 42, tzinfo=UTC)),
        ("2024-10-01", datetime(2024, 10, 1, tzinfo=UTC)),
        ("Tue, 01 Oct 2024 19:42:00 GMT", datetime(2024, 10, 1, 19, 42, tzinfo=UTC)),
        ("soon", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (None, None),
    ],
)
def test_moments_are_in_utc_and_a_day_is_its_midnight(text: str | None, meant: datetime | None) -> None:
    assert read_moment(text) == meant


def test_a_date_in_the_future_is_none() -> None:
    page = plain_page("ferry", "newspaper", linked_data("ferry", datePublished="2031-01-01T00:00:00Z"))
    assert read_html(page, "https://courier.example/a", NOW).published_at is None


def test_time_grows_with_the_dates_of_changes() -> None:
    def seconds(times: int) -> float:
        tree = parse("<time class=updated>1 May 2024 | updated 2 May 2024, 10:00</time>" * times)
        start = time.process_time()
        read_dates(tree, None, "", NOW)
        return time.process_time() - start

    assert seconds(24_000) < 6 * seconds(6_000) + 0.1


def test_time_grows_with_the_dated_links_of_a_list() -> None:
    def seconds(links: int) -> float:
        tree = parse("<li><a href=/old>An old story of the harbour</a><time></time></li>" * links)
        start = time.process_time()
        read_dates(tree, None, "", NOW)
        return time.process_time() - start

    assert seconds(16_000) < 6 * seconds(4_000) + 0.1


def test_time_grows_with_the_parts_of_a_text() -> None:
    def seconds(parts: int) -> float:
        paragraph = "<p>Nobody in the whole town had expected this before today.</p>"
        tree = parse(f"<div>{paragraph * 2}</div>" * parts)
        start = time.process_time()
        article_text(tree, headline=None, linked=None)
        return time.process_time() - start

    assert seconds(12_000) < 6 * seconds(3_000) + 0.2


def test_what_was_changed_before_it_appeared_was_not_changed() -> None:
    head = linked_data("ferry", datePublished="2024-10-02", dateModified="2024-10-01")
    draft = read_html(plain_page("ferry", "newspaper", head), "https://courier.example/a", NOW)
    assert (draft.published_at, draft.updated_at) == (datetime(2024, 10, 2, tzinfo=UTC), None)


def test_the_language_is_the_page_s_own_word() -> None:
    assert of(plain_page("zug", "newspaper")).language == "de"


@pytest.mark.parametrize(
    "script",
    [
        "", "{", "[]", "null", "7", '"text"', '{"@graph": 5}', '{"@type": 5}', '{"@type": ["NewsArticle", 3, null]}',
        '{"@type": "NewsArticle", "headline": {"a": 1}, "author": 5, "publisher": [], "datePublished": ["x"]}',
        '{"@type": "NewsArticle", "author": [{"name": 5}, null, {"@id": "#a"}], "articleBody": 7}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_data_of_any_shape_do_no_harm(script: str) -> None:
    linked = read_linked_data([script])
    assert linked.article is None or linked.article.headline is None


def test_data_with_a_comma_too_many_are_read() -> None:
    linked = read_linked_data(['<!-- {"@type": "NewsArticle", "headline": "A &amp; B", } -->'])
    assert linked.article is not None
    assert linked.article.headline == "A & B"


# Layout by tables


def test_a_table_of_data_in_a_column_of_a_layout_table_is_read_as_a_table() -> None:
    prices = "<table><tr><td>Adult</td><td>4.50</td></tr><tr><td>Child</td><td>2.20</td></tr></table>"
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in FERRY.paragraphs)
    column = f"<table><tr><td>{first}{prices}{''.join(rest)}</td></tr></table>"
    text = of(html(f"<table><tr><td>Home</td><td>{column}</td></tr></table>")).text
    assert "Adult 4.50" in text
    assert all(paragraph in text for paragraph in FERRY.paragraphs)


# Whatever the page


SOUP = "div-soup"
"""In which nothing tells a subheading from the menu."""


@pytest.mark.parametrize("layout", ["newspaper", SOUP, "tables", "blog", "rich"])
@pytest.mark.parametrize("name", ["ferry", "bus", "zug", "most", "cha", "sharq"])
def test_every_paragraph_comes_out_verbatim(layout: str, name: str) -> None:
    original = story(name)
    lines = of(plain_page(name, layout)).text.split("\n\n")
    lines += [line[1:-1] for line in lines if line.startswith("“") and line.endswith("”")]  # block quotations get marks
    assert [block for block in original.paragraphs if block not in lines and (len(block) > 30 or layout != SOUP)] == []


@given(st.text(max_size=400))
def test_any_page_is_an_article_or_refused(text: str) -> None:
    try:
        assert of(text).text
    except ArticleRejected as refused:
        assert str(refused).endswith(".")  # noqa: PT017  # either is right

"""A link or a file becomes a draft that says where and when it was had; through a real worker."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.articles.importing import Importer
from retrieval.errors import AddressRefused, ArticleRejected, FetchFailed
from retrieval.reading import read_article
from tests.support.documents import docx
from tests.support.fakes import FakeFetcher
from tests.support.pages import linked_data, plain_page, recorded_pages
from tests.support.pdfs import pdf
from tests.support.stories import story

if TYPE_CHECKING:
    from collections.abc import Iterator

FERRY = story("ferry")
PAGE = "https://courier.example/news/ferry?utm_source=feed"
NOW = datetime(2024, 10, 3, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def extractor() -> Iterator[ArticleWorker]:
    with ArticleWorker() as extractor:
        yield extractor


@pytest.fixture
def web() -> FakeFetcher:
    return FakeFetcher()


@pytest.fixture
def importer(web: FakeFetcher, extractor: ArticleWorker) -> Importer:
    nothing: Any = None  # drafts need no archive
    return Importer(nothing, nothing, extractor, web, extractor)


def test_a_link_s_article_says_where_and_when_it_was_fetched(importer: Importer, web: FakeFetcher) -> None:
    web.page(PAGE, plain_page("ferry", "newspaper", linked_data("ferry", datePublished="2024-10-01T19:42:00+02:00")))
    draft = importer.draft_from_link(PAGE, NOW)
    assert (draft.text, draft.title, draft.authors) == (FERRY.body, FERRY.headline, FERRY.authors)
    assert (draft.publisher, draft.published_at) == (FERRY.publisher, datetime(2024, 10, 1, 17, 42, tzinfo=UTC))
    assert (draft.url, draft.fetched_at) == (PAGE, NOW)


def test_a_page_s_own_address_goes_before_the_one_it_was_asked_for_by(importer: Importer, web: FakeFetcher) -> None:
    web.page(PAGE, plain_page("ferry", "newspaper", '<link rel="canonical" href="/news/ferry">'))
    assert importer.draft_from_link(PAGE).url == "https://courier.example/news/ferry"
    web.page(PAGE, plain_page("ferry", "newspaper", '<link rel="canonical" href="https://ledger.example/stolen">'))
    assert importer.draft_from_link(PAGE).url == PAGE


def test_a_moved_page_is_known_by_where_it_is_now(importer: Importer, web: FakeFetcher) -> None:
    web.page("https://courier.example/new", plain_page("ferry", "newspaper"))
    web.moved(PAGE, "https://courier.example/new")
    assert importer.draft_from_link(PAGE).url == "https://courier.example/new"


def test_what_the_way_there_refuses_is_passed_on(importer: Importer, web: FakeFetcher) -> None:
    web.refuses("https://inner.example/")
    with pytest.raises(AddressRefused):
        importer.draft_from_link("https://inner.example/")
    with pytest.raises(FetchFailed):
        importer.draft_from_link("https://gone.example/")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ferry.txt", FERRY.body.encode("cp1252")),
        ("ferry.md", f"# {FERRY.headline}\n\n{FERRY.body}".encode()),
        ("Ferry.HTML", plain_page("ferry", "newspaper").encode("utf-16")),
        ("ferry.htm", plain_page("ferry", "newspaper").encode()),
        ("ferry.eml", b"Subject: A\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + FERRY.body.encode()),
        ("ferry.pdf", pdf([[*FERRY.paragraphs]])),
        ("ferry.docx", docx(FERRY.paragraphs)),
        ("ferry.rtf", b"{\\rtf1\\ansi " + FERRY.body.encode("cp1252").replace(b"\n\n", b"\\par ") + b"}"),
    ],
)
def test_every_kind_of_file_is_read(importer: Importer, name: str, content: bytes) -> None:
    draft = importer.draft_from_file(name, content)
    assert read_article(draft).body.split() == FERRY.body.split()
    assert (draft.url, draft.fetched_at) == (None, None)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("ferry.xlsx", b"PK", "cannot be read: .txt, .md"),
        ("ferry.docx", b"PK", "damaged"),
        ("ferry", b"text", "cannot be read"),
        ("../../etc/passwd", b"text", "cannot be read"),
        ("ferry.txt", b"", "empty"),
        ("ferry.txt", b"a" * 5_000_001, "larger than 5 MB"),
        ("ferry.pdf", b"no pdf", "damaged"),
        ("ferry.txt", b"%PDF-1.7 that is called a text", "damaged"),
    ],
)
def test_other_files_are_refused_with_the_reason(importer: Importer, name: str, content: bytes, reason: str) -> None:
    with pytest.raises(ArticleRejected, match=reason):
        importer.draft_from_file(name, content)


def test_every_recorded_page_becomes_an_article_with_passages(extractor: ArticleWorker) -> None:
    for page in recorded_pages():
        read = read_article(extractor.extract(page.fetched))
        assert read.passages, page.name
        lines = read.body.split("\n")
        in_blocks = {line.strip("“”") for line in lines}  # a block quotation is given marks
        assert set(page.story.paragraphs) <= {*lines, *in_blocks}, page.name

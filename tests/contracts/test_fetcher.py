"""The contract of the port `Fetcher`: what the fake of the tests does is what the real one does on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.domain.pages import Fetched, NotModified, Validators
from retrieval.errors import AddressRefused, FetchFailed
from tests.contracts.fetching import WEBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contracts.fetching import Layout

STORY = "http://news.example/story"
ELSEWHERE = "http://news.example/elsewhere"
VALIDATORS = Validators(etag='W/"1"', modified="Mon, 25 Mar 2024 12:00:00 GMT")


@pytest.fixture(name="web", params=WEBS, ids=["fake", "real"])
def _web(request: pytest.FixtureRequest) -> Iterator[Layout]:
    with request.param() as web:
        yield web


def failure(web: Layout, url: str = STORY, validators: Validators | None = None) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        web.fetch(url, validators)
    return failed.value


def test_page_is_fetched_with_its_type_its_charset_and_its_validators(web: Layout) -> None:
    web.page(STORY, "Größe", "application/rss+xml", "iso-8859-1", VALIDATORS)

    assert web.fetch(STORY) == Fetched(
        STORY, "Größe".encode("latin-1"), "application/rss+xml", "iso-8859-1", VALIDATORS
    )


def test_page_may_say_nothing_of_charset_and_validators(web: Layout) -> None:
    web.page(STORY, b"%PDF-1.7", "application/pdf", charset=None)

    assert web.fetch(STORY) == Fetched(STORY, b"%PDF-1.7", "application/pdf", None, Validators())


def test_page_laid_out_last_holds(web: Layout) -> None:
    web.fails(STORY, 500)
    web.moved(STORY, ELSEWHERE)
    web.page(STORY, "one", validators=VALIDATORS)
    web.page(STORY, "two")

    assert web.fetch(STORY, VALIDATORS) == Fetched(STORY, b"two", "text/html", "utf-8")


def test_nothing_has_changed_for_whoever_shows_the_validators(web: Layout) -> None:
    web.page(STORY, "the story", validators=VALIDATORS)

    assert web.fetch(STORY, VALIDATORS) == NotModified()


@pytest.mark.parametrize("validators", [None, Validators(), Validators(etag='"0"')])
def test_page_comes_for_whoever_shows_none_or_others(web: Layout, validators: Validators | None) -> None:
    web.page(STORY, "the story", validators=VALIDATORS)

    assert isinstance(web.fetch(STORY, validators), Fetched)


def test_site_may_say_that_nothing_has_changed_by_itself(web: Layout) -> None:
    web.not_modified(STORY)

    assert web.fetch(STORY, VALIDATORS) == NotModified()
    assert failure(web).status == 404


def test_page_that_moved_for_good_tells_its_new_address(web: Layout) -> None:
    web.moved(STORY, ELSEWHERE)
    web.page(ELSEWHERE, "the story")

    assert web.fetch(STORY) == Fetched(ELSEWHERE, b"the story", "text/html", "utf-8", moved_to=ELSEWHERE)


def test_page_that_moved_may_not_have_changed(web: Layout) -> None:
    web.moved(STORY, ELSEWHERE)
    web.page(ELSEWHERE, "the story", validators=VALIDATORS)

    assert web.fetch(STORY, VALIDATORS) == NotModified()


@pytest.mark.parametrize(("status", "gone"), [(403, False), (404, True), (410, True), (429, False), (503, False)])
def test_error_has_the_status_and_what_the_site_says_about_coming_back(web: Layout, status: int, gone: bool) -> None:  # noqa: FBT001
    web.fails(STORY, status, retry_after=120)
    error = failure(web, validators=VALIDATORS)

    assert (error.status, error.retry_after, error.gone) == (status, 120, gone)
    assert str(error).endswith(".")


def test_site_that_does_not_answer_has_no_status(web: Layout) -> None:
    web.fails(STORY)
    error = failure(web)

    assert (error.status, error.retry_after, error.gone) == (None, None, False)


def test_address_that_nothing_was_laid_out_for_is_not_found(web: Layout) -> None:
    assert failure(web, ELSEWHERE).gone


def test_inner_address_is_refused_also_behind_a_redirect(web: Layout) -> None:
    web.refuses("http://inner.example/")
    web.moved(STORY, "http://inner.example/")

    for url in (STORY, "http://inner.example/"):
        with pytest.raises(AddressRefused, match="leads to a private network, which I never visit"):
            web.fetch(url)

"""Small pages by the kind of fault that they provoke: each gives the whole story and nothing of the page around it."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from retrieval.adapters.extraction.html import read_html
from retrieval.errors import ArticleRejected
from tests.support.paths import FIXTURES
from tests.support.stories import story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrieval.domain.articles import Draft

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FERRY = story("ferry")
KINDS = tomllib.loads((FIXTURES / "pages" / "kinds.toml").read_text(encoding="utf-8"))["page"]
RAIL = "<div class='rail'>" + "".join(
    f"<div class='item'><h4><a href='/{number}'>Another story of the harbour, number {number}</a></h4>"
    f"<p>A teaser tells in some words what else has happened on the coast this week ({number}).</p></div>"
    for number in range(30)
) + "</div>"  # fmt: skip


def written(page: dict[str, Any]) -> str:
    """Return the page with the paragraphs of the story."""
    body = re.sub("«(\\d)(?:-(\\d))?»", lambda marked: "".join(_elements(marked)), page["body"])
    body = _told(body).replace("<h1>H</h1>", f"<h1>{FERRY.headline}</h1>").replace("HEADLINE", FERRY.headline)
    menu = "<header><nav><a href='/'>Home</a><a href='/sport'>Sport</a></nav></header>"
    rail = RAIL if page.get("rail") else ""
    head = f"<title>{FERRY.headline} - The Selby Courier</title>{_told(page.get('head', ''))}"
    return f"<html><head>{head}</head><body>{menu}{body}{rail}<footer><p>© The Selby Courier</p></footer></body></html>"


def _elements(marked: re.Match[str]) -> Iterator[str]:
    first, last = int(marked[1]), int(marked[2] or marked[1])
    return (f"<p>{paragraph}</p>" for paragraph in FERRY.paragraphs[first - 1 : last])


def _told(text: str) -> str:
    return re.sub("‹(\\d)›", lambda marked: FERRY.paragraphs[int(marked[1]) - 1], text)


def _of(kind: Callable[[dict[str, Any]], bool]) -> pytest.MarkDecorator:
    pages = [page for page in KINDS if kind(page)]
    return pytest.mark.parametrize("page", pages, ids=[f"{page['kind']}: {page['name']}" for page in pages])


def read(page: dict[str, Any]) -> Draft:
    return read_html(written(page), "https://courier.example/a", NOW)


@_of(lambda page: "refused" not in page)
def test_a_page_gives_its_whole_text_and_nothing_else(page: dict[str, Any]) -> None:
    whole = [f"‹{number}›" for number in range(1, len(FERRY.paragraphs) + 1)]
    assert read(page).text.split("\n\n") == [_told(line) for line in page.get("paragraphs", whole)]


@_of(lambda page: "refused" in page)
def test_a_page_without_a_whole_article_is_refused(page: dict[str, Any]) -> None:
    with pytest.raises(ArticleRejected, match=page["refused"]):
        read(page)


@_of(lambda page: "title" in page)
def test_a_headline_is_read_without_its_kicker(page: dict[str, Any]) -> None:
    assert read(page).title == page["title"]


@_of(lambda page: "authors" in page)
def test_each_author_of_a_field_is_one(page: dict[str, Any]) -> None:
    assert list(read(page).authors) == page["authors"]


@_of(lambda page: "published" in page)
def test_the_day_is_that_of_the_first_publication_where_the_paper_is(page: dict[str, Any]) -> None:
    published = read(page).published_at
    assert published is not None
    assert published.date() == page["published"]

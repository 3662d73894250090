"""Lines that stand on several pages of one site are the site's, and stay out of the passages of the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from retrieval.archive.schema import passages
from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope
from retrieval.text.boilerplate import fold_line
from retrieval.text.page_lines import page_lines
from tests.support.fakes import FakeFetcher
from tests.support.newsrooms import newsroom_in
from tests.support.stories import story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.newsroom import Newsroom

STORIES = [story(name).paragraphs for name in ("ferry", "bus", "glass", "river", "clinic", "chess")]


def with_line(line: str, pages: int) -> list[str]:
    """Return so many texts of a site, each with the line at its end."""
    return ["\n\n".join((*paragraphs, line)) for paragraphs in STORIES[1 : pages + 1]]


@pytest.mark.parametrize(
    ("line", "pages", "of_site"),
    [
        ("More stories from the harbour desk", 2, True),
        ("More stories from the harbour desk", 1, False),
        ("Mehr aus der Hafenredaktion", 2, True),
        ("The harbour desk is on duty from six in the morning until midnight.", 4, True),
        ("The bridge has been closed since an inspector found cracks in it in March.", 3, False),
        ("“We will wait for the spring,” the council says in every letter", 5, False),
        ("The war", 5, False),
        ("The council of Port Selby and the county " * 9, 5, False),
    ],
    ids=range(8),
)
def test_a_line_of_several_pages_is_the_site_s(line: str, pages: int, *, of_site: bool) -> None:
    text = "\n\n".join((*STORIES[0], line))
    assert page_lines(text, with_line(line, pages)) == ((fold_line(line),) if of_site else ())


def test_another_edition_of_a_text_makes_none_of_its_lines_the_site_s() -> None:
    text = "\n\n".join((*STORIES[0], "What comes next for the island"))
    assert page_lines(text, [text.replace("Tuesday", "Monday")] * 6) == ()


# In the archive

HERE, THERE = Scope(CollectionId(11)), Scope(CollectionId(22))
LINE = "Written and printed on the quay of Port Selby"


@pytest.fixture
def web() -> FakeFetcher:
    return FakeFetcher()


@pytest.fixture
def room(tmp_path: Path, web: FakeFetcher) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path, fetcher=web) as room:
        yield room


def in_passages(room: Newsroom, web: FakeFetcher, scope: Scope, number: int, site: str = "courier.example") -> bool:
    """Add the page of a story with the line below it; return whether the line can be found in its passages."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (*STORIES[number], LINE))
    url = f"https://{site}/{number}"
    web.page(url, f"<html><body><article><h1>Story {number} of the coast</h1>{body}</article></body></html>")
    article = room.importer.add_link(scope, url).article
    assert LINE in article.body
    with room._archive._connections.reading() as connection:
        spans = connection.execute(
            sa.select(passages.c.start, passages.c.end).where(passages.c.article_id == article.id)
        )
        return any(LINE in article.body[start:end] for start, end in spans)


def test_from_the_third_page_of_a_site_on_its_line_is_in_no_passage(room: Newsroom, web: FakeFetcher) -> None:
    assert [in_passages(room, web, HERE, number) for number in range(5)] == [True, True, False, False, False]
    assert in_passages(room, web, HERE, 5, "another.example")


def test_what_another_server_holds_tells_nothing_of_a_site(room: Newsroom, web: FakeFetcher) -> None:
    assert all(in_passages(room, web, HERE, number) for number in range(2))
    assert in_passages(room, web, THERE, 2)


def test_what_is_shared_tells_of_a_site_everywhere(room: Newsroom, web: FakeFetcher) -> None:
    assert all(in_passages(room, web, Scope(), number) for number in range(2))
    assert not in_passages(room, web, THERE, 2)


def test_the_same_page_again_is_no_other_page(room: Newsroom, web: FakeFetcher) -> None:
    assert all(in_passages(room, web, HERE, 0) for _ in range(4))

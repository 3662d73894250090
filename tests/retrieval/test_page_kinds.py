"""Small pages by the kind of fault that they provoke: each gives the whole story and nothing of the page around it."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from retrieval.adapters.extraction.html import read_html
from tests.support.paths import FIXTURES
from tests.support.stories import story

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    body = re.sub("‹(\\d)›", lambda marked: FERRY.paragraphs[int(marked[1]) - 1], body)
    body = body.replace("<h1>H</h1>", f"<h1>{FERRY.headline}</h1>")
    menu = "<header><nav><a href='/'>Home</a><a href='/sport'>Sport</a></nav></header>"
    rail = RAIL if page.get("rail") else ""
    head = f"<title>{FERRY.headline} - The Selby Courier</title>{page.get('head', '')}"
    return f"<html><head>{head}</head><body>{menu}{body}{rail}<footer><p>© The Selby Courier</p></footer></body></html>"


def _elements(marked: re.Match[str]) -> Iterator[str]:
    first, last = int(marked[1]), int(marked[2] or marked[1])
    return (f"<p>{paragraph}</p>" for paragraph in FERRY.paragraphs[first - 1 : last])


@pytest.mark.parametrize("page", KINDS, ids=[f"{page['kind']}: {page['name']}" for page in KINDS])
def test_a_page_gives_its_whole_text_and_nothing_else(page: dict[str, Any]) -> None:
    lines = read_html(written(page), "https://courier.example/a").text.split("\n\n")
    expected = page.get("paragraphs", ["‹1›", "‹2›", "‹3›", "‹4›", "‹5›", "‹6›"])
    assert lines == [re.sub("‹(\\d)›", lambda marked: FERRY.paragraphs[int(marked[1]) - 1], line) for line in expected]

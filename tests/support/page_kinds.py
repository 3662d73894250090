"""The small pages of `fixtures/pages/kinds.toml`, by the kind of fault that they provoke, with what they tell."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.support.paths import FIXTURES
from tests.support.stories import story

if TYPE_CHECKING:
    from collections.abc import Mapping

URL: Final = "https://courier.example/a"
_FERRY: Final = story("ferry")
_ALL: Final = [f"‹{number}›" for number in range(1, len(_FERRY.paragraphs) + 1)]
_MENU: Final = "<header><nav><a href='/'>Home</a><a href='/sport'>Sport</a></nav></header>"
_FOOTER: Final = "<footer><p>© The Selby Courier</p></footer>"
_RAIL: Final = "".join(
    f"<div class='item'><h4><a href='/{number}'>Another story of the harbour, number {number}</a></h4>"
    f"<p>A teaser tells in some words what else has happened on the coast this week ({number}).</p></div>"
    for number in range(30)
)


@dataclass(frozen=True, slots=True)
class KindOfPage:
    """A page, and what it ought to give: these paragraphs, or a refusal; `facts` has title, authors and day."""

    name: str
    html: str
    paragraphs: tuple[str, ...]
    refused: str | None
    facts: Mapping[str, Any]


def kinds_of_pages() -> list[KindOfPage]:
    """Return all pages, in the order of the file."""
    pages = tomllib.loads((FIXTURES / "pages" / "kinds.toml").read_text(encoding="utf-8"))["page"]
    return [
        KindOfPage(
            name=f"{page['kind']}: {page['name']}",
            html=_written(page),
            paragraphs=tuple(_told(line) for line in page.get("paragraphs", _ALL)),
            refused=page.get("refused"),
            facts=page,
        )
        for page in pages
    ]


def _written(page: Mapping[str, Any]) -> str:
    head = f"<title>{_FERRY.headline} - The Selby Courier</title>{_told(page.get('head', ''))}"
    body = _told(page["body"]).replace("<h1>H</h1>", f"<h1>{_FERRY.headline}</h1>").replace("HEADLINE", _FERRY.headline)
    rail = f"<div class='rail'>{_RAIL}</div>" if page.get("rail") else ""
    return f"<html><head>{head}</head><body>{_MENU}{body}{rail}{_FOOTER}</body></html>"


def _told(text: str) -> str:
    """Return the text with the story's paragraphs: «1-3» in p elements, ‹2› bare."""
    text = re.sub("«(\\d)(?:-(\\d))?»", _elements, text)
    return re.sub("‹(\\d)›", lambda marked: _FERRY.paragraphs[int(marked[1]) - 1], text)


def _elements(marked: re.Match[str]) -> str:
    first, last = int(marked[1]), int(marked[2] or marked[1])
    return "".join(f"<p>{paragraph}</p>" for paragraph in _FERRY.paragraphs[first - 1 : last])

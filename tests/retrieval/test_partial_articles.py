"""A text that may not be the whole article is known as such from its page on; a whole text never is."""

from __future__ import annotations

import pytest

from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.adapters.extraction.html import read_html
from retrieval.domain.pages import Fetched
from tests.support.page_kinds import KindOfPage, kinds_of_pages
from tests.support.pages import recorded_pages
from tests.support.stories import story

FERRY = story("ferry")
TEXT = [f"<p>{paragraph}</p>" for paragraph in FERRY.paragraphs]
MORE = "".join(
    f"<p>Boat number {number} left the harbour at noon, and its crew of five told the reporters on the quay why.</p>"
    for number in range(12)
)
LEFT = "<p>Il vous reste 41.5% de cet article à lire. La suite est réservée aux abonnés.</p>"
UNPAID = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
PARTS = "".join(
    f"<div class='part' id='{name}'>{first}{second}</div>"
    for name, first, second in zip(("start", "sidebar-2", "sidebar-3"), TEXT[::2], TEXT[1::2], strict=True)
)
"""A text in parts, of which most are named as what stands beside a text."""


def page(body: str, head: str = "") -> str:
    title = FERRY.headline
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def test_parts_of_a_story_that_could_not_be_told_apart_are_missed() -> None:
    draft = read_html(page(PARTS))
    assert draft.partial
    assert FERRY.paragraphs[2] not in draft.text


@pytest.mark.parametrize("left", [LEFT, "<div class='wall'>Subscribe to continue reading this article.</div>"])
def test_a_long_text_that_breaks_off_before_an_offer_is_not_whole(left: str) -> None:
    draft = read_html(page("".join(TEXT) + MORE + left))
    assert draft.partial
    assert draft.text.endswith("why.")


@pytest.mark.parametrize(
    "whole",
    [
        page("".join(TEXT)),
        page("".join(TEXT) + MORE, UNPAID),
        page("<div>Unlock this article with a free trial.</div>" + "".join(TEXT) + MORE),
    ],
    ids=["short", "paid for", "offer above"],
)
def test_a_whole_text_is_whole(whole: str) -> None:
    assert not read_html(whole).partial


@pytest.mark.parametrize(
    "kind", [kind for kind in kinds_of_pages() if kind.refused is None], ids=lambda kind: kind.name
)
def test_no_page_that_is_read_whole_is_said_to_be_partial(kind: KindOfPage) -> None:
    assert not read_html(kind.html).partial


def test_the_worker_tells_it_of_its_pages() -> None:
    with ArticleWorker() as worker:
        assert worker.extract(Fetched("", page(PARTS).encode(), "text/html", "utf-8")).partial
        assert not any(worker.extract(recorded.fetched).partial for recorded in recorded_pages())

"""Small pages by the kind of fault that they provoke: each gives the whole story and nothing of the page around it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from retrieval.adapters.extraction.html import read_html
from retrieval.adapters.extraction.page_data import text_in_data
from retrieval.errors import ArticleRejected
from tests.support.page_kinds import URL, KindOfPage, kinds_of_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.articles import Draft

PAGES = kinds_of_pages()


def those(which: Callable[[KindOfPage], bool]) -> pytest.MarkDecorator:
    pages = [page for page in PAGES if which(page)]
    return pytest.mark.parametrize("page", pages, ids=[page.name for page in pages])


def read(page: KindOfPage) -> Draft:
    return read_html(page.html, URL, datetime(2026, 6, 1, tzinfo=UTC))


@those(lambda page: page.refused is None)
def test_a_page_gives_its_whole_text_and_nothing_else(page: KindOfPage) -> None:
    assert read(page).text.split("\n\n") == list(page.paragraphs)


@those(lambda page: page.refused is not None)
def test_a_page_without_a_whole_article_is_refused(page: KindOfPage) -> None:
    with pytest.raises(ArticleRejected, match=page.refused):
        read(page)


@those(lambda page: "title" in page.facts)
def test_a_headline_is_read_without_its_kicker(page: KindOfPage) -> None:
    assert read(page).title == page.facts["title"]


@those(lambda page: "authors" in page.facts)
def test_each_author_of_a_field_is_one(page: KindOfPage) -> None:
    assert list(read(page).authors) == page.facts["authors"]


@those(lambda page: "published" in page.facts)
def test_the_day_is_that_of_the_first_publication_where_the_paper_is(page: KindOfPage) -> None:
    published = read(page).published_at
    assert published is not None
    assert published.date() == page.facts["published"]


STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PAGES[0].paragraphs)
OLD = "<time datetime='2019-01-01'>1 January 2019</time>"
LINK = "<a href='/old'>An old story of the harbour</a>"


def published(top: str) -> datetime | None:
    """The date of a page with this between its headline and its text."""
    page = f"<html><body><article><h1>Ferries</h1>{top}{STORY}</article></body></html>"
    return read_html(page, URL, datetime(2026, 6, 1, tzinfo=UTC)).published_at


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='related'>{OLD} Old story</div>",
        f"<section id='most-read'>{LINK}<span>1 January 2019</span></section>",
        f"<aside>{LINK} {OLD}</aside>",
        f"<section class='comments'><p><b>ann</b> {OLD} I sailed there as a child.</p></section>",
        "<div class='right-sidebar'><p>1 January 2019: a concert in the park</p><p>2 January 2019: a market</p></div>",
        f"<div class='latest-news'>{LINK} {OLD}</div>",
        f"<div class='item'><h3>{LINK}</h3>{OLD}</div>",
        f"<div class='item'><a href='/old'><h3>An old story of the harbour</h3></a>{OLD}</div>",
        f"<ul><li>{LINK} {OLD}</li><li>{LINK} {OLD}</li></ul>",
        "<div class='c'><h3><a href='/b'>Old</a></h3><meta itemprop='datePublished' content='2019-01-01'></div>",
    ],
)
def test_the_date_of_another_story_is_not_the_page_s(box: str) -> None:
    assert published(box) is None
    assert published(f"<time datetime='2026-05-05'>5 May</time>{box}") == datetime(2026, 5, 5, tzinfo=UTC)
    assert published(f"<p>5 May 2026</p>{box}") == datetime(2026, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        "<p>The council decided on 3 March 2025 that the ferry should run through the winter, too.</p>",
        "<p>The minutes of 2025-03-03 say that nobody in the room had read the report before.</p>",
        "<ul><li>Between 3 March 2025 and 7 May 2025 the ferry did not sail because of its broken engine.</li></ul>",
        "<figure><img src='a.jpg'><figcaption>The pier, 12 January 2024. Photograph: Ann Box</figcaption></figure>",
    ],
)
def test_a_day_that_a_sentence_tells_of_is_not_the_page_s(told: str) -> None:
    assert published(told) is None
    assert published(f"<p>5 May 2026</p>{told}") == datetime(2026, 5, 5, tzinfo=UTC)
    dateline = (
        "<p>PORT SELBY, 5 May 2026 (SNA) - The ferry will run through the winter, the council said on Monday.</p>"
    )
    assert published(f"{dateline}{told}") == datetime(2026, 5, 5, tzinfo=UTC)
    said = "<p>Published on Tuesday, 5 May 2026, by Jane Roe in the pages of news.</p>"
    assert published(f"{said}{told}") is not None


@pytest.mark.parametrize(
    "head",
    [
        "<h2><a href='/a'>Ferries stay in port</a></h2><time datetime='2026-05-05'>5 May</time>",
        "<div><h2><a href='/a'>Ferries stay in port</a></h2><time datetime='2026-05-05'>5 May</time></div>",
        "<div class='latest-news'><h2>Ferries stay in port</h2><p><time datetime='2026-05-05'></time></p>",
        "<h2>Ferries stay in port</h2><p class='elementor-widget'><time datetime='2026-05-05'>5 May</time></p><div>",
        "<h2>Ferries stay in port</h2><div class='meta-sidebar'><time datetime='2026-05-05'>5 May</time></div><div>",
        "<h2>Ferries stay in port</h2><div class='article-teaser'><p>Today, 5 May 2026</p></div><div>",
    ],
)
def test_the_date_beside_an_own_headline_is_the_page_s(head: str) -> None:
    page = f"<html><title>Ferries stay in port</title><body><h1>The Courier</h1><div>{head}{STORY}</div></body></html>"
    assert read_html(page, URL).published_at == datetime(2026, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "line", "moment"),
    [
        ("en", "Published: 03/04/2026 6:20 PM EST", datetime(2026, 3, 4, 23, 20, tzinfo=UTC)),
        ("en-US", "<span>03/04/2026</span> at <b>6:20 p.m.</b>", datetime(2026, 3, 4, 18, 20, tzinfo=UTC)),
        ("en", "6:20 PM, 3/4/26", datetime(2026, 3, 4, 18, 20, tzinfo=UTC)),
        ("en", "Updated 03/05/2026 9:00 AM | Published 03/04/2026 9:00 AM", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("en-GB", "03/04/2026 6:20 PM", datetime(2026, 4, 3, 18, 20, tzinfo=UTC)),
        ("en-GB", "03/04/2026 18:20", datetime(2026, 4, 3, tzinfo=UTC)),
    ],
)
def test_a_day_with_slashes_is_read_as_in_the_page_s_language(language: str, line: str, moment: datetime) -> None:
    page = f"<html lang={language}><body><article><h1>Ferries</h1><p>{line}</p>{STORY}</article></body></html>"
    published = read_html(page, URL, datetime(2026, 6, 1, tzinfo=UTC)).published_at
    assert published is not None
    assert published.date() == moment.date()
    assert not published.hour or published == moment


def test_a_text_behind_an_empty_body_is_read() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PAGES[0].paragraphs)
    assert read_html(f"<html><body></body>{text}</html>", URL).text.split("\n\n") == list(PAGES[0].paragraphs)


def test_an_assignment_within_the_data_is_words_of_the_text() -> None:
    words = "The page says let paid = {yes}, and nobody knows why it does. " * 9
    script = json.dumps({"title": "Ferries stay in port", "text": words})
    assert text_in_data([script], "Ferries stay in port") == words.strip()
    assert text_in_data([f"window.data = {script}"], "Ferries stay in port") == words.strip()


SENTENCES = " ".join(f"The ferry of pier {number} did not sail on Monday, and nobody said why." for number in range(9))


@pytest.mark.parametrize(
    ("title", "refused"),
    [
        ("Just a moment...", "error page"),
        ("Page not found | The Skarholm Courier", "error page"),
        ("404: Page not found", "error page"),
        ("Error 403 - Forbidden", "error page"),
        ("Seite nicht gefunden – Der Bote", "error page"),
        ("Attention Required! | Cloudflare", "error page"),
        ("Before you continue", "consent"),
    ],
)
def test_a_long_page_in_place_of_another_is_refused(title: str, refused: str) -> None:
    page = f"<html><title>{title}</title><body><h1>{title}</h1><p>{SENTENCES}</p></body></html>"
    with pytest.raises(ArticleRejected, match=refused):
        read_html(page, URL, datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "title",
    [
        "404 homes without water",
        "Access denied: how the council hid a report",
        "Just a moment in the sun for the ferry",
        "Not found guilty: the trial of the captain",
        "503 passengers wait",
    ],
)
def test_a_headline_that_begins_like_an_error_is_an_article(title: str) -> None:
    page = f"<html><title>{title} | The Courier</title><body><h1>{title}</h1><p>{SENTENCES}</p></body></html>"
    assert read_html(page, URL, datetime(2026, 6, 1, tzinfo=UTC)).text == SENTENCES


@pytest.mark.parametrize(
    "offer",
    [
        ("Il vous reste 78 % de cet article à découvrir.", "Quatre semaines gratuites."),
        ("Abbonati per continuare a leggere.", "Sei già abbonato?"),
        ("To continue reading, join us.", "Start your free trial today.", "Enjoy our app, with fewer ads."),
        ("Diesen Artikel weiterlesen mit Plus.", "Alle Artikel, jederzeit kündbar."),
        ("Suscríbete para seguir leyendo.", "Sin compromiso."),
    ],
)
def test_a_beginning_with_an_offer_and_what_it_promises_is_refused(offer: tuple[str, ...]) -> None:
    lines = "".join(f"<p>{line}</p>" for line in (SENTENCES, *offer))
    page = f"<html><title>Ferries</title><body><article><h1>Ferries stay</h1>{lines}</article></body></html>"
    with pytest.raises(ArticleRejected, match="subscribers"):
        read_html(page, URL, datetime(2026, 6, 1, tzinfo=UTC))

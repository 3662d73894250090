"""Headlines and authors as pages print them: beside kickers, logos, counters, offices, papers and places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.extraction.bylines import author_names, shown_names
from retrieval.adapters.extraction.html import read_html
from tests.support.stories import story

TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in story("ferry").paragraphs)
URL = "https://www.selbycourier.example/a"
HEADLINE = "Mayor resigns over the ferry"


def headline(title: str, body: str) -> tuple[str | None, str | None]:
    draft = read_html(f"<html><head><title>{title}</title></head><body>{body}{TEXT}</body></html>", URL)
    return draft.title, draft.publisher


@pytest.mark.parametrize(
    "heading",
    [
        f"<span>Politics</span>{HEADLINE}",
        f"<a href='/politics'>Politics</a>{HEADLINE}",
        f"<span class='kicker'>Politics</span> {HEADLINE}",
        f"<span><span class='article-label'>Local politics</span> <span>{HEADLINE}</span></span>",
        f"<div>Politics</div><div>{HEADLINE}</div>",
        f"<strong>Exclusive</strong>{HEADLINE}",
        f"{HEADLINE}<span>Politics</span>",
        f"{HEADLINE} <small class='section'>Politics</small>",
        f"<em>{HEADLINE}</em>",
    ],
)
@pytest.mark.parametrize("title", ["The Selby Courier", "Courier | Selby - Politics | News", ""])
def test_a_kicker_in_the_heading_is_no_part_of_the_headline(heading: str, title: str) -> None:
    assert headline(title, f"<article><h1>{heading}</h1></article>")[0] == HEADLINE


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("<em>You</em>Tube sues the ferry", "YouTube sues the ferry"),
        ("<span>T</span>he mayor resigns", "The mayor resigns"),
        ("<b>Mayor</b> resigns over the ferry", HEADLINE),
        ("<b>Mayor</b>’s ferry sinks", "Mayor’s ferry sinks"),
        ("Mayor resigns<br>over the ferry", HEADLINE),
        ("<span>Mayor resigns</span> <span>over the ferry</span>", HEADLINE),
    ],
)
def test_a_part_of_a_headline_is_no_kicker(heading: str, shown: str) -> None:
    assert headline(f"{shown} | The Selby Courier", f"<h1>{heading}</h1>")[0] == shown


@pytest.mark.parametrize(
    "title",
    [
        f"{HEADLINE} – The Selby Courier – Local news",
        f"(3) {HEADLINE} | The Selby Courier",
        f"The Selby Courier - {HEADLINE}",
        f"The Selby Courier | Politics | {HEADLINE}",
        "The Selby Courier",
        "",
    ],
)
@pytest.mark.parametrize(
    "logo", ["<h1>The Selby Courier</h1>", "<header><h1><a href='/'>Selby’s own paper</a></h1></header>"]
)
def test_the_name_of_the_site_is_no_headline(title: str, logo: str) -> None:
    assert headline(title, f"{logo}<article><h2>{HEADLINE}</h2>")[0] == HEADLINE


def test_the_site_is_named_before_or_behind_the_headline() -> None:
    assert headline(f"The Selby Post - {HEADLINE}", f"<h1>{HEADLINE}</h1>") == (HEADLINE, "The Selby Post")
    assert headline(f"{HEADLINE} | The Selby Post", f"<h1>{HEADLINE}</h1>") == (HEADLINE, "The Selby Post")


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("By Jane Roe, Harlow", ["Jane Roe"]),
        ("Jane Roe, New York", ["Jane Roe"]),
        ("Jane Roe in Port Selby", ["Jane Roe"]),
        ("By Jane Roe for The Selby Courier", ["Jane Roe"]),
        ("By Jane Roe and John Doe | Staff", ["Jane Roe", "John Doe"]),
        ("Jane Roe | Selby Courier", ["Jane Roe"]),
        ("Jane Roe, Local Democracy Reporter", ["Jane Roe"]),
        ("Written by Jane Roe - Harlow", ["Jane Roe"]),
        ("Von Jana Dörr, Berlin", ["Jana Dörr"]),
        ("Jane Roe, John Doe", ["Jane Roe", "John Doe"]),
        ("Jane Roe, Xiulan Wong and Port Vell", ["Jane Roe", "Xiulan Wong", "Port Vell"]),
        ("Jane Roe, J. K. Sand", ["Jane Roe", "J. K. Sand"]),
        ("Jane Roe & Sons", ["Jane Roe & Sons"]),
        ("Staff", ["Staff"]),
        ("Byron Vale", ["Byron Vale"]),
        ("Selby Courier", []),
        ("https://courier.example/jane", []),
    ],
)
def test_authors_are_persons_and_neither_places_nor_papers(field: str, names: list[str]) -> None:
    assert list(author_names([field], "Selby Courier")) == names


@pytest.mark.parametrize("byline", ["By Jane Roe, Harlow", "By Jane Roe and John Doe | Staff"])
def test_a_shown_byline_names_persons(byline: str) -> None:
    page = f"<html><body><h1>{HEADLINE}</h1><div class='byline author'>{byline}</div>{TEXT}</body></html>"
    assert set(read_html(page, URL).authors) <= {"Jane Roe", "John Doe"}


@pytest.mark.parametrize(
    ("found", "names"),
    [
        ("Jane Roe Mar", ["Jane Roe"]),
        ("Jane Roe Columnist Jane Roe has written; Lives", []),
        ("Jane Roe; John Doe", ["Jane Roe", "John Doe"]),
        ("Jane Roe has written for the paper since long ago", []),
        (None, []),
    ],
)
def test_what_is_shown_beside_a_headline_names_authors_as_far_as_it_is_short(
    found: str | None, names: list[str]
) -> None:
    assert list(author_names(shown_names(found), None)) == names


@given(st.text("By ,|&-anderoJ.\n<>", max_size=60) | st.text(max_size=60))
def test_whatever_stands_in_a_byline_breaks_nothing(field: str) -> None:
    assert isinstance(author_names([field], None), tuple)

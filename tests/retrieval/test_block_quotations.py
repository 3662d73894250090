"""What a page or a file sets off as a quotation stays one in plain text, with whom it is ascribed to."""

from __future__ import annotations

import pytest

from retrieval.adapters.extraction.html import read_html
from retrieval.adapters.extraction.plain_text import read_markdown
from retrieval.text.quotations import find_quotations

FIRST = (
    "<p>The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings, the port "
    "authority told the residents of Selby in a letter that went to every house in the town.</p>"
    "<p>The cracks are as long as a hand, and the oldest of them may be there since the winter before last.</p>"
)
LAST = (
    "<p>Engineers hope to reopen one lane within a week, and the council will meet again on Friday at noon. Lorries "
    "have to go by the old road over the hill until then, which takes an hour more than the bridge does.</p>"
)
STAY = "We will not leave the bridge as it is."
HELP = "We have asked for help."
SAID = "<p>In a statement, Mayor Ana Costa said:</p>"
TWEETED = "&mdash; Ana Costa (@anacosta) <a href='y'>March 3, 2026</a>"
SKEETED = "&mdash; Ana Costa (<a href='x'>@ana.example</a>) <a href='y'>3 March 2026</a>"
POSTED = "Posted by <a href='x'>Ana Costa</a> on <a href='y'>Tuesday</a>"

PAGES = [
    (f"{SAID}<blockquote><p>{STAY}</p><p>{HELP}</p></blockquote>", [f"“{STAY}", f"“{HELP}”"]),
    (f"{SAID}<blockquote>{STAY}</blockquote>", [f"“{STAY}”"]),
    (f"{SAID}<blockquote><div><p>{STAY} <em>{HELP}</em></p></div></blockquote>", [f"“{STAY} {HELP}”"]),
    (f"{SAID}<blockquote><p>“{STAY}”</p></blockquote>", [f"“{STAY}”"]),
    (f"{SAID}<blockquote><p>He said “no” to us.</p></blockquote>", ["“He said “no” to us.”"]),
    (f"<blockquote><p>{STAY}</p><cite>Ana Costa, mayor</cite></blockquote>", [f"“{STAY}” — Ana Costa, mayor"]),
    (f"<blockquote><p>“{STAY}”</p><cite>Ana Costa</cite></blockquote>", [f"“{STAY}” — Ana Costa"]),
    (f"<blockquote><p>{STAY}</p><footer>— <cite>Ana Costa</cite></footer></blockquote>", [f"“{STAY}” — Ana Costa"]),
    (f"<blockquote><p>{STAY}<br>— Ana Costa, mayor</p></blockquote>", [f"“{STAY}” — Ana Costa, mayor"]),
    (f"<blockquote><p>{STAY}</p><p>— Ana Costa</p></blockquote>", [f"“{STAY}” — Ana Costa"]),
    (f"<blockquote><p>{STAY}</p><p>{HELP}</p><p>- Ana Costa</p></blockquote>", [f"“{STAY}", f"“{HELP}” — Ana Costa"]),
    (
        f"<figure><blockquote><p>{STAY}</p></blockquote><figcaption>Ana Costa, mayor of Selby</figcaption></figure>",
        [f"“{STAY}” — Ana Costa, mayor of Selby"],
    ),
    (
        f"<blockquote class='twitter-tweet'><p>{STAY} <a>pic.twitter.com/aB1</a></p>{TWEETED}</blockquote>",
        [f"“{STAY}” — Ana Costa (@anacosta), March 3, 2026"],
    ),
    (
        f"<blockquote class='bluesky-embed'><p>{STAY}</p>{SKEETED}</blockquote>",
        [f"“{STAY}” — Ana Costa (@ana.example), 3 March 2026"],
    ),
    (
        f"<blockquote class='fb-xfbml-parse-ignore'><p>{STAY}</p>{POSTED}</blockquote>",
        [f"“{STAY}” — Ana Costa"],
    ),
    (f"<p>Ana Costa said: <q>{STAY}</q></p>", [f"Ana Costa said: “{STAY}”"]),
    ("<p>Ana Costa said: <q>He said <q>no</q> to us.</q></p>", ["Ana Costa said: “He said ‘no’ to us.”"]),
    (f"<p>Ana Costa said: <q>“{STAY}”</q></p>", [f"Ana Costa said: “{STAY}”"]),
]

LEFT = [
    f"<p>The letter is short.</p><blockquote><p>{STAY}</p></blockquote>",
    f"<p>She asks for three things:</p><blockquote><ul><li>{STAY}</li><li>{HELP}</li></ul></blockquote>",
    f'{SAID}<blockquote><p>We read "Night Train" at school.</p></blockquote>',
]

MARKDOWN = [
    (f"Mayor Ana Costa said:\n\n> {STAY}\n>\n> {HELP}", [f"“{STAY}", f"“{HELP}”"]),
    (f"Mayor Ana Costa said:\n> {STAY}", [f"“{STAY}”"]),
    (f"> {STAY}\n>\n> — Ana Costa, mayor", [f"“{STAY}” — Ana Costa, mayor"]),
    (f"> {STAY}\n> — Ana Costa, mayor", [f"“{STAY}” — Ana Costa, mayor"]),
    (f"> “{STAY}”\n> -- Ana Costa", [f"“{STAY}” — Ana Costa"]),
    (f"> “{STAY}”\n> – Ana Costa", [f"“{STAY}” — Ana Costa"]),
    (f"> {STAY}", [STAY]),
    ("> Note: this page is a draft.", ["Note: this page is a draft."]),
]


@pytest.mark.parametrize(("markup", "lines"), PAGES)
def test_what_a_page_sets_off_has_marks_and_its_author(markup: str, lines: list[str]) -> None:
    text = read_html(f"<html><head><title>Bridge</title></head><body><article>{FIRST}{markup}{LAST}</article>").text
    assert [line for line in lines if line not in text.split("\n\n")] == []
    assert all(who.name == "Ana Costa" for one in find_quotations(text) for who in one.speakers)
    assert find_quotations(text)


@pytest.mark.parametrize("markup", LEFT)
def test_what_nobody_is_said_to_have_said_gets_no_marks(markup: str) -> None:
    text = read_html(f"<html><head><title>Bridge</title></head><body><article>{FIRST}{markup}{LAST}</article>").text
    assert f"“{STAY}" not in text
    assert '“We read "' not in text


@pytest.mark.parametrize(("markup", "lines"), MARKDOWN)
def test_a_quotation_in_markdown_has_marks_and_its_author(markup: str, lines: list[str]) -> None:
    text = read_markdown(f"The bridge was closed on Tuesday.\n\n{markup}\n\nThe council met.").text
    assert [line for line in lines if line not in text.split("\n\n")] == []


def test_a_pull_quote_with_its_author_is_dropped_where_the_text_repeats_it() -> None:
    pulled = f"<blockquote><p>{STAY}</p><cite>Ana Costa</cite></blockquote>"
    page = f"<article>{FIRST}{pulled}<p>“{STAY}” Ana Costa said on Monday.</p>{LAST}</article>"
    assert read_html(f"<html><head><title>Bridge</title></head><body>{page}").text.count(STAY) == 1

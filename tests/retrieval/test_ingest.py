"""An article is understood whole, or refused with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.extraction.answers import WorkerAnswer
from retrieval.adapters.sandbox.worker_protocol import write_answer
from retrieval.articles.files import read_draft
from retrieval.domain.articles import Draft, Notice
from retrieval.domain.limits import LONGEST_TEXT
from retrieval.errors import ArticleRejected
from retrieval.reading import read_article
from tests.support.articles import BRIDGE
from tests.support.paths import SEED
from tests.support.stories import story

LEDE = "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings."


def test_the_seed_is_understood() -> None:
    read = read_article(read_draft(SEED))
    assert read.source.title == "Gaza cease-fire vote roils US-Israel talks on Rafah"
    assert read.source.publisher == "The Hill (Nexstar)"
    shown = "\n".join(passage.span.of(read.body) for passage in read.passages)
    for boilerplate in ("Ronen Zvulun", "Copyright 2024", "Source link", "About The Author", "Scroll to Top"):
        assert boilerplate in read.body
        assert boilerplate not in shown
    assert len(read.quotations) == 13


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (Draft(""), "empty"),
        (Draft(" \u200b\n\x00"), "empty"),
        (Draft("Read more\n\nSource link\n\n© 2024 The Post"), "no article"),
        (Draft("a" * (LONGEST_TEXT + 1)), "may have 400,000"),
        (Draft(LEDE, url="javascript:alert(1)"), "begin with https://"),
        (Draft(LEDE, url="https://user:secret@example.org/"), "begin with https://"),
        (Draft(LEDE, url="https://"), "begin with https://"),
        (Draft(LEDE, url="https://[::1"), "begin with https://"),
        (Draft(LEDE, url="https://example.org/a b"), "begin with https://"),
        (Draft(LEDE, url="\0\0https://example.org/a"), "begin with https://"),
        (Draft(LEDE, url="https://example.org/\ud800"), "begin with https://"),
    ],
)
def test_what_cannot_be_quoted_is_refused(draft: Draft, reason: str) -> None:
    with pytest.raises(ArticleRejected, match=reason):
        read_article(draft)


def test_four_words_are_the_least_that_can_be_quoted() -> None:
    with pytest.raises(ArticleRejected, match="no article"):
        read_article(Draft("The bridge closed."))
    assert read_article(Draft("The bridge closed today.")).body == "The bridge closed today."


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (LEDE[:20], f"{LEDE[:20].rpartition(' ')[0]} …"),
        (LEDE.split(" on ", maxsplit=1)[0], f"{LEDE.split(' on ', maxsplit=1)[0]} …"),
        (LEDE, LEDE),
        ("Norholm (CNN) —", f"{LEDE} The harbour bridge was …"),
    ],
)
def test_of_a_headline_that_was_cut_out_of_the_text_whole_words_are_kept(given: str, title: str) -> None:
    body = f"{LEDE} {LEDE}" if given.endswith("—") else f"{LEDE}\n\n{LEDE}"
    assert read_article(Draft(body, title=given)).source.title == title


def test_without_a_headline_the_text_begins_the_title() -> None:
    assert read_article(Draft(f"{LEDE} {LEDE}")).source.title == f"{LEDE} The harbour bridge was …"
    assert read_article(Draft(f"Bridge closed\n\n{LEDE}")).source.title == "Bridge closed"


def test_what_is_known_is_kept_to_one_clean_line() -> None:
    read = read_article(Draft(LEDE, title="A\u202e\n b", publisher="p" * 500, authors=("", " Ada  Okafor ")))
    assert read.source.title == "A b"
    assert read.source.publisher == "p" * 119 + "…"
    assert read.source.authors == ("Ada Okafor",)


def test_a_headline_is_not_quoted() -> None:
    read = read_article(
        Draft(f"Mayor calls bridge “a disgrace”\n\n{LEDE}\n\n“It is a disgrace,” Mayor Ada Okafor said.")
    )
    assert [quotation.content.of(read.body) for quotation in read.quotations] == ["It is a disgrace,"]


@given(st.text(alphabet=st.one_of(st.sampled_from('Ab.“”" \n'), st.characters()), min_size=1))
def test_passages_and_quotations_are_spans_of_the_body(text: str) -> None:
    try:
        read = read_article(Draft(text))
    except ArticleRejected:
        return
    for before, after in pairwise(read.passages):
        assert before.span.end <= after.span.start
    for quotation in read.quotations:
        assert quotation.content.of(read.body)
        assert quotation.context.covers(quotation.content)
    line = BytesIO()
    write_answer(line, {"article": read})
    assert WorkerAnswer.model_validate_json(line.getvalue()).to_article(Draft(text)) == read


def test_what_a_text_says_of_itself_and_where_it_stands_are_kept() -> None:
    later = datetime(2024, 5, 8, tzinfo=UTC)
    text = BRIDGE.text + "\nCorrection: An earlier version of this article misstated the number of bearings.\n"
    url = "https://www.courier.example/bridge/?utm_source=x"
    read = read_article(replace(BRIDGE, text=text, url=url, updated_at=later))
    assert (read.source.notice, read.source.updated_at) == (Notice.CORRECTED, later)
    assert (read.source.url, read.address) == (url, "courier.example/bridge")
    assert read_article(BRIDGE).source.notice is None


def test_a_text_without_blanks_between_its_words_is_an_article() -> None:
    assert read_article(Draft(story("cha").body)).passages
    assert read_article(Draft(story("tegami").body)).passages

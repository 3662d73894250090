"""What a page's linked data say of words: claims that it tests are disputed, quotations get their speaker."""

from __future__ import annotations

import json

import pytest

from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.adapters.extraction.html import read_html
from retrieval.adapters.extraction.linked_data import read_linked_data
from retrieval.domain.articles import Draft, LinkedWords
from retrieval.domain.limits import LONGEST_LINKED, MOST_LINKED
from retrieval.domain.pages import Fetched
from retrieval.reading import read_article
from retrieval.text.quotations import find_quotations

CLAIM = "The ferry is a floating coffin, and I say so"
STORY = (
    f"Mayor Rosa Blum told a choir: “{CLAIM}.”\n\nThe choir sang for an hour in the rain on the quay.\n\n"
    "“She talked about mud,” said Hollis Kerr, who leads the choir of the harbour."
)


def review(**values: object) -> dict[str, object]:
    return {"@type": "ClaimReview", "claimReviewed": f"Rosa Blum said: “{CLAIM}”", **values}


def linked(*nodes: object) -> tuple[LinkedWords, ...]:
    return read_linked_data([json.dumps(node) for node in nodes]).quotations


def test_a_claim_review_is_read_with_the_claim_and_its_author() -> None:
    rated = review(reviewRating={"alternateName": "False"}, itemReviewed={"author": {"name": "A page"}})
    assert linked({"@graph": [rated]}) == (LinkedWords(f"Rosa Blum said: “{CLAIM}”", "A page", disputed=True),)


@pytest.mark.parametrize(
    "rating",
    [{"alternateName": "True"}, {"alternateName": "Mostly true"}, {"ratingValue": 5, "bestRating": "5"}],
)
def test_a_claim_that_is_found_true_is_none(rating: dict[str, object]) -> None:
    assert linked(review(reviewRating=rating)) == ()


@pytest.mark.parametrize(
    "rating",
    [
        None,
        "False",
        {"alternateName": "Pants on fire"},
        {"ratingValue": 1, "bestRating": 5},
        {"alternateName": ["Falso"]},
    ],
)
def test_a_claim_with_another_rating_or_none_is_under_test(rating: object) -> None:
    assert [claim.disputed for claim in linked(review(reviewRating=rating))] == [True]


def test_quotations_are_read_alone_and_as_parts_of_an_article() -> None:
    quotation = {"@type": "Quotation", "text": "It is late, and dark.", "creator": {"name": "Rosa Blum"}}
    article = {"@type": "NewsArticle", "hasPart": [quotation, 7, {"@type": "Quotation"}]}
    assert linked(quotation) == linked(article) == (LinkedWords("It is late, and dark.", "Rosa Blum"),)


def test_hostile_linked_data_are_bounded() -> None:
    odd = [{"@type": "Quotation", "text": ["x" * 9_000], "creator": [[], 3]}] * 1_000
    found = linked(odd, {"claimReviewed": "y" * 9_000, "itemReviewed": "z"})
    assert len(found) == MOST_LINKED
    assert all(len(each.words) == LONGEST_LINKED and each.speaker is None for each in found)


def test_the_words_of_a_claim_are_disputed_and_those_of_the_checkers_sources_are_not() -> None:
    claimed, source = find_quotations(STORY, linked=(LinkedWords(CLAIM, disputed=True),))
    assert claimed.disputed
    assert [who.name for who in claimed.alleged] == ["Rosa Blum"]
    assert [who.name for who in source.speakers] == ["Hollis Kerr"]
    assert not any(found.disputed for found in find_quotations(STORY))


def test_a_quotation_without_a_speaker_gets_the_linked_one_if_the_text_names_them() -> None:
    text = "Rosa Blum came late.\n\nIt rained. “It is late, and dark.”"
    (found,) = find_quotations(text, linked=(LinkedWords("It is late, and dark.", "Rosa Blum"),))
    assert [who.name for who in found.speakers] == ["Rosa Blum"]
    (found,) = find_quotations(text, linked=(LinkedWords("It is late, and dark.", "Hollis Kerr"),))
    assert not found.speakers


def test_a_linked_quotation_changes_no_speaker_of_the_text() -> None:
    text = "Hollis Kerr came. “It is late, and dark,” Rosa Blum said."
    (found,) = find_quotations(text, linked=(LinkedWords("It is late, and dark.", "Hollis Kerr"),))
    assert [who.name for who in found.speakers] == ["Rosa Blum"]


def test_a_page_with_a_claim_review_is_read_so_in_the_worker() -> None:
    script = json.dumps([{"@type": "NewsArticle", "headline": "A choir on the quay"}, review()])
    rain = " ".join(f"It rained on the quay of Selby on day {day} of the week." for day in range(1, 8))
    body = "".join(f"<p>{paragraph}</p>" for paragraph in [*STORY.split("\n\n"), rain])
    page = f'<html><head><script type="application/ld+json">{script}</script></head><body><article>{body}</article>'
    draft = read_html(page, "https://news.example/a")
    with ArticleWorker() as worker:
        extracted = worker.extract(Fetched("https://news.example/a", page.encode(), "text/html", "utf-8"))
        read = worker.read(extracted)
    assert isinstance(extracted, Draft)
    assert extracted.linked == draft.linked == (LinkedWords(f"Rosa Blum said: “{CLAIM}”", disputed=True),)
    assert read == read_article(draft)
    assert [quotation.disputed for quotation in read.quotations] == [True, False]

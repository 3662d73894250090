"""The own set of quotations is read at least as well as it once was, through the product's parser and model.

`quoted/floors.toml` pins the figures and the digest of the set. To lower one, write down in the decision records why.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrieval.domain.articles import Span
from retrieval.text.quotations import FoundQuotation, find_quotations
from tests.quality.answers import records
from tests.quality.quotation_scoring import (
    Segment,
    extracted_of,
    paired,
    person_right,
    quotation_figures,
    segment_of,
)
from tests.quality.quotations import predictions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.adapters.spacy_parser import SpacyParser

QUOTED = Path(__file__).with_name("quoted")
FLOORS = tomllib.loads((QUOTED / "floors.toml").read_text(encoding="utf-8"))
SPARE = 0.05
"""How far a figure may stand above its floor before the floor has to follow."""


TEXTS: Mapping[str, str] = {article["id"]: article["text"] for article in records([QUOTED], "articles.jsonl")}
SEGMENTS = [segment_of(record) for record in records([QUOTED], "quotes.jsonl")]


@pytest.fixture(scope="module")
def found(parser: SpacyParser) -> Mapping[str, list[FoundQuotation]]:
    return {name: find_quotations(text, parser.parse(text)) for name, text in TEXTS.items()}


@pytest.fixture(scope="module")
def figures(found: Mapping[str, list[FoundQuotation]]) -> Mapping[str, float]:
    return score(found)


def score(found: Mapping[str, list[FoundQuotation]]) -> dict[str, float]:
    """The figures of the evaluation, and the share of the persons named who are the right ones."""
    lines = [record for name, text in TEXTS.items() for record in predictions(name, text, found[name])]
    extracted = [extracted_of(line) for line in lines]
    one = quotation_figures(SEGMENTS, extracted)
    right = named = 0
    for name in TEXTS:
        there = [segment for segment in SEGMENTS if segment.place.article_id == name]
        theirs = [each for each in extracted if each.place.article_id == name]
        for number, other in paired(there, theirs).items():
            if theirs[number].person and there[other].person:
                named += 1
                right += person_right(there[other], theirs[number])
    return {
        "precision": one.precision,
        "recall": one.recall,
        "named_speaker_precision": one.named_speaker_precision,
        "quotation_and_speaker": one.quotation_and_speaker_recall,
        "resolved_recall": one.resolved_recall,
        "resolved_precision": right / named,
    }


def test_the_set_is_the_one_that_the_floors_are_for() -> None:
    digest = hashlib.sha256()
    for name in ("articles.jsonl", "quotes.jsonl"):
        digest.update((QUOTED / name).read_bytes())
    assert digest.hexdigest() == FLOORS["digest"]


def test_every_quotation_stands_between_marks_where_the_set_says() -> None:
    for record in records([QUOTED], "quotes.jsonl"):
        text = TEXTS[record["article_id"]]
        assert text[record["start"] : record["end"]] == record["text"]
        assert text[record["start"] - 1] in "“\"‘'"
        for start, end in record["speaker_spans"]:
            assert text[start:end] == record["speaker"]


@pytest.mark.parametrize("name", sorted(FLOORS["floors"]))
def test_no_figure_falls_below_its_floor(figures: Mapping[str, float], name: str) -> None:
    assert figures[name] >= FLOORS["floors"][name]


@pytest.mark.parametrize("name", sorted(FLOORS["floors"]))
def test_a_floor_follows_what_was_reached(figures: Mapping[str, float], name: str) -> None:
    assert figures[name] <= FLOORS["floors"][name] + SPARE


def test_nothing_outside_of_marks_is_ever_returned(found: Mapping[str, list[FoundQuotation]]) -> None:
    marked: dict[str, list[Segment]] = {name: [] for name in TEXTS}
    for segment in SEGMENTS:
        marked[segment.place.article_id].append(segment)
    for name, quotations in found.items():
        spans = {(segment.place.start, segment.place.end) for segment in marked[name]}
        assert {(quotation.content.start, quotation.content.end) for quotation in quotations} <= spans


def test_whoever_speaks_without_a_name_is_given_none(found: Mapping[str, list[FoundQuotation]]) -> None:
    named = {
        who.name
        for name, quotations in found.items()
        for quotation in quotations
        for who in quotation.speakers
        if who.named and who.name not in TEXTS[name]
    }
    assert named == set()


@pytest.mark.parametrize(
    ("words", "outlet"),
    [
        ("a coin toss,", "Dunmere Courier"),
        ("not good enough.", "Channel Six News"),
        ("Mr. Foss has our full confidence,", "The Harbour Times"),
        ("I wrote it three times,", "Northern Radio"),
        ("They will find what they find,", "Coast TV"),
        ("One generator is no generator,", "Vale Radio"),
        ("no objection in principle", "Skerry Herald"),
    ],
)
def test_the_outlet_that_passed_words_on_is_named(
    found: Mapping[str, list[FoundQuotation]], words: str, outlet: str
) -> None:
    via = {
        quotation.content.of(TEXTS[name]): quotation.via and quotation.via.of(TEXTS[name])
        for name, quotations in found.items()
        for quotation in quotations
    }
    assert via[words] == outlet


def test_a_rank_is_kept_apart_from_the_role(found: Mapping[str, list[FoundQuotation]]) -> None:
    ranks = {who.name: who.rank for quotation in found["quoted-weir"] for who in quotation.speakers}
    assert ranks["Ruth Ellery"] == "Maj. Gen."


def test_spans_lie_within_their_article(found: Mapping[str, list[FoundQuotation]]) -> None:
    for name, quotations in found.items():
        whole = Span(0, len(TEXTS[name]))
        for quotation in quotations:
            assert all(
                whole.covers(span)
                for span in (quotation.content, quotation.sentence, quotation.cue, quotation.via)
                if span
            )

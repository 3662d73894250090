"""The own set of questions is answered at least as well as it once was, by the real model through the product's door.

`own/floors.toml` pins the figures and the digest of the set. To lower one, write down in the decision records why.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.quality.answers import records, run

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN = Path(__file__).with_name("own")
FLOORS = tomllib.loads((OWN / "floors.toml").read_text(encoding="utf-8"))
SPARE = 0.1
"""How far a figure may stand above its floor before the floor has to follow."""


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, float]:
    folder = tmp_path_factory.mktemp("own")
    run([OWN], folder / "archive.sqlite3", folder / "out.jsonl")
    said = {line["id"]: line for line in records([folder], "out.jsonl")}
    return score(list(records([OWN], "questions.jsonl")), said)


def score(questions: list[dict[str, Any]], said: Mapping[str, dict[str, Any]]) -> dict[str, float]:
    """The first passage right, the mark right, the answerable that were answered, the unanswerable that were not."""
    answerable = [question for question in questions if question["answerable"]]
    beyond = [question for question in questions if not question["answerable"]]
    first = [covers(said[question["id"]]["passages"][0], question) for question in answerable]
    marks = [covers(said[question["id"]]["sentence"], question) for question in answerable]
    answered = [not said[question["id"]]["abstained"] for question in answerable]
    refused = [said[question["id"]]["abstained"] for question in beyond]
    return {
        name: sum(found) / len(found)
        for name, found in (("first", first), ("marked", marks), ("answered", answered), ("refused", refused))
    }


def covers(place: dict[str, Any], question: dict[str, Any]) -> bool:
    """Whether a place covers four fifths of one of the question's pieces of evidence."""
    return any(
        place["article_id"] == evidence["article_id"]
        and min(place["end"], evidence["end"]) - max(place["start"], evidence["start"])
        >= 0.8 * (evidence["end"] - evidence["start"])
        for evidence in question["evidence"]
    )


def test_the_set_is_the_one_that_the_floors_are_for() -> None:
    digest = hashlib.sha256()
    for name in ("articles.jsonl", "questions.jsonl"):
        digest.update((OWN / name).read_bytes())
    assert digest.hexdigest() == FLOORS["digest"]


def test_evidence_stands_where_the_set_says() -> None:
    texts = {article["id"]: article["text"] for article in records([OWN], "articles.jsonl")}
    for question in records([OWN], "questions.jsonl"):
        for evidence in question["evidence"]:
            assert texts[evidence["article_id"]][evidence["start"] : evidence["end"]] == evidence["text"]


@pytest.mark.model
@pytest.mark.parametrize("name", sorted(FLOORS["floors"]))
def test_no_figure_falls_below_its_floor(figures: Mapping[str, float], name: str) -> None:
    assert figures[name] >= FLOORS["floors"][name]


@pytest.mark.model
@pytest.mark.parametrize("name", sorted(FLOORS["floors"]))
def test_a_floor_follows_what_was_reached(figures: Mapping[str, float], name: str) -> None:
    assert figures[name] <= FLOORS["floors"][name] + SPARE

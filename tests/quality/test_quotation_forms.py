"""The forms of attribution say where their words stand, and are read at least as well as they once were.

`floors.toml` beside them pins, by kind, how many quotations come right and how many get a name that is not theirs, and
the digest of the forms. To allow less, write down in the decision records why.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.quality.quotation_forms import FORMS, Verdict, forms, judge, tally

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping
    from pathlib import Path

    from retrieval.adapters.spacy_parser import SpacyParser

FILES = sorted(FORMS.glob("*.jsonl"))
FLOORS = tomllib.loads((FORMS / "floors.toml").read_text(encoding="utf-8"))
SPARE = 10
"""By how many quotations a kind may do better than its floor before the floor has to follow."""


@pytest.fixture(scope="module")
def by_rules() -> Mapping[str, Counter[Verdict]]:
    return tally(one for form in forms() for one in judge(form))


@pytest.fixture(scope="module")
def parsed(parser: SpacyParser) -> Mapping[str, Counter[Verdict]]:
    """Of the forms kept aside alone: parsing takes its time."""
    return tally(one for form in forms() if form.half == "kept" for one in judge(form, parser.parse))


def test_the_forms_are_those_that_the_floors_are_for() -> None:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in FILES))
    assert digest.hexdigest() == FLOORS["digest"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_expected_words_stand_where_the_form_says(path: Path) -> None:
    for record in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        for expected in record["expected"]:
            assert record["text"][expected["start"] : expected["end"]] == expected["words"]
            assert not (expected["speaker"] and expected.get("must_not_be_attributed"))


@pytest.mark.parametrize("kind", FLOORS["by_rules"])
def test_no_kind_falls_below_its_floor_by_rules(by_rules: Mapping[str, Counter[Verdict]], kind: str) -> None:
    check(by_rules[kind], FLOORS["by_rules"][kind])


@pytest.mark.parametrize("kind", FLOORS["parsed"])
def test_no_kind_falls_below_its_floor_with_a_parse(parsed: Mapping[str, Counter[Verdict]], kind: str) -> None:
    check(parsed[kind], FLOORS["parsed"][kind])


def check(counts: Mapping[Verdict, int], floor: Mapping[str, int]) -> None:
    right, harmful = counts["right"] + counts["left alone"], counts["wrong"] + counts["credited"]
    assert floor["right"] <= right <= floor["right"] + SPARE
    assert floor["harmful"] - SPARE <= harmful <= floor["harmful"]

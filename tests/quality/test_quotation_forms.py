"""The forms of attribution say where their words stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.quality.quotation_forms import FORMS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_expected_words_stand_where_the_form_says(path: Path) -> None:
    for record in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        for expected in record["expected"]:
            assert record["text"][expected["start"] : expected["end"]] == expected["words"]
            assert not (expected["speaker"] and expected.get("must_not_be_attributed"))

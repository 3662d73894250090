"""Copies of a report are near duplicates; other reports of the event are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.near_duplicates import same_story, shingles

WIRE = "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings."


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (WIRE, True),
        (WIRE.replace("Tuesday", "Tuesday morning"), True),
        (WIRE.upper(), True),
        ("Inspectors shut the bridge in the harbour on Tuesday because its bearings were cracked.", False),
        ("The bakery won a prize.", False),
        ("", False),
    ],
)
def test_small_changes_are_the_same_and_other_words_are_not(other: str, same: bool) -> None:  # noqa: FBT001
    assert same_story(shingles(WIRE), shingles(other)) is same


@given(st.text())
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert same_story(shingles(text), shingles(text))

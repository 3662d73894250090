"""A sentence that only asks, or only describes a photo, answers nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.domain.articles import Span
from retrieval.text.telling import tells

NEWS = "The mayor spoke of the bridge."


def in_article(paragraph: str) -> bool:
    text = f"{NEWS}\n\n{paragraph}\n\n{NEWS}"
    start = len(NEWS) + 2
    return tells(text, Span(start, start + len(paragraph)))


@pytest.mark.parametrize(
    "paragraph",
    [
        "Does Roe, like Dahl, want the bridge closed?",
        "(Does she?)",
        "Ines Dahl is escorted by guards at the harbour of Norholm on Thursday.",
        "The ferry’s captain waves, along with his crew, at the harbour in Norholm, on August 16, 2021.",
        "Jo Lund/AFP/Getty Images Ines Dahl celebrates after the vote.",
        "Ada Roe opens the bridge. (AP Photo/Jo Lund)",
        "Hide Caption 3 of 9 Photos: The bridge at night",
        "Photo: the bridge at night.",
        "Ada Roe (third from left) at a meeting of ferrymen.",
        "Norholm Bridge is seen here in an undated photo.",
        "Follow our live coverage here for more updates.",
    ],
)
def test_what_tells_nothing(paragraph: str) -> None:
    assert not in_article(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        NEWS,
        "“Who would close it?” Ines Dahl asked on Monday.",
        "“Who would close it?”",
        "Ada Roe will speak at the harbour of Norholm on Monday.",
        "The council opened the bridge on Monday.",
        "The bridge holds the record for traffic, the council said in a report of 2019.",
        "Roe walked to the left of the crowd on Monday.",
        "Norholm’s Image is a band that plays on Sunday nights in the harbour.",
    ],
)
def test_what_tells_something(paragraph: str) -> None:
    assert in_article(paragraph)


def test_what_is_done_in_a_photo_is_told_within_a_paragraph() -> None:
    text = f"Ines Dahl speaks at the harbour of Norholm on Thursday. {NEWS}"
    assert tells(text, Span(0, text.index(" The")))


@given(st.text(min_size=1, max_size=60), st.integers(0, 59))
def test_any_text_is_read(text: str, start: int) -> None:
    tells(text, Span(min(start, len(text) - 1), len(text)))

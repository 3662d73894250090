"""Cleaning traces every character back and changes no word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.domain.articles import Span
from retrieval.text.cleaning import normalise

hostile = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab .“”\n\r\t\v\f\0\x1b\x85\u00a0\u00ad\u2028\u2029\u200b\u202e\ufeff\ud800"), st.characters()
    )
)


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        ("", ""),
        ("  \r\n\t ", ""),
        ("One.\r\nTwo.\rThree.", "One.\nTwo.\nThree."),
        ("One.  \n \n\n\n  Two.", "One.\n\nTwo."),
        ("two\u00a0words,   three\tmore", "two words, three more"),
        ("\ufeffzero\u200bwidth and \u202etrojan\u202c", "zerowidth and trojan"),
        ("soft\u00adhyphen \x1b[31mred", "softhyphen [31mred"),
        ("“curly” – dash — and ’tis café", "“curly” – dash — and ’tis café"),
        ("line\u2028separator", "line\nseparator"),
        ("half\ud83dsurrogate", "half\ufffdsurrogate"),
    ],
)
def test_what_becomes_of_raw_text(raw: str, body: str) -> None:
    assert normalise(raw).text == body


@given(hostile)
def test_every_character_of_the_body_is_traced_to_where_it_stood(raw: str) -> None:
    found = normalise(raw)
    for offset, character in enumerate(found.text):
        there = raw[found.raw_offset(offset)]
        assert character == there or character in " \n\ufffd"


@given(hostile)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw).text
    assert normalise(once).text == once


@given(hostile)
def test_the_body_can_always_be_stored(raw: str) -> None:
    normalise(raw).text.encode()


@given(hostile)
def test_offsets_grow_with_the_text(raw: str) -> None:
    found = normalise(raw)
    places = [found.raw_offset(offset) for offset in range(len(found.text))]
    assert places == sorted(set(places))


def test_a_span_is_mapped_back_to_the_same_words() -> None:
    raw = "\ufeffHead\r\n\r\n\r\n“Words\u00a0here,” she\u200b said."
    found = normalise(raw)
    start = found.text.index("Words")
    assert found.raw_span(Span(start, start + len("Words here"))).of(raw) == "Words\u00a0here"

"""Dates as feeds write them, in the languages of the news."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.moments import read_moment
from tests.support.paths import FIXTURES

DATES = [
    tuple(line.split("\t"))
    for line in (FIXTURES / "feeds" / "dates.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("moment", "text"), DATES)
def test_a_date_is_read_in_whatever_language_and_zone_it_is_written(moment: str, text: str) -> None:
    """What names no day or may name two is no date."""
    read = read_moment(text)
    assert ("none" if read is None else f"{read:%Y-%m-%dT%H:%M:%SZ}") == moment


@pytest.mark.parametrize(
    ("language", "day"), [(None, "03-04"), ("en-US", "03-04"), ("en_GB", "04-03"), ("es", "04-03"), ("en-AU", "04-03")]
)
def test_a_day_with_slashes_beside_a_half_of_the_day_is_read_as_in_its_language(language: str | None, day: str) -> None:
    assert f"{read_moment('03/04/2026 5:12 PM', language=language):%m-%d}" == day
    assert f"{read_moment('03/04/2026 5:12 PM EST', language=language):%m-%d}" == "03-04"


@pytest.mark.parametrize("text", [None, "", " ", "\n"])
def test_no_text_names_no_moment(text: str | None) -> None:
    assert read_moment(text) is None


@given(st.text(max_size=100) | st.text("0123456789:-+/. TZmayMAI年月日,", max_size=60))
def test_whatever_stands_in_a_field_of_a_date_breaks_nothing(text: str) -> None:
    moment = read_moment(text)
    assert moment is None or moment.year >= 1900

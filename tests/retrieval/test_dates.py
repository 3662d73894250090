"""Days named in a question, relative to the day on which it is asked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.dates import find_days

TODAY = date(2024, 3, 27)  # a Wednesday


def meant(question: str, published: date, today: date = TODAY) -> bool:
    return any(days.includes(published) for days, _ in find_days(question, today))


@pytest.mark.parametrize(
    ("question", "fits", "misses"),
    [
        ("what happened on Monday", date(2024, 3, 25), date(2024, 3, 24)),
        ("what happened on Monday", date(2019, 7, 2), date(2019, 7, 3)),  # a Tuesday: the day after
        ("Thursday's vote", date(2024, 3, 22), date(2024, 3, 23)),
        ("who spoke last Wednesday", date(2024, 3, 20), date(2024, 3, 27)),
        ("who spoke this Monday", date(2024, 3, 26), date(2024, 3, 18)),
        ("what was closed yesterday", date(2024, 3, 26), date(2024, 3, 25)),
        ("what was closed today", date(2024, 3, 27), date(2024, 3, 26)),
        ("who won last week", date(2024, 3, 18), date(2024, 3, 17)),
        ("who won this week", date(2024, 3, 22), date(2024, 3, 19)),
        ("who resigned last month", date(2024, 2, 1), date(2024, 1, 31)),
        ("who resigned this month", date(2024, 3, 1), date(2024, 2, 29)),
        ("how much did it rain last year", date(2023, 12, 31), date(2022, 12, 31)),
        ("how much did it rain in the past year", date(2023, 4, 1), date(2023, 3, 1)),
        ("who fell two weeks ago", date(2024, 3, 13), date(2024, 3, 27)),
        ("who fell 3 days ago", date(2024, 3, 24), date(2024, 3, 26)),
        ("what was said in March", date(2011, 3, 4), date(2011, 4, 4)),
        ("what closed this May", date(2024, 5, 4), date(2024, 4, 4)),
        ("what has closed since 2019", date(2024, 3, 4), date(2018, 3, 4)),
        ("who won the 2019 elections", date(2019, 3, 4), date(2018, 3, 4)),
        ("who won the 2019 vote", date(2019, 3, 4), date(2018, 3, 4)),
        ("what closes next week", date(2024, 3, 20), date(2024, 1, 4)),
        ("what was said in March 2024", date(2024, 3, 31), date(2023, 3, 31)),
        ("the vote of March 25", date(2022, 3, 26), date(2022, 3, 28)),
        ("the vote on 25 March 2024", date(2024, 3, 27), date(2024, 3, 24)),
        ("the vote on Mar. 25th, 2024", date(2024, 3, 25), date(2023, 3, 25)),
        ("who was elected in 2022", date(2022, 6, 1), date(2023, 1, 1)),
        ("what happened on 2024-03-25", date(2024, 3, 26), date(2024, 3, 28)),
        ("what opened in December 2023", date(2024, 1, 1), date(2024, 1, 20)),
    ],
)
def test_a_question_names_days(question: str, fits: date, misses: date) -> None:
    assert meant(question, fits)
    assert not meant(question, misses)


@pytest.mark.parametrize(
    "question",
    [
        "who joined the march on the capital",
        "may the bridge be closed",
        "why was this may be said",
        "This may be the last winter, but why",
        "This march was stopped by whom",
        "how many of the 2024 tons arrived",
        "when was the vote",
        "",
    ],
)
def test_other_words_name_no_days(question: str) -> None:
    assert not list(find_days(question, TODAY))


def test_words_that_no_article_of_the_time_prints_are_told() -> None:
    ((_, yesterday),) = find_days("what was closed yesterday", TODAY)
    ((_, monday),) = find_days("what was closed on Monday", TODAY)
    assert yesterday == (16, 25)
    assert monday is None


def test_recurring_days_are_marked() -> None:
    (monday, _), (dated, _) = find_days("on Monday or on March 25, 2024", TODAY)
    assert monday.recur
    assert not dated.recur


WORDS = st.sampled_from(
    [
        *("last", "this", "past", "monday", "week", "year", "march", "may", "25", "2024", "31", "in", "on", "00", ","),
        *("three", "999", "months", "days", "ago", "yesterday", "25th", "of", "last week", "2024-02-30", "in 1900"),
    ]
)


@given(st.lists(WORDS, max_size=12).map(" ".join), st.dates())
def test_no_words_on_no_day_are_too_strange(text: str, today: date) -> None:
    for days, place in find_days(text, today):
        assert days.first <= days.last
        assert place is None or text[place[0] : place[1]].strip()

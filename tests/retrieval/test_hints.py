"""Which publisher a question names as a source, and which days: hints for ranking."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.domain.answers import TimeDoubt
from retrieval.text.questions.hints import hints

NOW = datetime(2024, 3, 27, 12, tzinfo=UTC)
KNOWN = (
    "Reuters",
    "cnn.com",
    "The New York Times",
    "BBC News - World",
    "The Age",
    "Fortune",
    "usatoday.com",
    "The Roar | Sports Writers Blog",
    "theweek.co.uk",
)


@pytest.mark.parametrize(
    ("question", "publishers"),
    [
        ("what does the Reuters story say about the bridge", {"Reuters"}),
        ("why was it closed, according to CNN?", {"cnn.com"}),
        ("according to cnn, why was it closed", {"cnn.com"}),
        ("What did CNN say about the ferry?", {"cnn.com"}),
        ("what did the New York Times report on the ferry", {"The New York Times"}),
        ("why did the NYT article call it a mistake", {"The New York Times"}),
        ("as reported by BBC News, who won", {"BBC News - World"}),
        ("what did the BBC’s report find", {"BBC News - World"}),
        ("who is said by The Age and Fortune to have won, as reported by The Age and Fortune", {"The Age", "Fortune"}),
        ("what did USA Today write about it", {"usatoday.com"}),
        ("what was in The Roar about the final", {"The Roar | Sports Writers Blog"}),
        ("what does the article 'The Week' reported say", {"theweek.co.uk"}),
        ("who bought CNN", set()),
        ("how large is her fortune", set()),
        ("at what age did she say it", set()),
        ("what did the Guardian say", set()),
        ("why was the Reuters office closed", set()),
        ("", set()),
    ],
)
def test_a_question_names_its_source(question: str, publishers: set[str]) -> None:
    assert hints(question, KNOWN, NOW).publishers == publishers


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("why was it closed, according to CNN?", "why was it closed, ?"),
        ("what did the Reuters story say about rain", "what did say about rain"),
        ("what was closed last week", "what was closed"),
        ("what was closed on Monday", "what was closed on Monday"),
    ],
)
def test_words_that_only_point_are_blanks(question: str, left: str) -> None:
    found = hints(question, KNOWN, NOW)
    assert " ".join(found.without(question).split()) == left
    assert len(found.without(question)) == len(question)


def test_a_question_of_nothing_but_hints_stays_whole() -> None:
    assert hints("yesterday", KNOWN, NOW).without("yesterday") == "yesterday"


def test_a_source_fits_or_not() -> None:
    found = hints("what did Reuters report on Monday", KNOWN, NOW)
    monday = datetime(2024, 3, 25, tzinfo=UTC)
    assert found.of_sources
    assert (found.from_publisher("Reuters"), found.of_days(monday)) == (1.0, 0.5)
    assert (found.from_publisher("cnn.com"), found.of_days(None)) == (0.0, 0.0)
    exact = hints("what happened on March 25, 2024", KNOWN, NOW)
    assert exact.of_days(monday) == 1.0


def test_a_question_without_hints_fits_nothing_better() -> None:
    found = hints("why was the bridge closed", KNOWN, NOW)
    assert not found.of_sources
    assert found.from_publisher("Reuters") == found.of_days(NOW) == 0.0
    assert found.without("why was the bridge closed") == "why was the bridge closed"


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("what is the latest on the ferry", True),
        ("Latest on Ada Roe", True),
        ("any news on the strike?", True),
        ("what’s new at the harbour", True),
        ("the most recent poll on the bridge", True),
        ("is the bridge still closed", True),
        ("who is now the mayor of Elmford", True),
        ("did Ada Roe just resign", True),
        ("how many people were hurt so far", True),
        ("who currently leads the council", True),
        ("WHAT IS THE LATEST ON THE FERRY", True),
        ("What Is The Latest On The Ferry", True),
        ("who directed Apocalypse Now", False),
        ("who directed apocalypse now", False),
        ("who wrote Now We Rise", False),
        ("was the bridge still closed when she arrived", False),
        ("just how many people came", False),
        ("what was it like to just wait", False),
        ("who owns usa today", False),
        ("why was the bridge closed", False),
        ("who sings in the new theatre", False),
    ],
)
def test_a_question_wants_the_newest(question: str, wants: bool) -> None:  # noqa: FBT001  # a parameter
    found = hints(question, KNOWN, NOW)
    assert found.newest is wants
    assert found.of_sources is wants


@pytest.mark.parametrize(
    ("question", "since"),
    [
        ("what was closed this week", date(2024, 3, 20)),
        ("what did she say today", date(2024, 3, 27)),
        ("what did she recently say", date(2024, 1, 27)),
        ("what closed in the past few weeks", date(2024, 1, 27)),
        ("what closed lately", date(2024, 1, 27)),
        ("what will close next week", date(2024, 1, 27)),
        ("what closes tomorrow", date(2024, 1, 27)),
        ("what closed two years ago", date(2021, 9, 27)),
        ("what was closed this year", date(2024, 1, 1)),
        ("who starred in Last Night in Soho", None),
        ("who starred in last night in soho", None),
        ("what did USA Today print about it", None),
        ("who owns usa today", None),
        ("what is the most recent poll", None),
        ("what changed in recent times", None),
        ("what did the recent poll find", date(2024, 1, 27)),
        ("what was closed in 2019", None),
        ("what was closed on Monday", None),
    ],
)
def test_a_time_told_from_today_begins_on_a_day(question: str, since: date | None) -> None:
    found = hints(question, KNOWN, NOW)
    assert found.since == since
    assert found.is_before(datetime(2013, 3, 1, tzinfo=UTC)) is (since is not None)
    assert not found.is_before(NOW)
    assert not found.is_before(None)


@pytest.mark.parametrize(
    ("question", "published", "doubt"),
    [
        ("what is the latest on the ferry", datetime(2024, 3, 1, tzinfo=UTC), None),
        ("what is the latest on the ferry", datetime(2022, 4, 19, tzinfo=UTC), TimeDoubt.NEWEST_IS_OLD),
        ("what is the latest on the ferry", None, TimeDoubt.UNDATED),
        ("what was closed this week", None, TimeDoubt.UNDATED),
        ("what was closed this week", NOW, None),
        ("what was closed in 2019", datetime(2019, 4, 19, tzinfo=UTC), None),
        ("what was closed in 2019", datetime(2020, 1, 19, tzinfo=UTC), None),
        ("what was closed in 2019", datetime(2022, 4, 19, tzinfo=UTC), TimeDoubt.OTHER_TIME),
        ("who won the 2019 vote", datetime(2022, 4, 19, tzinfo=UTC), TimeDoubt.OTHER_TIME),
        ("who won the 2019 vote", datetime(2019, 4, 19, tzinfo=UTC), None),
        ("who won the 2017 vote", datetime(2022, 4, 19, tzinfo=UTC), None),
        ("who are the 2000 people", datetime(2022, 4, 19, tzinfo=UTC), None),
        ("what has closed since 2019", datetime(2022, 4, 19, tzinfo=UTC), None),
        ("what has closed since 2019", datetime(2012, 4, 19, tzinfo=UTC), TimeDoubt.OTHER_TIME),
        ("what was closed in 2017", datetime(2022, 4, 19, tzinfo=UTC), None),  # which the passage names
        ("what was closed on 4 March 2021", datetime(2022, 3, 4, tzinfo=UTC), TimeDoubt.OTHER_TIME),
        ("what was closed in 2019", None, None),
        ("what was closed in March", datetime(2011, 6, 1, tzinfo=UTC), None),
        ("why was it closed", datetime(2011, 6, 1, tzinfo=UTC), None),
    ],
)
def test_a_passage_of_another_time_is_doubted(
    question: str, published: datetime | None, doubt: TimeDoubt | None
) -> None:
    assert hints(question, KNOWN, NOW).doubt(published, "It closed, as it did in 2017.") == doubt


PARTS = st.sampled_from(
    ["according to ", "the ", "CNN ", "said ", "and ", "'s ", "Reuters", " story ", "in ", "", "é "]
)


@given(st.one_of(st.text(max_size=80), st.lists(PARTS, max_size=14).map("".join)), st.lists(st.text(max_size=12)))
def test_no_question_and_no_publisher_is_too_strange(question: str, publishers: list[str]) -> None:
    found = hints(question, [*KNOWN, *publishers], NOW)
    assert found.publishers <= {*KNOWN, *publishers}
    assert len(found.without(question)) == len(question)


def seconds_to_find_sources(amount: int) -> float:
    """The processor's seconds where so many publishers, more than are remembered, have the same initials."""
    publishers = [f"Nova S{number}" for number in range(amount)]
    start = time.thread_time()
    found = hints("according to NS it rains", publishers, NOW)
    spent = time.thread_time() - start
    assert len(found.publishers) == amount
    return spent


def test_publishers_of_the_same_initials_are_found_in_linear_time() -> None:
    few, many = (min(seconds_to_find_sources(n) for _ in range(2)) for n in (5_000, 20_000))
    assert many < 8 * few

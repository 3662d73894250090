"""What is about a topic: the newest articles by story, who said what about it, and two speakers side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.archive.records import ArticleOpening
from retrieval.asking.topics import by_story
from retrieval.domain.articles import Draft, LatestArticle, Source
from retrieval.domain.ids import SHARED, CollectionId, PassageId
from retrieval.domain.quotations import NotQuotedAbout, QuotationsFound, SpeakerUnknown
from retrieval.domain.scope import Scope
from retrieval.errors import ArticleUnknown, QuestionRejected
from tests.support.articles import BAKERY, BRIDGE, SCHOOL
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.domain.articles import Latest
    from retrieval.domain.quotations import SpeakersQuoted
    from retrieval.newsroom import Newsroom

EVERYBODY = Scope()
DAY = datetime(2024, 5, 10, tzinfo=UTC)
FERRY = Draft(
    text=(
        "Ferry timetable cut as fuel grows dearer\n\n"
        "The ferry timetable of Port Selby will be cut by half because fuel grows dearer every month.\n\n"
        "“The ferry timetable is a lifeline for the islands,” said Ada Okafor, the mayor of Port Selby.\n\n"
        "“The ferry timetable costs more than the whole library,” said Jonas Weber, the treasurer.\n\n"
        "The ferry is “a scandal”, said Mira Sand, who rows.\n"
    ),
    publisher="Selby Radio",
    published_at=DAY,
)
FERRY_AGAIN = Draft(
    text=(
        "Islanders protest against the ferry timetable\n\n"
        "Islanders protested on Monday against the ferry timetable, which grows thinner every month.\n\n"
        "“A ferry timetable on paper carries nobody,” said Ada Okafor, the mayor of Port Selby.\n\n"
        "Nobody said “the ferry timetable is our pride”, Okafor’s office told the paper.\n"
    ),
    publisher="The Selby Courier",
    published_at=DAY + timedelta(days=30),
)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as room:
        for draft in (BRIDGE, BAKERY, SCHOOL, FERRY, FERRY_AGAIN):
            room.importer.add(draft, SHARED)
        yield room


def titles(latest: Latest) -> list[str]:
    return [article.source.title for story in latest.stories for article in story]


def said(quoted: SpeakersQuoted) -> dict[str, list[str]]:
    return {each.speaker.name: [cited.words for cited in each.quotations] for each in quoted.speakers}


def test_the_newest_articles_come_first_without_a_topic(room: Newsroom) -> None:
    latest = room.latest(EVERYBODY)
    assert titles(latest)[:2] == [
        "Islanders protest against the ferry timetable",
        "Oldest bakery in Port Selby wins national prize",
    ]
    assert latest.articles == latest.listed == 5
    assert latest.topic is None


def test_a_topic_brings_the_articles_about_it_newest_first(room: Newsroom) -> None:
    latest = room.latest(EVERYBODY, "ferry timetable")
    assert titles(latest) == [
        "Islanders protest against the ferry timetable",
        "Ferry timetable cut as fuel grows dearer",
    ]
    assert latest.articles == 2


def test_a_topic_that_no_article_is_about_brings_none(room: Newsroom) -> None:
    assert room.latest(EVERYBODY, "volcano eruption").stories == ()
    assert room.quoted_about(EVERYBODY, "volcano eruption").speakers == ()


def test_filters_narrow_the_newest(room: Newsroom) -> None:
    assert titles(room.latest(room.narrowed(EVERYBODY, "radio"), "ferry timetable")) == [
        "Ferry timetable cut as fuel grows dearer"
    ]
    assert len(titles(room.latest(room.narrowed(EVERYBODY, "courier")))) == 3


def test_what_a_server_added_is_listed_and_quoted_there_alone(room: Newsroom) -> None:
    one, other = CollectionId(11), CollectionId(22)
    private = replace(
        FERRY, text=FERRY.text.replace("Jonas Weber", "Lena Brandt"), published_at=DAY + timedelta(days=90)
    )
    room.importer.add(private, one)
    assert len(titles(room.latest(Scope(one), "ferry timetable"))) == 3
    assert len(titles(room.latest(Scope(other), "ferry timetable"))) == 2
    assert "Lena Brandt" in said(room.quoted_about(Scope(one), "ferry timetable"))
    assert "Lena Brandt" not in said(room.quoted_about(Scope(other), "ferry timetable"))


@pytest.mark.parametrize("topic", ["", "?!"])
def test_what_holds_no_word_is_refused(room: Newsroom, topic: str) -> None:
    for ask in (room.latest, room.quoted_about):
        with pytest.raises(QuestionRejected):
            ask(EVERYBODY, topic)


def test_who_said_what_about_a_topic_comes_by_speaker_newest_first(room: Newsroom) -> None:
    assert said(room.quoted_about(EVERYBODY, "ferry timetable")) == {
        "Ada Okafor": [
            "A ferry timetable on paper carries nobody,",
            "The ferry timetable is a lifeline for the islands,",
        ],
        "Jonas Weber": ["The ferry timetable costs more than the whole library,"],
    }


def test_neither_fragments_nor_disputed_words_are_given_as_what_somebody_said(room: Newsroom) -> None:
    words = [word for said_ in said(room.quoted_about(EVERYBODY, "ferry timetable")).values() for word in said_]
    assert "a scandal" not in words
    assert "the ferry timetable is our pride" not in words


def test_days_and_source_narrow_what_was_said(room: Newsroom) -> None:
    scope = room.narrowed(EVERYBODY, None, "2024-06")
    assert said(room.quoted_about(scope, "ferry timetable")) == {
        "Ada Okafor": ["A ferry timetable on paper carries nobody,"]
    }
    found = room.quotes_by(scope, "Ada Okafor", "ferry timetable")
    assert isinstance(found, QuotationsFound)
    assert [cited.words for cited in found.quotations] == ["A ferry timetable on paper carries nobody,"]


def test_a_speaker_whom_the_filters_leave_out_is_known_all_the_same(room: Newsroom) -> None:
    outcome = room.quotes_by(room.narrowed(EVERYBODY, None, "2024-06"), "Weber")
    assert isinstance(outcome, NotQuotedAbout)
    assert (outcome.speaker.name, outcome.about, outcome.quotations) == ("Jonas Weber", None, 1)
    assert isinstance(room.quotes_by(EVERYBODY, "Nobody Atall"), SpeakerUnknown)


def test_filters_do_not_change_who_somebody_is(room: Newsroom) -> None:
    whole, narrowed = (
        room.quotes_by(scope, "Ada Okafor") for scope in (EVERYBODY, room.narrowed(EVERYBODY, None, "2024-06"))
    )
    assert isinstance(whole, QuotationsFound)
    assert isinstance(narrowed, QuotationsFound)
    assert whole.speaker.id == narrowed.speaker.id


def test_the_quotations_of_one_article_come_by_speaker(room: Newsroom) -> None:
    ((newest,), *_) = room.latest(EVERYBODY, "fuel grows dearer").stories
    quoted = room.quotes_in(EVERYBODY, newest.opening)
    assert quoted.subject == "Ferry timetable cut as fuel grows dearer"
    assert list(said(quoted)) == ["Ada Okafor", "Jonas Weber", "Mira Sand"]
    with pytest.raises(ArticleUnknown):
        room.quotes_in(EVERYBODY, PassageId(999))


def test_two_speakers_are_compared_on_one_subject(room: Newsroom) -> None:
    first, second = room.compare(EVERYBODY, "Ada Okafor", "Weber", "ferry timetable")
    assert isinstance(first, QuotationsFound)
    assert isinstance(second, QuotationsFound)
    assert {cited.words for cited in first.quotations} == {
        "A ferry timetable on paper carries nobody,",
        "The ferry timetable is a lifeline for the islands,",
    }
    assert [cited.words for cited in second.quotations] == ["The ferry timetable costs more than the whole library,"]
    assert first.disputed == second.disputed == ()


def test_fragments_stand_for_somebody_only_where_there_is_nothing_else(room: Newsroom) -> None:
    room.importer.add(
        replace(FERRY, text=FERRY.text.replace("“a scandal”", "“a ferry scandal”"), published_at=None), SHARED
    )
    first, second = room.compare(EVERYBODY, "Mira Sand", "Jonas Weber", "ferry scandal")
    assert isinstance(first, QuotationsFound)
    assert "a ferry scandal" in [cited.words for cited in first.quotations]
    assert isinstance(second, QuotationsFound)
    assert not any(cited.is_fragment for cited in second.quotations)


def test_one_who_said_nothing_about_it_is_a_side_too(room: Newsroom) -> None:
    _, second = room.compare(EVERYBODY, "Ada Okafor", "Lindqvist", "ferry timetable")
    assert isinstance(second, NotQuotedAbout)
    assert (second.speaker.name, second.quotations) == ("Piotr Lindqvist", 1)


def test_nobody_is_compared_with_themselves(room: Newsroom) -> None:
    with pytest.raises(QuestionRejected, match="Both are Ada Okafor"):
        room.compare(EVERYBODY, "ada okafor", "Ada Okafor", "ferry")
    with pytest.raises(QuestionRejected, match="Both are nobody atall"):
        room.compare(EVERYBODY, "nobody atall", "Nobody Atall", "ferry")


def opening(day: datetime | None, *vector: float) -> ArticleOpening:
    source = Source(f"{vector}", published_at=day)
    return ArticleOpening(LatestArticle(source, PassageId(1), 0), np.array(vector, dtype=np.float32))


@pytest.mark.parametrize(
    ("older", "together"),
    [
        (opening(DAY, 0.8, 0.6), True),
        (opening(DAY - timedelta(days=3), 0.8, 0.6), True),
        (opening(DAY - timedelta(days=4), 0.8, 0.6), False),
        (opening(DAY, 0.6, 0.8), False),
        (opening(None, 0.8, 0.6), False),
        (opening(DAY, 0.0, 0.0), False),
    ],
)
def test_articles_of_the_same_days_on_one_event_are_one_story(older: ArticleOpening, *, together: bool) -> None:
    stories = by_story([opening(DAY, 1.0, 0.0), older])
    assert (len(stories) == 1) is together


def test_undated_articles_may_be_one_story() -> None:
    assert len(by_story([opening(None, 1.0, 0.0), opening(None, 0.8, 0.6)])) == 1

"""Questions that do not stand alone are about the article of the last answer, and no others are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from retrieval.asking import ranking
from retrieval.domain.answers import Abstention, AbstentionReason, Answer, Confidence, Context
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED, CollectionId, PassageId
from retrieval.domain.scope import Scope
from retrieval.errors import ArticleUnknown
from retrieval.text.questions.follow_ups import Dependence, dependence
from tests.support.articles import BAKERY, BRIDGE, SCHOOL
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.newsroom import Newsroom

EVERYBODY = Scope()
REOPENED = Draft(
    "The harbour bridge was opened again on Saturday, after the cracks in its bearings were repaired.",
    title="Harbour bridge reopens",
    published_at=datetime(2024, 6, 8, tzinfo=UTC),
)
MILL = "Ada Roe opened the mill on Monday.\n\nThe mill grinds rye."
ARTICLE = (
    "Ferry hits pier in Norholm\n"
    "Three people were injured when the ferry hit the pier on Monday. Gov. Ines Dahl called it a warning. "
    "The captain was arrested. Dahl wants new radar on every ferry."
)


@pytest.mark.parametrize(
    "question",
    [
        "and when?",
        "why?",
        "why not",
        "since when",
        "how many were hurt",
        "how many people died",
        "was anybody arrested",
        "what happened next",
        "what did the captain say",
        "what did the ferry captain say",
        "who are the others",
        "what did the governor say about it",
        "what did Dahl say about it",
        "who was that",
        "how did it happen",
        "and the captain?",
        "what about the radar",
        "how many ferries",
        "what's the latest on it",
        "is it still happening",
    ],
)
def test_a_question_without_a_subject_of_its_own_is_about_the_last_article(question: str) -> None:
    assert dependence(question, ARTICLE) is Dependence.CERTAIN


@pytest.mark.parametrize(
    "question",
    [
        "is it true that vaccines cause autism",
        "how long does it take to sail around the world",
        "what about the bakery",
        "what did the mayor say",
        "what did the harbour director say",
        "what did the union say",
        "when did they cancel the concert",
    ],
)
def test_a_question_with_words_that_the_article_has_not_is_doubtful(question: str) -> None:
    assert dependence(question, ARTICLE) is Dependence.DOUBTFUL


@pytest.mark.parametrize(
    "question",
    [
        "who is the mayor of Port Selby",
        "why was the school roof repaired",
        "why did the ferry hit the pier",
        "what did Roe say about it",
        "why did Dahl say she was right",
        "what did Okafor say",
        "how many people live in poverty",
        "what did the supreme court say",
        "what happened in Selby last week",
        "what happened this week",
        "how are you",
        "what can you do",
        "what's up",
        "thanks",
        "any news?",
        "ok",
        "",
        "?!",
    ],
)
def test_a_question_with_a_subject_of_its_own_and_small_talk_stand_alone(question: str) -> None:
    assert dependence(question, ARTICLE) is Dependence.NONE


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as room:
        for draft in (BRIDGE, BAKERY, SCHOOL):
            room.importer.add(draft, SHARED)
        yield room


def context(room: Newsroom, question: str, *, chosen: bool = False) -> Context:
    answer = room.ask(EVERYBODY, question)
    assert isinstance(answer, Answer)
    return Context(answer.citations[0].passage_id, chosen)


def test_a_follow_up_is_answered_from_the_article_of_its_context(filled: Newsroom) -> None:
    prize = context(filled, "which bakery won the national prize")
    answer = filled.ask(EVERYBODY, "and when?", context=prize)
    assert isinstance(answer, Answer)
    assert answer.about == "Oldest bakery in Port Selby wins national prize"
    assert {citation.source.title for citation in answer.citations} == {answer.about}
    assert "on Saturday" in str(answer.citations[0].answering)
    assert answer.question == "and when?"


def test_a_follow_up_without_a_context_is_no_question(filled: Newsroom) -> None:
    alone = filled.ask(EVERYBODY, "and when?")
    assert isinstance(alone, Abstention)
    assert alone.reason is AbstentionReason.SMALL_TALK
    assert alone.about is None


def test_a_question_about_something_else_is_answered_as_without_a_context(filled: Newsroom) -> None:
    prize = context(filled, "which bakery won the national prize")
    for question in ("why was the harbour bridge closed", "what about the harbour bridge", "hi"):
        assert filled.ask(EVERYBODY, question, context=prize) == filled.ask(EVERYBODY, question)


def test_an_answer_that_no_word_of_the_question_judges_is_never_strong(
    filled: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    sure = {name: {**table, "high": 0.0, "fair": 0.0, "answer": 0.0} for name, table in ranking.weights().items()}
    prize = context(filled, "which bakery won the national prize")
    monkeypatch.setattr(ranking, "weights", lambda: sure)
    answers = [filled.ask(EVERYBODY, question, context=prize) for question in ("and when?", "when did it win")]
    assert [answer.confidence for answer in answers if isinstance(answer, Answer)] == [Confidence.FAIR, Confidence.HIGH]


def test_what_a_member_asks_about_an_article_is_answered_from_it(filled: Newsroom) -> None:
    roof = context(filled, "why will the school roof be repaired", chosen=True)
    answer = filled.ask(EVERYBODY, "what did Okafor call the work", context=roof)
    assert isinstance(answer, Answer)
    assert answer.about == "School roof to be repaired over the summer"
    assert "long overdue" in str(answer.citations[0].answering)


@pytest.mark.parametrize("passage", [PassageId(999), PassageId(2**63 - 1)])
def test_a_context_that_is_gone_is_none(filled: Newsroom, passage: PassageId) -> None:
    assert filled.ask(EVERYBODY, "and when?", context=Context(passage)).about is None


def test_a_question_about_an_article_that_is_gone_is_refused(filled: Newsroom) -> None:
    with pytest.raises(ArticleUnknown):
        filled.ask(EVERYBODY, "and when?", context=Context(PassageId(999), chosen=True))


def test_the_article_of_another_server_is_no_context(filled: Newsroom) -> None:
    filled.importer.add(Draft(MILL, title="The mill opens"), CollectionId(11))
    answer = filled.ask(Scope(CollectionId(11)), "who opened the mill")
    assert isinstance(answer, Answer)
    theirs = Context(answer.citations[0].passage_id)
    assert filled.ask(Scope(CollectionId(11)), "and when?", context=theirs).about == "The mill opens"
    assert filled.ask(Scope(CollectionId(22)), "and when?", context=theirs).about is None


def test_the_latest_on_it_is_looked_for_in_other_articles_too(filled: Newsroom) -> None:
    filled.importer.add(REOPENED, SHARED)
    bridge = context(filled, "why was the harbour bridge closed")
    answer = filled.ask(EVERYBODY, "what's the latest on it", datetime(2024, 6, 10, tzinfo=UTC), context=bridge)
    assert isinstance(answer, Answer)
    assert answer.about == "Harbour bridge closed after cracks are found"
    assert "Harbour bridge reopens" in {citation.source.title for citation in answer.citations}


def test_filters_that_leave_the_article_out_leave_no_context(filled: Newsroom) -> None:
    bridge = context(filled, "why was the harbour bridge closed")
    radio = filled.narrowed(EVERYBODY, "Selby Radio")
    assert filled.ask(radio, "and when?", context=bridge).about is None

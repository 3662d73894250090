"""The answer type of a question, and the sentences that contain it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.questions.answer_types import AnswerType, answer_type, contains_answer_type


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who called the delegation surprising?", AnswerType.PERSON),
        ("To whom was it sold?", AnswerType.PERSON),
        ("Which actor left the show?", AnswerType.PERSON),
        ("when was the vote", AnswerType.TIME),
        ("In what year did the mine close?", AnswerType.TIME),
        ("Where did they meet?", AnswerType.PLACE),
        ("Which country raised its tax?", AnswerType.PLACE),
        ("how many hostages?", AnswerType.NUMBER),
        ("About how much did it cost?", AnswerType.MONEY),
        ("What is the price of bread?", AnswerType.MONEY),
        ("How much honey was there?", AnswerType.NUMBER),
        ("how long did the siege last", AnswerType.LENGTH),
        ('What does "that decision" refer to?', AnswerType.MEANING),
        ("What is meant by the truce?", AnswerType.MEANING),
        ("How old is the singer?", AnswerType.AGE),
        ("What is Ada Roe's age?", AnswerType.AGE),
        ("WHY was the bridge closed?", AnswerType.REASON),
        ("What caused the fire?", AnswerType.REASON),
        ("What did the mayor say?", AnswerType.THING),
        ("Is the bridge open?", AnswerType.THING),
        ("", AnswerType.THING),
    ],
)
def test_a_question_has_an_answer_type(question: str, kind: AnswerType) -> None:
    assert answer_type(question) is kind


@pytest.mark.parametrize(
    ("kind", "holds", "lacks"),
    [
        (AnswerType.TIME, "It was closed on Tuesday.", "It was closed in a hurry."),
        (AnswerType.NUMBER, "Some 130 people came.", "Some people came."),
        (AnswerType.NUMBER, "Dozens came.", "People came."),
        (AnswerType.NUMBER, "In 1932, 2,000 came.", "They came in 1932."),
        (AnswerType.NUMBER, "They grew by 2024.5 tons.", "They grew until 2024."),
        (AnswerType.AGE, "Ada Roe, 52, was elected.", "Ada Roe won 52 votes."),
        (AnswerType.MONEY, "It sold for $1.5 million.", "It sold for a song."),
        (AnswerType.LENGTH, "The siege lasted 30 days.", "The siege lasted."),
        (AnswerType.REASON, "It was closed because of cracks.", "It was closed."),
        (AnswerType.PLACE, "They met in Geneva.", "They met in secret."),
        (AnswerType.PERSON, "It was founded by Ada Roe.", "it was founded by a friend."),
    ],
)
def test_a_sentence_contains_an_answer_type_or_not(kind: AnswerType, holds: str, lacks: str) -> None:
    assert contains_answer_type(holds, kind, frozenset())
    assert not contains_answer_type(lacks, kind, frozenset())


def test_the_questions_own_names_and_days_do_not_count() -> None:
    assert not contains_answer_type("It was Roe.", AnswerType.PERSON, {"it", "roe"})
    assert not contains_answer_type("closed on Tuesday", AnswerType.TIME, {"tuesday"})


@given(st.text(), st.sampled_from(AnswerType))
def test_no_text_is_too_strange(text: str, kind: AnswerType) -> None:
    assert answer_type(text) in AnswerType
    assert contains_answer_type(text, kind, frozenset()) in {True, False}

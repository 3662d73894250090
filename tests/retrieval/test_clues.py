"""What a question asks for, and the traces that an answer of that kind leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.questions.answer_types import Asked, asked, offers


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who called the delegation surprising?", Asked.PERSON),
        ("To whom was it sold?", Asked.PERSON),
        ("Which actor left the show?", Asked.PERSON),
        ("when was the vote", Asked.TIME),
        ("In what year did the mine close?", Asked.TIME),
        ("Where did they meet?", Asked.PLACE),
        ("Which country raised its tax?", Asked.PLACE),
        ("how many hostages?", Asked.NUMBER),
        ("About how much did it cost?", Asked.MONEY),
        ("What is the price of bread?", Asked.MONEY),
        ("How much honey was there?", Asked.NUMBER),
        ("how long did the siege last", Asked.LENGTH),
        ('What does "that decision" refer to?', Asked.MEANING),
        ("What is meant by the truce?", Asked.MEANING),
        ("How old is the singer?", Asked.AGE),
        ("What is Ada Roe's age?", Asked.AGE),
        ("WHY was the bridge closed?", Asked.REASON),
        ("What caused the fire?", Asked.REASON),
        ("What did the mayor say?", Asked.THING),
        ("Is the bridge open?", Asked.THING),
        ("", Asked.THING),
    ],
)
def test_a_question_tells_what_it_asks_for(question: str, kind: Asked) -> None:
    assert asked(question) is kind


@pytest.mark.parametrize(
    ("kind", "holds", "lacks"),
    [
        (Asked.TIME, "It was closed on Tuesday.", "It was closed in a hurry."),
        (Asked.NUMBER, "Some 130 people came.", "Some people came."),
        (Asked.NUMBER, "Dozens came.", "People came."),
        (Asked.NUMBER, "In 1932, 2,000 came.", "They came in 1932."),
        (Asked.NUMBER, "They grew by 2024.5 tons.", "They grew until 2024."),
        (Asked.AGE, "Ada Roe, 52, was elected.", "Ada Roe won 52 votes."),
        (Asked.MONEY, "It sold for $1.5 million.", "It sold for a song."),
        (Asked.LENGTH, "The siege lasted 30 days.", "The siege lasted."),
        (Asked.REASON, "It was closed because of cracks.", "It was closed."),
        (Asked.PLACE, "They met in Geneva.", "They met in secret."),
        (Asked.PERSON, "It was founded by Ada Roe.", "it was founded by a friend."),
    ],
)
def test_a_sentence_offers_what_was_asked_for_or_not(kind: Asked, holds: str, lacks: str) -> None:
    assert offers(holds, kind, frozenset())
    assert not offers(lacks, kind, frozenset())


def test_the_questions_own_names_and_days_are_no_answer() -> None:
    assert not offers("It was Roe.", Asked.PERSON, {"it", "roe"})
    assert not offers("closed on Tuesday", Asked.TIME, {"tuesday"})


@given(st.text(), st.sampled_from(Asked))
def test_no_text_is_too_strange(text: str, kind: Asked) -> None:
    assert asked(text) in Asked
    assert offers(text, kind, frozenset()) in {True, False}

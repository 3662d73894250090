"""An abbreviation matches what it stands for, and the other way round."""

from __future__ import annotations

import pytest

from retrieval.text.questions.abbreviations import find_abbreviations, with_abbreviations
from retrieval.text.words import analyse


def words(text: str) -> frozenset[str]:
    return frozenset(analyse(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("why did the U.N. vote", "The United Nations voted."),
        ("why did the United Nations vote", "The UN voted."),
        ("what did the EU vote on", "In the European Union they vote."),
        ("who voted in the US", "The United States voted."),
        ("who voted in the United Kingdom", "The U.K. voted."),
    ],
)
def test_a_name_is_met_in_its_other_form(question: str, text: str) -> None:
    asked = words(question)
    assert asked - {"did"} <= with_abbreviations(words(text), find_abbreviations(asked)) | {"did"}


def test_half_of_a_name_is_not_the_name() -> None:
    forms = find_abbreviations(words("why did the UN vote"))
    assert with_abbreviations(words("The nations voted."), forms) == words("The nations voted.")


def test_what_the_question_does_not_hold_is_left_alone() -> None:
    assert find_abbreviations(words("why was the bridge closed")) == ()

"""A sentence that has a question's names, but not what is asked to stand between them, is told from one that has it."""

from __future__ import annotations

import pytest

from retrieval.text.questions.relations import lacks_relation, opposites_asked, tells_opposite


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("who killed Paul Roe", "Paul Roe was attacked with a hammer at his home."),
        ("who murdered Ines Dahl", "Ines Dahl spoke of the fog."),
        ("when was Ada Roe born", "Ada Roe, the mayor, spoke on Monday."),
        ("what is the capital of Norland", "The film by Jean Lund opened in Norland."),
        ("who is Ada Roe married to", "Ada Roe backed a lawsuit against the paper."),
        ("who owns the Norholm Ferry", "The Norholm Ferry sailed late."),
        ("who won the Norholm Cup", "The Norholm Cup was held in June."),
        ("why did Ada Roe resign", "Ada Roe opened the library."),
        ("who arrested Piotr Lund", "Piotr Lund spoke to reporters."),
        ("who did Ada Roe sue", "Ada Roe praised Ines Dahl."),
        ("when did Ines Dahl divorce", "Ines Dahl married in 1990."),
        ("when did Ada Roe die", "Ada Roe was sworn in as mayor."),
    ],
)
def test_a_sentence_without_the_relation(question: str, sentence: str) -> None:
    assert lacks_relation(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("who killed Paul Roe", "Police say that Piotr Lund shot Paul Roe."),
        ("who killed Paul Roe", "Piotr Lund was charged with the murder of Paul Roe."),
        ("when was Ada Roe born", "Ada Roe, a native of Norholm, spoke."),
        ("what is the capital of Norland", "Norholm, Norland’s capital, was quiet."),
        ("who is Ada Roe married to", "Her husband, Piotr Lund, was there."),
        ("who owns the Norholm Ferry", "Lund Shipping bought the Norholm Ferry in 2019."),
        ("who won the Norholm Cup", "Elmford beat Selby 2-1."),
        ("why did Ada Roe resign", "Ada Roe stepped down because of debts."),
        ("who arrested Piotr Lund", "Piotr Lund was taken into custody by the harbour police."),
        ("who did Ada Roe sue", "Ada Roe filed a complaint against the paper."),
        ("when did Ada Roe die", "Ada Roe drowned on Sunday."),
        ("why was the bridge closed", "The mayor spoke."),
        ("what did Capital Bank say", "The bank raised its rates."),
        ("", ""),
    ],
)
def test_a_sentence_with_the_relation_and_a_question_without_one(question: str, sentence: str) -> None:
    assert not lacks_relation(question, sentence)


def test_a_name_in_small_letters_asks_for_no_relation() -> None:
    question, sentence = "how many goals did sue lund score", "Lund finished with three goals."
    assert lacks_relation(question, sentence)
    assert not lacks_relation(question, sentence, frozenset({"sue", "lund"}))


@pytest.mark.parametrize(
    ("question", "sentence", "opposite"),
    [
        ("which towns approved the bridge", "Elmford and Selby rejected the bridge.", True),
        ("which towns legalized fireworks", "Elmford rejected the legalization of fireworks.", True),
        ("why did fares rise", "Fares fell in spring.", True),
        ("why did fares rise", "Fares rose in spring, and fell later.", False),
        ("which towns approved the bridge", "Elmford said yes.", False),
        ("did Elmford approve the bridge", "Elmford rejected the bridge.", False),
        ("which towns approved what others rejected", "Elmford rejected the bridge.", False),
        ("who spoke", "Elmford rejected the bridge.", False),
        ("", "", False),
    ],
)
def test_a_sentence_with_the_opposite_of_what_is_asked(question: str, sentence: str, *, opposite: bool) -> None:
    assert tells_opposite(opposites_asked(question), sentence) is opposite

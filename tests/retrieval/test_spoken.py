"""Whose words a question asks for, and which sentences tell what they said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.questions.spoken import AskedSpeaker, asked_speaker
from retrieval.text.words import analyse


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("what did Ada Roe say about the bridge", "Ada Roe"),
        ("What has Mayor Roe told the council?", "Roe"),
        ("how did Ines Dahl react to the fog", "Ines Dahl"),
        ("what was Ada Roe's answer to the union", "Ada Roe"),
        ("whats ada roes reaction to the strike", "ada roe"),
        ("what does Ada Roe have to say on tolls", "Ada Roe"),
        ("what is Ada Roe saying about the tolls", "Ada Roe"),
        ("what was in Ada Roe's note", None),
        ("what did Ada Roe blame", None),
        ("what did he say about the bridge", None),
        ("why did Ada Roe say no", None),
        ("who said the bridge was safe", None),
        ("what did the bridge cost", None),
    ],
)
def test_whose_words_are_asked_for(question: str, speaker: str | None) -> None:
    asked = asked_speaker(question, frozenset(analyse("Ada Roe Ines Dahl")))
    assert (asked and asked.words) == (speaker and frozenset(analyse(speaker)))
    assert asked is None or asked.named


def test_an_office_is_no_name() -> None:
    asked = asked_speaker("what did the harbour mayor say", frozenset())
    assert asked is not None
    assert not asked.named
    mayor = asked_speaker("what did the mayor say", frozenset())
    assert mayor is not None
    assert mayor.is_said_by("Ada Roe", "Mayor of Harwick")
    assert not mayor.is_said_by("Ines Dahl", "captain")


def test_whom_another_name_describes_is_no_name() -> None:
    asked = asked_speaker("what did Ada Roe's lawyer say", frozenset(analyse("Ada Roe")))
    assert asked is not None
    assert not asked.named
    assert asked.is_said_by("Ines Dahl", "Ada Roe's lawyer")
    assert not asked.is_said_by("Ada Roe", "mayor")


ROE = AskedSpeaker(frozenset(analyse("Ada Roe")), named=True)


@pytest.mark.parametrize(
    ("name", "is_she"), [("Ada Roe", True), ("Roe", True), ("Ada M. Roe", True), ("Tom Roe", False), ("Dahl", False)]
)
def test_who_is_printed_with_a_part_of_the_name_is_meant(name: str, is_she: bool) -> None:  # noqa: FBT001
    assert ROE.is_said_by(name, None) is is_she


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Roe said the bridge was safe.",
        "The bridge is safe, said Mayor Ada Roe.",
        "Ada Roe, the mayor of Harwick, later told reporters that nobody was hurt.",
        "Ada Roe on Monday warned of ice.",
        "Nobody was hurt, according to Ada Roe.",
    ],
)
def test_a_sentence_may_tell_without_marks_what_somebody_said(sentence: str) -> None:
    assert ROE.speaks_in(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Roe opened the bridge.",
        "Ines Dahl dismissed Ada Roe as a beginner.",
        "Ada Roe's deputy said the bridge was safe.",
        "Of Ada Roe Ines Dahl said nothing.",
        "Agent Ines Dahl said Ada Roe would stay.",
        "The magazine's cover declares Ada Roe the mayor of the year.",
        "Roe said the bridge was safe.",
    ],
)
def test_a_sentence_may_name_somebody_who_does_not_speak(sentence: str) -> None:
    assert not ROE.speaks_in(sentence)


@given(st.text(), st.text())
def test_nothing_is_raised(question: str, sentence: str) -> None:
    asked = asked_speaker(f"what did {question} say", frozenset())
    if asked is not None:
        asked.speaks_in(sentence)
        asked.is_said_by(sentence, question)

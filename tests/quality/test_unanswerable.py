"""Unanswerable questions are made of answerable ones, the same each time."""

from __future__ import annotations

from tests.quality.unanswerable import unanswerable

ARTICLES = [
    {
        "id": "a",
        "text": "Later Ada Roe sued Ines Dahl. Then Ada Roe spoke. Today Piotr Lund and Piotr Lund came.",
        "published_at": "2022-04-19",
    }
]
QUESTIONS = [
    {
        "id": "q",
        "question": "why did Ada Roe sue Ines Dahl?",
        "answer": ["debts"],
        "answerable": True,
        "evidence": [{"article_id": "a", "start": 0, "end": 9}],
    },
    {"id": "r", "question": "who?", "answerable": False, "evidence": []},
]
ELSEWHERE = [
    {"id": "d", "question": "who won?", "answerable": True, "evidence": []},
    {"id": "e", "question": "who won the Norholm Cup?", "answerable": True, "evidence": []},
]


def test_there_are_four_kinds_each_unanswerable_with_ids_of_their_own() -> None:
    kinds = dict(unanswerable(QUESTIONS, ARTICLES, ELSEWHERE))
    assert list(kinds) == ["other archive", "exchanged", "older event", "nonsense"]
    assert kinds == dict(unanswerable(QUESTIONS, ARTICLES, ELSEWHERE))
    assert [line["question"] for line in kinds["other archive"]] == ["who won the Norholm Cup?"]
    lines = [line for questions in kinds.values() for line in questions]
    assert not any(line["answerable"] for line in lines)
    assert len({line["id"] for line in lines}) == len(lines)


def test_names_are_exchanged_or_change_places() -> None:
    exchanged = {line["question"] for line in dict(unanswerable(QUESTIONS, ARTICLES))["exchanged"]}
    assert "why did Ines Dahl sue Ada Roe?" in exchanged
    assert any("Piotr Lund" in question for question in exchanged)


def test_an_older_event_is_asked_about_two_years_later() -> None:
    (later,) = dict(unanswerable(QUESTIONS, ARTICLES))["older event"]
    assert later["question_date"] == "2024-04-18"
    assert later["question"].startswith("why did Ada Roe sue Ines Dahl ")
    undated = [{**ARTICLES[0], "published_at": None}]
    assert dict(unanswerable(QUESTIONS, undated))["older event"] == []

"""The variants of questions are always the same, and differ from what was written in one word at most."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from retrieval.text.words import FUNCTION_WORDS
from tests.quality import typed

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "Why did the ferry company of Ingrid Halvorsen cancel the timetable?"


@pytest.mark.parametrize("id_", [f"q{number}" for number in range(40)])
def test_one_letter_of_a_name_is_wrong(id_: str) -> None:
    variant = typed.misspelt(QUESTION, id_)
    pairs = zip(QUESTION.split(), variant.split(), strict=True)
    ((before, after),) = [pair for pair in pairs if pair[0] != pair[1]]
    assert before in {"Ingrid", "Halvorsen"}
    assert abs(len(before) - len(after)) <= 1
    assert variant == typed.misspelt(QUESTION, id_)


@pytest.mark.parametrize("id_", [f"q{number}" for number in range(20)])
def test_without_a_name_a_content_word_is_misspelt(id_: str) -> None:
    question = "Why did the company cancel the timetable?"
    pairs = zip(question.split(), typed.misspelt(question, id_).split(), strict=True)
    ((before, _),) = [pair for pair in pairs if pair[0] != pair[1]]
    assert before.strip("?").casefold() not in FUNCTION_WORDS


def test_a_question_without_such_a_word_stays() -> None:
    assert typed.misspelt("Who did it in 1990?", "q") == "Who did it in 1990?"


def test_the_variants_are_written_as_sets_of_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps({"id": "q", "question": QUESTION, "more": 1}) + "\n")
    monkeypatch.setattr("sys.argv", ["typed", "--data", str(tmp_path), "--out", str(tmp_path)])
    assert typed.main() == 0
    lower = json.loads((tmp_path / "lower_case.jsonl").read_text())
    assert lower == {"id": "q", "question": QUESTION.lower(), "more": 1}
    assert json.loads((tmp_path / "misspelt.jsonl").read_text())["question"] == typed.misspelt(QUESTION, "q")

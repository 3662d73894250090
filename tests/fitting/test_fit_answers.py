"""Fitting the weights of answers: what is fitted is found again, and only that is written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from retrieval.asking import ranking
from tests.fitting.answer_examples import exchanged
from tests.fitting.fit_answers import ANSWER, OF_A_READING, PASSAGE, SENTENCE, SET, Outcome, Weights, threshold, written
from tests.fitting.likelihood import logistic, softmax

SHIPPED = (Path(ranking.__file__).with_name("answering_weights.toml")).read_text(encoding="utf-8")
TABLES = tomllib.loads(SHIPPED)


def weights(value: float) -> Weights:
    return Weights(*(np.full(len(names), value) for names in (SENTENCE, PASSAGE, ANSWER)))


def test_every_shipped_weight_is_fitted_or_said_to_be_set() -> None:
    fitted = {"sentence": SENTENCE, "passage": PASSAGE, "answer": ANSWER}
    for table, names in fitted.items():
        assert {*names, *SET[table]} - OF_A_READING == TABLES[table].keys()
        assert {*names, *SET[table]} == TABLES[f"{table}_read"].keys()


def test_the_weights_of_passages_that_were_read_are_written_into_their_own_tables() -> None:
    tables = tomllib.loads(written(SHIPPED, weights(1.234), 0.2, read=True))
    assert {tables["passage_read"][name] for name in PASSAGE} == {1.23}
    assert tables["thresholds_read"]["answer"] == 0.2
    assert tables["passage"] == TABLES["passage"]


def test_fitted_numbers_are_written_and_all_else_stays() -> None:
    text = written(SHIPPED, weights(1.234), 0.2)
    tables = tomllib.loads(text)
    assert {tables["sentence"][name] for name in SENTENCE if name not in OF_A_READING} == {1.23}
    assert tables["thresholds"]["answer"] == 0.2
    for table, names in SET.items():
        assert [tables[table][name] for name in names] == [TABLES[table][name] for name in names]
    comments = [line.split("#")[1] for line in SHIPPED.splitlines() if "#" in line]
    assert [line.split("#")[1] for line in text.splitlines() if "#" in line] == comments


def test_a_file_without_a_place_for_a_weight_is_refused() -> None:
    with pytest.raises(KeyError):
        written(SHIPPED.replace("\nlexical = ", "\nlexicon = "), weights(1.0), 0.2)


def test_weights_by_which_choices_were_made_are_found_again() -> None:
    pytest.importorskip("scipy")
    chance = np.random.default_rng(3)
    true = np.array([2.0, -1.0, 0.0])
    groups = []
    for _ in range(800):
        rows = chance.standard_normal((6, 3))
        chosen = int(np.argmax(rows @ true + chance.gumbel(size=6)))
        groups.append((rows, np.arange(6) == chosen, np.zeros(6)))
    assert np.allclose(softmax(groups), true, atol=0.25)


def test_a_probability_is_fitted_beside_what_is_set() -> None:
    pytest.importorskip("scipy")
    chance = np.random.default_rng(4)
    rows = np.column_stack([np.ones(4000), chance.standard_normal(4000)])
    offset = chance.standard_normal(4000)
    right = (chance.random(4000) < 1 / (1 + np.exp(-(rows @ [0.5, 1.5] + offset)))).astype(float)
    assert np.allclose(logistic(rows, right, np.ones(4000), offset), [0.5, 1.5], atol=0.15)


def test_the_threshold_refuses_few_that_can_be_answered() -> None:
    def asked(probability: float, *, answerable: bool) -> Outcome:
        return Outcome(answerable, False, 1, False, None, shown_mark=False, probability=probability)  # noqa: FBT003

    outcomes = [asked(0.3 if n else 0.01, answerable=True) for n in range(100)]
    outcomes += [asked(0.1, answerable=False) for _ in range(20)]
    assert 0.1 < threshold(outcomes) <= 0.3


def test_a_name_is_exchanged_for_another_of_the_article() -> None:
    text = "The vote was led by Ada Roe. Later Ada Roe met Ines Dahl, and Ines Dahl left."
    question = {
        "id": "1",
        "question": "When did Ada Roe vote?",
        "answer": ["Monday"],
        "answerable": True,
        "evidence": [{"article_id": "a"}],
    }
    (changed,) = exchanged([question], {"a": text})
    assert changed["question"] == "When did Ines Dahl vote?"
    assert not changed["answerable"]
    assert not list(exchanged([{**question, "answerable": False}], {"a": text}))

"""What of a message is looked for, and when a weak match bears on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from retrieval.asking.answering import bearing
from retrieval.domain.answers import Abstention, Answer, Confidence
from retrieval.domain.ids import SHARED
from retrieval.domain.limits import LONGEST_QUESTION
from retrieval.domain.scope import Scope
from retrieval.errors import QuestionRejected
from retrieval.text.claims import claims, covers
from tests.support.articles import BRIDGE
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from pathlib import Path

ANYONE, NOW = Scope(), datetime(2024, 6, 1, tzinfo=UTC)


def test_sentences_with_something_to_look_for_are_claims() -> None:
    text = "Wow! The council closed the old harbour bridge on Friday. Unbelievable.\nAnyone for dinner?"
    assert claims(text) == ("The council closed the old harbour bridge on Friday.",)


def test_a_long_message_gives_its_three_fullest_sentences_in_their_order() -> None:
    short = "The bus was late again."
    full = [f"The council of Marrow{n} closed the harbour bridge for {n} weeks in spring." for n in range(3)]
    assert claims(" ".join([short, full[0], short, full[1], full[2], short])) == tuple(full)


def test_a_short_message_is_looked_for_as_a_whole() -> None:
    assert claims("bridge closed") == ("bridge closed",)
    assert claims("🙂 … !") == ()


def test_an_endless_sentence_is_cut_at_a_word() -> None:
    (claim,) = claims("harbour " * 200)
    assert len(claim) <= LONGEST_QUESTION
    assert claim.endswith("harbour")
    (letters,) = claims("x" * 2_000)
    assert len(letters) == LONGEST_QUESTION


def test_the_share_of_a_claim_that_a_passage_has() -> None:
    assert covers("The harbour bridge closed", "They closed a bridge over the harbour.") == 1
    assert covers("The harbour bridge closed", "The bridge is open.") == pytest.approx(1 / 3)
    assert covers("", "anything") == 0


def test_what_bears_on_a_message_is_found_and_the_rest_is_not(tmp_path: Path) -> None:
    with newsroom_in(tmp_path) as room:
        room.importer.add(BRIDGE, SHARED)
        bridge = " ".join(BRIDGE.text.split()[:14])
        found, missing = room.sources(ANYONE, f"{bridge}. Croissants from Elm Street taste wonderful today.", NOW)
        assert isinstance(found, Answer)
        assert isinstance(missing, Abstention)
        assert missing.question.startswith("Croissants")
        with pytest.raises(QuestionRejected):
            room.sources(ANYONE, "🙂", NOW)


def test_a_weak_match_bears_on_a_claim_only_with_most_of_its_words(tmp_path: Path) -> None:
    with newsroom_in(tmp_path) as room:
        room.importer.add(BRIDGE, SHARED)
        answer = room.ask(ANYONE, " ".join(BRIDGE.text.split()[:14]))
    assert isinstance(answer, Answer)
    weak = replace(answer, confidence=Confidence.LOW)
    assert bearing(weak) is weak
    other = replace(weak, question="Saturn has 145 moons now")
    assert isinstance(bearing(other), Abstention)
    assert bearing(replace(other, confidence=Confidence.FAIR)).question == other.question

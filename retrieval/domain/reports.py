"""What members say of words that were shown, and the questions that found no answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from datetime import datetime

    from retrieval.domain.excerpts import ExcerptRef


class ReportKind(StrEnum):
    """What a member says of words."""

    NOT_THEIR_WORDS = "not their words"
    WRONG_PERSON = "wrong person"
    NOT_AN_ANSWER = "not an answer"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Reported:
    """Words of which somebody said something, with the number of members who said each."""

    ref: ExcerptRef
    voices: Counter[ReportKind]

    @property
    def complaints(self) -> int:
        """How many members say that something is wrong."""
        return self.voices.total() - self.voices[ReportKind.GOOD]


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A question as it was asked last, how often it was asked, and when last."""

    question: str
    times: int
    last: datetime

"""What a reader reads together with a question, and what it makes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage as it is read: the title of its article, and its sentences."""

    title: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """Scores (log-odds) of a passage's sentences as the answer, and of there being none in the passage.

    A sentence beyond what the reader reads of a passage has the score -inf.
    """

    sentences: tuple[float, ...]
    nothing: float

    @property
    def answers(self) -> float:
        """Log-odds that the passage answers."""
        return _log_sum(self.sentences) - self.nothing

    def share(self, sentence: int) -> float:
        """Logarithm of the probability that it is this sentence, given that one of the passage answers."""
        return self.sentences[sentence] - _log_sum(self.sentences)


def _log_sum(values: tuple[float, ...]) -> float:
    highest = max(values, default=-math.inf)
    if math.isinf(highest):
        return highest
    return highest + math.log(sum(math.exp(value - highest) for value in values))

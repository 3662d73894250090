"""The fitted numbers of attribution: five forests, two tables of words, thresholds and scales, all in `model.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from retrieval.text.attribution.forest import Forest, read_forest
from retrieval.text.attribution.sources import Words

PATH = Path(__file__).with_name("model.json")


@dataclass(frozen=True, slots=True)
class Scale:
    """What a model's own certainty was worth on articles it had not seen: `given` rises, `meant` never falls."""

    given: tuple[float, ...]
    meant: tuple[float, ...]

    def probability(self, certainty: float) -> float:
        """How often a choice of this certainty was right; between two points, on the line that joins them."""
        return float(np.interp(certainty, self.given, self.meant))


@dataclass(frozen=True, slots=True)
class Model:
    """Five forests, each answering one question.

    `source`: is a mention the source of anything; `pair`: did it say this; `worth`: is this a quotation;
    `certainty`: was the choice right; `pronoun`: is it this person. What lies below a threshold is not said. Two scales
    turn certainties into probabilities: of a speaker's mention, and of the person behind a pronoun.
    """

    words: Words
    source: Forest
    pair: Forest
    worth: Forest
    certainty: Forest
    pronoun: Forest
    least_worth: float
    least_speaker: float
    least_person: float
    speaker_scale: Scale
    person_scale: Scale


@cache
def fitted() -> Model:
    """The model of this release."""
    return read_model(PATH)


def read_model(path: Path) -> Model:
    """Read a model from a file that `tests.fitting.fit_quotations` wrote."""
    record = json.loads(path.read_text(encoding="utf-8"))
    return Model(
        words=Words(record["words"]["verbs"], record["words"]["heads"]),
        source=read_forest(record["source"]),
        pair=read_forest(record["pair"]),
        worth=read_forest(record["worth"]),
        certainty=read_forest(record["certainty"]),
        pronoun=read_forest(record["pronoun"]),
        least_worth=record["thresholds"]["worth"],
        least_speaker=record["thresholds"]["speaker"],
        least_person=record["thresholds"]["person"],
        speaker_scale=_scale(record["scales"]["speaker"]),
        person_scale=_scale(record["scales"]["person"]),
    )


def _scale(points: list[list[float]]) -> Scale:
    given, meant = zip(*points, strict=True)
    return Scale(given, meant)

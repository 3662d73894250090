"""The fitted numbers of attribution: five forests, two tables of words, three thresholds, all from `model.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.text.attribution.forest import Forest, read_forest
from retrieval.text.attribution.sources import Words

PATH = Path(__file__).with_name("model.json")


@dataclass(frozen=True, slots=True)
class Model:
    """Five forests, each answering one question.

    `source`: is a mention the source of anything; `pair`: did it say this; `worth`: is this a quotation;
    `certainty`: was the choice right; `pronoun`: is it this person. What lies below a threshold is not said.
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


@cache
def fitted() -> Model:
    """The model of this release."""
    return read_model(PATH)


def read_model(path: Path) -> Model:
    """Read a model from a file that `tests.quality.fit_quotations` wrote."""
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
    )

"""The fitted model of attribution: boosted trees, word odds, thresholds and scales, all read from `model.json`.

`python -m tests.fitting.fit_quotations` fits it. Trees are evaluated with numpy, without the library that fitted them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from retrieval.text.attribution.fitted.source_features import WordOdds

if TYPE_CHECKING:
    from numpy.typing import NDArray

PATH = Path(__file__).with_name("model.json")


class ForestRecord(TypedDict):
    """A forest as JSON holds it. A node is [feature, threshold, left, right], a leaf [value]."""

    features: list[str]
    base: float
    trees: list[list[list[float]]]


@dataclass(frozen=True, slots=True)
class Forest:
    """All trees in shared arrays of shape (nodes,), `roots` of shape (trees,). A leaf is its own child."""

    features: tuple[str, ...]
    base: float
    depth: int
    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]

    def probabilities(self, rows: list[list[float]]) -> list[float]:
        """The probability (0..1) of a yes for each row of features: the trees' log-odds add up.

        Raises ValueError for rows of another width than the model was fitted on.
        """
        if not rows:
            return []
        table = np.asarray(rows, dtype=np.float64)
        if table.shape[1] != len(self.features):
            message = f"{table.shape[1]} features where the model knows {len(self.features)}"
            raise ValueError(message)
        node = np.repeat(self.roots[None, :], len(table), axis=0)
        number = np.arange(len(table))[:, None]
        for _ in range(self.depth):
            goes_left = table[number, self.feature[node]] <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        log_odds = self.base + self.value[node].sum(axis=1)
        return [float(probability) for probability in 1 / (1 + np.exp(-log_odds))]


def read_forest(record: ForestRecord) -> Forest:
    """Return the forest of a JSON record: all nodes in shared arrays; a leaf points to itself."""
    roots: list[int] = []
    nodes: list[tuple[int, float, int, int, float]] = []
    for tree in record["trees"]:
        root = len(nodes)
        roots.append(root)
        for number, node in enumerate(tree):
            if len(node) == 1:
                nodes.append((0, 0.0, root + number, root + number, node[0]))
            else:
                nodes.append((int(node[0]), node[1], root + int(node[2]), root + int(node[3]), 0.0))
    feature, threshold, left, right, value = zip(*nodes, strict=True)
    return Forest(
        features=tuple(record["features"]),
        base=record["base"],
        depth=max(_depth(tree, 0) for tree in record["trees"]),
        roots=np.array(roots),
        feature=np.array(feature),
        threshold=np.array(threshold),
        left=np.array(left),
        right=np.array(right),
        value=np.array(value),
    )


def _depth(tree: list[list[float]], number: int) -> int:
    node = tree[number]
    return 0 if len(node) == 1 else 1 + max(_depth(tree, int(node[2])), _depth(tree, int(node[3])))


@dataclass(frozen=True, slots=True)
class Scale:
    """Calibration: how often a choice of a given certainty was right on unseen articles. Both tuples ascend."""

    certainty: tuple[float, ...]
    share_right: tuple[float, ...]

    def probability(self, certainty: float) -> float:
        """How often (0..1) a choice of this certainty was right, interpolated between the points."""
        return float(np.interp(certainty, self.certainty, self.share_right))


@dataclass(frozen=True, slots=True)
class Model:
    """Five forests, each with one question.

    `source`: is a mention the source of anything; `pair`: did it say this segment; `quotation`: is this segment a
    quotation; `certainty`: was the choice right; `pronoun`: does a pronoun stand for this person. Results below the
    thresholds `least_…` are dropped. Two scales turn certainties into probabilities: of a speaker's mention, and of the
    person behind a pronoun.
    """

    words: WordOdds
    source: Forest
    pair: Forest
    quotation: Forest
    certainty: Forest
    pronoun: Forest
    least_quotation: float
    least_speaker: float
    least_person: float
    speaker_scale: Scale
    person_scale: Scale


@cache
def fitted() -> Model:
    """The model of this release, read once."""
    return read_model(PATH)


def read_model(path: Path) -> Model:
    """Read a model from a file that `tests.fitting.fit_quotations` wrote."""
    record = json.loads(path.read_text(encoding="utf-8"))
    return Model(
        words=WordOdds(record["words"]["verbs"], record["words"]["heads"]),
        source=read_forest(record["source"]),
        pair=read_forest(record["pair"]),
        quotation=read_forest(record["quotation"]),
        certainty=read_forest(record["certainty"]),
        pronoun=read_forest(record["pronoun"]),
        least_quotation=record["thresholds"]["quotation"],
        least_speaker=record["thresholds"]["speaker"],
        least_person=record["thresholds"]["person"],
        speaker_scale=_scale(record["scales"]["speaker"]),
        person_scale=_scale(record["scales"]["person"]),
    )


def _scale(points: list[list[float]]) -> Scale:
    certainty, share_right = zip(*points, strict=True)
    return Scale(certainty, share_right)

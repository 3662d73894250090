"""Boosted decision trees, read from a file of numbers and evaluated with numpy.

The trees are fitted by `python -m tests.fitting.fit_quotations`; nothing here needs the library that fitted them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ForestRecord(TypedDict):
    """A forest as JSON holds it. A node is [feature, threshold, left, right], a leaf [value]."""

    features: list[str]
    base: float
    trees: list[list[list[float]]]


@dataclass(frozen=True, slots=True)
class Forest:
    """All trees side by side, a leaf being its own child: arrays of shape (nodes,), and (trees,) for `roots`."""

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
        """The probability of a yes for each row of features; the log-odds of the trees add up."""
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
    """Lay the trees of a record side by side."""
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

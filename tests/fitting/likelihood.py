"""Maximum likelihood of a few weights: for a choice within groups, and for a probability. Needs SciPy."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Group = tuple[Floats, NDArray[np.bool_], Floats]

RIDGE = 3.0


def softmax(groups: Sequence[Group], ridge: float = RIDGE) -> Floats:
    """Fit weights so that a right row (n, f) of each group is chosen, with fixed values (n,) added to the scores.

    Ridge on standardised columns. Groups in which all or none are right are skipped.
    """
    groups = [group for group in groups if group[1].any() and not group[1].all()]
    rows, right, fixed = (np.concatenate(parts) for parts in zip(*groups, strict=True))
    spread = rows.std(axis=0) + 1e-9
    scaled = (rows - rows.mean(axis=0)) / spread
    sizes = [len(group[1]) for group in groups]
    starts = np.cumsum([0, *sizes])[:-1]
    home = np.repeat(np.arange(len(groups)), sizes)

    def loss(weights: Floats) -> tuple[float, Floats]:
        value = scaled @ weights + fixed
        value = np.exp(value - np.maximum.reduceat(value, starts)[home])
        total, chosen = np.add.reduceat(value, starts), np.add.reduceat(value * right, starts)
        slope = scaled.T @ (value / total[home] - value * right / chosen[home]) + ridge * weights
        return float(-np.log(chosen / total).sum() + ridge * weights @ weights / 2), slope

    found: Floats = _least(loss, rows.shape[1]) / spread
    return found


def logistic(rows: Floats, right: Floats, counts: Floats, offset: Floats) -> Floats:
    """Weights of a logistic regression of `right` (n,) on rows (n, f), each counted so much, beside fixed log-odds."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        log_odds = rows @ weights + offset
        slope = rows.T @ (counts * (1 / (1 + np.exp(-log_odds)) - right)) + 1e-3 * weights
        likely = np.logaddexp(0.0, log_odds) - right * log_odds
        return float((counts * likely).sum() + 1e-3 * weights @ weights / 2), slope

    return _least(loss, rows.shape[1])


def _least(loss: Callable[[Floats], tuple[float, Floats]], size: int) -> Floats:
    optimize = importlib.import_module("scipy.optimize")
    found: Floats = optimize.minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B").x
    return found

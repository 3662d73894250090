"""Calibration of certainties: scales fitted to them, and the table by which a scale is judged."""

from __future__ import annotations

import importlib
from itertools import chain
from typing import TYPE_CHECKING

from retrieval.text.attribution.fitted.segment_features import CERTAINTY_FEATURES
from tests.quality.quotation_scoring import Extracted, Segment, paired, person_right, speaker_right

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Rows = list[list[float]]

EDGES = (0.3, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.01)
_FEWEST = 20
_FIRST = CERTAINTY_FEATURES.index("first")
REFERENCE_WRONG = 0.64
"""Of 28 pronouns whose person an automatic name contradicts, read one by one, 18 were given the right person."""


def points(certainties: Sequence[float], right: Sequence[float]) -> list[list[float]]:
    """[certainty, share that was right] for each frequent band of certainties; shares never fall."""
    bands = []
    low = 0.0
    for high in EDGES:
        inside = [(x, y) for x, y in zip(certainties, right, strict=True) if low <= x < high]
        if len(inside) >= _FEWEST:
            x, y = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            bands.append((x, y, len(inside)))
        low = high
    regression = importlib.import_module("sklearn.isotonic").IsotonicRegression()
    xs, ys, weights = zip(*bands, strict=True)
    return [
        [round(x, 3), round(float(y), 3)] for x, y in zip(xs, regression.fit(xs, ys, weights).predict(xs), strict=True)
    ]


def speaker_scale(rows: list[Rows], labels: list[list[int]], said: list[list[float]]) -> list[list[float]]:
    """The scale of a first choice's certainty, as `ranking` computes it, on articles that were not fitted on."""
    given = [
        (row[_FIRST] + value) / 2
        for those, values in zip(rows, said, strict=True)
        for row, value in zip(those, values, strict=True)
    ]
    return points(given, list(chain(*labels)))


def person_scale(groups: list[list[tuple[Rows, list[int]]]], said: list[list[float]]) -> list[list[float]]:
    """The scale of the person chosen for a pronoun, corrected for errors of the automatic names."""
    given: list[float] = []
    right: list[float] = []
    for pronouns, flat in zip(groups, said, strict=True):
        values = iter(flat)
        for _, labels in pronouns:
            rated = [(next(values), label) for label in labels]
            if rated:
                best, label = max(rated, key=lambda pair: pair[0])
                given.append(best)
                right.append(label or REFERENCE_WRONG)
    return points(given, right)


def reliability(
    segments: Mapping[str, list[Segment]], extracted: Mapping[str, list[tuple[Extracted, float]]]
) -> Iterator[str]:
    """Lines of a table: how often the mention, and the automatic name, were right in each band of confidence."""
    seen: list[tuple[float, bool, bool | None]] = []
    for name, found in extracted.items():
        there = segments.get(name, [])
        for number, other in paired(there, [one for one, _ in found]).items():
            (one, confidence), segment = found[number], there[other]
            if segment.mentioned and one.speaker:
                person = person_right(segment, one) if segment.person and one.person else None
                seen.append((confidence, speaker_right(segment, one), person))
    yield f"{'confidence':>12}{'n':>7}{'mean':>8}{'mention right':>15}{'person right':>14}"
    low = 0.0
    for high in EDGES:
        band = [line for line in seen if low <= line[0] < high]
        if band:
            yield (
                f"{low:>6.2f}–{min(high, 1):.2f} {len(band):>7}{_mean(x for x, _, _ in band):>8.3f}"
                f"{_mean(y for _, y, _ in band):>15.3f}{_mean(z for _, _, z in band if z is not None):>14.3f}"
            )
        low = high


def _mean(values: Iterable[float]) -> float:
    given = list(values)
    return sum(given) / len(given) if given else float("nan")

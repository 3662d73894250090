"""The sets that are measured, and tables in Markdown of what was measured on them."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.quality.scoring import Interval

ALONE = "ester"
ASIDE = ("multihop_rag_facts", "rgb_fact", "seed", "time")
"""Sets of another make, measured only where they are named themselves."""

FITTED = (
    "The shipped weights were fitted on the dev halves of newsqa, realtimeqa, ester and polnear: on these, the figures "
    "of ours flatter."
)
_SET_NAMES_ARE_ABOVE = ("dev", "heldout", "test")


@dataclass(frozen=True, slots=True)
class DataSet:
    """A folder of evaluation data, and what the tables call it."""

    name: str
    folder: Path

    def has(self, file: str) -> bool:
        """Whether the set holds such a file."""
        return (self.folder / file).exists()


def data_sets(data: str) -> list[DataSet]:
    """The sets that the command line means, those aside left out and told."""
    sets: list[DataSet] = []
    for given in (Path(part) for part in data.split(",") if part):
        if any((given / file).exists() for file in ("articles.jsonl", "questions.jsonl")):
            sets.append(_data_set(given))
            continue
        below = [_data_set(path.parent) for path in sorted(given.glob("*/articles.jsonl"))]
        left = [each.name for each in below if each.name in ASIDE]
        if left:
            sys.stderr.write(f"left out: {', '.join(left)}; name the folder itself to measure one\n")
        sets += [each for each in below if each.name not in ASIDE]
    return sets


def _data_set(folder: Path) -> DataSet:
    parts = folder.resolve().parts
    return DataSet("/".join(parts[-2:]) if parts[-1] in _SET_NAMES_ARE_ABOVE else parts[-1], folder)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that can also be read as it is."""
    widths = [max(3, *(len(row[column]) for row in (head, *rows))) for column in range(len(head))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (head, *rows)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def number(value: float | None) -> str:
    """A share with three decimals; a dash for none."""
    return "–" if value is None or math.isnan(value) else f"{value:.3f}".removeprefix("0")


def between(value: Interval) -> str:
    """A mean and its interval."""
    return f"{number(value.mean)} [{number(value.low)}, {number(value.high)}]"

"""Questions as members type them: with one letter wrong, or in lower case, always the same ones.

`python -m tests.quality.typed --data DIR --out DIR` writes `misspelt.jsonl` and `lower_case.jsonl` beside each other,
for `tests.quality.answers` or another scorer; `make evaluate` makes them by itself.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.text.words import FUNCTION_WORDS
from tests.quality.answers import records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SEED = 14
_WORD = re.compile(r"[^\W\d_]{4,}")


def misspelt(question: str, id_: str) -> str:
    """Swap, double or drop one letter of a name, or of another content word where there is no name."""
    draw = random.Random(f"{SEED} {id_}")
    words = [word for word in _WORD.finditer(question) if word.group().casefold() not in FUNCTION_WORDS]
    names = [word for word in words if word.start() and word.group()[0].isupper()]
    if not words:
        return question
    word = draw.choice(names or words)
    typed = draw.choice((_swapped, _doubled, _dropped))(word.group(), draw)
    return question[: word.start()] + typed + question[word.end() :]


def lower_case(question: str, _: str) -> str:
    """The question without capitals."""
    return question.lower()


VARIANTS: Mapping[str, Callable[[str, str], str]] = {"misspelt": misspelt, "lower case": lower_case}


def varied(line: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A line of `questions.jsonl` in one of the variants."""
    return {**line, "question": VARIANTS[name](line["question"], line["id"])}


def _swapped(word: str, draw: random.Random) -> str:
    places = [at for at in range(len(word) - 1) if word[at].casefold() != word[at + 1].casefold()]
    if not places:
        return _dropped(word, draw)
    at = draw.choice(places)
    pair = word[at + 1] + word[at]
    return word[:at] + (pair.capitalize() if word[at].isupper() and word[at + 1].islower() else pair) + word[at + 2 :]


def _doubled(word: str, draw: random.Random) -> str:
    at = draw.randrange(len(word))
    return word[: at + 1] + word[at].casefold() + word[at + 1 :]


def _dropped(word: str, draw: random.Random) -> str:
    at = draw.randrange(len(word))
    return word[:at] + word[at + 1 :]


def main() -> int:
    """Read the command line, and write the variants of every question."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", required=True, help="folders with questions.jsonl, commas between")
    options.add_argument("--out", type=Path, required=True)
    chosen = options.parse_args()
    lines = list(records([Path(folder) for folder in chosen.data.split(",")], "questions.jsonl"))
    for name in VARIANTS:
        path = chosen.out / f"{name.replace(' ', '_')}.jsonl"
        path.write_text("".join(json.dumps(varied(line, name)) + "\n" for line in lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

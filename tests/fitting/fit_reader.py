"""Fit the reader: `python -m tests.fitting.fit_reader --general DIR --data DIR[,DIR…] --alone DIR --out FILE`.

First on general questions (`questions.jsonl` and `contexts.jsonl` of `--general`), then on questions to news: those of
`--data`, indexed together, and of `--alone`, each by itself. FILE is `retrieval/adapters/embedding/reader.safetensors`;
the checksum that is printed goes into `reader.py`. `--without N` leaves the questions of one half of the articles out,
so that they can be answered by a reader that has never seen them. Some three hours on one core.

The loss is that of a choice: among a passage's sentences and "no answer here", and among the passages of a question.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch
import torch.nn.functional as F  # noqa: N812

from tests.fitting.reader_examples import GeneralQuestions, half_of, news_questions
from tests.fitting.reader_model import ReaderModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from tests.fitting.reader_examples import Group, NewsQuestion

GENERAL, NEWS = 45_000, 2
"""General questions, and how often the news questions are gone through."""
RATES: Final = (8e-4, 4e-4)
WARM_UP: Final = 100
NO_ANSWER, ORDER = 0.4, 0.7
"""What counts, beside 1 for a passage that answers: one that does not, and the order of a question's passages."""


def loss(model: ReaderModel, groups: Sequence[Group]) -> Tensor:
    """The mean loss of some questions."""
    pairs = [model.pair(group.question, one.title, one.sentences) for group in groups for one in group.passages]
    scores, nothing = model(pairs)
    chances = F.log_softmax(torch.cat([scores, nothing[:, None]], 1), 1)
    answers = scores.logsumexp(1) - nothing
    total, at = torch.zeros(()), 0
    for group in groups:
        for row, passage in enumerate(group.passages, at):
            right = [place for place in passage.right if chances[row, place] > -1e3]
            total = total - (chances[row, right].logsumexp(0) if right else NO_ANSWER * chances[row, -1])
        if group.ranked and len(group.passages) > 1:
            total = total - ORDER * F.log_softmax(answers[at : at + len(group.passages)], 0)[0]
        at += len(group.passages)
    return total / len(groups)


def fit(model: ReaderModel, groups: Iterator[Group], *, count: int, size: int, rate: float) -> None:
    """Learn from `count` groups, `size` at a time, at a rate that falls to 0."""
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.01, betas=(0.9, 0.98))
    model.train()
    for step in range(count // size):
        batch = list(islice(groups, size))
        for parameters in optimiser.param_groups:
            parameters["lr"] = rate * min(1.0, (step + 1) / WARM_UP) * (1 - step * size / count)
        optimiser.zero_grad()
        value = loss(model, batch)
        value.backward()  # type: ignore[no-untyped-call]  # torch has no annotation for it
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % 50 == 0:
            sys.stderr.write(f"{step * size} of {count}: {value.item():.3f}\n")


def general(folder: Path, chance: random.Random) -> Iterator[Group]:
    """General questions without end."""
    questions = GeneralQuestions(folder)
    while True:
        yield from questions.drawn(chance)


def news(questions: Sequence[NewsQuestion], chance: random.Random) -> Iterator[Group]:
    """News questions without end."""
    while True:
        for question in chance.sample(questions, len(questions)):
            group = question.drawn(chance)
            if group is not None:
                yield group


def main() -> int:
    """Read the command line, fit, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--general", type=Path, required=True, help="a folder of general questions")
    options.add_argument("--data", required=True, help="folders that are indexed together, commas between")
    options.add_argument("--alone", default="", help="folders that are indexed each by itself, commas between")
    options.add_argument("--without", type=int, choices=(0, 1), help="leave out the questions of this half")
    options.add_argument("--out", type=Path, required=True, help="the file of weights")
    chosen = options.parse_args()
    torch.manual_seed(3)
    torch.set_num_threads(1)
    chance, model = random.Random(5), ReaderModel()
    together = [[Path(folder) for folder in chosen.data.split(",")]]
    alone = [[Path(folder)] for folder in chosen.alone.split(",") if folder]
    with tempfile.TemporaryDirectory() as scratch:
        questions = [
            question
            for number, folders in enumerate((*together, *alone))
            for question in news_questions(folders, Path(scratch) / f"{number}.sqlite3", exchange=not number)
            if half_of(question.of) != chosen.without
        ]
    fit(model, general(chosen.general, chance), count=GENERAL, size=16, rate=RATES[0])
    fit(model, news(questions, chance), count=NEWS * len(questions), size=4, rate=RATES[1])
    sys.stdout.write(f"{chosen.out}: SHA-256 {model.write(chosen.out)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Fit the weights of answers: `python -m tests.fitting.fit_answers --data DIR[,DIR…] --alone DIR --out FILE`.

The sets of `--data` are indexed together, those of `--alone` each by itself, for the sentences only. FILE, which is
`retrieval/asking/answering_weights.toml` or a copy, keeps its comments and whatever is set and not fitted. Without
`--out` nothing is written. In any case the questions are split into five parts by the article they were asked of, and
each part is answered by weights fitted on the others: that is printed. `--archive FILE` keeps what was indexed, and
takes it up again. Needs SciPy; nothing but this module does.

`--members` are questions as members type them, to the articles of `--data`: see `tests/README.md`. The shipped reader
reads them, so it must not have been fitted on them.

`--readers FILE,FILE` fits the tables for passages that the reader has read: they were fitted by `fit_reader` with
`--without 0` and `--without 1`, and each reads the questions of the half that it has never seen. With the first alone,
only the questions of its half are asked.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from retrieval.adapters.embedding.reader import PairReader, read_weights
from retrieval.asking.ranking import weights
from retrieval.assembly import open_newsroom
from tests.fitting.answer_examples import article_of, examples, exchanged
from tests.fitting.fit_quotations import part_of
from tests.fitting.likelihood import logistic, softmax
from tests.fitting.reader_examples import half_of
from tests.quality.answers import index, records, settings_of
from tests.quality.scoring import auroc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.adapters.embedding.reader import ReaderWeights
    from retrieval.adapters.embedding.token_embedder import TokenEmbedder
    from retrieval.asking.ranking import Features
    from tests.fitting.answer_examples import Example, PassageRead
    from tests.fitting.likelihood import Floats, Group


PARTS = 5
ONE_IN = 3
"""Of the questions of `--members` one in so many is asked."""
OWN_COUNT = 3
"""How often each other question counts, against once for those of `--members`."""
EXCHANGED = 0.25
"""The weight of a question with a replaced name, against 1 for others."""

REFUSED = 0.04
"""The most of the answerable questions, as a share, that the threshold may refuse; a little more if unseen."""

SENTENCE = (
    *("token_similarity", "has_date", "has_quantity", "may_have_type", "focus_similarity", "wh_similarity"),
    *("predicate_coverage", "context_coverage", "adds_information", "echoes_term", "reader"),
)
PASSAGE = (*("similarity", "lexical", "token_similarity", "sentence", "lead", "lead_repeated", "companion", "reader"),)
ANSWER = ("constant", "token_similarity", "similarity", "idf_coverage", "name_match", "reader")
OF_A_READING = frozenset({"reader", "lead_repeated"})
"""The features of a reading: always 0, and so are their weights, where no reader reads."""
SET = {"sentence": ("has_reason", "opening"), "passage": ("publisher", "days", "newest"), "answer": ("agent_missing",)}
"""The weights that were set by hand; the others are fitted with these fixed."""

_LINE = re.compile(r"(?P<name>\w+) = (?P<value>-?[\d.]+)(?P<rest>\s*(?:#.*)?)")


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted weights, in the order of `SENTENCE`, `PASSAGE` and `ANSWER`, and the threshold on the probability."""

    sentence: Floats
    passage: Floats
    answer: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one question: the rank of the first hit or 0, whether the given and the shown mark are right."""

    answerable: bool
    exchanged: bool
    rank: int
    marks: bool
    given_mark: bool | None
    shown_mark: bool
    probability: float


def row(features: Features, names: Iterable[str]) -> list[float]:
    """The features in the order of their names; 0 for a missing one."""
    return [float(features.get(name, 0.0)) for name in names]


def by_hand(table: str, features: Features) -> float:
    """The part of the weighted sum that comes from the weights set by hand."""
    by_name = weights()[table]
    return float(sum(by_name[name] * features.get(name, 0.0) for name in SET[table]))


def sentences_of(passage: PassageRead) -> Floats:
    """(s, 10) the features of a passage's sentences."""
    return np.array([row(sentence.features, SENTENCE) for sentence in passage.sentences])


def set_for(passage: PassageRead, *, mark: bool = True) -> Floats:
    """(s,) the part of the sentences' scores from weights set by hand; an opening counts for the mark alone."""
    counted = [sentence.features if mark else {**sentence.features, "opening": 0.0} for sentence in passage.sentences]
    return np.array([by_hand("sentence", features) for features in counted])


def marked(passage: PassageRead, sentence: Floats) -> int:
    """The sentence to mark."""
    return int(np.argmax(sentences_of(passage) @ sentence + set_for(passage)))


def passages_of(example: Example, sentence: Floats) -> Floats:
    """(p, 8) the features of the passages read, with the score of their best sentence."""
    strengths = [sentences_of(passage) @ sentence + set_for(passage, mark=False) for passage in example.read]
    rows = [
        row({**passage.features, "sentence": float(strength.max())}, PASSAGE)
        for passage, strength in zip(example.read, strengths, strict=True)
    ]
    return np.array(rows).reshape(len(rows), len(PASSAGE))


def offsets_of(example: Example) -> Floats:
    """(p,) the part of the passages' scores from weights set by hand."""
    return np.array([by_hand("passage", passage.features) for passage in example.read])


def first_of(example: Example, weights: Weights) -> tuple[PassageRead, int, list[int]]:
    """The passage ranked first, its marked sentence, and the whole ranking."""
    scores = passages_of(example, weights.sentence) @ weights.passage + offsets_of(example)
    order = np.argsort(-scores, kind="stable").tolist()
    first = example.read[order[0]]
    return first, marked(first, weights.sentence), order


def fit(together: Sequence[Example], alone: Sequence[Example]) -> Weights:
    """Fit sentences of every first hit, then passages of sets indexed together, then their probability."""
    hits = [next((p for p in example.read if p.hits), None) for example in (*together, *alone) if example.marks]
    sentence = softmax([_sentences(passage) for passage in hits if passage is not None])
    passage = softmax([_passages(example, sentence) for example in together if example.answerable])
    begun = Weights(sentence, passage, np.zeros(len(ANSWER)))
    read = [example for example in together if example.read]
    firsts = [first_of(example, begun) for example in read]
    features = [_answers(first, mark) for first, mark, _ in firsts]
    return Weights(
        sentence,
        passage,
        logistic(
            np.array([row(one, ANSWER) for one in features]),
            np.array(
                [
                    float(first.hits and not example.exchanged)
                    for example, (first, _, _) in zip(read, firsts, strict=True)
                ]
            ),
            np.array([EXCHANGED if example.exchanged else 1.0 for example in read]),
            np.array([_set(one) for one in features]),
        ),
    )


def _sentences(passage: PassageRead) -> Group:
    right = np.array([sentence.right for sentence in passage.sentences])
    return sentences_of(passage), right, set_for(passage)


def _passages(example: Example, sentence: Floats) -> Group:
    return passages_of(example, sentence), np.array([passage.hits for passage in example.read]), offsets_of(example)


def _answers(first: PassageRead, mark: int) -> dict[str, float]:
    return {"constant": 1.0, **first.features, **first.sentences[mark].answers}


def _set(features: dict[str, float]) -> float:
    return by_hand("answer", features)


def outcome(example: Example, weights: Weights) -> Outcome:
    """The result of a question with these weights."""
    if not example.read:
        return Outcome(example.answerable, example.exchanged, 0, example.marks, None, shown_mark=False, probability=0.0)
    first, mark, order = first_of(example, weights)
    hits = (*(example.read[number].hits for number in order), *example.behind)
    ranks = [rank for rank, hit in enumerate(hits[:10], 1) if hit]
    given = next((example.read[number] for number in order if example.read[number].hits), None)
    features = _answers(first, mark)
    log_odds = np.array(row(features, ANSWER)) @ weights.answer + _set(features)
    return Outcome(
        answerable=example.answerable,
        exchanged=example.exchanged,
        rank=ranks[0] if ranks else 0,
        marks=example.marks,
        given_mark=None
        if given is None or not example.marks
        else given.sentences[marked(given, weights.sentence)].right,
        shown_mark=example.marks and first.hits and first.sentences[mark].right,
        probability=float(1 / (1 + np.exp(-log_odds))),
    )


def threshold(outcomes: Sequence[Outcome]) -> float:
    """The probability below which refusing is best by F1, while it refuses few answerable questions."""
    asked = [one.probability for one in outcomes if one.answerable]
    beyond = [one.probability for one in outcomes if not one.answerable and not one.exchanged]
    tried = [value / 100 for value in range(5, 50) if _below(asked, value / 100) <= REFUSED * len(asked)]
    return max(tried or [0.05], key=lambda value: _f1(asked, beyond, value))


def _below(values: Sequence[float], limit: float) -> int:
    return sum(value < limit for value in values)


def _f1(asked: Sequence[float], beyond: Sequence[float], limit: float) -> float:
    right, wrong = _below(beyond, limit), _below(asked, limit)
    return 2 * right / (right + wrong + len(beyond)) if right else 0.0


def told(together: Sequence[Outcome], alone: Sequence[Outcome], limit: float) -> str:
    """The figures of questions answered with weights fitted on others."""
    asked = [one for one in together if one.answerable]
    beyond = [one for one in together if not one.answerable and not one.exchanged]
    sure, unsure = [one.probability for one in asked], [one.probability for one in beyond]
    lines = [
        f"{len(asked)} answerable, {len(beyond)} unanswerable",
        *(f"Hits@{depth}  {_mean(0 < one.rank <= depth for one in asked):.3f}" for depth in (1, 4, 10)),
        f"MRR@10  {_mean(1 / one.rank if one.rank else 0 for one in asked):.3f}",
        f"marked, of all  {_mean(one.shown_mark for one in asked if one.marks):.3f}",
        f"marked, in a passage that hits  {_mean(one.given_mark for one in asked if one.given_mark is not None):.3f}",
        f"AUROC  {auroc(sure, unsure):.3f}" if sure and unsure else "",
        f"threshold {limit:.2f}: F1 {_f1(sure, unsure, limit):.3f}, refused {_below(sure, limit) / len(sure):.3f}",
        f"alone: marked, of all  {_mean(one.shown_mark for one in alone):.3f}" if alone else "",
    ]
    return "".join(f"{line}\n" for line in lines if line)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / max(len(listed), 1)


def cross_validated(
    together: Sequence[Example], typed: Sequence[Example], alone: Sequence[Example]
) -> tuple[list[Outcome], list[Outcome], list[Outcome]]:
    """Answer every question with weights fitted without its part."""
    done: tuple[list[Outcome], list[Outcome], list[Outcome]] = ([], [], [])
    for part in range(PARTS):
        kept = [[one for one in some if part_of(one.of, PARTS, "a") != part] for some in (together, typed, alone)]
        weights = fit([*OWN_COUNT * kept[0], *kept[1]], OWN_COUNT * kept[2])
        for outcomes, some in zip(done, (together, typed, alone), strict=True):
            outcomes += [outcome(one, weights) for one in some if part_of(one.of, PARTS, "a") == part]
    return done


def written(text: str, weights: Weights, limit: float, *, read: bool = False) -> str:
    """Replace the numbers in the file's text by the fitted ones; comments stay. Raises KeyError.

    With `read`, those of the tables for passages that the reader has read.
    """
    fitted = {
        **{("sentence", name): value for name, value in zip(SENTENCE, weights.sentence.tolist(), strict=True)},
        **{("passage", name): value for name, value in zip(PASSAGE, weights.passage.tolist(), strict=True)},
        **{("answer", name): value for name, value in zip(ANSWER, weights.answer.tolist(), strict=True)},
        ("thresholds", "answer"): limit,
    }
    suffix = "_read" if read else ""
    fitted = {
        (f"{table}{suffix}", name): fitted[table, name] for table, name in fitted if read or name not in OF_A_READING
    }
    table, lines = "", []
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        table = line.split("]")[0].strip("[") if line.startswith("[") else table
        value = fitted.pop((table, found["name"]), None) if found else None
        lines.append(line if found is None or value is None else f"{found['name']} = {round(value, 2)}{found['rest']}")
    if fitted:
        raise KeyError(*fitted)
    return "\n".join(lines) + "\n"


def learn(
    folders: Sequence[Path],
    archive: Path,
    *,
    exchange: bool,
    readers: Sequence[ReaderWeights] = (),
    members: Sequence[Path] = (),
) -> tuple[list[Example], list[Example]]:
    """The examples of folders that are indexed together, and those of `members`.

    Each half of the articles has a reader of its own; the shipped one reads the questions of `members`.
    """
    texts = {article["id"]: article["text"] for article in records(folders, "articles.jsonl")}
    own = [one for one in records(folders, "questions.jsonl") if one.get("n_entity_words", 1) >= 1]
    typed = [one for one in records(members, "questions.jsonl") if part_of(one["id"], ONE_IN, "a") == 0]
    with open_newsroom(settings_of(archive)) as room:
        room.warm_up.result()
        given = index(room, records(folders, "articles.jsonl"))
        shipped = [read_weights()] if readers else []
        made = room._model.use(
            lambda embedder: [PairReader(cast("TokenEmbedder", embedder), one) for one in (*readers, *shipped)]
        )
        halves = made[: len(readers)]

        def reader_of(article: str) -> PairReader | None:
            return halves[half_of(article)] if halves else None

        questions = [one for one in own if not halves or half_of(article_of(one)) < len(halves)]
        others = list(exchanged(questions, texts)) if exchange else []
        learned = [
            *examples(room, given, questions, reader_of=reader_of),
            *examples(room, given, others, exchanged=True, reader_of=reader_of),
        ]
        return learned, list(examples(room, given, typed, reader_of=lambda _: made[-1] if made else None))


def main() -> int:
    """Read the command line, fit, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", required=True, help="folders that are indexed together, commas between")
    options.add_argument("--alone", default="", help="folders that are indexed each by itself, commas between")
    options.add_argument("--members", default="", help="folders of more questions to the sets of --data")
    options.add_argument("--archive", type=Path, help="keep the archives beside this file, or take them up again")
    options.add_argument("--readers", default="", help="two readers, each fitted without its half")
    options.add_argument("--out", type=Path, help="the file of weights to write into")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        archive = chosen.archive or Path(scratch) / "archive.sqlite3"
        files = [Path(file) for file in chosen.readers.split(",") if file]
        readers = [read_weights(file, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
        together, typed = learn(
            [Path(folder) for folder in chosen.data.split(",")],
            archive,
            exchange=True,
            readers=readers,
            members=[Path(folder) for folder in chosen.members.split(",") if folder],
        )
        alone: list[Example] = []
        for folder in (Path(folder) for folder in chosen.alone.split(",") if folder):
            alone += learn(
                [folder], archive.with_stem(f"{archive.stem}-{folder.name}"), exchange=False, readers=readers
            )[0]
    own, members, alone_outcomes = cross_validated(together, typed, alone)
    limit = threshold(own)
    sys.stdout.write(told(own, alone_outcomes, limit))
    if members:
        sys.stdout.write(f"as members type:\n{told(members, [], limit)}")
    if chosen.out:
        text = chosen.out.read_text(encoding="utf-8")
        chosen.out.write_text(
            written(text, fit([*OWN_COUNT * together, *typed], OWN_COUNT * alone), limit, read=bool(readers)),
            encoding="utf-8",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

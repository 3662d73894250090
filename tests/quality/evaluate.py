"""Measure answers and quotations on folders of evaluation data: `python -m tests.quality.evaluate --data DIR[,DIR…]`.

DIR is a set (it holds `articles.jsonl`) or a folder of sets. The sets are indexed together and asked their
`questions.jsonl`; one named ester is indexed alone. Quotations are extracted from those with a `quotes.jsonl`. Prints
Markdown tables. `--archive FILE` keeps what was indexed, and takes it up again.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from unittest import mock

from typing_extensions import override

from config.settings import QuotationParser, Settings
from retrieval import answering
from retrieval.adapters.sentence_transformer import SentenceTransformerEmbedder
from retrieval.adapters.spacy_parse import SpacyParser, installed
from retrieval.assembly import open_newsroom
from retrieval.errors import QuestionRejected
from retrieval.text.quotations import find_quotations
from retrieval.text.words import analyse
from tests.quality.answers import EVERYBODY, index, prediction, records
from tests.quality.quotations import predictions
from tests.quality.scoring import (
    DEEPEST,
    Place,
    Said,
    answer_figures,
    asked_of,
    extracted_of,
    place_of,
    quotation_figures,
    said_of,
    segment_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from retrieval.domain import ArticleId, Candidate, PassageId, QueryEmbedding
    from retrieval.newsroom import Newsroom
    from tests.quality.answers import Given
    from tests.quality.scoring import AnswerFigures, Asked, Extracted, Interval, QuotationFigures, Refusals

ALONE = "ester"
ASIDE = ("multihop_rag_facts", "rgb_fact", "seed", "time")
"""Sets of another make, measured only where they are named themselves."""

OURS = "ours"
ABLATIONS = {
    "ours, never declining": (),
    "without MaxSim likeness": ("sentence.likeness", "passage.likeness", "passage.companion"),
    "without sentence reading": (
        "passage.sentence",
        *(
            f"sentence.{name}"
            for name in ("likeness", "certain", "possible", "relation", "context", "tells", "opening")
        ),
    ),
    "without lead": ("passage.lead",),
    "without companion": ("passage.companion",),
}
"""Which of `answering_weights.toml` each of them sets to nothing."""

PEERS = {
    "textacy 0.13, per paragraph": (0.973, 0.701, 0.917, 0.651, 0.500),
    "GenderGapTracker": (0.993, 0.772, 0.708, 0.550, 0.433),
    "Citron": (0.983, 0.571, 0.888, 0.511, 0.468),
    "every segment + nearest “X said”": (0.942, 1.0, 0.813, 0.586, 0.500),
}

FITTED = (
    "The shipped weights were fitted on the dev halves of newsqa, realtimeqa, ester and polnear: on these, the figures "
    "of ours flatter."
)
ANSWERS_READ = (
    "All rows share passages and index. Dense: cosine; BM25: k1 1.2, b 0.75, stemmed, with the title; fusion: half "
    "cosine / 0.7, half BM25 as a share of the question's best. Intervals: bootstrap, 95 %. Marked: the sentence in "
    "bold covers evidence. Abstention: precision / recall / F1 of declining, then the share of answerable questions "
    "declined, for which three passages count at most. ms: median a question beyond its embedding; of the first three, "
    "the one search that they share. newsqa: questions that name somebody or something."
)
ABLATIONS_READ = (
    "Of answering_weights.toml, the weights of the part left out are 0; nothing is fitted anew. No row declines. "
    "Without MaxSim also the companion, which is one, counts nothing; without sentence reading the mark is the first "
    "sentence."
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


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what counts as right."""

    text: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Run:
    """What one system said to every question, by the question's id; how many milliseconds each took."""

    name: str
    said: dict[str, Said] = field(default_factory=dict)
    milliseconds: dict[str, float] = field(default_factory=dict)


class RememberingEmbedder(SentenceTransformerEmbedder):
    """Embeds a question once, so that whoever asks it again is timed without the embedding."""

    def __init__(self, model: str, revision: str | None) -> None:
        super().__init__(model, revision)
        self._questions: dict[str, QueryEmbedding] = {}

    @override
    def embed_query(self, text: str) -> QueryEmbedding:
        if text not in self._questions:
            self._questions[text] = super().embed_query(text)
        return self._questions[text]


def data_sets(data: str) -> list[DataSet]:
    """The sets that the command line means, those aside left out and told."""
    sets: list[DataSet] = []
    for given in (Path(part) for part in data.split(",") if part):
        if (given / "articles.jsonl").exists():
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


def questions_of(data_set: DataSet) -> list[Question]:
    """The set's questions that make sense without their article."""
    lines = records([data_set.folder], "questions.jsonl")
    return [Question(line["question"], asked_of(line)) for line in lines if line.get("n_entity_words", 1) >= 1]


@contextmanager
def without(names: Iterable[str]) -> Iterator[None]:
    """Rank with these weights at nothing ("passage.lead"), and never decline. Raises KeyError for unknown ones."""
    changed = {table: dict(values) for table, values in answering._weights().items()}
    for name in (*names, "thresholds.answer"):
        table, _, key = name.partition(".")
        if key not in changed[table]:
            raise KeyError(name)
        changed[table][key] = 0.0
    with mock.patch.object(answering, "_weights", return_value=changed):
        yield


def ask_all(room: Newsroom, given: dict[ArticleId, Given], questions: Iterable[Question], name: str) -> Run:
    """What the product says, and how long it takes."""
    run = Run(name)
    for question in questions:
        began = time.perf_counter()
        record = prediction(room, given, {"id": question.asked.id, "question": question.text})
        run.milliseconds[question.asked.id] = (time.perf_counter() - began) * 1000
        run.said[question.asked.id] = said_of(record)
    return run


def search_all(
    room: Newsroom, embedder: RememberingEmbedder, given: dict[ArticleId, Given], questions: Iterable[Question]
) -> tuple[Run, Run, Run]:
    """What the product's own candidates give without its ranking: by words, by meaning, by both."""
    lexical, dense, fusion = runs = Run("BM25 alone"), Run("dense alone"), Run("fusion")
    for question in questions:
        try:
            asked = answering.check_question(question.text)
        except QuestionRejected:
            continue
        vector = embedder.embed_query(asked).vector
        began = time.perf_counter()
        candidates = room._search.candidates(EVERYBODY, vector, analyse(asked), answering.CANDIDATES)
        took = (time.perf_counter() - began) * 1000
        found = room._archive.passages(EVERYBODY, [candidate.passage_id for candidate in candidates])
        places = {item.passage.id: place_of(given[item.passage.article_id].place(item.passage.span)) for item in found}
        by_words, by_meaning, by_both = _measures(candidates)
        lexical.said[question.asked.id] = _best(by_words, places)
        dense.said[question.asked.id] = _best(by_meaning, places)
        fusion.said[question.asked.id] = _best(by_both, places)
        for run in runs:
            run.milliseconds[question.asked.id] = took
    return runs


def _measures(candidates: Sequence[Candidate]) -> tuple[dict[PassageId, float], ...]:
    """BM25 of those that hold a word, cosine, and the two added up."""
    top = max((one.lexical for one in candidates), default=0.0) or 1.0
    return (
        {one.passage_id: one.lexical for one in candidates if one.lexical > 0},
        {one.passage_id: one.similarity for one in candidates},
        {one.passage_id: 0.5 * one.similarity / 0.7 + 0.5 * one.lexical / top for one in candidates},
    )


def _best(measured: dict[PassageId, float], places: dict[PassageId, Place]) -> Said:
    ranked = sorted(measured, key=lambda passage: (-measured[passage], passage))
    confidence = measured[ranked[0]] if ranked else 0.0
    return Said(tuple(places[passage] for passage in ranked[:DEEPEST]), confidence=confidence)


def answers(sets: Sequence[DataSet], archive: Path) -> Iterator[str]:
    """The tables of answers of sets that are indexed together."""
    asked = {each.name: questions_of(each) for each in sets if each.has("questions.jsonl")}
    everything = [question for questions in asked.values() for question in questions]
    if not everything:
        return
    settings = Settings(
        archive_path=archive, seeds_path=archive.parent / "no-seeds", quotation_parser=QuotationParser.RULES
    )
    embedder = RememberingEmbedder(settings.embedding_model, settings.embedding_revision)
    with open_newsroom(settings, embedder) as room:
        room.warm_up.result()
        given = index(room, records([each.folder for each in sets], "articles.jsonl"))
        searched = search_all(room, embedder, given, everything)
        runs = (*searched, ask_all(room, given, everything, OURS))
        reduced: list[Run] = []
        for name, names in ABLATIONS.items():
            with without(names):
                reduced.append(ask_all(room, given, everything, name))
    yield f"## Answers: {' + '.join(each.name for each in sets)}, {len(given):,} articles\n"
    groups = asked | {"pooled": everything} if len(asked) > 1 else asked
    for name, questions in groups.items():
        yield from _answers_table(name, [question.asked for question in questions], runs)
    yield f"{ANSWERS_READ}\n\n{FITTED}\n"
    yield f"### Parts of ours left out: {', '.join(asked)}\n"
    yield from _ablations_table([question.asked for question in everything], reduced)
    yield f"{ABLATIONS_READ}\n"


def _answers_table(name: str, group: Sequence[Asked], runs: Sequence[Run]) -> Iterator[str]:
    figures = [answer_figures(group, run.said) for run in runs]
    yield f"### {name}: {figures[0].answerable} answerable questions, {figures[0].unanswerable} unanswerable\n"
    head = ("", "Hits@1", "Hits@4", "Hits@10", "MRR@10", "marked", "AUROC", "abstention", "declined", "ms")
    rows = [
        (
            *_hits(run.name, one),
            _number(one.marked if run.name == OURS else None),
            _number(one.auroc),
            *_refusals(one.refusals if run.name == OURS else None),
            f"{median(run.milliseconds.get(asked.id, 0.0) for asked in group):.1f}",
        )
        for run, one in zip(runs, figures, strict=True)
    ]
    yield table(head, rows)


def _ablations_table(group: Sequence[Asked], runs: Sequence[Run]) -> Iterator[str]:
    rows = []
    for run in runs:
        one = answer_figures(group, run.said)
        rows.append((*_hits(run.name, one), _number(one.marked)))
    yield table(("", "Hits@1", "Hits@4", "Hits@10", "MRR@10", "marked"), rows)


def _hits(name: str, one: AnswerFigures) -> tuple[str, ...]:
    return (name, _between(one.hits_at_1), _number(one.hits_at_4), _number(one.hits_at_10), _between(one.mrr_at_10))


def _refusals(one: Refusals | None) -> tuple[str, str]:
    if one is None:
        return "–", "–"
    return f"{_number(one.precision)} / {_number(one.recall)} / {_number(one.f1)}", _number(one.answerable_refused)


def quotations(data_set: DataSet) -> Iterator[str]:
    """The table of quotations of one set."""
    segments = [segment_of(line) for line in records([data_set.folder], "quotes.jsonl")]
    measured = {"rules alone": quotation_figures(segments, extracted(data_set, parsed=False))}
    if installed():
        measured = {"ours (parse)": quotation_figures(segments, extracted(data_set, parsed=True)), **measured}
    count = sum(segment.is_quotation for segment in segments)
    yield f"## Quotations: {data_set.name}, {count:,} quotations\n"
    head = ("", "precision", "recall", "named speaker P", "quote + speaker R", "resolved R", "")
    rows = [(name, *map(_number, _shares(one)), "") for name, one in measured.items()]
    rows += [(name, *map(_number, shares), "measured on another half") for name, shares in PEERS.items()]
    yield table(head, rows)
    yield f"{FITTED} The last rows were measured on another half of polnear.\n"


def extracted(data_set: DataSet, *, parsed: bool) -> Iterator[Extracted]:
    """What is extracted from every article of a set, with a parse or by rules."""
    with SpacyParser() as parser:
        for article in records([data_set.folder], "articles.jsonl"):
            text = article["text"]
            found = find_quotations(text, parser.parse(text) if parsed else None)
            yield from map(extracted_of, predictions(article["id"], text, found))


def _shares(one: QuotationFigures) -> tuple[float, ...]:
    return (
        one.precision,
        one.recall,
        one.named_speaker_precision,
        one.quotation_and_speaker_recall,
        one.resolved_recall,
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that can also be read as it is."""
    widths = [max(3, *(len(row[column]) for row in (head, *rows))) for column in range(len(head))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (head, *rows)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _number(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.3f}".removeprefix("0")


def _between(value: Interval) -> str:
    return f"{_number(value.mean)} [{_number(value.low)}, {_number(value.high)}]"


def tables(sets: Sequence[DataSet], archive: Path) -> Iterator[str]:
    """Every table, one after the other as it is measured."""
    alone = [each for each in sets if ALONE in each.name.split("/")]
    yield from answers([each for each in sets if each not in alone], archive)
    for each in alone:
        yield from answers([each], archive.with_stem(f"{archive.stem}-{each.name.replace('/', '-')}"))
    for each in sets:
        if each.has("quotes.jsonl"):
            yield from quotations(each)


def main() -> int:
    """Read the command line, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", required=True, help="sets or folders of sets, commas between")
    options.add_argument("--archive", type=Path, help="keep the archive in this file, or take it up again")
    chosen = options.parse_args()
    sets = data_sets(chosen.data)
    if not sets:
        options.error(f"no articles.jsonl in {chosen.data} or in the folders below it")
    names = [each.name for each in sets]
    if len(set(names)) < len(names):
        options.error(f"two sets of one name: {', '.join(sorted(names))}")
    with tempfile.TemporaryDirectory() as scratch:
        for text in tables(sets, chosen.archive or Path(scratch) / "archive.sqlite3"):
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

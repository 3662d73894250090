"""The tables of answers: the product, its candidates without its ranking, and ablations of the ranking."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any
from unittest import mock

from typing_extensions import override

from retrieval.adapters.embedding.sentence_transformer import SentenceTransformerEmbedder
from retrieval.asking import answering, ranking
from retrieval.assembly import open_newsroom
from retrieval.domain.answers import Confidence
from retrieval.errors import QuestionRejected
from tests.quality import typed
from tests.quality.answers import EVERYBODY, index, prediction, records, settings_of
from tests.quality.scoring import (
    DEEPEST,
    Place,
    Said,
    answer_figures,
    asked_of,
    first_hit,
    interval,
    marked_right,
    place_of,
    said_of,
    share,
)
from tests.quality.tables import FITTED, between, number, table
from tests.quality.unanswerable import unanswerable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from retrieval.domain.embeddings import Candidate, EmbeddingSpec, QueryEmbedding
    from retrieval.domain.ids import ArticleId, PassageId
    from retrieval.domain.readings import PassageText, Reading
    from retrieval.newsroom import Newsroom
    from retrieval.ports import Reader
    from tests.quality.answers import Given
    from tests.quality.scoring import AnswerFigures, AnswerType, Refusals
    from tests.quality.tables import DataSet

OURS = "ours"
_OF_TOKENS = ("token_similarity", "focus_similarity", "wh_similarity")
_OF_SENTENCES = (
    *_OF_TOKENS,
    "has_date",
    "has_quantity",
    "may_have_type",
    "has_reason",
    "predicate_coverage",
    "context_coverage",
    "adds_information",
    "echoes_term",
    "opening",
)
ABLATIONS = {
    "ours, never declining": (),
    "without token vectors": (
        *("passage.token_similarity", "passage.companion"),
        *(f"sentence.{name}" for name in _OF_TOKENS),
    ),
    "without sentence reading": ("passage.sentence", *(f"sentence.{name}" for name in _OF_SENTENCES)),
    "without lead": ("passage.lead",),
    "without companion": ("passage.companion",),
    "without sources and days": ("passage.publisher", "passage.days"),
}
"""The weights of `answering_weights.toml` that each of them sets to 0."""

ANSWERS_READ = (
    "All rows share passages and index. Dense: cosine; BM25: k1 1.2, b 0.75, stemmed, with the title; fusion: half "
    "cosine / 0.7, half BM25 as a share of the question's best. Intervals: bootstrap, 95 %. Marked: the sentence in "
    "bold covers evidence. Abstention: precision / recall / F1 of declining, then the share of answerable questions "
    "declined, for which three passages count at most. ms: median a question beyond its embedding; of the first three, "
    "the one search that they share. newsqa: questions that name somebody or something."
)
UNANSWERABLE_READ = (
    "Questions made from those above by tests/quality/unanswerable.py: of sets that are not indexed here; with a name "
    "exchanged, or two in each other's place, some of which the archive can answer all the same; about an event of two "
    "years before as if of now; nonsense, greetings and single common words."
)
WORDS_READ = (
    "Of the answers with each word: the share whose first passage holds the evidence, and whose marked sentence does; "
    "an answer to an unanswerable question is wrong in both."
)
ABLATIONS_READ = (
    "Of answering_weights.toml, the weights of the part left out are 0; nothing is fitted anew. No row declines. "
    "Without token vectors also the companion, which is made of them, counts nothing; without sentence reading the "
    "mark is the first sentence."
)

VARIANTS_READ = (
    "The same questions with one letter of a name swapped, doubled or left out (of a content word where there is no "
    "name), and in lower case: see tests/quality/typed.py."
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what counts as right."""

    line: dict[str, Any]
    asked: AnswerType


@dataclass(frozen=True, slots=True)
class Run:
    """One system's answers and their milliseconds, by the question's id."""

    name: str
    said: dict[str, Said] = field(default_factory=dict)
    milliseconds: dict[str, float] = field(default_factory=dict)


class RememberingEmbedder(SentenceTransformerEmbedder):
    """Embeds a question once, so that timing leaves the embedding out."""

    def __init__(self, model: str, revision: str | None) -> None:
        super().__init__(model, revision)
        self._questions: dict[str, QueryEmbedding] = {}

    @override
    def embed_query(self, text: str) -> QueryEmbedding:
        if text not in self._questions:
            self._questions[text] = super().embed_query(text)
        return self._questions[text]


@dataclass(frozen=True, slots=True)
class RememberingReader:
    """Reads a passage once for a question, so that leaving parts out costs no reading."""

    reader: Reader
    readings: dict[tuple[str, str, tuple[str, ...]], Reading] = field(default_factory=dict)

    @property
    def spec(self) -> EmbeddingSpec:
        return self.reader.spec

    @property
    def most_passages(self) -> int:
        return self.reader.most_passages

    def read(self, question: str, passages: Sequence[PassageText]) -> list[Reading]:
        keys = [(question, passage.title, tuple(passage.sentences)) for passage in passages]
        new = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in self.readings}
        self.readings.update(zip(new, self.reader.read(question, list(new.values())), strict=True))
        return [self.readings[key] for key in keys]

    def warm_up(self) -> None:
        self.reader.warm_up()


def questions_of(data_set: DataSet) -> list[Question]:
    """The set's questions that make sense without their article."""
    lines = records([data_set.folder], "questions.jsonl")
    return [Question(line, asked_of(line)) for line in lines if line.get("n_entity_words", 1) >= 1]


def in_variant(questions: Iterable[Question], name: str) -> list[Question]:
    """The questions as members type them, in one of the ways of `typed`."""
    return [Question(typed.varied(question.line, name), question.asked) for question in questions]


@contextmanager
def without(names: Iterable[str]) -> Iterator[None]:
    """Rank with these weights at 0 ("passage.lead"), and never decline. Raises KeyError for unknown ones."""
    changed = {table: dict(values) for table, values in ranking.weights().items()}
    for name in (*names, "thresholds.answer"):
        table, _, key = name.partition(".")
        if key not in changed[table]:
            raise KeyError(name)
        changed[table][key] = changed[f"{table}_read"][key] = 0.0
    with mock.patch.object(ranking, "weights", return_value=changed):
        yield


def ask_all(room: Newsroom, given: dict[ArticleId, Given], questions: Iterable[Question], name: str) -> Run:
    """The product's answer, timed."""
    run = Run(name)
    for question in questions:
        began = time.perf_counter()
        record = prediction(room, given, question.line)
        run.milliseconds[question.asked.id] = (time.perf_counter() - began) * 1000
        run.said[question.asked.id] = said_of(record)
    return run


def search_all(
    room: Newsroom, embedder: RememberingEmbedder, given: dict[ArticleId, Given], questions: Iterable[Question]
) -> tuple[Run, Run, Run]:
    """The product's candidates without its ranking: by words, by meaning, by both."""
    lexical, dense, fusion = runs = Run("BM25 alone"), Run("dense alone"), Run("fusion")
    for question in questions:
        try:
            asked = answering.check_question(question.line["question"])
        except QuestionRejected:
            continue
        vector = embedder.embed_query(asked).vector
        began = time.perf_counter()
        candidates = room._search.candidates(EVERYBODY, vector, answering.words_to_search(asked), ranking.CANDIDATES)
        took = (time.perf_counter() - began) * 1000
        found = room._archive.passages.find(EVERYBODY, [candidate.passage_id for candidate in candidates])
        places = {
            item.passage.id: place_of(given[item.passage.article_id].places(item.passage.span)[0]) for item in found
        }
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


def answers(sets: Sequence[DataSet], archive: Path, elsewhere: Sequence[DataSet] = ()) -> Iterator[str]:
    """The tables of answers of sets that are indexed together; what sets `elsewhere` ask cannot be answered."""
    asked = {each.name: questions_of(each) for each in sets if each.has("questions.jsonl")}
    everything = [question for questions in asked.values() for question in questions]
    if not everything:
        return
    settings = settings_of(archive)
    embedder = RememberingEmbedder(settings.embedding_model, settings.embedding_revision)
    with open_newsroom(settings, embedder) as room:
        room.warm_up.result()
        room._reader = room._reader and RememberingReader(room._reader)
        given = index(room, records([each.folder for each in sets], "articles.jsonl"))
        searched = search_all(room, embedder, given, everything)
        runs = (*searched, ask_all(room, given, everything, OURS))
        with mock.patch.object(room, "_reader", None), without(()):
            reduced = [ask_all(room, given, everything, "without the reader")]
        for name, names in ABLATIONS.items():
            with without(names):
                reduced.append(ask_all(room, given, everything, name))
        variants = [ask_all(room, given, in_variant(everything, name), name) for name in typed.VARIANTS]
        beyond = [line for each in elsewhere for line in records([each.folder], "questions.jsonl")]
        articles = records([each.folder for each in sets], "articles.jsonl")
        declined = list(_declined(room, given, unanswerable((one.line for one in everything), articles, beyond)))
    yield f"## Answers: {' + '.join(each.name for each in sets)}, {len(given):,} articles\n"
    groups = asked | {"pooled": everything} if len(asked) > 1 else asked
    for name, questions in groups.items():
        yield from _answers_table(name, [question.asked for question in questions], runs)
    yield f"{ANSWERS_READ}\n\n{FITTED}\n"
    yield f"### What each word for the confidence is worth: {', '.join(asked)}\n"
    yield table(
        ("", *(f"{name}: {one}" for name in groups for one in ("answers", "passage", "mark"))),
        [(word, *(cell for group in groups.values() for cell in _worth(group, runs[-1], word))) for word in Confidence],
    )
    yield f"{WORDS_READ}\n"
    yield f"### As members type: {', '.join(asked)}\n"
    yield from _variants_table([question.asked for question in everything], (runs[-1], *variants))
    yield f"{VARIANTS_READ}\n"
    yield f"### Made to be unanswerable: {', '.join(asked)}\n"
    yield table(("", "questions", "declined", "strong"), declined)
    yield f"{UNANSWERABLE_READ}\n"
    yield f"### Parts of ours left out: {', '.join(asked)}\n"
    yield from _ablations_table([question.asked for question in everything], reduced)
    yield f"{ABLATIONS_READ}\n"


def _declined(
    room: Newsroom, given: dict[ArticleId, Given], kinds: Iterable[tuple[str, Sequence[dict[str, Any]]]]
) -> Iterator[tuple[str, ...]]:
    """A row for each kind of unanswerable questions: how many were declined, and how many got a strong answer."""
    for kind, questions in kinds:
        said = [prediction(room, given, line) for line in questions]
        declined = [float(bool(one["abstained"])) for one in said]
        strong = share(sum(one["word"] == Confidence.HIGH for one in said), len(said))
        yield kind, str(len(said)), between(interval(declined)), number(strong if said else None)


def _answers_table(name: str, group: Sequence[AnswerType], runs: Sequence[Run]) -> Iterator[str]:
    figures = [answer_figures(group, run.said) for run in runs]
    yield f"### {name}: {figures[0].answerable} answerable questions, {figures[0].unanswerable} unanswerable\n"
    head = ("", "Hits@1", "Hits@4", "Hits@10", "MRR@10", "marked", "AUROC", "abstention", "declined", "ms")
    rows = [
        (
            *_hits(run.name, one),
            number(one.marked if run.name == OURS else None),
            number(one.auroc),
            *_refusals(one.refusals if run.name == OURS else None),
            f"{median(run.milliseconds.get(asked.id, 0.0) for asked in group):.1f}",
        )
        for run, one in zip(runs, figures, strict=True)
    ]
    yield table(head, rows)


def _variants_table(group: Sequence[AnswerType], runs: Sequence[Run]) -> Iterator[str]:
    rows = []
    for run in runs:
        one = answer_figures(group, run.said)
        name = "as written" if run.name == OURS else run.name
        rows.append((*_hits(name, one), number(one.marked), number(one.auroc), *_refusals(one.refusals)))
    yield table(("", "Hits@1", "Hits@4", "Hits@10", "MRR@10", "marked", "AUROC", "abstention", "declined"), rows)


def _worth(group: Iterable[Question], run: Run, word: str) -> tuple[str, ...]:
    """How many answers have this word, and in which shares of them the passage, and the mark too, is right."""
    said = [(one.asked, run.said[one.asked.id]) for one in group if one.asked.id in run.said]
    told = [(asked, answer) for asked, answer in said if answer.word == word]
    passages = sum(asked.answerable and first_hit(asked, answer) == 1 for asked, answer in told)
    marks = [marked_right(asked, answer) for asked, answer in told if not asked.by_article]
    return str(len(told)), number(share(passages, len(told))), number(share(sum(marks), len(marks)))


def _ablations_table(group: Sequence[AnswerType], runs: Sequence[Run]) -> Iterator[str]:
    rows = []
    for run in runs:
        one = answer_figures(group, run.said)
        rows.append((*_hits(run.name, one), number(one.marked)))
    yield table(("", "Hits@1", "Hits@4", "Hits@10", "MRR@10", "marked"), rows)


def _hits(name: str, one: AnswerFigures) -> tuple[str, ...]:
    return (name, between(one.hits_at_1), number(one.hits_at_4), number(one.hits_at_10), between(one.mrr_at_10))


def _refusals(one: Refusals | None) -> tuple[str, str]:
    if one is None:
        return "–", "–"
    return f"{number(one.precision)} / {number(one.recall)} / {number(one.f1)}", number(one.answerable_refused)

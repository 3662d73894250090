"""The figures by which answers are judged: pure functions over places in the texts as given.

A passage hits when it covers four fifths of a piece of evidence; only its first 1,500 characters count. A mark counts
inside the first passage, up to 450 characters. Intervals are bootstrapped: 95 %, 1,000 draws, always the same ones.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SHARE = 0.8
LONGEST_PASSAGE = 1500
LONGEST_MARK = 450
DEEPEST = 10
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` of an article's text."""

    article_id: str
    start: int
    end: int

    def shared(self, other: Place) -> int:
        """The number of shared characters; below 1 for none."""
        if self.article_id != other.article_id:
            return 0
        return min(self.end, other.end) - max(self.start, other.start)

    @property
    def cut(self) -> Place:
        """The part of a passage that counts."""
        return Place(self.article_id, self.start, min(self.end, self.start + LONGEST_PASSAGE))


@dataclass(frozen=True, slots=True)
class AnswerType:
    """A question and its evidence; `by_article` where only the evidence's article is known."""

    id: str
    answerable: bool
    evidence: tuple[Place, ...]
    by_article: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to a question: passages, best first, the mark in the first, its probability and the word for it."""

    passages: tuple[Place, ...] = ()
    mark: Place | None = None
    confidence: float = 0.0
    abstained: bool = False
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Refusals:
    """How well unanswerable questions were recognised, and the share of answerable ones refused."""

    precision: float
    recall: float
    f1: float
    answerable_refused: float


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """The figures of a set. `marked` is None without evidence that is a span, `auroc` and `refusals` without
    questions of both kinds.
    """

    answerable: int
    unanswerable: int
    hits_at_1: Interval
    hits_at_4: float
    hits_at_10: float
    mrr_at_10: Interval
    marked: float | None
    auroc: float | None
    refusals: Refusals | None


def place_of(record: Mapping[str, Any]) -> Place:
    """A place as the data files write it; evidence known only by its article has none: it becomes 0 to 0."""
    return Place(record["article_id"], record.get("start") or 0, record.get("end") or 0)


def asked_of(record: Mapping[str, Any]) -> AnswerType:
    """A line of `questions.jsonl`."""
    evidence = tuple(place_of(item) for item in record["evidence"])
    return AnswerType(record["id"], record["answerable"], evidence, record.get("evidence_level") == "article")


def said_of(record: Mapping[str, Any]) -> Said:
    """A line of predictions."""
    mark = record["sentence"]
    passages = tuple(place_of(passage) for passage in record["passages"])
    return Said(
        passages, place_of(mark) if mark else None, record["confidence"], record["abstained"], record.get("word")
    )


def covers(place: Place, evidence: Place) -> bool:
    """Whether a place covers four fifths of the evidence or, where that is known by its article only, is of it."""
    length = evidence.end - evidence.start
    if not length:
        return place.article_id == evidence.article_id
    return place.article_id == evidence.article_id and place.cut.shared(evidence) / length >= SHARE


def hits(asked: AnswerType, passage: Place) -> bool:
    """Whether a passage covers a piece of evidence or, where that is known by its article, is of it."""
    if asked.by_article:
        return any(passage.article_id == evidence.article_id for evidence in asked.evidence)
    return any(covers(passage, evidence) for evidence in asked.evidence)


def first_hit(asked: AnswerType, said: Said) -> int:
    """The rank, from 1, of the first passage that hits; 0 where none of the first ten does."""
    ranked = enumerate(said.passages[:DEEPEST], 1)
    return next((rank for rank, passage in ranked if hits(asked, passage)), 0)


def marked_right(asked: AnswerType, said: Said) -> bool:
    """Whether the mark is a sentence of the first passage, and covers a piece of evidence."""
    mark = said.mark
    if mark is None or not said.passages or mark.end - mark.start > LONGEST_MARK:
        return False
    first = said.passages[0]
    inside = mark.article_id == first.article_id and first.start <= mark.start and mark.end <= first.end
    return inside and any(covers(mark, evidence) for evidence in asked.evidence)


def interval(values: Sequence[float]) -> Interval:
    """The mean and its bootstrapped interval; of nothing, not a number."""
    if not values:
        return Interval(math.nan, math.nan, math.nan)
    chance = random.Random(7)
    count = len(values)
    means = sorted(sum(chance.choices(values, k=count)) / count for _ in range(DRAWS))
    return Interval(sum(values) / count, means[DRAWS // 40], means[DRAWS - DRAWS // 40 - 1])


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """How often a value of the first kind exceeds one of the second; ties count half."""
    ranked = sorted([(value, True) for value in higher] + [(value, False) for value in lower])
    wins, below = 0.0, 0
    for _, group in groupby(ranked, key=lambda item: item[0]):
        kinds = [kind for _, kind in group]
        among = kinds.count(False)
        wins += kinds.count(True) * (below + among / 2)
        below += among
    return wins / (len(higher) * len(lower))


def refusals(answerable: Sequence[Said], beyond: Sequence[Said]) -> Refusals:
    """How well unanswerable questions were recognised."""
    wrong, right = sum(said.abstained for said in answerable), sum(said.abstained for said in beyond)
    precision, recall = share(right, right + wrong), share(right, len(beyond))
    return Refusals(precision, recall, _f1(precision, recall), share(wrong, len(answerable)))


def answer_figures(questions: Iterable[AnswerType], said: Mapping[str, Said]) -> AnswerFigures:
    """All figures of a set; a question without a prediction is a miss and not refused."""
    pairs = [(asked, said.get(asked.id, Said())) for asked in questions]
    answerable = [(asked, answer) for asked, answer in pairs if asked.answerable]
    beyond = [answer for asked, answer in pairs if not asked.answerable]
    ranks = [first_hit(asked, answer) for asked, answer in answerable]
    marks = [marked_right(asked, answer) for asked, answer in answerable if not asked.by_article]
    answers = [answer for _, answer in answerable]
    both = bool(answers and beyond)
    return AnswerFigures(
        answerable=len(answers),
        unanswerable=len(beyond),
        hits_at_1=interval([float(rank == 1) for rank in ranks]),
        hits_at_4=share(sum(0 < rank <= 4 for rank in ranks), len(ranks)),
        hits_at_10=share(sum(rank > 0 for rank in ranks), len(ranks)),
        mrr_at_10=interval([1 / rank if rank else 0.0 for rank in ranks]),
        marked=share(sum(marks), len(marks)) if marks else None,
        auroc=auroc([one.confidence for one in answers], [one.confidence for one in beyond]) if both else None,
        refusals=refusals(answers, beyond) if both else None,
    )


def share(part: float, whole: float) -> float:
    """`part / whole`; 0 for an empty whole."""
    return part / whole if whole else 0.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

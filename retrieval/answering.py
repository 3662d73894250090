"""The ranking policy: from candidates to an answer with its citations, or to an abstention with its reason.

Candidates are put in order of promise: their two scores, and how like the question their tokens are. The best are read
sentence by sentence (`text.evidence`) and ranked by a few weighted measurements; the best sentence of each is marked.
Measurements of the first passage give the probability that it answers; below a threshold the answer is withheld.
The weights stand in `answering_weights.toml`.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.domain import Abstention, AbstentionReason, Answer, Citation, Confidence, Span
from retrieval.errors import QuestionRejected
from retrieval.text.cleaning import normalise
from retrieval.text.evidence import likeness, understand, weigh, with_names
from retrieval.text.sameness import same_story, shingles
from retrieval.text.token_vectors import unpack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.archive.records import FoundPassage
    from retrieval.domain import Candidate, QueryEmbedding, Reader, Searched, Source
    from retrieval.text.evidence import PassageEvidence, Question, SentenceEvidence
    from retrieval.text.sameness import Shingles
    from retrieval.text.token_vectors import TokenVectors

CANDIDATES = 50
"""Passages to ask each of the two searches for."""

READ = 20
"""The most promising candidates, which are read sentence by sentence."""

CITED = 10
LONGEST_QUESTION = 300

_TELLING = 10
"""Of the most promising candidates, how many tell which words of a question in lower case are names."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When an article without a date counts as published, beside others that tell the same."""

_WEIGHTS = Path(__file__).with_name("answering_weights.toml")


@dataclass(frozen=True, slots=True, eq=False)
class _Hope:
    """A candidate before it is read; `promise` is the part of its worth that can be told without its sentences."""

    candidate: Candidate
    found: FoundPassage
    tokens: TokenVectors | None
    promise: float


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A candidate that was read: its evidence, the sentence to mark, its strongest sentence's strength, its worth.

    `lexical` is its BM25 as a share (0..1) of the best candidate's. `strength` and `worth` are sums of weighted
    measurements: higher is better, and only differences mean anything.
    """

    found: FoundPassage
    similarity: float
    lexical: float
    evidence: PassageEvidence
    sentence: SentenceEvidence
    strength: float
    worth: float = 0.0

    @property
    def marked(self) -> Span:
        """The best sentence, in the body's offsets."""
        start = self.found.passage.span.start
        return Span(start + self.sentence.span.start, start + self.sentence.span.end)


def check_question(question: str) -> str:
    """The question on one clean line. Raises QuestionRejected."""
    asked = " ".join(normalise(question).text.split())
    if not any(character.isalnum() for character in asked):
        message = "There is no word in that question. Ask it in a few words, like: why was the vote delayed?"
        raise QuestionRejected(message)
    if len(asked) > LONGEST_QUESTION:
        message = f"That question has {len(asked):,} characters; ask it in {LONGEST_QUESTION} or fewer."
        raise QuestionRejected(message)
    return asked


def nothing_to_search(question: str, searched: Searched, reader: Reader) -> Abstention:
    """The abstention where the reader sees no article, or none that the question is meant for."""
    reason = AbstentionReason.EMPTY_ARCHIVE if reader.only is None else AbstentionReason.NOTHING_MEANT
    return Abstention(question, reason, 0.0, searched)


def cite(found: FoundPassage, marked: Span | None, also: tuple[Source, ...] = ()) -> Citation:
    """A passage as evidence; raises ValueError for a mark outside of it."""
    passage = found.passage
    return Citation(passage.article_id, passage.id, found.article.source, passage.span, found.text, marked, also)


def answer(
    question: str,
    embedding: QueryEmbedding,
    candidates: Sequence[Candidate],
    found: Sequence[FoundPassage],
    searched: Searched,
) -> Answer | Abstention:
    """The passages that answer, best first, each with a marked sentence; an abstention where the first is unlikely to.

    `found` holds the passages of `candidates`; a candidate without one, removed meanwhile, is passed over.
    """
    readings = rank(question, embedding, candidates, found)
    if not readings:
        return Abstention(question, AbstentionReason.NOTHING_FOUND, 0.0, searched)
    citations = _cited(readings)
    probability = _probability(readings[0])
    if probability < _weights()["thresholds"]["answer"]:
        reason = AbstentionReason.NOT_GOOD_ENOUGH
        return Abstention(question, reason, probability, searched, citations)
    return Answer(question, citations, _confidence(probability), probability, searched)


def rank(
    question: str, embedding: QueryEmbedding, candidates: Sequence[Candidate], found: Sequence[FoundPassage]
) -> tuple[Reading, ...]:
    """The most promising candidates, read and put in order of worth; equals in order of their passage ids."""
    by_id = {item.passage.id: item for item in found}
    top = max((candidate.lexical for candidate in candidates), default=0.0) or 1.0
    understood = understand(question, embedding)
    hopes = [_hope(understood, item, by_id[item.passage_id], top) for item in candidates if item.passage_id in by_id]
    chosen = sorted(hopes, key=lambda hope: (-hope.promise, hope.candidate.passage_id))[:READ]
    named = with_names(understood, [hope.found.text for hope in chosen[:_TELLING]])
    readings = [_read(named, hope, top) for hope in chosen]
    valued = [_valued(reading, readings) for reading in readings]
    return tuple(sorted(valued, key=lambda reading: (-reading.worth, reading.found.passage.id)))


def _hope(question: Question, candidate: Candidate, found: FoundPassage, top: float) -> _Hope:
    tokens = unpack(found.tokens) if found.tokens else None
    weights = _weights()["passage"]
    promise = (
        weights["similarity"] * candidate.similarity
        + weights["lexical"] * candidate.lexical / top
        + weights["likeness"] * likeness(question, tokens)
        + weights["lead"] / (1 + found.passage.ordinal)
    )
    return _Hope(candidate, found, tokens, promise)


def _read(question: Question, hope: _Hope, top: float) -> Reading:
    found = hope.found
    evidence = weigh(question, found.article.source.title, found.text, hope.tokens)
    strengths = [_strength(sentence) for sentence in evidence.sentences]
    opening = _weights()["sentence"]["opening"] if found.passage.ordinal == 0 else 0.0
    best = max(range(len(strengths)), key=lambda index: strengths[index] + (0.0 if index else opening))
    return Reading(
        found=found,
        similarity=hope.candidate.similarity,
        lexical=hope.candidate.lexical / top,
        evidence=evidence,
        sentence=evidence.sentences[best],
        strength=max(strengths),
    )


def _strength(sentence: SentenceEvidence) -> float:
    """How far a sentence is worth marking, against others of its passage."""
    weights = _weights()["sentence"]
    return (
        weights["likeness"] * sentence.likeness
        + weights["certain" if sentence.telltale else "possible"] * sentence.offers
        + weights["relation"] * sentence.relation
        + weights["context"] * sentence.context
        + weights["tells"] * sentence.tells
    )


def _valued(reading: Reading, readings: Sequence[Reading]) -> Reading:
    """The reading with its worth, to which the article's other candidates add."""
    weights = _weights()["passage"]
    passage = reading.found.passage
    companion = max(
        (
            other.evidence.likeness
            for other in readings
            if other is not reading and other.found.passage.article_id == passage.article_id
        ),
        default=0.0,
    )
    worth = (
        weights["similarity"] * reading.similarity
        + weights["lexical"] * reading.lexical
        + weights["likeness"] * reading.evidence.likeness
        + weights["sentence"] * reading.strength
        + weights["lead"] / (1 + passage.ordinal)
        + weights["companion"] * companion
    )
    return replace(reading, worth=worth)


def _cited(readings: Sequence[Reading]) -> tuple[Citation, ...]:
    """The best readings, one a story: where articles share the marked sentence, the newest is cited for all of them."""
    stories: list[tuple[Shingles, list[Reading]]] = []
    for reading in readings:
        told = shingles(reading.marked.of(reading.found.article.body))
        story = next((told_by for other, told_by in stories if same_story(told, other)), None)
        if story is None:
            stories.append((told, [reading]))
        elif all(reading.found.article.id != other.found.article.id for other in story):
            story.append(reading)
    return tuple(_told(story) for _, story in stories[:CITED])


def _told(story: Sequence[Reading]) -> Citation:
    """The newest of the articles that tell a story, the best of equals, and the others beside it."""
    newest = max(story, key=lambda reading: _published(reading.found))
    others = tuple(reading.found.article.source for reading in story if reading is not newest)
    return cite(newest.found, newest.marked, others)


def _published(found: FoundPassage) -> datetime:
    return found.article.source.published_at or _LONG_AGO


def _probability(first: Reading) -> float:
    """How likely it is (0..1) that the first passage answers: by absolute measurements, the same in every archive."""
    weights = _weights()["answer"]
    log_odds = (
        weights["constant"]
        + weights["likeness"] * first.evidence.likeness
        + weights["similarity"] * first.similarity
        + weights["covered"] * first.sentence.covered
        + weights["strange"] * first.sentence.strange
        + weights["familiar"] * first.sentence.familiar
    )
    return 1 / (1 + math.exp(-log_odds))


def _confidence(probability: float) -> Confidence:
    thresholds = _weights()["thresholds"]
    if probability >= thresholds["high"]:
        return Confidence.HIGH
    return Confidence.FAIR if probability >= thresholds["fair"] else Confidence.LOW


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    """The named weights, read once from the file beside this module."""
    parsed: Mapping[str, Mapping[str, float]] = tomllib.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return parsed

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
from typing import TYPE_CHECKING, TypeAlias

from retrieval.domain.answers import Abstention, AbstentionReason, Answer, Citation, Confidence
from retrieval.domain.articles import Span
from retrieval.errors import QuestionRejected
from retrieval.text.cleaning import normalise
from retrieval.text.near_duplicates import same_story, shingles
from retrieval.text.questions.abbreviations import forms_of
from retrieval.text.questions.answer_types import SURFACE_TYPES, AnswerType
from retrieval.text.questions.evidence import likeness, weigh
from retrieval.text.questions.hints import NO_HINTS
from retrieval.text.questions.question import understand, with_names
from retrieval.text.token_vectors import compare
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.archive.records import FoundPassage, PassageOutline
    from retrieval.domain.answers import Searched
    from retrieval.domain.articles import Source
    from retrieval.domain.embeddings import Candidate, QueryEmbedding
    from retrieval.domain.ids import PassageId
    from retrieval.domain.scope import Scope
    from retrieval.text.near_duplicates import Shingles
    from retrieval.text.questions.evidence import PassageEvidence, SentenceEvidence
    from retrieval.text.questions.hints import Hints
    from retrieval.text.questions.question import Question
    from retrieval.text.token_vectors import ComparedTokens

    Measured: TypeAlias = Mapping[str, float]

CANDIDATES = 50
"""Passages to ask each of the two searches for."""

READ = 14
"""The most promising candidates, which are read sentence by sentence."""

CITED = 10
LONGEST_QUESTION = 300

_TELLING = 10
"""Of the most promising candidates, how many tell which words of a question in lower case are names."""

_NOT_IN_THE_OPENING = frozenset({AnswerType.REASON, AnswerType.TIME})
"""What the first sentence of an article tells no oftener than others do."""

_DATED = frozenset({AnswerType.TIME, AnswerType.AGE})

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When an article without a date counts as published, beside others that tell the same."""

_WEIGHTS = Path(__file__).with_name("answering_weights.toml")


@dataclass(frozen=True, slots=True, eq=False)
class _Hope:
    """A candidate before it is read; `promise` is the part of its worth that can be told without its sentences."""

    passage_id: PassageId
    tokens: ComparedTokens | None
    measured: Measured
    promise: float


@dataclass(frozen=True, slots=True, eq=False)
class Shortlist:
    """A question, and the candidates that are worth reading for it, the most promising first."""

    question: str
    understood: Question
    hopes: tuple[_Hope, ...]

    @property
    def passage_ids(self) -> list[PassageId]:
        """What has to be loaded."""
        return [hope.passage_id for hope in self.hopes]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A candidate that was read: its evidence, the sentence to mark, and its worth by what was measured of it.

    `measured` has the names of the weights of a passage. `worth` is a sum of weighted measurements: higher is better,
    and only differences mean anything.
    """

    found: FoundPassage
    evidence: PassageEvidence
    sentence: SentenceEvidence
    measured: Measured
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


def words_to_search(question: str, hints: Hints = NO_HINTS) -> list[str]:
    """The analysed words that full-text search is asked for, and the abbreviation of what has one.

    Not the other way round: the single words of a long form are found everywhere.
    """
    words = analyse(hints.without(question))
    return [*words, *(short for short, _ in forms_of(frozenset(words)) if short not in words)]


def nothing_to_search(question: str, searched: Searched, scope: Scope) -> Abstention:
    """The abstention where the reader sees no article, or none that the question is meant for."""
    reason = AbstentionReason.EMPTY_ARCHIVE if scope.only is None else AbstentionReason.NOTHING_MEANT
    return Abstention(question, reason, 0.0, searched)


def cite(found: FoundPassage, marked: Span | None, also: tuple[Source, ...] = ()) -> Citation:
    """A passage as evidence; raises ValueError for a mark outside of it."""
    passage = found.passage
    return Citation(passage.article_id, passage.id, found.article.source, passage.span, found.text, marked, also)


def shortlist(
    question: str,
    embedding: QueryEmbedding,
    candidates: Sequence[Candidate],
    outlines: Sequence[PassageOutline],
    hints: Hints = NO_HINTS,
) -> Shortlist:
    """The most promising candidates, equals in order of their passage ids. What fits the `hints` is preferred.

    A candidate without an outline, removed meanwhile, is passed over.
    """
    understood = understand(hints.without(question), embedding)
    hopes = _hopes(understood, candidates, {outline.passage_id: outline for outline in outlines}, hints)
    hopes.sort(key=lambda hope: (-hope.promise, hope.passage_id))
    return Shortlist(question, understood, tuple(hopes[:READ]))


def answer(listed: Shortlist, found: Sequence[FoundPassage], searched: Searched) -> Answer | Abstention:
    """The passages that answer, best first, each with a marked sentence; an abstention where the first is unlikely to.

    `found` are the listed passages; one that is missing, removed meanwhile, is passed over.
    """
    readings = rank(listed, found)
    if not readings:
        return Abstention(listed.question, AbstentionReason.NOTHING_FOUND, 0.0, searched)
    citations = _cited(readings)
    probability = _probability(readings[0])
    if probability < _weights()["thresholds"]["answer"]:
        return Abstention(listed.question, AbstentionReason.NOT_GOOD_ENOUGH, probability, searched, citations)
    return Answer(listed.question, citations, _confidence(probability), probability, searched)


def rank(listed: Shortlist, found: Sequence[FoundPassage]) -> tuple[Reading, ...]:
    """The listed passages, read and put in order of worth; equals in order of their passage ids."""
    by_id = {item.passage.id: item for item in found}
    there = [(hope, by_id[hope.passage_id]) for hope in listed.hopes if hope.passage_id in by_id]
    named = with_names(listed.understood, [item.text for _, item in there[:_TELLING]])
    readings = [_read(named, hope, item) for hope, item in there]
    valued = [_valued(reading, readings) for reading in readings]
    return tuple(sorted(valued, key=lambda reading: (-reading.worth, reading.found.passage.id)))


def _hopes(
    question: Question, candidates: Sequence[Candidate], outlines: Mapping[PassageId, PassageOutline], hints: Hints
) -> list[_Hope]:
    top = max((candidate.lexical for candidate in candidates), default=0.0) or 1.0
    there = [(one, outlines[one.passage_id]) for one in candidates if one.passage_id in outlines]
    compared = compare([outline.tokens for _, outline in there], question.directions)
    hopes = []
    for (candidate, outline), tokens in zip(there, compared, strict=True):
        measured = {
            "similarity": candidate.similarity,
            "lexical": candidate.lexical / top,
            "likeness": likeness(question, tokens),
            "lead": 1 / (1 + outline.ordinal),
            "publisher": hints.from_publisher(outline.publisher),
            "days": hints.of_days(outline.published_at),
        }
        hopes.append(_Hope(candidate.passage_id, tokens, measured, weighted("passage", measured)))
    return hopes


def _read(question: Question, hope: _Hope, found: FoundPassage) -> Reading:
    evidence = weigh(question, found.article.source.title, found.text, hope.tokens)
    strengths = [weighted("sentence", sentence_measures(sentence)) for sentence in evidence.sentences]
    opening = _weights()["sentence"]["opening"] if opens(question.kind, found) else 0.0
    best = max(range(len(strengths)), key=lambda index: strengths[index] + (0.0 if index else opening))
    measured = {**hope.measured, "likeness": evidence.likeness, "sentence": max(strengths)}
    return Reading(found, evidence, evidence.sentences[best], measured)


def opens(kind: AnswerType, found: FoundPassage) -> bool:
    """Whether the passage's first sentence is an article's opening, and one that may say what is asked."""
    return found.passage.ordinal == 0 and kind not in _NOT_IN_THE_OPENING


def sentence_measures(sentence: SentenceEvidence) -> Measured:
    """What speaks for marking a sentence rather than others of its passage, by the names of the weights."""
    return {
        "likeness": sentence.likeness,
        _offers(sentence.kind): sentence.offers,
        "thing": sentence.thing,
        "asking": sentence.asking,
        "relation": sentence.relation,
        "context": sentence.context,
        "tells": sentence.tells,
        "repeats": sentence.repeats,
    }


def _offers(kind: AnswerType) -> str:
    """The name of the weight of holding something of this kind."""
    if kind is AnswerType.REASON:
        return "reason"
    if kind not in SURFACE_TYPES:
        return "possible"
    return "dated" if kind in _DATED else "certain"


def answer_measures(first: Reading) -> Measured:
    """What speaks for the first passage's answering at all: absolute measurements, the same in every archive."""
    return {
        "constant": 1.0,
        "likeness": first.evidence.likeness,
        "similarity": first.measured["similarity"],
        "covered": first.sentence.covered,
        "strange": first.sentence.strange,
        "familiar": first.sentence.familiar,
    }


def weighted(table: str, measured: Measured) -> float:
    """The sum of what was measured, each times its weight in a table of `answering_weights.toml`."""
    weights = _weights()[table]
    worth = 0.0
    for name, value in measured.items():
        worth += weights[name] * value
    return worth


def _valued(reading: Reading, readings: Sequence[Reading]) -> Reading:
    """The reading with its worth, to which the article's other candidates add."""
    passage = reading.found.passage
    others = (other for other in readings if other is not reading)
    companion = max(
        (other.evidence.likeness for other in others if other.found.passage.article_id == passage.article_id),
        default=0.0,
    )
    measured = {**reading.measured, "companion": companion}
    return replace(reading, measured=measured, worth=weighted("passage", measured))


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
    """When this text appeared: a corrected one when it was corrected."""
    source = found.article.source
    return source.updated_at or source.published_at or _LONG_AGO


def _probability(first: Reading) -> float:
    """How likely it is (0..1) that the first passage answers."""
    return 1 / (1 + math.exp(-weighted("answer", answer_measures(first))))


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

"""The ranking policy: from candidates to an answer with its citations, or to an abstention with its reason.

1. First stage: candidates are scored by both searches and by the similarity of their tokens to the question's.
2. The best are read sentence by sentence (`text.questions.evidence`), scored by a weighted sum of features, and the
   best sentence of each is marked.
3. Features of the first passage give the probability that it answers; below a threshold the answer is withheld.

The weights are in `answering_weights.toml`.
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
from retrieval.errors import QuestionRejected
from retrieval.text.cleaning import normalise
from retrieval.text.near_duplicates import same_story, shingles
from retrieval.text.questions.abbreviations import find_abbreviations
from retrieval.text.questions.answer_types import SURFACE_TYPES, AnswerType
from retrieval.text.questions.evidence import measure_passage, token_similarity
from retrieval.text.questions.hints import NO_HINTS
from retrieval.text.questions.question import understand, with_names
from retrieval.text.token_vectors import compare
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.archive.records import FoundPassage, PassageOutline
    from retrieval.domain.answers import Searched
    from retrieval.domain.articles import Source, Span
    from retrieval.domain.embeddings import Candidate, QueryEmbedding
    from retrieval.domain.ids import PassageId
    from retrieval.domain.scope import Scope
    from retrieval.text.near_duplicates import Shingles
    from retrieval.text.questions.evidence import PassageEvidence, SentenceEvidence
    from retrieval.text.questions.hints import Hints
    from retrieval.text.questions.question import Question
    from retrieval.text.token_vectors import ComparedTokens

    Features: TypeAlias = Mapping[str, float]
    """Named numbers; the names are those of a table of `answering_weights.toml`."""

CANDIDATES = 50
"""Passages to request from each of the two searches."""

READ = 14
"""Candidates with the best first-stage scores, which are read sentence by sentence."""

CITED = 10
LONGEST_QUESTION = 300

_NAME_SOURCES = 10
"""How many of the best candidates tell which words of a question in lower case are names."""

_NOT_IN_THE_OPENING = frozenset({AnswerType.REASON, AnswerType.TIME})
"""What the first sentence of an article answers no more often than others do."""

_DATED = frozenset({AnswerType.TIME, AnswerType.AGE})

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""The date of an undated article when copies of one story are compared."""

_WEIGHTS = Path(__file__).with_name("answering_weights.toml")


@dataclass(frozen=True, slots=True, eq=False)
class RankedCandidate:
    """A candidate before it is read; `first_stage_score` is the part of its score that needs no sentences."""

    passage_id: PassageId
    tokens: ComparedTokens | None
    features: Features
    first_stage_score: float


@dataclass(frozen=True, slots=True, eq=False)
class Shortlist:
    """A question, and the candidates to read for it, best first."""

    question: str
    understood: Question
    candidates: tuple[RankedCandidate, ...]

    @property
    def passage_ids(self) -> list[PassageId]:
        """The passages to load."""
        return [candidate.passage_id for candidate in self.candidates]


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPassage:
    """A candidate after reading: its evidence, the sentence to mark, and the score of its `features`.

    `score` is a sum of weighted features: higher is better, and only differences within one question mean anything.
    """

    found: FoundPassage
    evidence: PassageEvidence
    sentence: SentenceEvidence
    features: Features
    score: float = 0.0

    @property
    def marked(self) -> Span:
        """The best sentence, as offsets into the body."""
        return self.sentence.span.moved(self.found.passage.span.start)


def check_question(question: str) -> str:
    """Return the question on one clean line. Raises QuestionRejected."""
    cleaned = " ".join(normalise(question).text.split())
    if not any(character.isalnum() for character in cleaned):
        raise QuestionRejected("question.no_word")
    if len(cleaned) > LONGEST_QUESTION:
        raise QuestionRejected("question.too_long", length=len(cleaned), most=LONGEST_QUESTION)
    return cleaned


def words_to_search(question: str, hints: Hints = NO_HINTS) -> list[str]:
    """The analysed words for full-text search, with the abbreviations of long forms.

    Abbreviations are not spelled out: the single words of a long form are found everywhere.
    """
    words = analyse(hints.without(question))
    return [*words, *(short for short, _ in find_abbreviations(frozenset(words)) if short not in words)]


def nothing_to_search(question: str, searched: Searched, scope: Scope) -> Abstention:
    """The abstention where the scope sees no article, or none that its filters let through."""
    reason = AbstentionReason.EMPTY_ARCHIVE if scope.filters is None else AbstentionReason.FILTERS_MATCH_NOTHING
    return Abstention(question, reason, 0.0, searched)


def cite(found: FoundPassage, marked: Span | None, also: tuple[Source, ...] = ()) -> Citation:
    """Cite a passage as evidence. Raises ValueError for a mark outside the passage."""
    passage = found.passage
    return Citation(passage.article_id, passage.id, found.article.source, passage.span, found.text, marked, also)


def shortlist(
    question: str,
    embedding: QueryEmbedding,
    candidates: Sequence[Candidate],
    outlines: Sequence[PassageOutline],
    hints: Hints = NO_HINTS,
) -> Shortlist:
    """Choose the candidates with the best first-stage scores; ties go to the lower passage id.

    Articles that fit the `hints` score higher. A candidate without an outline was removed meanwhile and is skipped.
    """
    understood = understand(hints.without(question), embedding)
    ranked = _first_stage(understood, candidates, {outline.passage_id: outline for outline in outlines}, hints)
    ranked.sort(key=lambda candidate: (-candidate.first_stage_score, candidate.passage_id))
    return Shortlist(question, understood, tuple(ranked[:READ]))


def answer(listed: Shortlist, found: Sequence[FoundPassage], searched: Searched) -> Answer | Abstention:
    """Answer with passages, best first, each with a marked sentence; abstain where the first is unlikely to answer.

    `found` are the listed passages; one that is missing was removed meanwhile and is skipped.
    """
    ranking = rank(listed, found)
    if not ranking:
        return Abstention(listed.question, AbstentionReason.NOTHING_FOUND, 0.0, searched)
    citations = _citations(ranking)
    probability = _probability(ranking[0])
    if probability < _weights()["thresholds"]["answer"]:
        return Abstention(listed.question, AbstentionReason.NOT_GOOD_ENOUGH, probability, searched, citations)
    return Answer(listed.question, citations, _confidence(probability), probability, searched)


def rank(listed: Shortlist, found: Sequence[FoundPassage]) -> tuple[ScoredPassage, ...]:
    """Read and score the listed passages, best first; ties go to the lower passage id."""
    by_id = {item.passage.id: item for item in found}
    pairs = [
        (candidate, by_id[candidate.passage_id]) for candidate in listed.candidates if candidate.passage_id in by_id
    ]
    question = with_names(listed.understood, [item.text for _, item in pairs[:_NAME_SOURCES]])
    passages = [_read(question, candidate, item) for candidate, item in pairs]
    scored = [_scored(passage, passages) for passage in passages]
    return tuple(sorted(scored, key=lambda passage: (-passage.score, passage.found.passage.id)))


def _first_stage(
    question: Question, candidates: Sequence[Candidate], outlines: Mapping[PassageId, PassageOutline], hints: Hints
) -> list[RankedCandidate]:
    top = max((candidate.lexical for candidate in candidates), default=0.0) or 1.0
    pairs = [
        (candidate, outlines[candidate.passage_id]) for candidate in candidates if candidate.passage_id in outlines
    ]
    compared = compare([outline.tokens for _, outline in pairs], question.rotated_queries)
    ranked = []
    for (candidate, outline), tokens in zip(pairs, compared, strict=True):
        features = {
            "similarity": candidate.similarity,
            "lexical": candidate.lexical / top,
            "token_similarity": token_similarity(question, tokens),
            "lead": 1 / (1 + outline.ordinal),
            "publisher": hints.from_publisher(outline.publisher),
            "days": hints.of_days(outline.published_at),
        }
        ranked.append(RankedCandidate(candidate.passage_id, tokens, features, weighted_sum("passage", features)))
    return ranked


def _read(question: Question, candidate: RankedCandidate, found: FoundPassage) -> ScoredPassage:
    evidence = measure_passage(question, found.article.source.title, found.text, candidate.tokens)
    scores = [weighted_sum("sentence", sentence_features(sentence)) for sentence in evidence.sentences]
    opening = _weights()["sentence"]["opening"] if may_answer_at_once(question.answer_type, found) else 0.0
    best = max(range(len(scores)), key=lambda index: scores[index] + (0.0 if index else opening))
    features = {**candidate.features, "token_similarity": evidence.token_similarity, "sentence": max(scores)}
    return ScoredPassage(found, evidence, evidence.sentences[best], features)


def may_answer_at_once(answer_type: AnswerType, found: FoundPassage) -> bool:
    """Whether the passage opens its article and an opening sentence often answers this type of question."""
    return found.passage.ordinal == 0 and answer_type not in _NOT_IN_THE_OPENING


def sentence_features(sentence: SentenceEvidence) -> Features:
    """The features that choose the marked sentence of a passage, named as in the `sentence` weights."""
    return {
        "token_similarity": sentence.token_similarity,
        _answer_type_feature(sentence.answer_type): sentence.has_answer_type,
        "focus_similarity": sentence.focus_similarity,
        "wh_similarity": sentence.wh_similarity,
        "predicate_coverage": sentence.predicate_coverage,
        "context_coverage": sentence.context_coverage,
        "adds_information": sentence.adds_information,
        "echoes_term": sentence.echoes_term,
    }


def _answer_type_feature(answer_type: AnswerType) -> str:
    """The name of the weight for containing this type."""
    if answer_type is AnswerType.REASON:
        return "has_reason"
    if answer_type not in SURFACE_TYPES:
        return "may_have_type"
    return "has_date" if answer_type in _DATED else "has_quantity"


def answer_features(first: ScoredPassage) -> Features:
    """The features that tell whether the first passage answers at all; they mean the same in every archive."""
    return {
        "constant": 1.0,
        "token_similarity": first.evidence.token_similarity,
        "similarity": first.features["similarity"],
        "idf_coverage": first.sentence.idf_coverage,
        "agent_missing": first.sentence.agent_missing,
        "name_match": first.sentence.name_match,
    }


def weighted_sum(table: str, features: Features) -> float:
    """The sum of the features, each times its weight in a table of `answering_weights.toml`."""
    weights = _weights()[table]
    total = 0.0
    for name, value in features.items():
        total += weights[name] * value
    return total


def _scored(passage: ScoredPassage, passages: Sequence[ScoredPassage]) -> ScoredPassage:
    """Add the similarity of the article's best other candidate, then the score."""
    article = passage.found.passage.article_id
    companion = max(
        (
            other.evidence.token_similarity
            for other in passages
            if other is not passage and other.found.passage.article_id == article
        ),
        default=0.0,
    )
    features = {**passage.features, "companion": companion}
    return replace(passage, features=features, score=weighted_sum("passage", features))


def _citations(ranking: Sequence[ScoredPassage]) -> tuple[Citation, ...]:
    """Cite the best passages, one a story: where articles share the marked sentence, the newest stands for all."""
    stories: list[tuple[Shingles, list[ScoredPassage]]] = []
    for passage in ranking:
        marked = shingles(passage.marked.of(passage.found.article.body))
        story = next((same for other, same in stories if same_story(marked, other)), None)
        if story is None:
            stories.append((marked, [passage]))
        elif all(passage.found.article.id != other.found.article.id for other in story):
            story.append(passage)
    return tuple(_cite_story(story) for _, story in stories[:CITED])


def _cite_story(story: Sequence[ScoredPassage]) -> Citation:
    """Cite the newest article of a story (the best ranked of equals), and name the others beside it."""
    newest = max(story, key=lambda passage: _published(passage.found))
    others = tuple(passage.found.article.source for passage in story if passage is not newest)
    return cite(newest.found, newest.marked, others)


def _published(found: FoundPassage) -> datetime:
    """When this text appeared; for a corrected one, when it was corrected."""
    source = found.article.source
    return source.updated_at or source.published_at or _LONG_AGO


def _probability(first: ScoredPassage) -> float:
    """The probability (0..1) that the first passage answers."""
    return 1 / (1 + math.exp(-weighted_sum("answer", answer_features(first))))


def _confidence(probability: float) -> Confidence:
    thresholds = _weights()["thresholds"]
    if probability >= thresholds["high"]:
        return Confidence.HIGH
    return Confidence.FAIR if probability >= thresholds["fair"] else Confidence.LOW


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    """The weights by table and name."""
    parsed: Mapping[str, Mapping[str, float]] = tomllib.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return parsed

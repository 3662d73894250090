"""Ranks the passages that both searches found: which are read, which sentence of each is marked, which comes first.

1. Every candidate gets a first-stage score, of both searches and of the similarity of its tokens to the question's.
2. The best are read sentence by sentence (`text.questions.evidence`); the best sentence of each is marked.

Scores are sums of features, times the weights in `answering_weights.toml`.
"""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from retrieval.domain.limits import MOST_CITATIONS
from retrieval.domain.readings import PassageText
from retrieval.text.questions.answer_types import SURFACE_TYPES, AnswerType
from retrieval.text.questions.evidence import measure_passage, token_similarity
from retrieval.text.questions.hints import NO_HINTS
from retrieval.text.questions.question import understand, with_names
from retrieval.text.questions.relations import tells_opposite
from retrieval.text.questions.spoken import asked_speaker
from retrieval.text.telling import tells
from retrieval.text.token_vectors import compare
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.archive.records import FoundPassage, PassageOutline
    from retrieval.domain.articles import Span
    from retrieval.domain.embeddings import Candidate, QueryEmbedding
    from retrieval.domain.ids import PassageId
    from retrieval.domain.readings import Reading
    from retrieval.ports import Reader
    from retrieval.text.questions.evidence import PassageEvidence, SentenceEvidence
    from retrieval.text.questions.hints import Hints
    from retrieval.text.questions.question import Question
    from retrieval.text.questions.spoken import AskedSpeaker
    from retrieval.text.token_vectors import ComparedTokens

    Features: TypeAlias = Mapping[str, float]
    """Named numbers; the names are those of a table of `answering_weights.toml`."""

CANDIDATES: Final = 50
"""Passages to request from each of the two searches."""

_READ_BESIDE: Final = 4
"""How many more candidates than an answer may cite are read sentence by sentence: several may tell one story."""
_READ_FOR_NEWEST: Final = 40
"""The same where the newest is wanted, and without the reader: much of long news is as much about its subject."""
_COPIES: Final = 2
"""How many of them may be the same words in several articles: an agency's text leaves room for others."""

_NAME_SOURCES: Final = 10
"""How many of the best candidates show which words of a question in lower case are names."""

_AS_MUCH_ABOUT: Final = 2.0
"""How much less than the best one a passage may score and still be as much about the question."""

_AS_MUCH_NEWS: Final = 1.0
"""The same where the newest is wanted, of each passage by itself."""

_NOT_IN_THE_OPENING: Final = frozenset({AnswerType.REASON, AnswerType.TIME})
"""Types that the first sentence of an article answers no more often than other sentences do."""

_DATED: Final = frozenset({AnswerType.TIME, AnswerType.AGE})

_MOST_LOG_ODDS: Final = 8.0
"""A reader that is surer than this counts no more."""

_WEIGHTS: Final = Path(__file__).with_name("answering_weights.toml")


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
    hints: Hints = NO_HINTS
    most_citations: int = MOST_CITATIONS

    @property
    def asks_for_words(self) -> bool:
        """Whether it asks what somebody said, so that the passages must know who said what."""
        return asked_speaker(self.question, frozenset()) is not None

    @property
    def passage_ids(self) -> list[PassageId]:
        """The passages to load."""
        return [candidate.passage_id for candidate in self.candidates]


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPassage:
    """A candidate after reading: its evidence for the `question`, the sentence to mark, the score of its `features`.

    `score` is a sum of weighted features: higher is better, and only differences within one question mean anything.
    """

    question: Question
    found: FoundPassage
    evidence: PassageEvidence
    sentence: SentenceEvidence
    features: Features
    score: float = 0.0
    reading: Reading | None = None
    """What the reader made of it; None where it was not read by the reader."""
    asked_speaker: AskedSpeaker | None = None
    """Whose words the question asks for."""
    speaking: frozenset[int] = frozenset()
    """The sentences that tell what they said, by number."""
    spoken: SentenceEvidence | None = None
    """The best of those, which is marked then."""

    @property
    def marked(self) -> Span:
        """The best sentence, as offsets into the body."""
        return (self.spoken or self.sentence).span.moved(self.found.passage.span.start)

    @property
    def is_agreed(self) -> bool:
        """Whether the reader by itself chooses `sentence` too; also where it has not read the passage."""
        if self.reading is None:
            return True
        marked = self.evidence.sentences.index(self.sentence)
        return self.reading.sentences[marked] == max(self.reading.sentences)

    @property
    def published_on(self) -> date:
        """The day of its article; the first of all days for an undated one."""
        published = self.found.article.source.published_at
        return date.min if published is None else published.date()


def shortlist(
    question: str,
    embedding: QueryEmbedding,
    candidates: Sequence[Candidate],
    outlines: Sequence[PassageOutline],
    hints: Hints = NO_HINTS,
    *,
    most_citations: int = MOST_CITATIONS,
) -> Shortlist:
    """Choose the candidates with the best first-stage scores; ties go to the lower passage id.

    They are as many as an answer of `most_citations` passages, each of another story, can need.

    Articles that fit the `hints` score higher. Of a passage that several articles print word for word, two are listed.
    A candidate without an outline was removed meanwhile and is skipped.
    """
    understood = understand(hints.without(question), embedding)
    by_id = {outline.passage_id: outline for outline in outlines}
    ranked = first_stage(understood, candidates, by_id, hints)
    ranked.sort(key=lambda candidate: (-candidate.first_stage_score, candidate.passage_id))
    beside = _READ_FOR_NEWEST if hints.newest else _READ_BESIDE
    read = islice(_with_few_copies(ranked, by_id), most_citations + beside)
    return Shortlist(question, understood, tuple(read), hints, most_citations)


def _with_few_copies(
    ranked: Iterable[RankedCandidate], outlines: Mapping[PassageId, PassageOutline]
) -> Iterator[RankedCandidate]:
    copies = Counter[tuple[str, int]]()
    for candidate in ranked:
        outline = outlines[candidate.passage_id]
        copies[outline.text_hash, outline.ordinal] += 1
        if copies[outline.text_hash, outline.ordinal] <= _COPIES:
            yield candidate


def rank(listed: Shortlist, found: Sequence[FoundPassage], reader: Reader | None = None) -> tuple[ScoredPassage, ...]:
    """Measure and score the listed passages, best first; ties go to the lower passage id.

    The `reader` reads as many of the best as it has time for, and orders those among themselves. Where the question
    wants the newest, nothing is read: the passages as much about it as the best one come newest first.
    """
    by_id = {item.passage.id: item for item in found}
    pairs = [
        (candidate, by_id[candidate.passage_id]) for candidate in listed.candidates if candidate.passage_id in by_id
    ]
    question = with_names(listed.understood, [item.text for _, item in pairs[:_NAME_SOURCES]])
    speaker = asked_speaker(listed.question, question.names)
    passages = [_read(question, candidate, item, speaker) for candidate, item in pairs]
    scored = _in_order(_scored(passage, passages) for passage in passages)
    if listed.hints.newest:
        return tuple(newest_first(scored))
    if reader is None:
        return tuple(_speaking_first(scored))
    best, others = scored[: reader.most_passages], scored[reader.most_passages :]
    repeated = max((sentence.idf_coverage for passage in best for sentence in passage.evidence.sentences), default=0.0)
    readings = reader.read(listed.question, [_text_of(passage) for passage in best])
    read = _in_order(_with_reading(passage, reading, repeated) for passage, reading in zip(best, readings, strict=True))
    return (*_speaking_first(read), *others)


def _speaking_first(ranked: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """Move those that tell what the asked-for speaker said, and are as much about the question, to the front."""
    return sorted(ranked, key=lambda one: one.spoken is None or one.score < ranked[0].score - _AS_MUCH_ABOUT)


def newest_first(ranked: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """Move the newest of the passages that are as much about the question as the best one to the front.

    What only mentions the subject in passing, or asks about it, is no news of it. Newer ones that have it in their
    headline come right behind the first.
    """
    best = ranked[0] if ranked else None
    about = [
        passage
        for passage in ranked
        if best is not None
        and passage.published_on != date.min
        and (passage.reading is None) == (best.reading is None)
        and _score_alone(passage) >= _score_alone(best) - _AS_MUCH_NEWS
        and passage.sentence.name_match >= best.sentence.name_match
        and _tells_news(passage)
    ]
    about.sort(key=lambda passage: passage.published_on, reverse=True)
    others = [passage for passage in ranked if passage not in about]
    newer = [one for one in others if about and one.published_on > about[0].published_on and _is_in_headline(one)]
    return [*about[:1], *newer, *about[1:], *(passage for passage in others if passage not in newer)]


def _is_in_headline(passage: ScoredPassage) -> bool:
    """Whether the headline of its article is about the question."""
    return passage.question.is_subject_of(frozenset(analyse(passage.found.article.source.title)))


def _score_alone(passage: ScoredPassage) -> float:
    """Its score without what other passages of its article add."""
    table = "passage" if passage.reading is None else "passage_read"
    return passage.score - weights()[table]["companion"] * passage.features["companion"]


def _tells_news(passage: ScoredPassage) -> bool:
    """Whether an article is about the question, by its headline, another passage or its length, and tells something."""
    article, question = passage.found.article, passage.question
    title = frozenset(analyse(article.source.title))
    about = (
        2 * len(passage.found.passage.span) > len(article.body)
        or passage.features["companion"] > 0
        or _is_in_headline(passage)
        or (
            passage.found.passage.ordinal == 0
            and any(map(question.is_telling, title & question.rarity.keys()))
            and question.is_subject_of(title.union(analyse(passage.found.text)))
        )
    )
    return about and tells(article.body, passage.marked)


def _in_order(passages: Iterable[ScoredPassage]) -> list[ScoredPassage]:
    return sorted(passages, key=lambda passage: (-passage.score, passage.found.passage.id))


def _text_of(passage: ScoredPassage) -> PassageText:
    """The passage as a reader reads it."""
    sentences = [sentence.span.of(passage.found.text) for sentence in passage.evidence.sentences]
    return PassageText(passage.found.article.source.title, sentences)


def _with_reading(passage: ScoredPassage, reading: Reading, repeated: float) -> ScoredPassage:
    """Count what the reader makes of a passage beside the measured features, with weights of their own.

    What only asks, or tells the opposite, is no answer to it, unless there is nothing else. `repeated` is the greatest
    share of the question's words that one sentence of the passages repeats.
    """
    sentences = passage.evidence.sentences
    may_answer = [_may_answer(passage.question, passage.found.text, sentence.span) for sentence in sentences]
    if any(may_answer):
        scored = zip(reading.sentences, may_answer, strict=True)
        reading = replace(reading, sentences=tuple(score if may else -math.inf for score, may in scored))
    measured = [{**sentence_features(sentence), **read_features(reading, at)} for at, sentence in enumerate(sentences)]
    scores = [weighted_sum("sentence_read", features) for features in measured]
    features = {
        **passage.features,
        "sentence": max(scores),
        "lead_repeated": passage.features["lead"] * repeated,
        "reader": _bounded(reading.answers),
    }
    marked = partial(_marked, "sentence_read", passage.question, passage.found, passage.evidence)
    return replace(
        passage,
        sentence=marked(scores),
        spoken=marked(_scores_of(passage.speaking, scores)) if passage.speaking else None,
        features=features,
        score=weighted_sum("passage_read", features),
        reading=reading,
    )


def read_features(reading: Reading, sentence: int) -> Features:
    """The feature that a reading adds to those of a sentence."""
    return {"reader": _bounded(reading.share(sentence))}


def _bounded(log_odds: float) -> float:
    return max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, log_odds))


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


def weighted_sum(table: str, features: Features) -> float:
    """The sum of the features, each times its weight in a table of `answering_weights.toml`."""
    by_name = weights()[table]
    total = 0.0
    for name, value in features.items():
        total += by_name[name] * value
    return total


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """The weights by table and name."""
    parsed: Mapping[str, Mapping[str, float]] = tomllib.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return parsed


def first_stage(
    question: Question, candidates: Sequence[Candidate], outlines: Mapping[PassageId, PassageOutline], hints: Hints
) -> list[RankedCandidate]:
    """Score the candidates before they are read, in no order; one without an outline is skipped."""
    top = max((candidate.lexical for candidate in candidates), default=0.0) or 1.0
    pairs = [
        (candidate, outlines[candidate.passage_id]) for candidate in candidates if candidate.passage_id in outlines
    ]
    compared = compare([outline.tokens for _, outline in pairs], question.rotated_queries)
    dates = sorted(outline.published_at for _, outline in pairs if outline.published_at) if hints.newest else []
    ranked = []
    for (candidate, outline), tokens in zip(pairs, compared, strict=True):
        features = {
            "similarity": candidate.similarity,
            "lexical": candidate.lexical / top,
            "token_similarity": token_similarity(question, tokens),
            "lead": 1 / (1 + outline.ordinal),
            "publisher": hints.from_publisher(outline.publisher),
            "days": hints.of_days(outline.published_at),
            "newest": bisect_right(dates, outline.published_at) / len(dates) if dates and outline.published_at else 0.0,
        }
        ranked.append(RankedCandidate(candidate.passage_id, tokens, features, weighted_sum("passage", features)))
    return ranked


def _read(
    question: Question, candidate: RankedCandidate, found: FoundPassage, speaker: AskedSpeaker | None
) -> ScoredPassage:
    evidence = measure_passage(question, found.article.source.title, found.text, candidate.tokens)
    scores = [weighted_sum("sentence", sentence_features(sentence)) for sentence in evidence.sentences]
    features = {**candidate.features, "token_similarity": evidence.token_similarity, "sentence": max(scores)}
    marked = partial(_marked, "sentence", question, found, evidence)
    speaking = frozenset() if speaker is None else frozenset(_speaking(speaker, found, evidence))
    return ScoredPassage(
        question,
        found,
        evidence,
        marked(scores),
        features,
        asked_speaker=speaker,
        speaking=speaking,
        spoken=marked(_scores_of(speaking, scores)) if speaking else None,
    )


def _speaking(speaker: AskedSpeaker, found: FoundPassage, evidence: PassageEvidence) -> Iterator[int]:
    """Yield the number of each sentence that tells what the asked-for speaker said."""
    said = [words.content for words in found.spoken if speaker.is_said_by(words.name, words.role)]
    for number, sentence in enumerate(evidence.sentences):
        place = sentence.span.moved(found.passage.span.start)
        if any(place.overlaps(words) for words in said) or speaker.speaks_in(sentence.span.of(found.text)):
            yield number


def _scores_of(numbers: AbstractSet[int], scores: Sequence[float]) -> list[float]:
    """The scores of the sentences with these numbers; of all others the lowest there is."""
    return [score if number in numbers else -math.inf for number, score in enumerate(scores)]


def _marked(
    table: str, question: Question, found: FoundPassage, evidence: PassageEvidence, scores: Sequence[float]
) -> SentenceEvidence:
    """The sentence with the best score that may answer; an opening that often answers counts for more."""
    opening = weights()[table]["opening"] if may_answer_at_once(question.answer_type, found) else 0.0
    by_score = sorted(range(len(scores)), key=lambda index: -scores[index] - (0.0 if index else opening))
    sentences = [evidence.sentences[index] for index in by_score if scores[index] > -math.inf]
    return next((one for one in sentences if _may_answer(question, found.text, one.span)), sentences[0])


def _may_answer(question: Question, text: str, sentence: Span) -> bool:
    """Whether a sentence tells something, and not the opposite of what is asked."""
    return tells(text, sentence) and not tells_opposite(question.opposites, sentence.of(text))


def _answer_type_feature(answer_type: AnswerType) -> str:
    """The name of the weight for containing this type."""
    if answer_type is AnswerType.REASON:
        return "has_reason"
    if answer_type not in SURFACE_TYPES:
        return "may_have_type"
    return "has_date" if answer_type in _DATED else "has_quantity"


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

"""Features of a sentence, and of the passage around it, as evidence for a question: named numbers from 0 to 1.

Pure functions. How much each feature counts is decided in `answering`.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from retrieval.text.questions.abbreviations import with_abbreviations
from retrieval.text.questions.answer_types import NAMED, AnswerType, contains_answer_type
from retrieval.text.questions.word_index import bit_positions, index_words, sentences_with, with_neighbours
from retrieval.text.words import analyse, piece_starts, words_by_piece

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.domain.articles import Span
    from retrieval.domain.embeddings import FloatArray, IntArray
    from retrieval.text.questions.question import Question
    from retrieval.text.questions.word_index import WordIndex
    from retrieval.text.token_vectors import ComparedTokens

_SAME_SPELLING = 0.8
"""The least `difflib` ratio of two spellings of one name."""

_NEW_WORDS = 2
_CACHE_SIZE: Final = 4096  # pairs of spellings


class SentenceEvidence(NamedTuple):
    """Features of one sentence, each from 0 to 1. A named tuple because a question creates a hundred.

    `token_similarity`: MaxSim of its tokens and the question's. `idf_coverage`: share of the question's words that it
    holds, weighted by rarity. `predicate_coverage`: the same without names. `context_coverage`: the same for the
    sentence, the headline and both neighbours. `name_match`: how well the question's worst matched name is matched
    there. `agent_missing`: 1 where the name that the question asks about is not there, so somebody else acted.
    `has_answer_type`: it contains something of `answer_type`. `adds_information`: it has words that the question has
    not. `focus_similarity`: the token nearest to the noun asked for (which *river*), the question's own words left
    out. `wh_similarity`: the token nearest to the question word. `echoes_term`: as `idf_coverage` where the question
    asks what some words refer to, since the words themselves do not answer.
    """

    span: Span
    token_similarity: float
    idf_coverage: float
    predicate_coverage: float
    context_coverage: float
    name_match: float
    agent_missing: float
    has_answer_type: float
    answer_type: AnswerType
    adds_information: float
    focus_similarity: float
    wh_similarity: float
    echoes_term: float


@dataclass(frozen=True, slots=True)
class PassageEvidence:
    """MaxSim of a whole passage, and its sentences, at least one; spans are offsets into the passage."""

    token_similarity: float
    sentences: tuple[SentenceEvidence, ...]


def token_similarity(question: Question, tokens: ComparedTokens | None) -> float:
    """MaxSim (0..1) of a whole passage, much quicker than `measure_passage`; 0 without token vectors."""
    if tokens is None or not len(question.weights):
        return 0.0
    return float(np.minimum(tokens.closest[: len(question.weights)], 1.0) @ question.weights)


def measure_passage(question: Question, title: str, text: str, tokens: ComparedTokens | None) -> PassageEvidence:
    """Measure a passage; `tokens` are its tokens compared with `question.rotated_queries`.

    Without `tokens`, coverage by shared words stands in for similarity.
    """
    passage = _parts(question, title, text, tokens)
    if passage.nearest.size:
        whole = float(passage.nearest.max(axis=0) @ question.weights)
    else:
        whole = question.idf_coverage(reduce(or_, passage.words, passage.headline))
    return PassageEvidence(whole, tuple(_sentence_evidence(question, passage)))


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """A passage as s sentences; `headline` and `words` are masks of the question's words (`Question.word_mask`).

    `nearest` (s, t): the highest cosine of a token of the sentence with each of the question's t content tokens, 0
    where the sentence has no token; shape (s, 0) without token vectors. `token_similarity` is empty then. By sentence
    too: `wh` and `focus`, the similarities to the question word and to the noun asked for. `agent_missing`: the mask
    of sentences in and around which the agent's name does not occur.
    """

    index: WordIndex
    headline: int
    words: Sequence[int]
    has_answer_type: Sequence[bool]
    nearest: FloatArray
    token_similarity: Sequence[float]
    wh: Sequence[float]
    focus: Sequence[float]
    agent_missing: int


def _parts(question: Question, title: str, text: str, tokens: ComparedTokens | None) -> _Parts:
    index = index_words(text)
    has_answer_type = _has_answer_type(question, index)
    headline = frozenset(analyse(title))
    if question.abbreviations:
        index = index.with_abbreviations(question.abbreviations)
        headline = with_abbreviations(headline, question.abbreviations)
    words = _question_words(question, index)
    nearest, wh, focus = _similarities(question, text, index.spans, words, tokens)
    return _Parts(
        index=index,
        headline=question.word_mask(headline),
        words=words,
        has_answer_type=has_answer_type,
        nearest=nearest,
        token_similarity=(nearest @ question.weights).tolist() if nearest.size else (),
        wh=wh.tolist(),
        focus=focus.tolist(),
        agent_missing=_agent_missing(question.agent(), headline, index),
    )


def _question_words(question: Question, index: WordIndex) -> list[int]:
    """For each sentence, the mask of the question's words in it."""
    masks = [0] * len(index.spans)
    for number, word in enumerate(question.rarity):
        for sentence in bit_positions(index.masks.get(word, 0)):
            masks[sentence] |= 1 << number
    return masks


def _has_answer_type(question: Question, index: WordIndex) -> Sequence[bool]:
    answer_type, known = question.answer_type, question.rarity.keys()
    if answer_type not in NAMED:
        return sentences_with(index, answer_type)
    return [contains_answer_type(span.of(index.text), answer_type, known) for span in index.spans]


def _sentence_evidence(question: Question, passage: _Parts) -> Iterator[SentenceEvidence]:
    words, answer_type, headline = passage.words, question.answer_type, passage.headline
    around = _with_neighbours(passage.nearest) if question.names else [()] * len(words)
    neighbours = zip([0, *words[:-1]], [*words[1:], 0], strict=True)
    for number, (span, mask, (before, after)) in enumerate(zip(passage.index.spans, words, neighbours, strict=True)):
        context = headline | before | mask | after
        coverage = question.idf_coverage(mask)
        yield SentenceEvidence(
            span=span,
            token_similarity=passage.token_similarity[number] if passage.token_similarity else coverage,
            idf_coverage=coverage,
            predicate_coverage=question.predicate_coverage(mask) if question.names else coverage,
            context_coverage=question.idf_coverage(context),
            name_match=question.name_match(context, around[number]),
            agent_missing=float(passage.agent_missing >> number & 1),
            has_answer_type=float(passage.has_answer_type[number]),
            answer_type=answer_type,
            adds_information=float(passage.index.counts[number] - mask.bit_count() >= _NEW_WORDS),
            focus_similarity=passage.focus[number],
            wh_similarity=passage.wh[number],
            echoes_term=coverage if answer_type is AnswerType.MEANING else 0.0,
        )


def _with_neighbours(nearest: FloatArray) -> Sequence[Sequence[float]]:
    """The rows of `_Parts.nearest`, each the maximum of a sentence and its two neighbours."""
    around = nearest.copy()
    np.maximum(around[1:], nearest[:-1], out=around[1:])
    np.maximum(around[:-1], nearest[1:], out=around[:-1])
    rows: Sequence[Sequence[float]] = around.tolist()
    return rows


def _similarities(
    question: Question, text: str, spans: Sequence[Span], words: Sequence[int], tokens: ComparedTokens | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """`nearest`, `wh` and `focus` of `_Parts`.

    MaxSim is ColBERT's late interaction (Khattab and Zaharia, SIGIR 2020), over a model that was not trained for it.
    """
    none = np.zeros(len(spans), dtype=np.float32)
    if tokens is None or not len(question.weights):
        return np.zeros((len(spans), 0), dtype=np.float32), none, none
    cosines = tokens.cosines
    content, focus = len(question.weights), len(question.weights) + len(question.wh_vectors)
    if len(question.focus_vectors):
        cosines = cosines.copy()
        for first, end in _question_tokens(question.rarity.keys(), text, spans, words, tokens.starts):
            cosines[first:end, focus:] = 0.0
    begins = np.searchsorted(tokens.starts, [span.start for span in spans])
    begins[0] = 0
    filled = np.flatnonzero(np.diff(begins, append=len(cosines)))
    nearest = np.zeros((len(spans), cosines.shape[1]), dtype=np.float32)
    nearest[filled] = np.clip(np.maximum.reduceat(cosines, begins[filled]), 0.0, 1.0)
    return (
        nearest[:, :content],
        nearest[:, content] if len(question.wh_vectors) else none,
        nearest[:, focus:].max(axis=1) if len(question.focus_vectors) else none,
    )


def _question_tokens(
    known: AbstractSet[str], text: str, spans: Sequence[Span], words: Sequence[int], starts: IntArray
) -> Iterator[tuple[int, int]]:
    """Token ranges (first, end) of the pieces of text that contain a `known` word; other sentences are skipped."""
    edges: list[int] = []
    for number, span in enumerate(spans):
        if words[number]:
            sentence = span.of(text)
            end = spans[number + 1].start if number + 1 < len(spans) else len(text)
            pieces = [*(span.start + start for start in piece_starts(sentence)), end]
            for place, piece_words in enumerate(words_by_piece(sentence)):
                if not known.isdisjoint(piece_words):
                    edges += pieces[place : place + 2]
    places = iter(np.searchsorted(starts, edges).tolist())
    return zip(places, places, strict=True)


def _agent_missing(agent: AbstractSet[str], headline: AbstractSet[str], index: WordIndex) -> int:
    """The mask of sentences where neither they, their neighbours nor the headline have a word like the agent's name.

    Empty for a question without an agent.
    """
    if not agent or not agent.isdisjoint(headline):
        return 0
    named = reduce(or_, (index.masks.get(name, 0) for name in agent))
    missing = ((1 << len(index.spans)) - 1) & ~with_neighbours(named)
    if not missing or _any_alike(agent, headline):
        return 0
    alike = reduce(or_, (mask for word, mask in index.masks.items() if _any_alike(agent, (word,))), 0)
    return missing & ~with_neighbours(alike)


def _any_alike(agent: AbstractSet[str], words: Collection[str]) -> bool:
    """Whether a word starts with the same letter as a word of the name and is spelled much like it."""
    return any(word[0] == name[0] and _spelled_alike(name, word) for name in agent for word in words)


@lru_cache(maxsize=_CACHE_SIZE)
def _spelled_alike(name: str, word: str) -> bool:
    return bool(get_close_matches(name, (word,), n=1, cutoff=_SAME_SPELLING))

"""How well a sentence, and the passage around it, matches a question: a few named measurements between 0 and 1.

Pure functions. What the measurements are worth is `answering`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from retrieval.text.questions.abbreviations import with_forms
from retrieval.text.questions.answer_types import NAMED, AnswerType, offers
from retrieval.text.questions.word_places import indices, inventory, offered, with_neighbours
from retrieval.text.words import analyse, piece_starts, words_by_piece

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.domain.articles import Span
    from retrieval.domain.embeddings import FloatArray, IntArray
    from retrieval.text.questions.question import Question
    from retrieval.text.questions.word_places import Inventory
    from retrieval.text.token_vectors import ComparedTokens

_LIKE = 0.8
"""The least `difflib` ratio of two spellings of one name."""

_NEW_WORDS = 2
_REMEMBERED: Final = 4096  # pairs of spellings


class SentenceEvidence(NamedTuple):
    """What speaks for a sentence, each from 0 to 1; a tuple, since a question makes a hundred.

    `likeness`: its tokens against the question's (MaxSim). `covered`: the question's words in it, by rarity.
    `relation`: those that are no names. `context`: as `covered`, with the headline and the sentences beside it.
    `familiar`: how well the question's names are met there. `strange`: 1 where none of the name of whom the question
    asks about is there: somebody else did it. `offers`: it holds something of the `kind` asked for. `tells`: it says
    more than the question. `thing`: how like what is asked for (which *river*) the nearest token is that the question
    has not. `asking`: how like the question word the nearest token is. `repeats`: as `covered`, where the question asks
    what some words refer to: not to themselves.
    """

    span: Span
    likeness: float
    covered: float
    relation: float
    context: float
    familiar: float
    strange: float
    offers: float
    kind: AnswerType
    tells: float
    thing: float
    asking: float
    repeats: float


@dataclass(frozen=True, slots=True)
class PassageEvidence:
    """A passage's `likeness` as a whole, and its sentences, at least one; their spans count from its beginning."""

    likeness: float
    sentences: tuple[SentenceEvidence, ...]


def likeness(question: Question, tokens: ComparedTokens | None) -> float:
    """A passage's likeness (MaxSim) alone, quicker than `weigh`; 0 without its tokens."""
    if tokens is None or not len(question.weights):
        return 0.0
    return float(np.minimum(tokens.closest[: len(question.weights)], 1.0) @ question.weights)


def weigh(question: Question, title: str, text: str, tokens: ComparedTokens | None) -> PassageEvidence:
    """Measure a passage, its `tokens` compared to the question's `directions`; without, shared words are likeness."""
    passage = _take_apart(question, title, text, tokens)
    if passage.near.size:
        whole = float(passage.near.max(axis=0) @ question.weights)
    else:
        whole = question.coverage(reduce(or_, passage.held, passage.headline))
    return PassageEvidence(whole, tuple(_weigh_sentences(question, passage)))


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """A passage taken apart: its s sentences, the question's words in each, the cosines of each one's nearest tokens.

    Words are told as `Question.held` does. `near` (s, t): to each token of the question, 0 where the sentence has none,
    (s, 0) where tokens cannot be compared. `strange`: the sentences in and around which the name of whom the question
    asks about is not met. By sentence as well: `likeness`, as far as tokens tell it; `asking`, to its question word;
    `thing`, of tokens that are not the question's, to what it asks for.
    """

    holds: Inventory
    headline: int
    held: Sequence[int]
    offers: Sequence[bool]
    near: FloatArray
    likeness: Sequence[float]
    asking: Sequence[float]
    thing: Sequence[float]
    strange: int


def _take_apart(question: Question, title: str, text: str, tokens: ComparedTokens | None) -> _Parts:
    holds = inventory(text)
    offering = _offers(question, holds)
    headline = frozenset(analyse(title))
    if question.forms:
        holds, headline = holds.with_forms(question.forms), with_forms(headline, question.forms)
    held = _held(question, holds)
    near, asking, thing = _nearness(question, text, holds.spans, held, tokens)
    return _Parts(
        holds=holds,
        headline=question.held(headline),
        held=held,
        offers=offering,
        near=near,
        likeness=(near @ question.weights).tolist() if near.size else (),
        asking=asking.tolist(),
        thing=thing.tolist(),
        strange=_strange(question.agent(), headline, holds),
    )


def _held(question: Question, holds: Inventory) -> list[int]:
    """By sentence, the question's words in it."""
    held = [0] * len(holds.spans)
    for number, word in enumerate(question.rarity):
        for index in indices(holds.where.get(word, 0)):
            held[index] |= 1 << number
    return held


def _offers(question: Question, holds: Inventory) -> Sequence[bool]:
    """By sentence, whether it holds something of the kind asked for."""
    kind, known = question.kind, question.rarity.keys()
    if kind not in NAMED:
        return offered(holds, kind)
    return [offers(span.of(holds.text), kind, known) for span in holds.spans]


def _weigh_sentences(question: Question, passage: _Parts) -> Iterator[SentenceEvidence]:
    held, kind, headline = passage.held, question.kind, passage.headline
    around = _around(passage.near) if question.names else [()] * len(held)
    beside = zip([0, *held[:-1]], [*held[1:], 0], strict=True)
    for index, (span, words, (before, behind)) in enumerate(zip(passage.holds.spans, held, beside, strict=True)):
        context = headline | before | words | behind
        covered = question.coverage(words)
        yield SentenceEvidence(
            span=span,
            likeness=passage.likeness[index] if passage.likeness else covered,
            covered=covered,
            relation=question.relation(words) if question.names else covered,
            context=question.coverage(context),
            familiar=question.familiarity(context, around[index]),
            strange=float(passage.strange >> index & 1),
            offers=float(passage.offers[index]),
            kind=kind,
            tells=float(passage.holds.counts[index] - words.bit_count() >= _NEW_WORDS),
            thing=passage.thing[index],
            asking=passage.asking[index],
            repeats=covered if kind is AnswerType.MEANING else 0.0,
        )


def _around(near: FloatArray) -> Sequence[Sequence[float]]:
    """As `_Parts.near`, of the sentences beside each one too."""
    around = near.copy()
    np.maximum(around[1:], near[:-1], out=around[1:])
    np.maximum(around[:-1], near[1:], out=around[:-1])
    nearest: Sequence[Sequence[float]] = around.tolist()
    return nearest


def _nearness(
    question: Question, text: str, spans: Sequence[Span], held: Sequence[int], tokens: ComparedTokens | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """`near`, `asking` and `thing` of `_Parts`.

    MaxSim is ColBERT's late interaction (Khattab and Zaharia, SIGIR 2020), over a model that was not trained for it.
    """
    none = np.zeros(len(spans), dtype=np.float32)
    if tokens is None or not len(question.weights):
        return np.zeros((len(spans), 0), dtype=np.float32), none, none
    cosines = tokens.cosines
    content, asking = len(question.weights), len(question.weights) + len(question.asking)
    if len(question.thing):
        cosines = cosines.copy()
        for first, end in _own_tokens(question.rarity.keys(), text, spans, held, tokens.starts):
            cosines[first:end, asking:] = 0.0
    begins = np.searchsorted(tokens.starts, [span.start for span in spans])
    begins[0] = 0
    filled = np.flatnonzero(np.diff(begins, append=len(cosines)))
    nearest = np.zeros((len(spans), cosines.shape[1]), dtype=np.float32)
    nearest[filled] = np.clip(np.maximum.reduceat(cosines, begins[filled]), 0.0, 1.0)
    return (
        nearest[:, :content],
        nearest[:, content] if len(question.asking) else none,
        nearest[:, asking:].max(axis=1) if len(question.thing) else none,
    )


def _own_tokens(
    known: AbstractSet[str], text: str, spans: Sequence[Span], held: Sequence[int], starts: IntArray
) -> Iterator[tuple[int, int]]:
    """The first, and one beyond the last, of the tokens of each piece of text that has one of the `known` words.

    Only sentences that hold one are looked at.
    """
    edges: list[int] = []
    for index, span in enumerate(spans):
        if held[index]:
            sentence = span.of(text)
            ends_at = spans[index + 1].start if index + 1 < len(spans) else len(text)
            pieces = [*(span.start + start for start in piece_starts(sentence)), ends_at]
            for place, words in enumerate(words_by_piece(sentence)):
                if not known.isdisjoint(words):
                    edges += pieces[place : place + 2]
    places = iter(np.searchsorted(starts, edges).tolist())
    return zip(places, places, strict=True)


def _strange(agent: AbstractSet[str], headline: AbstractSet[str], holds: Inventory) -> int:
    """The sentences in and around which, the headline included, there is no word of a name nor one much like it.

    A name without words is nobody's, and no stranger.
    """
    if not agent or not agent.isdisjoint(headline):
        return 0
    met = reduce(or_, (holds.where.get(name, 0) for name in agent))
    strange = ((1 << len(holds.spans)) - 1) & ~with_neighbours(met)
    if not strange or _is_alike(agent, headline):
        return 0
    alike = reduce(or_, (places for word, places in holds.where.items() if _is_alike(agent, (word,))), 0)
    return strange & ~with_neighbours(alike)


def _is_alike(agent: AbstractSet[str], words: Collection[str]) -> bool:
    """Whether one of the words begins as one of a name does, and is spelled much like it."""
    return any(word[0] == name[0] and _spelled_alike(name, word) for name in agent for word in words)


@lru_cache(maxsize=_REMEMBERED)
def _spelled_alike(name: str, word: str) -> bool:
    return bool(get_close_matches(name, (word,), n=1, cutoff=_LIKE))

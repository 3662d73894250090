"""How well a sentence, and the passage around it, matches a question: a few named measurements between 0 and 1.

Pure functions. What the measurements are worth is `answering`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from retrieval.text.abbreviations import with_forms
from retrieval.text.clues import Asked, offers
from retrieval.text.sentences import sentences
from retrieval.text.words import analyse, piece_starts, words_by_piece

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.domain.articles import Span
    from retrieval.domain.embeddings import FloatArray
    from retrieval.text.questions import Question
    from retrieval.text.token_vectors import ComparedTokens

_LIKE = 0.8
"""The least `difflib` ratio of two spellings of one name."""

_NEW_WORDS = 2


@dataclass(frozen=True, slots=True)
class SentenceEvidence:
    """What speaks for a sentence, each from 0 to 1.

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
    kind: Asked
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
    covered = question.coverage(frozenset().union(passage.headline, *passage.words))
    agent = question.agent()
    return PassageEvidence(
        likeness=float(passage.near.max(axis=0) @ question.weights) if passage.near.size else covered,
        sentences=tuple(_weigh_sentence(question, agent, passage, index) for index in range(len(passage.spans))),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """A passage taken apart: its s sentences, the analysed words of each, the cosines of each one's nearest tokens.

    `near` (s, t): to each token of the question, 0 where the sentence has none, (s, 0) where tokens cannot be compared.
    By sentence as well: `likeness`, as far as tokens tell it; `around`, as `near`, of the sentences beside it too;
    `asking`, to its question word; `thing`, of tokens that are not the question's, to what it asks for.
    """

    text: str
    headline: frozenset[str]
    spans: Sequence[Span]
    words: Sequence[frozenset[str]]
    near: FloatArray
    likeness: Sequence[float]
    around: Sequence[Sequence[float]]
    asking: Sequence[float]
    thing: Sequence[float]


def _take_apart(question: Question, title: str, text: str, tokens: ComparedTokens | None) -> _Parts:
    spans = sentences(text)
    pieces = [words_by_piece(span.of(text)) for span in spans]
    near, asking, thing = _nearness(question, text, [span.start for span in spans], pieces, tokens)
    around = near.copy()
    np.maximum(around[1:], near[:-1], out=around[1:])
    np.maximum(around[:-1], near[1:], out=around[:-1])
    return _Parts(
        text=text,
        headline=with_forms(frozenset(analyse(title)), question.forms),
        spans=spans,
        words=[with_forms(frozenset(chain.from_iterable(each)), question.forms) for each in pieces],
        near=near,
        likeness=(near @ question.weights).tolist() if near.size else (),
        around=around.tolist(),
        asking=asking.tolist(),
        thing=thing.tolist(),
    )


def _weigh_sentence(question: Question, agent: AbstractSet[str], passage: _Parts, index: int) -> SentenceEvidence:
    span, words = passage.spans[index], passage.words[index]
    context = passage.headline.union(*passage.words[max(index - 1, 0) : index + 2])
    covered = question.coverage(words)
    return SentenceEvidence(
        span=span,
        likeness=passage.likeness[index] if passage.likeness else covered,
        covered=covered,
        relation=question.relation(words) if question.names else covered,
        context=question.coverage(context),
        familiar=question.familiarity(context, passage.around[index]),
        strange=float(_is_stranger(agent, context)),
        offers=float(offers(span.of(passage.text), question.kind, question.rarity.keys())),
        kind=question.kind,
        tells=float(len(words - question.rarity.keys()) >= _NEW_WORDS),
        thing=passage.thing[index],
        asking=passage.asking[index],
        repeats=covered if question.kind is Asked.MEANING else 0.0,
    )


def _nearness(
    question: Question,
    text: str,
    starts: Sequence[int],
    pieces: Sequence[Sequence[tuple[str, ...]]],
    tokens: ComparedTokens | None,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """`near`, `asking` and `thing` of `_Parts`, of sentences that begin at `starts` and have these `words_by_piece`.

    MaxSim is ColBERT's late interaction (Khattab and Zaharia, SIGIR 2020), over a model that was not trained for it.
    """
    none = np.zeros(len(starts), dtype=np.float32)
    if tokens is None or not len(question.weights):
        return np.zeros((len(starts), 0), dtype=np.float32), none, none
    homes = np.maximum(np.searchsorted(starts, tokens.starts, side="right") - 1, 0)
    cosines = tokens.cosines
    content, asking = len(question.weights), len(question.weights) + len(question.asking)
    if len(question.thing):
        within = np.searchsorted(piece_starts(text), tokens.starts, side="right") - 1
        known = ~np.fromiter(map(question.rarity.keys().isdisjoint, chain.from_iterable(pieces)), dtype=np.bool_)
        cosines = cosines.copy()
        cosines[known[within], asking:] = 0.0
    nearest = np.zeros((len(starts), cosines.shape[1]), dtype=np.float32)
    np.maximum.at(nearest, homes, cosines)
    nearest = np.minimum(nearest, 1.0)
    return (
        nearest[:, :content],
        nearest[:, content] if len(question.asking) else none,
        nearest[:, asking:].max(axis=1) if len(question.thing) else none,
    )


def _is_stranger(agent: AbstractSet[str], words: AbstractSet[str]) -> bool:
    """Whether no word of a name, nor one that begins alike and is spelled much like it, is among `words`.

    A name without words is nobody's, and no stranger.
    """
    if not agent or not agent.isdisjoint(words):
        return False
    alike = ((name, [word for word in words if word[0] == name[0]]) for name in agent)
    return not any(get_close_matches(name, some, n=1, cutoff=_LIKE) for name, some in alike)

"""How well a sentence, and the passage around it, matches a question: a few named measurements between 0 and 1.

Pure functions. What the measurements are worth is `answering`'s to say. How rare a word is comes from the question's tokens,
not from the archive: in an archive of one article every word is rare.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrieval.text.clues import Asked, asked, offers
from retrieval.text.sentences import sentences
from retrieval.text.token_vectors import keeps, turn
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.domain import FloatArray, QueryEmbedding, Span
    from retrieval.text.token_vectors import TokenVectors

_COMMONEST = 1995
"""Entries of a vocabulary before its words: marks, single characters. Words follow by falling frequency."""

_RAREST = 10.3
"""The rarity of a word that the vocabulary does not hold whole: the logarithm of a vocabulary's usual size."""

_SURFACE = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_CAPITAL = re.compile(r"(?<!^)\b[A-Z][\w'’.-]*")
_NEW_WORDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question as evidence is measured against it.

    `rarity` maps its content words (analysed, each once, in order) to how rare each is (1..10.3); `names` are those that
    it writes with a capital. `vectors` (t, d), turned, and `weights` (t,), adding up to one, are its content tokens.
    """

    kind: Asked
    rarity: Mapping[str, float]
    names: frozenset[str]
    vectors: FloatArray
    weights: FloatArray

    def coverage(self, words: AbstractSet[str]) -> float:
        """The share of the question, by rarity, whose words are among `words`; 0 for a question without content words."""
        return self._share(word for word in self.rarity if word in words)

    def relation(self, words: AbstractSet[str]) -> float:
        """As `coverage`, of what is said about the names: every word but them."""
        return self._share(word for word in self.rarity if word in words and word not in self.names)

    def rarest_missing(self, words: AbstractSet[str]) -> float:
        """How rare the rarest word is that is not among `words`, from 0 (none is missing) to 1."""
        return max((rarity for word, rarity in self.rarity.items() if word not in words), default=0.0) / _RAREST

    def _share(self, words: Iterable[str]) -> float:
        total = sum(self.rarity.values())
        return sum(self.rarity[word] for word in words) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class SentenceEvidence:
    """What speaks for a sentence, each from 0 to 1.

    `likeness`: its tokens against the question's (MaxSim). `weakest`: that of the question token it matches worst. `covered`:
    the question's words in it, by rarity. `relation`: those that are no names. `context`: as `covered`, with the headline
    and the sentences beside it. `offers`: it holds something of the kind asked for. `tells`: it says more than the question.
    """

    span: Span
    likeness: float
    weakest: float
    covered: float
    relation: float
    context: float
    offers: float
    tells: float


@dataclass(frozen=True, slots=True)
class PassageEvidence:
    """The same for a passage as a whole, and its sentences (spans count from the passage's beginning), at least one."""

    likeness: float
    weakest: float
    covered: float
    rarest_missing: float
    sentences: tuple[SentenceEvidence, ...]


def understand(text: str, embedding: QueryEmbedding) -> Question:
    """Read a question: what it asks for, its content words with their rarity, its tokens turned as passages' are."""
    places = [place if keeps(text, *place) else None for place in embedding.token_places]
    rarity = _rarity(text, embedding)
    words = [_word_at(text, place[0]) if place else "" for place in places]
    chosen = [index for index, word in enumerate(words) if word in rarity]
    weights = np.array([rarity[words[index]] / words.count(words[index]) for index in chosen], dtype=np.float32)
    return Question(
        kind=asked(text),
        rarity=rarity,
        names=frozenset(word for found in _CAPITAL.findall(text.strip()) for word in analyse(found)),
        vectors=turn(embedding.token_vectors[chosen]),
        weights=weights / max(float(weights.sum()), 1e-9),
    )


def weigh(question: Question, title: str, text: str, tokens: TokenVectors | None) -> PassageEvidence:
    """Measure a passage; without its token vectors, shared words stand in for likeness."""
    spans = sentences(text)
    words = [frozenset(analyse(span.of(text))) for span in spans]
    headline = frozenset(analyse(title))
    near = _nearness(question, spans, tokens)
    found = tuple(
        _weigh_sentence(
            question, span, span.of(text), words[max(index - 1, 0) : index + 2], words[index], headline, row
        )
        for index, (span, row) in enumerate(zip(spans, near, strict=True))
    )
    everything = frozenset().union(headline, *words)
    covered = question.coverage(everything)
    best = near.max(axis=0) if len(spans) and near.shape[1] else None
    return PassageEvidence(
        likeness=covered if best is None else float(best @ question.weights),
        weakest=covered if best is None else float(best.min()),
        covered=covered,
        rarest_missing=question.rarest_missing(everything),
        sentences=found,
    )


def _weigh_sentence(
    question: Question,
    span: Span,
    text: str,
    around: Sequence[AbstractSet[str]],
    words: AbstractSet[str],
    headline: AbstractSet[str],
    near: FloatArray,
) -> SentenceEvidence:
    covered = question.coverage(words)
    return SentenceEvidence(
        span=span,
        likeness=float(near @ question.weights) if near.size else covered,
        weakest=float(near.min()) if near.size else covered,
        covered=covered,
        relation=question.relation(words),
        context=question.coverage(frozenset().union(headline, *around)),
        offers=float(offers(text, question.kind, question.rarity.keys())),
        tells=float(len(words - question.rarity.keys()) >= _NEW_WORDS),
    )


def _nearness(question: Question, spans: Sequence[Span], tokens: TokenVectors | None) -> FloatArray:
    """(s, t): for each sentence and question token the cosine of the sentence's nearest token, 0 where it has none.

    MaxSim is ColBERT's late interaction (Khattab and Zaharia, SIGIR 2020), over a model that was not trained for it.
    """
    if tokens is None or not len(question.weights) or tokens.vectors.shape[1] != question.vectors.shape[1]:
        return np.zeros((len(spans), 0), dtype=np.float32)
    cosines = tokens.vectors @ question.vectors.T
    homes = np.searchsorted([span.start for span in spans], tokens.starts, side="right") - 1
    near = np.zeros((len(spans), len(question.weights)), dtype=np.float32)
    np.maximum.at(near, homes, cosines)
    return np.minimum(near, 1.0)


def _rarity(text: str, embedding: QueryEmbedding) -> dict[str, float]:
    """Rarity by rank in the model's vocabulary (Zipf's law: the logarithm of a rank is that of a frequency, less a constant).

    A word in several pieces is as rare as they come. A model that does not tell where its tokens stand makes all alike.
    """
    pieces: dict[str, list[int]] = {word: [] for word in analyse(text)}
    for (start, end), token in zip(embedding.token_places, embedding.token_ids, strict=False):
        word = _word_at(text, start) if end > start else ""
        if word in pieces:
            pieces[word].append(int(token))
    return {word: _rank(tokens) for word, tokens in pieces.items()}


def _rank(pieces: Sequence[int]) -> float:
    if len(pieces) != 1:
        return _RAREST
    return min(max(math.log(max(pieces[0] - _COMMONEST, 1)), 1.0), _RAREST)


def _word_at(text: str, position: int) -> str:
    """The last analysed word of the surface word at `position`; the empty string where there is none."""
    for found in _SURFACE.finditer(text):
        if found.start() <= position < found.end():
            return (analyse(found.group()) or [""])[-1]
    return ""

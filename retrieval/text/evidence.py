"""How well a sentence, and the passage around it, matches a question: a few named measurements between 0 and 1.

Pure functions. What the measurements are worth is `answering`'s to say. How rare a word is comes from the question's
tokens, not from the archive: in an archive of one article every word is rare.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import takewhile
from typing import TYPE_CHECKING, TypeGuard

import numpy as np

from retrieval.text.clues import TELLTALE, Asked, asked, offers
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
_CAPITAL_WITHIN = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]*")
_LOWER = re.compile(r"\b[a-z][\w'’-]*")
_AUXILIARY = re.compile(
    r"\b(?:did|does|do|has|have|had|is|are|was|were|will|would|can|could|should)(?:n['’]t)?\s+", re.IGNORECASE
)
_ACRONYM = re.compile(r"(?:the\s+)?(?:[A-Z]\.?){2,5}(?:['’]s)?(?!\w)")
_LIKE = 0.8
"""The least `difflib` ratio of two spellings of one name."""

_NEW_WORDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question as evidence is measured against it.

    `rarity` maps its content words (analysed, each once, in order) to how rare each is (1..10.3); `names` are those
    that it writes with a capital, `asked_about` the words behind its auxiliary verb, in order. Its t content tokens:
    `vectors` (t, d), turned, `weights` (t,), adding up to one, and `words`, the word of each.
    """

    kind: Asked
    rarity: Mapping[str, float]
    names: frozenset[str]
    asked_about: tuple[str, ...]
    vectors: FloatArray
    weights: FloatArray
    words: tuple[str, ...]

    def coverage(self, words: AbstractSet[str]) -> float:
        """The share of the question, by rarity, whose words are among `words`; 0 where it has no content words."""
        return self._share(word for word in self.rarity if word in words)

    def relation(self, words: AbstractSet[str]) -> float:
        """As `coverage`, of what is said about the names: every word but them."""
        return self._share(word for word in self.rarity if word in words and word not in self.names)

    def familiarity(self, words: AbstractSet[str], near: FloatArray) -> float:
        """How well the name that is met worst is met (0..1): 1 by one of `words`, else by its nearest token.

        `near` (s, t) are the cosines of some sentences. 1 for a question without names.
        """
        closest = near.max(axis=0, initial=0.0) if near.size else np.zeros(len(self.words))
        met = dict.fromkeys(self.names & self.rarity.keys(), 0.0)
        for word, cosine in zip(self.words, closest, strict=True):
            if word in met:
                met[word] = max(met[word], float(cosine))
        return min((1.0 if word in words else cosine for word, cosine in met.items()), default=1.0)

    def agent(self) -> frozenset[str]:
        """The name of whom it asks about: what stands right behind its auxiliary verb ("why did *Hamas* cancel")."""
        return frozenset(takewhile(self.names.__contains__, self.asked_about))

    def _share(self, words: Iterable[str]) -> float:
        total = sum(self.rarity.values())
        return sum(self.rarity[word] for word in words) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class SentenceEvidence:
    """What speaks for a sentence, each from 0 to 1.

    `likeness`: its tokens against the question's (MaxSim). `covered`: the question's words in it, by rarity.
    `relation`: those that are no names. `context`: as `covered`, with the headline and the sentences beside it.
    `familiar`: how well the question's names are met there. `strange`: 1 where none of the name of whom the question
    asks about is there: somebody else did it. `offers`: it holds something of the kind asked for;
    `telltale`: a kind that leaves a sure trace. `tells`: it says more than the question.
    """

    span: Span
    likeness: float
    covered: float
    relation: float
    context: float
    familiar: float
    strange: float
    offers: float
    telltale: bool
    tells: float


@dataclass(frozen=True, slots=True)
class PassageEvidence:
    """A passage's `likeness` as a whole, and its sentences, at least one; their spans count from its beginning."""

    likeness: float
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
        names=frozenset(analyse(" ".join(_CAPITAL.findall(text.strip())))),
        asked_about=_asked_about(text),
        vectors=turn(embedding.token_vectors[chosen]),
        weights=weights / max(float(weights.sum()), 1e-9),
        words=tuple(words[index] for index in chosen),
    )


def with_names(question: Question, texts: Sequence[str]) -> Question:
    """A question all in lower case learns its names from texts: words written with a capital oftener than without."""
    if question.names:
        return question
    upper = Counter(analyse(" ".join(name for text in texts for name in _CAPITAL_WITHIN.findall(text))))
    lower = Counter(analyse(" ".join(word for text in texts for word in _LOWER.findall(text))))
    return replace(question, names=frozenset(word for word in question.rarity if upper[word] > lower[word]))


def likeness(question: Question, tokens: TokenVectors | None) -> float:
    """A passage's likeness (MaxSim) alone, quicker than `weigh`; 0 without its token vectors."""
    if not _comparable(tokens, question):
        return 0.0
    closest = (tokens.vectors @ question.vectors.T).max(axis=0)
    return float(np.minimum(closest, 1.0) @ question.weights)


def weigh(question: Question, title: str, text: str, tokens: TokenVectors | None) -> PassageEvidence:
    """Measure a passage; without its token vectors, shared words stand in for likeness."""
    spans = sentences(text)
    passage = _Parts(
        text=text,
        headline=frozenset(analyse(title)),
        spans=spans,
        words=[frozenset(analyse(span.of(text))) for span in spans],
        near=_nearness(question, spans, tokens),
    )
    covered = question.coverage(frozenset().union(passage.headline, *passage.words))
    return PassageEvidence(
        likeness=float(passage.near.max(axis=0) @ question.weights) if passage.near.size else covered,
        sentences=tuple(_weigh_sentence(question, passage, index) for index in range(len(spans))),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """A passage taken apart: its sentences, the analysed words of each, and `near` (s, t) as `_nearness` gives it."""

    text: str
    headline: frozenset[str]
    spans: Sequence[Span]
    words: Sequence[frozenset[str]]
    near: FloatArray


def _weigh_sentence(question: Question, passage: _Parts, index: int) -> SentenceEvidence:
    span, words, near = passage.spans[index], passage.words[index], passage.near[index]
    around = slice(max(index - 1, 0), index + 2)
    context = frozenset().union(passage.headline, *passage.words[around])
    covered = question.coverage(words)
    return SentenceEvidence(
        span=span,
        likeness=float(near @ question.weights) if near.size else covered,
        covered=covered,
        relation=question.relation(words),
        context=question.coverage(context),
        familiar=question.familiarity(context, passage.near[around]),
        strange=float(_is_stranger(question.agent(), context)),
        offers=float(offers(span.of(passage.text), question.kind, question.rarity.keys())),
        telltale=question.kind in TELLTALE,
        tells=float(len(words - question.rarity.keys()) >= _NEW_WORDS),
    )


def _nearness(question: Question, spans: Sequence[Span], tokens: TokenVectors | None) -> FloatArray:
    """(s, t): for each sentence and question token the cosine of the sentence's nearest token, 0 where it has none.

    MaxSim is ColBERT's late interaction (Khattab and Zaharia, SIGIR 2020), over a model that was not trained for it.
    """
    if not _comparable(tokens, question):
        return np.zeros((len(spans), 0), dtype=np.float32)
    cosines = tokens.vectors @ question.vectors.T
    homes = np.searchsorted([span.start for span in spans], tokens.starts, side="right") - 1
    near = np.zeros((len(spans), len(question.weights)), dtype=np.float32)
    np.maximum.at(near, homes, cosines)
    return np.minimum(near, 1.0)


def _comparable(tokens: TokenVectors | None, question: Question) -> TypeGuard[TokenVectors]:
    """Whether both have tokens, of one dimension."""
    return tokens is not None and bool(len(question.weights)) and tokens.vectors.shape[1] == question.vectors.shape[1]


def _asked_about(text: str) -> tuple[str, ...]:
    """The analysed words behind the auxiliary verb; none behind an acronym, which texts spell out as they like."""
    parts = _AUXILIARY.split(text, maxsplit=1)
    return () if len(parts) == 1 or _ACRONYM.match(parts[1]) else tuple(analyse(parts[1]))


def _is_stranger(agent: AbstractSet[str], words: AbstractSet[str]) -> bool:
    """Whether no word of a name, nor one that begins alike and is spelled much like it, is among `words`.

    A name without words is nobody's, and no stranger.
    """
    if not agent or not agent.isdisjoint(words):
        return False
    alike = ((name, [word for word in words if word[0] == name[0]]) for name in agent)
    return not any(get_close_matches(name, some, n=1, cutoff=_LIKE) for name, some in alike)


def _rarity(text: str, embedding: QueryEmbedding) -> dict[str, float]:
    """Rarity by rank in the model's vocabulary: by Zipf's law a rank's logarithm is a frequency's, but for a constant.

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

"""A question as evidence is measured against it: what it asks for, its words and their rarity, its names, its tokens.

How rare a word is comes from the question's tokens, not from the archive: in an archive of one article every word is
rare. Nothing here has seen an answer.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from retrieval.text.questions.abbreviations import Form, forms_of
from retrieval.text.questions.answer_types import AnswerType, asked
from retrieval.text.token_vectors import keeps, turn
from retrieval.text.words import FUNCTION_WORDS, QUESTION_WORDS, analyse, words_by_piece

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.domain.embeddings import FloatArray, QueryEmbedding

_COMMONEST = 1995
"""Entries of a vocabulary before its words: marks, single characters. Words follow by falling frequency."""

_RAREST = 10.3
"""The rarity of a word that the vocabulary does not hold whole: the logarithm of a vocabulary's usual size."""

_SURFACE = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_THING = re.compile(r"\b(?:what|which|how many|how much)\s+(\w+)", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<!^)\b[A-Z][\w'’.-]*")
_CAPITAL_WITHIN = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]*")
_LOWER = re.compile(r"\b[a-z][\w'’-]*")
_AUXILIARY = re.compile(
    r"\b(?:did|does|do|has|have|had|is|are|was|were|will|would|can|could|should)(?:n['’]t)?\s+", re.IGNORECASE
)
_ACRONYM = re.compile(r"(?:the\s+)?(?:[A-Z]\.?){2,5}(?:['’]s)?(?!\w)")


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question as evidence is measured against it.

    `rarity` maps its content words (analysed, each once, in order) to how rare each is (1..10.3); `names` are those
    that it writes with a capital, `asked_about` the words behind its auxiliary verb, in order. Its t content tokens:
    `vectors` (t, d), turned, `weights` (t,), adding up to one, and `words`, the word of each. Turned as well: `asking`
    (0 or 1, d), the token of its question word; `thing` (n, d), those of what is asked for: which *river*; and all of
    them one below the other, `directions`. `forms` are the abbreviations in it, and the names that have one.
    """

    kind: AnswerType
    rarity: Mapping[str, float]
    names: frozenset[str]
    asked_about: tuple[str, ...]
    vectors: FloatArray
    weights: FloatArray
    words: tuple[str, ...]
    asking: FloatArray
    thing: FloatArray
    directions: FloatArray
    forms: tuple[Form, ...]
    _shares: dict[int, float] = field(init=False, default_factory=dict)
    _named: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", self.held(self.names))

    def held(self, words: AbstractSet[str]) -> int:
        """Which of its content words are among `words`, as a number: bit i is set for the i-th."""
        return sum(1 << number for number, word in enumerate(self.rarity) if word in words)

    def coverage(self, held: int) -> float:
        """The share of the question, by rarity, whose words are `held`; 0 where it has no content words."""
        share = self._shares.get(held)
        if share is None:
            rarities = [rarity for number, rarity in enumerate(self.rarity.values()) if held >> number & 1]
            share = self._shares[held] = sum(rarities) / sum(self.rarity.values()) if rarities else 0.0
        return share

    def relation(self, held: int) -> float:
        """As `coverage`, of what is said about the names: every word but them."""
        return self.coverage(held & ~self._named)

    def familiarity(self, held: int, near: Sequence[float]) -> float:
        """How well the name that is met worst is met (0..1): 1 by a word that is `held`, else by its nearest token.

        `near`: the greatest cosine of each of `self.words` with the tokens around those words, or nothing. 1 for a
        question without names.
        """
        unmet = self._named & ~held
        if not unmet:
            return 1.0
        cosines = {word: 0.0 for number, word in enumerate(self.rarity) if unmet >> number & 1}
        for word, cosine in zip(self.words, near, strict=False):
            if word in cosines:
                cosines[word] = max(cosines[word], cosine)
        return min(cosines.values())

    def agent(self) -> frozenset[str]:
        """The name of whom it asks about: what stands right behind its auxiliary verb ("why did *Hamas* cancel")."""
        return frozenset(takewhile(self.names.__contains__, self.asked_about))


def understand(text: str, embedding: QueryEmbedding) -> Question:
    """Read a question: what it asks for, its content words with their rarity, its tokens turned as passages' are.

    Words that are to count for nothing may be blanks in `text`, as long as all others stand where they were embedded.
    """
    places = [place if keeps(text, *place) else None for place in embedding.token_places]
    surface = _Surface(text)
    rarity = _rarity(text, embedding, surface)
    words = [surface.word_at(place[0]) if place else "" for place in places]
    chosen = [index for index, word in enumerate(words) if word in rarity]
    times = Counter(words)
    weights = np.array([rarity[words[index]] / times[words[index]] for index in chosen], dtype=np.float32)
    asking = _tokens_within(embedding, _question_word(text))[:1]
    thing = _tokens_within(embedding, _thing(text))
    directions = turn(embedding.token_vectors[[*chosen, *asking, *thing]])
    return Question(
        kind=asked(text),
        rarity=rarity,
        names=frozenset(analyse(" ".join(_CAPITAL.findall(text.strip())))),
        asked_about=_asked_about(text),
        vectors=directions[: len(chosen)],
        weights=weights / max(float(weights.sum()), 1e-9),
        words=tuple(words[index] for index in chosen),
        asking=directions[len(chosen) : len(chosen) + len(asking)],
        thing=directions[len(chosen) + len(asking) :],
        directions=directions,
        forms=forms_of(rarity.keys()),
    )


def with_names(question: Question, texts: Sequence[str]) -> Question:
    """A question all in lower case learns its names from texts: words written with a capital oftener than without."""
    if question.names:
        return question
    upper, lower = _counted(question, _CAPITAL_WITHIN, texts), _counted(question, _LOWER, texts)
    return replace(question, names=frozenset(word for word in question.rarity if upper[word] > lower[word]))


def _counted(question: Question, pattern: re.Pattern[str], texts: Sequence[str]) -> Counter[str]:
    """How often each word of the question stands in what matches the pattern, which is without white space."""
    found = Counter(chain.from_iterable(map(pattern.findall, texts)))
    counted: Counter[str] = Counter()
    for words, times in zip(words_by_piece(" ".join(found)), found.values(), strict=True):
        for word in words:
            if word in question.rarity:
                counted[word] += times
    return counted


def _question_word(text: str) -> tuple[int, int]:
    """Where the first question word stands; (0, 0) where there is none."""
    found = (word.span() for word in _SURFACE.finditer(text) if word.group().casefold() in QUESTION_WORDS)
    return next(found, (0, 0))


def _thing(text: str) -> tuple[int, int]:
    """Where the noun behind "which" or "how many" stands, or whatever is there; (0, 0) for nothing of content."""
    found = _THING.search(text)
    return (0, 0) if found is None or found[1].casefold() in FUNCTION_WORDS else found.span(1)


def _tokens_within(embedding: QueryEmbedding, place: tuple[int, int]) -> list[int]:
    start, stop = place
    return [n for n, (first, last) in enumerate(embedding.token_places) if start <= first < last <= stop]


def _asked_about(text: str) -> tuple[str, ...]:
    """The analysed words behind the auxiliary verb; none behind an acronym, which texts spell out as they like."""
    parts = _AUXILIARY.split(text, maxsplit=1)
    return () if len(parts) == 1 or _ACRONYM.match(parts[1]) else tuple(analyse(parts[1]))


def _rarity(text: str, embedding: QueryEmbedding, surface: _Surface) -> dict[str, float]:
    """Rarity by rank in the model's vocabulary: by Zipf's law a rank's logarithm is a frequency's, but for a constant.

    A word in several pieces is as rare as they come. A model that does not tell where its tokens stand makes all alike.
    """
    pieces: dict[str, list[int]] = {word: [] for word in analyse(text)}
    for (start, end), token in zip(embedding.token_places, embedding.token_ids, strict=False):
        word = surface.word_at(start) if end > start else ""
        if word in pieces:
            pieces[word].append(int(token))
    return {word: _rank(tokens) for word, tokens in pieces.items()}


def _rank(pieces: Sequence[int]) -> float:
    if len(pieces) != 1:
        return _RAREST
    return min(max(math.log(max(pieces[0] - _COMMONEST, 1)), 1.0), _RAREST)


class _Surface:
    """The surface words of a text, each with the last of its analysed words, or the empty string."""

    def __init__(self, text: str) -> None:
        self._words = [(*found.span(), (analyse(found.group()) or [""])[-1]) for found in _SURFACE.finditer(text)]

    def word_at(self, position: int) -> str:
        """The word at `position`; the empty string where there is none."""
        place = bisect_right(self._words, position, key=itemgetter(0)) - 1
        if place < 0:
            return ""
        _, end, word = self._words[place]
        return word if position < end else ""

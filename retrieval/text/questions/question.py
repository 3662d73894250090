"""A question prepared for measuring evidence: answer type, content words with their rarity, names, token vectors.

Rarity comes from the model's vocabulary, not from the archive: in an archive of one article every word is rare.
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

from retrieval.text.questions.abbreviations import Abbreviation, find_abbreviations, with_abbreviations
from retrieval.text.questions.answer_types import AnswerType, answer_type
from retrieval.text.questions.relations import opposites_asked
from retrieval.text.token_vectors import is_content_token, rotate
from retrieval.text.words import FUNCTION_WORDS, QUESTION_WORDS, analyse, word_list, words_by_piece

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.domain.embeddings import FloatArray, QueryEmbedding
    from retrieval.text.questions.relations import Opposites

_COMMONEST = 1995
"""Vocabulary entries before the first word: marks, single characters. Words follow by falling frequency."""

_RAREST = 10.3
"""The rarity of a word of several tokens: the logarithm of a vocabulary's usual size."""

_COMMON = 6.5
"""The rarity below which a word alone is no question; some thousand words are as common."""
_SAYS_LITTLE = 7.0
"""The same below which it tells little of what a question is about: "gone", "many", "top"."""

_HALF = 0.5
"""The share of a question, weighted by rarity, that a passage about its subject holds at least."""

_SURFACE = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_FOCUS = re.compile(r"\b(?:what|which|how many|how much)\s+(\w+)", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<!^)\b[A-Z][\w'’.-]*")
_CAPITAL_WITHIN = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]*")
_LOWER = re.compile(r"\b[a-z][\w'’-]*")
_AUXILIARY = re.compile(
    r"\b(?:did|does|do|has|have|had|is|are|was|were|will|would|can|could|should)(?:n['’]t)?\s+", re.IGNORECASE
)
_MARKS = ".,;:!?'\"“”‘’()[]"
_AUXILIARIES = word_list("will may cannot")
"""Verbs that help another one and are no function words, since they are a name, a month or a noun too."""
_BEFORE_NOUNS = word_list("a an the this that his her its their my your our whose free last living in of")
_ACRONYM = re.compile(r"(?:the\s+)?(?:[A-Z]\.?){2,5}(?:['’]s)?(?!\w)")


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question as evidence is measured against it.

    `rarity` maps its content words (analysed, each once, in order) to their rarity (1..10.3); `names` are those it
    writes with a capital, `after_auxiliary` the words behind its auxiliary verb, in order. `abbreviations` are the
    known ones that occur in it, in either form.

    It has t content tokens: `weights` (t,), adding up to one, and `token_words`, the word of each. `rotated_queries`
    (q, d) are the rotated vectors of the content tokens first, then of `wh_vectors` (0 or 1, d), the question word,
    and of `focus_vectors` (n, d), the noun asked for (which *river*). `opposites` are those of its verbs.
    """

    answer_type: AnswerType
    rarity: Mapping[str, float]
    names: frozenset[str]
    after_auxiliary: tuple[str, ...]
    weights: FloatArray
    token_words: tuple[str, ...]
    wh_vectors: FloatArray
    focus_vectors: FloatArray
    rotated_queries: FloatArray
    abbreviations: tuple[Abbreviation, ...]
    opposites: Opposites
    _coverages: dict[int, float] = field(init=False, default_factory=dict)
    _name_mask: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_name_mask", self.word_mask(self.names))

    def word_mask(self, words: AbstractSet[str]) -> int:
        """Which content words are among `words`, as a bit mask: bit i is set for the i-th."""
        return sum(1 << number for number, word in enumerate(self.rarity) if word in words)

    def idf_coverage(self, mask: int) -> float:
        """The share (0..1) of the question that the words of a mask cover, weighted by rarity; 0 without content."""
        share = self._coverages.get(mask)
        if share is None:
            rarities = [rarity for number, rarity in enumerate(self.rarity.values()) if mask >> number & 1]
            share = self._coverages[mask] = sum(rarities) / sum(self.rarity.values()) if rarities else 0.0
        return share

    def predicate_coverage(self, mask: int) -> float:
        """As `idf_coverage`, with names left out: what is said about them."""
        return self.idf_coverage(mask & ~self._name_mask)

    def name_match(self, mask: int, nearest: Sequence[float]) -> float:
        """How well the worst matched name is matched (0..1): 1 for a word of the mask, else its nearest token's cosine.

        `nearest` has the highest cosine for each of `token_words`, or is empty. 1 for a question without names.
        """
        missing = self._name_mask & ~mask
        if not missing:
            return 1.0
        cosines = {word: 0.0 for number, word in enumerate(self.rarity) if missing >> number & 1}
        for word, cosine in zip(self.token_words, nearest, strict=False):
            if word in cosines:
                cosines[word] = max(cosines[word], cosine)
        return min(cosines.values())

    def is_scrap(self) -> bool:
        """Whether it is one common word, and no name."""
        return not self.names and len(self.rarity) == 1 and max(self.rarity.values()) < _COMMON

    def is_telling(self, word: str) -> bool:
        """Whether one of its words is a name, or rare enough to tell what the question is about."""
        return any(word in self.names or self.rarity.get(word, 0.0) >= _SAYS_LITTLE for word in analyse(word))

    def is_subject_of(self, words: frozenset[str]) -> bool:
        """Whether analysed words have all of its names, and most of the rest."""
        mask = self.word_mask(with_abbreviations(words, self.abbreviations))
        return not self._name_mask & ~mask and self.idf_coverage(mask) >= _HALF

    def agent(self) -> frozenset[str]:
        """The name right behind the auxiliary verb ("why did *Hamas* cancel"): whom the question asks about."""
        return frozenset(takewhile(self.names.__contains__, self.after_auxiliary))


def understand(text: str, embedding: QueryEmbedding) -> Question:
    """Analyse a question and rotate its token vectors as those of passages are.

    Words that are to count for nothing may be blanked out in `text`, as long as all others keep their offsets.
    """
    places = [place if is_content_token(text, *place) else None for place in embedding.token_places]
    surface = _Surface(text)
    rarity = _rarity(text, embedding, surface)
    words = [surface.word_at(place[0]) if place else "" for place in places]
    content = [index for index, word in enumerate(words) if word in rarity]
    counts = Counter(words)
    weights = np.array([rarity[words[index]] / counts[words[index]] for index in content], dtype=np.float32)
    wh = _tokens_within(embedding, _question_word(text))[:1]
    focus = _tokens_within(embedding, _focus(text))
    rotated = rotate(embedding.token_vectors[[*content, *wh, *focus]])
    return Question(
        answer_type=answer_type(text),
        rarity=rarity,
        names=frozenset(analyse(" ".join(_CAPITAL.findall(text.strip())))),
        after_auxiliary=_after_auxiliary(text),
        weights=weights / max(float(weights.sum()), 1e-9),
        token_words=tuple(words[index] for index in content),
        wh_vectors=rotated[len(content) : len(content) + len(wh)],
        focus_vectors=rotated[len(content) + len(wh) :],
        rotated_queries=rotated,
        abbreviations=find_abbreviations(rarity.keys()),
        opposites=opposites_asked(text),
    )


def printed_words(text: str) -> list[str]:
    """The content words of a question as they are written, each once."""
    pieces = [piece.strip(_MARKS) for piece in text.split()]
    around = zip(("", *pieces), pieces, (*pieces[1:], ""), words_by_piece(text), strict=False)
    return list(
        dict.fromkeys(
            piece for before, piece, after, words in around if words and not _is_auxiliary(before, piece, after)
        )
    )


def _is_auxiliary(before: str, word: str, after: str) -> bool:
    """Whether a verb only helps another one: no name ("Will Hale"), no noun ("the will")."""
    begins = not before and after[:1].islower()
    return (word if not begins else word.lower()) in _AUXILIARIES and before.lower() not in _BEFORE_NOUNS


def with_names(question: Question, texts: Sequence[str]) -> Question:
    """Give a question in lower case the names that `texts` write with a capital more often than without."""
    if question.names:
        return question
    upper, lower = _counts(question, _CAPITAL_WITHIN, texts), _counts(question, _LOWER, texts)
    return replace(question, names=frozenset(word for word in question.rarity if upper[word] > lower[word]))


def _counts(question: Question, pattern: re.Pattern[str], texts: Sequence[str]) -> Counter[str]:
    """How often each of the question's words occurs in matches of a pattern; matches contain no white space."""
    matches = Counter(chain.from_iterable(map(pattern.findall, texts)))
    counts: Counter[str] = Counter()
    for words, times in zip(words_by_piece(" ".join(matches)), matches.values(), strict=True):
        for word in words:
            if word in question.rarity:
                counts[word] += times
    return counts


def _question_word(text: str) -> tuple[int, int]:
    """Start and end of the first question word; (0, 0) without one."""
    places = (word.span() for word in _SURFACE.finditer(text) if word.group().casefold() in QUESTION_WORDS)
    return next(places, (0, 0))


def _focus(text: str) -> tuple[int, int]:
    """Start and end of the word behind "which" or "how many"; (0, 0) without one, or for a function word."""
    match = _FOCUS.search(text)
    return (0, 0) if match is None or match[1].casefold() in FUNCTION_WORDS else match.span(1)


def _tokens_within(embedding: QueryEmbedding, place: tuple[int, int]) -> list[int]:
    start, stop = place
    return [n for n, (first, last) in enumerate(embedding.token_places) if start <= first < last <= stop]


def _after_auxiliary(text: str) -> tuple[str, ...]:
    """The analysed words behind the auxiliary verb; none behind an acronym, which articles spell in many ways."""
    parts = _AUXILIARY.split(text, maxsplit=1)
    return () if len(parts) == 1 or _ACRONYM.match(parts[1]) else tuple(analyse(parts[1]))


def _rarity(text: str, embedding: QueryEmbedding, surface: _Surface) -> dict[str, float]:
    """Rarity of each word by its rank in the vocabulary: by Zipf's law, log rank is log frequency but for a constant.

    A word of several tokens counts as the rarest. All words are alike for a model that does not locate its tokens.
    """
    tokens: dict[str, list[int]] = {word: [] for word in analyse(text)}
    for (start, end), token in zip(embedding.token_places, embedding.token_ids, strict=False):
        word = surface.word_at(start) if end > start else ""
        if word in tokens:
            tokens[word].append(int(token))
    return {word: _log_rank(ids) for word, ids in tokens.items()}


def _log_rank(token_ids: Sequence[int]) -> float:
    if len(token_ids) != 1:
        return _RAREST
    return min(max(math.log(max(token_ids[0] - _COMMONEST, 1)), 1.0), _RAREST)


class _Surface:
    """The printed words of a text, each with the last of its analysed words, or the empty string."""

    def __init__(self, text: str) -> None:
        self._words = [(*match.span(), (analyse(match.group()) or [""])[-1]) for match in _SURFACE.finditer(text)]

    def word_at(self, position: int) -> str:
        """The analysed word at `position`; the empty string where there is none."""
        place = bisect_right(self._words, position, key=itemgetter(0)) - 1
        if place < 0:
            return ""
        _, end, word = self._words[place]
        return word if position < end else ""

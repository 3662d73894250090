"""Index of a text's sentences by word, independent of any question.

A set of sentences is an integer bit mask: bit i stands for sentence i. One look-up of a word answers for all sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_
from typing import TYPE_CHECKING, Final

from retrieval.text.questions.answer_types import contains_answer_type
from retrieval.text.sentences import sentences
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrieval.domain.articles import Span
    from retrieval.text.questions.abbreviations import Abbreviation
    from retrieval.text.questions.answer_types import AnswerType

_CACHE_SIZE: Final = 550
"""Texts whose index stays cached, some 9 KB each: popular news is asked for again."""


@dataclass(frozen=True, slots=True, eq=False)
class WordIndex:
    """Sentences of `text`, how many distinct words each has, and the mask of sentences for each analysed word."""

    text: str
    spans: tuple[Span, ...]
    counts: Sequence[int]
    masks: Mapping[str, int]

    def with_abbreviations(self, abbreviations: Iterable[Abbreviation]) -> WordIndex:
        """Index the text as if each sentence also held the other form of any of `abbreviations` that it holds."""
        counts, masks = list(self.counts), dict(self.masks)
        for short, long in abbreviations:
            spelled_out = reduce(and_, (masks.get(word, 0) for word in long))
            added = [(word, masks.get(short, 0)) for word in long] + [(short, spelled_out)]
            for word, mask in added:
                for index in bit_positions(mask & ~masks.get(word, 0)):
                    counts[index] += 1
                masks[word] = masks.get(word, 0) | mask
        return WordIndex(self.text, self.spans, counts, masks)


@lru_cache(maxsize=_CACHE_SIZE)
def index_words(text: str) -> WordIndex:
    """Index a text. Cached by the text itself, so that an edited article can never get a stale index."""
    spans = tuple(sentences(text))
    counts: list[int] = []
    masks: dict[str, int] = {}
    for index, span in enumerate(spans):
        words = set(analyse(span.of(text)))
        counts.append(len(words))
        bit = 1 << index
        for word in words:
            masks[word] = masks.get(word, 0) | bit
    return WordIndex(text, spans, tuple(counts), masks)


@lru_cache(maxsize=_CACHE_SIZE)
def sentences_with(index: WordIndex, answer_type: AnswerType) -> tuple[bool, ...]:
    """For each sentence, whether it contains the answer type; for types that ignore the question's own words."""
    return tuple(contains_answer_type(span.of(index.text), answer_type, frozenset()) for span in index.spans)


def bit_positions(mask: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def with_neighbours(mask: int) -> int:
    """Add the sentence before and after each one; may set one bit past the last sentence."""
    return mask | mask << 1 | mask >> 1

"""What a text holds, whatever is asked of it: its sentences, and in which of them each word stands.

Sets of sentences are whole numbers: bit i is set for the i-th. A question asks of a word, not of a sentence, so that
one look-up answers for all sentences at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_
from typing import TYPE_CHECKING, Final

from retrieval.text.questions.answer_types import offers
from retrieval.text.sentences import sentences
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrieval.domain.articles import Span
    from retrieval.text.questions.abbreviations import Form
    from retrieval.text.questions.answer_types import AnswerType

_REMEMBERED: Final = 550
"""Texts whose inventory is remembered, some 9 KB each: news that is asked for is asked for again."""


@dataclass(frozen=True, slots=True, eq=False)
class Inventory:
    """The sentences of a text, how many different words each has, and by word (analysed) the sentences that have it."""

    text: str
    spans: tuple[Span, ...]
    counts: Sequence[int]
    where: Mapping[str, int]

    def with_forms(self, forms: Iterable[Form]) -> Inventory:
        """As if each sentence held the other form of whatever among `forms` it holds as well."""
        counts, where = list(self.counts), dict(self.where)
        for short, long in forms:
            spelled = reduce(and_, (where.get(word, 0) for word in long))
            added = [(word, where.get(short, 0)) for word in long] + [(short, spelled)]
            for word, places in added:
                for index in indices(places & ~where.get(word, 0)):
                    counts[index] += 1
                where[word] = where.get(word, 0) | places
        return Inventory(self.text, self.spans, counts, where)


@lru_cache(maxsize=_REMEMBERED)
def inventory(text: str) -> Inventory:
    """What a text holds; remembered by its very characters, so that nothing done to an article can make it wrong."""
    spans = tuple(sentences(text))
    counts: list[int] = []
    where: dict[str, int] = {}
    for index, span in enumerate(spans):
        words = set(analyse(span.of(text)))
        counts.append(len(words))
        place = 1 << index
        for word in words:
            where[word] = where.get(word, 0) | place
    return Inventory(text, spans, tuple(counts), where)


@lru_cache(maxsize=_REMEMBERED)
def offered(holds: Inventory, kind: AnswerType) -> tuple[bool, ...]:
    """By sentence, whether it offers something of a kind that is told whatever the question's own words are."""
    return tuple(offers(span.of(holds.text), kind, frozenset()) for span in holds.spans)


def indices(places: int) -> Iterator[int]:
    """Which bits of a number are set, ascending."""
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest


def with_neighbours(places: int) -> int:
    """These sentences and those beside them; perhaps one beyond the last."""
    return places | places << 1 | places >> 1

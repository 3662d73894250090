"""Misspelt words of a question: which they may be, and which word one slip away was probably meant.

What stands in the archive decides: a word that many passages have, beside other words of the question, for a name one
that is printed with a capital.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import dropwhile
from typing import TYPE_CHECKING, Final

from retrieval.text.search_keys import search_key
from retrieval.text.slips import LONGEST
from retrieval.text.words import FUNCTION_WORDS, analyse, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrieval.domain.embeddings import QueryEmbedding

MOST_PASSAGES: Final = 500
"""Passages of one word that are counted; more say no more."""

_SHORTEST: Final = 3
_LONG: Final = 8
_LONGEST_ACRONYM: Final = 5
_MERE_SLIP: Final = 0.5
"""The most unlikely slip that turns a name into another kind of word, or any word into one that tells nothing."""

_OF_PASSAGES, _OF_NEIGHBOURS, _OF_SLIP, _OF_NO_NAME = 0.5, 1.5, 1.5, 2.0
"""The weights of a reading's score; below 0, none is likely."""

_PRINTED: Final = re.compile(r"[^\W\d_]+")
_PIECE: Final = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_NAMES: Final = re.compile(r"[^\W\d_a-z][\w'’-]*+(?: [^\W\d_a-z][\w'’-]*+)*+")
_POSSESSIVE: Final = re.compile(r"['’]s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word of a question that may be misspelt; `is_name` where it has a capital which its place does not explain."""

    text: str
    start: int
    is_name: bool

    @property
    def end(self) -> int:
        """Where it ends in the question."""
        return self.start + len(self.text)

    @property
    def key(self) -> str:
        """The word in small plain letters."""
        return search_key(self.text)


@dataclass(frozen=True, slots=True)
class WordUse:
    """How the archive uses an analysed word: how many `passages` have it (at most 500), and the `texts` of some.

    `beside` are those that have another word of the question too.
    """

    word: str
    passages: int
    beside: int
    texts: tuple[str, ...]


def doubtful_words(question: str, embedding: QueryEmbedding) -> tuple[TypedWord, ...]:
    """The words that the model does not know whole: a word of several tokens is rare, foreign, a name, or misspelt."""
    if not embedding.token_places:
        return ()
    starts = Counter(start for start, end in embedding.token_places if start < end)
    has_case = not (question.islower() or question.isupper())
    words = (TypedWord(*word, is_name=has_case and word[1] > 0 and word[0][0].isupper()) for word in _words(question))
    return tuple(
        word
        for word in words
        if _may_be_misspelt(word.text, has_case=has_case)
        and sum(starts[place] for place in range(word.start, word.end)) > 1
    )


def stems(spellings: Iterable[str]) -> frozenset[str]:
    """The analysed words of spellings that are no function words."""
    return frozenset(stem(spelling) for spelling in spellings if spelling not in FUNCTION_WORDS)


def spellings(uses: Iterable[WordUse]) -> frozenset[str]:
    """The analysed words as they are printed, in small plain letters."""
    return frozenset(key for use in uses for key, _ in _printed(use) if analyse(key) == [use.word])


def likeliest(word: TypedWord, near: Mapping[str, float], uses: Iterable[WordUse]) -> str | None:
    """The word that was probably meant, as the archive prints it; None where none is likely."""
    scored = [*_function_words(word, near), *(pair for use in uses for pair in _printed_words(word, near, use))]
    score, best = max(scored, default=(-1.0, ""))
    return best if score >= 0 else None


def reread(question: str, meant: Sequence[tuple[TypedWord, str]]) -> tuple[str, tuple[str, ...]]:
    """The question with the words that were meant, in the order of their places; and these words, in whole names."""
    read, end, places = "", 0, list[int]()
    for word, printed in meant:
        read += question[end : word.start]
        places.append(len(read))
        read += _as_typed(word.text, printed)
        end = word.end
    read += question[end:]
    has_names = not read.isupper()
    names = (
        (has_names and _name_at(read, place)) or printed for place, (_, printed) in zip(places, meant, strict=True)
    )
    return read, tuple(dict.fromkeys(names))


def _words(question: str) -> Iterator[tuple[str, int]]:
    """The words of letters alone, without a possessive, and where each begins."""
    for piece in _PIECE.finditer(question):
        bare = _POSSESSIVE.sub("", piece.group())
        if bare.isalpha():
            yield bare, piece.start()


def _may_be_misspelt(text: str, *, has_case: bool) -> bool:
    key = search_key(text)
    is_acronym = has_case and text.isupper() and len(text) <= _LONGEST_ACRONYM
    of_letters = key.isascii() and key.isalpha() and len(key) == len(text)
    return of_letters and _SHORTEST <= len(key) <= LONGEST and key not in FUNCTION_WORDS and not is_acronym


def _function_words(word: TypedWord, near: Mapping[str, float]) -> Iterator[tuple[float, str]]:
    """Score "what" for "waht": these words stand in no index, and everywhere."""
    for spelling in () if word.is_name else FUNCTION_WORDS & near.keys():
        if near[spelling] <= (_MERE_SLIP if len(word.text) > _SHORTEST else 0.0):
            yield _score(MOST_PASSAGES, 0, near[spelling]), spelling


def _printed_words(word: TypedWord, near: Mapping[str, float], use: WordUse) -> Iterator[tuple[float, str]]:
    """Score the near spellings among the printed words of an analysed one."""
    printed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, form in _printed(use):
        if key in near and analyse(form) == [use.word]:
            printed[key][form] += 1
    for key, forms in printed.items():
        capitals = sum(times for form, times in forms.items() if form[0].isupper())
        named = 2 * capitals > forms.total()
        if not _is_plausible(word, key, near[key], use, named=named):
            continue
        penalty = _OF_NO_NAME if word.is_name and not named else 0.0
        yield _score(use.passages, use.beside, near[key]) - penalty, forms.most_common(1)[0][0]


def _printed(use: WordUse) -> Iterator[tuple[str, str]]:
    """The words of its texts that may be the word, in small plain letters and as they are printed."""
    for text in use.texts:
        for form in _PRINTED.findall(text):
            key = form.lower() if form.isascii() else search_key(form)
            if key[:_SHORTEST] == use.word[:_SHORTEST]:
                yield key, form


def _is_plausible(word: TypedWord, key: str, slip: float, use: WordUse, *, named: bool) -> bool:
    """Whether a word may be read so: but for a mere slip, only a long word, or as a name; the shortest as a name."""
    if len(word.text) == _SHORTEST:
        return word.is_name and named and use.beside > 0 and len(key) > _SHORTEST
    return named or slip <= _MERE_SLIP or (not word.is_name and len(word.text) >= _LONG)


def _score(passages: int, beside: int, slip: float) -> float:
    return _OF_PASSAGES * math.log1p(passages) + _OF_NEIGHBOURS * math.log1p(beside) - _OF_SLIP * slip


def _as_typed(typed: str, printed: str) -> str:
    """The printed word with the capitals that were typed."""
    if typed.islower():
        return printed.lower()
    if typed.isupper():
        return printed.upper()
    return printed[0].upper() + printed[1:]


def _name_at(question: str, place: int) -> str | None:
    """The name that stands at a place of a question: words with capitals, one blank apart; None for none."""
    for run in _NAMES.finditer(question):
        if run.start() <= place < run.end():
            words = list(dropwhile(lambda word: word.casefold() in FUNCTION_WORDS, run.group().split(" ")))
            return _POSSESSIVE.sub("", " ".join(words)) or None
    return None

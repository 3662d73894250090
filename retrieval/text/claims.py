"""What a message claims: the sentences of it that can be looked for in an archive."""

from __future__ import annotations

from typing import Final

from retrieval.domain.limits import LONGEST_QUESTION
from retrieval.text.sentences import sentences
from retrieval.text.words import analyse

MOST_CLAIMS: Final = 3
"""Sentences of one message that are looked for."""
_FEWEST_WORDS: Final = 3
"""Content words of the shortest claim."""
_LONGEST_MESSAGE: Final = 10_000


def claims(text: str) -> tuple[str, ...]:
    """Return the sentences with the most content words, in their order; the whole text where none has enough of them.

    Each is cut at a word to the length of a question. None for a text without any word.
    """
    text = text[:_LONGEST_MESSAGE]
    said = list(dict.fromkeys(_cut(" ".join(span.of(text).split())) for span in sentences(text)))
    words = {sentence: len(set(analyse(sentence))) for sentence in said}
    full = [sentence for sentence in said if words[sentence] >= _FEWEST_WORDS]
    longest = sorted(full, key=lambda sentence: -words[sentence])[:MOST_CLAIMS]
    if longest:
        return tuple(sentence for sentence in full if sentence in longest)
    whole = _cut(" ".join(text.split()))
    return (whole,) if analyse(whole) else ()


def _cut(sentence: str) -> str:
    if len(sentence) <= LONGEST_QUESTION:
        return sentence
    return sentence[: LONGEST_QUESTION + 1].rpartition(" ")[0] or sentence[:LONGEST_QUESTION]


def covers(claim: str, passage: str) -> float:
    """Return the share (0..1) of a claim's content words that a passage has; 0 for a claim without any."""
    words = set(analyse(claim))
    return len(words.intersection(analyse(passage))) / len(words) if words else 0.0

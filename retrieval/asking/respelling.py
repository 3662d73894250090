"""Reads the misspelt words of a question as the words of the archive that were probably meant.

A word is left as it is where the archive, as the scope sees it, or the model's vocabulary has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from retrieval.errors import ArchiveCorrupt
from retrieval.text.questions import spelling
from retrieval.text.slips import near_words, twice_near
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.archive.articles.vocabulary import Vocabulary
    from retrieval.domain.embeddings import QueryEmbedding
    from retrieval.domain.scope import Scope
    from retrieval.text.questions.hints import Hints
    from retrieval.text.questions.spelling import TypedWord

_MOST: Final = 4
"""Words of one question that are looked up."""
_TWICE_WRONG: Final = 7
"""Letters of the shortest word that may have two slips."""


@dataclass(frozen=True, slots=True)
class Respelled:
    """A question as it is answered; `read_as` are the words in it that were typed otherwise."""

    question: str
    read_as: tuple[str, ...] = ()


def respell(question: str, hints: Hints, embedding: QueryEmbedding, vocabulary: Vocabulary, scope: Scope) -> Respelled:
    """Read a question; as it was typed where nothing seems misspelt, or the archive's words are damaged.

    What names publishers and days is no word to look for.
    """
    content = hints.without(question)
    doubtful = spelling.doubtful_words(content, embedding)
    if not doubtful:
        return Respelled(question)
    try:
        known = vocabulary.known(scope, dict.fromkeys(analyse(content)))
        unknown = (word for word in doubtful if known.isdisjoint(analyse(word.text)))
        meant = [(word, _meant(word, known, vocabulary, scope)) for word in islice(unknown, _MOST)]
    except ArchiveCorrupt:
        return Respelled(question)
    return Respelled(*spelling.reread(question, [(word, printed) for word, printed in meant if printed]))


def _meant(word: TypedWord, known: Iterable[str], vocabulary: Vocabulary, scope: Scope) -> str | None:
    """What was meant: a word one slip away, for a long word else one two slips away."""
    near = near_words(word.key)
    meant = spelling.likeliest(word, near, vocabulary.uses(scope, spelling.stems(near), known))
    if meant or len(word.key) < _TWICE_WRONG:
        return meant
    uses = vocabulary.uses_of_like(scope, word.key, known)
    return spelling.likeliest(word, twice_near(word.key, spelling.spellings(uses)), uses)

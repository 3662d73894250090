"""Whether a sentence tells the relation that a question asks for: who *killed* somebody, the *capital* of a country.

Relations and their near synonyms are those of `word_lists/relations.txt`. A sentence that has the question's names but
not its relation tells something else about them. One with a verb's opposite (`word_lists/opposites.txt`) and not the
verb answers no question but whether it is so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from retrieval.text.words import analyse, read_lines, word_list

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    Opposites: TypeAlias = tuple[tuple[AbstractSet[str], AbstractSet[str]], ...]
    """Verbs of a question with those that say the same, and their opposites."""

_NAME = re.compile(r"(?<!^)\b[A-Z][\w'’-]*+")


def _relations() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """For each relation, the words that ask for it and all that tell it."""
    parts = [line.partition(":") for line in read_lines("relations")]
    return tuple(
        (frozenset(analyse(asking)), frozenset(analyse(f"{asking} {telling}"))) for asking, _, telling in parts
    )


_RELATIONS: Final = _relations()
_WHETHER = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must)\b", re.IGNORECASE
)
_WORD = re.compile(r"[a-z]+")


def _opposites() -> Opposites:
    """Both sides of each line, in either order."""
    parts = [line.partition(":") for line in read_lines("opposites")]
    pairs = [(word_list(one), word_list(other)) for one, _, other in parts]
    return (*pairs, *((other, one) for one, other in pairs))


_OPPOSITES: Final = _opposites()


def lacks_relation(question: str, sentence: str, names: AbstractSet[str] = frozenset()) -> bool:
    """Whether the question asks for a known relation that the sentence does not tell.

    A name asks for none: what is written with a capital, and the analysed `names` of a question in small letters.
    """
    asked = frozenset(analyse(_NAME.sub(" ", question))) - names
    wanted = [telling for asking, telling in _RELATIONS if not asked.isdisjoint(asking)]
    return bool(wanted) and frozenset().union(*wanted).isdisjoint(analyse(sentence))


def opposites_asked(question: str) -> Opposites:
    """The verbs of a question that have opposites; none where it asks whether something is so."""
    if _WHETHER.match(question):
        return ()
    asked = frozenset(_WORD.findall(question.lower()))
    return tuple((same, other) for same, other in _OPPOSITES if asked & same and not asked & other)


def tells_opposite(opposites: Opposites, sentence: str) -> bool:
    """Whether a sentence tells the opposite of one of a question's verbs, and not the verb."""
    if not opposites:
        return False
    told = frozenset(_WORD.findall(sentence.lower()))
    return any(told & other and not told & same for same, other in opposites)

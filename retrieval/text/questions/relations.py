"""Whether a sentence tells the relation that a question asks for: who *killed* somebody, the *capital* of a country.

Relations and their near synonyms are those of `word_lists/relations.txt`. A sentence that has the question's names but
not its relation tells something else about them.
"""

from __future__ import annotations

import re
from typing import Final

from retrieval.text.words import analyse, read_lines

_NAME = re.compile(r"(?<!^)\b[A-Z][\w'’-]*+")


def _relations() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """For each relation, the words that ask for it and all that tell it."""
    parts = [line.partition(":") for line in read_lines("relations")]
    return tuple(
        (frozenset(analyse(asking)), frozenset(analyse(f"{asking} {telling}"))) for asking, _, telling in parts
    )


_RELATIONS: Final = _relations()


def lacks_relation(question: str, sentence: str) -> bool:
    """Whether the question asks for a known relation that the sentence does not tell; a name asks for none."""
    asked = frozenset(analyse(_NAME.sub(" ", question)))
    wanted = [telling for asking, telling in _RELATIONS if not asked.isdisjoint(asking)]
    return bool(wanted) and frozenset().union(*wanted).isdisjoint(analyse(sentence))

"""The words of the passages that a scope sees: which stand there at all, and how some are used."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import part
from retrieval.archive.connections import Repository
from retrieval.archive.full_text import full_text_of
from retrieval.archive.schema import articles, passages
from retrieval.text.questions.spelling import MOST_PASSAGES, WordUse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from retrieval.domain.scope import Scope

_SAMPLE: Final = 12
"""Passages whose texts show how a word is printed."""

_BEGINNING: Final = 3
_MOST_ALIKE: Final = 5
_ALIKE: Final = 0.75
"""The least `difflib` ratio of words of which one may be the other with two slips."""

_PRINTED: Final = (
    sa.select(articles.c.title + "\n" + part(articles.c.body, passages.c.start, passages.c.end))
    .join_from(passages, articles)
    .where(passages.c.id.in_(sa.bindparam("ids", expanding=True)))
)


class Vocabulary(Repository):
    """The words of one archive, all of them analysed. Thread-safe. Every method may raise ArchiveError.

    What a scope does not see changes nothing; its filters leave nothing out.
    """

    def known(self, scope: Scope, words: Iterable[str]) -> frozenset[str]:
        """Return those of the words that stand in a visible passage."""
        with self._connections.reading() as connection:
            return frozenset(word for word in words if _passages(connection, scope, word, most=1))

    def uses(self, scope: Scope, words: Collection[str], others: Iterable[str]) -> tuple[WordUse, ...]:
        """Return the use of those of the words that stand in a visible passage.

        It counts what stands beside any of `others` that is not frequent itself.
        """
        with self._connections.reading() as connection:
            return tuple(_uses(connection, scope, full_text_of(connection).present(connection, words), others))

    def uses_of_like(self, scope: Scope, word: str, others: Iterable[str]) -> tuple[WordUse, ...]:
        """Return the use, as `uses` does, of the few words most like one in small letters that begin as it does."""
        with self._connections.reading() as connection:
            beginning = full_text_of(connection).beginning_with(connection, word[:_BEGINNING])
            alike = get_close_matches(word, beginning, len(beginning) + 1, _ALIKE)
            return tuple(islice(_uses(connection, scope, alike, others), _MOST_ALIKE))


def _uses(connection: sa.Connection, scope: Scope, words: Iterable[str], others: Iterable[str]) -> Iterator[WordUse]:
    rare = [word for word in others if len(_passages(connection, scope, word)) < MOST_PASSAGES]
    for word in words:
        ids = _passages(connection, scope, word)
        beside = _passages(connection, scope, word, rare) if rare else []
        sample = list(dict.fromkeys((*beside[: _SAMPLE // 2], *ids)))[:_SAMPLE]
        if sample:
            texts = tuple(connection.scalars(_PRINTED, {"ids": sample}))
            yield WordUse(word, len(ids), len(beside), texts)


def _passages(
    connection: sa.Connection, scope: Scope, word: str, others: Sequence[str] = (), *, most: int = MOST_PASSAGES
) -> list[int]:
    return full_text_of(connection).passages_in(connection, scope.collections, word, others, most)

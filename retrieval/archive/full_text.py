"""The words of every passage, as each database keeps and finds them. Ranking is up to the search engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from retrieval.archive.postgres import full_text as postgres_full_text
from retrieval.archive.sqlite import full_text as sqlite_full_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sqlalchemy as sa

    from retrieval.domain.embeddings import IntArray
    from retrieval.domain.ids import PassageId


class FullText(Protocol):
    """Finds passages by their words, which are ASCII letters and digits: see `text.words.analyse`."""

    def store(
        self, connection: sa.Connection, passage_ids: Sequence[PassageId], words: Iterable[Sequence[str]]
    ) -> None:
        """Make passages findable by their words."""
        ...

    def forget(self, connection: sa.Connection, passage_ids: Iterable[PassageId]) -> None:
        """Remove the words of passages; those that are not there are skipped."""
        ...

    def rebuild(self, connection: sa.Connection) -> None:
        """Begin anew without any words, even where those that are there are damaged."""
        ...

    def matching(self, words: Sequence[str]) -> sa.Select[tuple[int]]:
        """Select the ids of the passages that have all of some words."""
        ...

    def places(self, connection: sa.Connection, words: Sequence[str]) -> list[IntArray]:
        """Return for each word (p,) passage ids in ascending order, one for each place at which it stands."""
        ...

    def passages_with(self, connection: sa.Connection, word: str) -> int:
        """Return in how many passages of the whole archive the word stands."""
        ...

    def present(self, connection: sa.Connection, words: Iterable[str]) -> list[str]:
        """Return those of the words that stand in any passage of the whole archive."""
        ...

    def beginning_with(self, connection: sa.Connection, start: str) -> list[str]:
        """Return the words of the whole archive that begin so, `start` being letters."""
        ...

    def passages_in(
        self, connection: sa.Connection, collections: Sequence[int], word: str, others: Sequence[str], most: int
    ) -> list[int]:
        """Return at most `most` ids, ascending, of the collections' passages with a word and, if given, an other."""
        ...


_OF_DIALECT: Final[dict[str, FullText]] = {"sqlite": sqlite_full_text, "postgresql": postgres_full_text}


def full_text_of(connection: sa.Connection) -> FullText:
    """Return what keeps the words in the database of a connection."""
    return _OF_DIALECT[connection.dialect.name]

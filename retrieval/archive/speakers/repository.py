"""Who is who for a reader, what they said, and what was decided about them by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.archive.speakers import cited_quotations, overrides
from retrieval.archive.speakers.directory import Rosters

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.speakers.cited_quotations import Titles
    from retrieval.archive.speakers.directory import Persons
    from retrieval.archive.speakers.overrides import NewRuling
    from retrieval.archive.speakers.persons import Person
    from retrieval.archive.sqlite.connections import Connections
    from retrieval.domain.ids import CollectionId, RulingId, SpeakerId, UserId
    from retrieval.domain.quotations import CitedQuotation
    from retrieval.domain.readers import Reader
    from retrieval.domain.rulings import Ruling


class Who:
    """The archive's questions about speakers. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._rosters = Rosters()

    def persons(self, reader: Reader) -> Persons:
        """Everybody whom the reader can see quoted; what is as it was for some reader before is not told again."""
        with self._connections.reading() as connection:
            return self._rosters.of(connection, reader)

    def quotations(self, reader: Reader, speaker_id: SpeakerId, who: Persons) -> tuple[CitedQuotation, ...]:
        """What a speaker is quoted with: newest article first, within an article as printed.

        `who` is what `persons` said last.
        """
        person = who.known(speaker_id)
        if person is None:
            return ()
        with self._connections.reading() as connection:
            return cited_quotations.quotations_of(connection, reader, who, person)

    def titles(self, reader: Reader, person: Person) -> Titles:
        """The numbers and headlines of the articles that quote a person."""
        with self._connections.reading() as connection:
            return cited_quotations.titles(connection, reader, person)

    def ruled(self, reader: Reader) -> tuple[int, int]:
        """What changes whenever a decision is made or undone that counts for the reader."""
        with self._connections.reading() as connection:
            return overrides.state(connection, reader.collections)

    def rule(self, collection: CollectionId, new: NewRuling, *, now: datetime, by: UserId | None = None) -> Ruling:
        """Write a decision down, for the readers of one collection; raises nothing of its own."""
        with self._connections.writing() as connection:
            return overrides.make(connection, collection, new, by, now)

    def undo(self, collection: CollectionId, ruling_id: RulingId, *, now: datetime, by: UserId | None = None) -> Ruling:
        """Let a decision of one collection count no more. Raises RulingUnknown."""
        with self._connections.writing() as connection:
            return overrides.undo(connection, collection, ruling_id, by, now)

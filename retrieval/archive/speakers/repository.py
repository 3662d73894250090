"""Who is who for a reader, what they said, and what was decided about them by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.archive.speakers import cited_quotations, overrides
from retrieval.archive.speakers.directory import SpeakerDirectories

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.speakers.cited_quotations import Titles
    from retrieval.archive.speakers.directory import SpeakerDirectory
    from retrieval.archive.speakers.overrides import NewOverride
    from retrieval.archive.speakers.persons import Person
    from retrieval.archive.sqlite.connections import Connections
    from retrieval.domain.ids import CollectionId, OverrideId, SpeakerId, UserId
    from retrieval.domain.overrides import Override
    from retrieval.domain.quotations import CitedQuotation
    from retrieval.domain.scope import Scope


class SpeakerRepository:
    """The archive's questions about speakers. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._rosters = SpeakerDirectories()

    def persons(self, scope: Scope) -> SpeakerDirectory:
        """Everybody whom the reader can see quoted; what is as it was for some reader before is not told again."""
        with self._connections.reading() as connection:
            return self._rosters.of(connection, scope)

    def quotations(self, scope: Scope, speaker_id: SpeakerId, who: SpeakerDirectory) -> tuple[CitedQuotation, ...]:
        """What a speaker is quoted with: newest article first, within an article as printed.

        `who` is what `persons` said last.
        """
        person = who.known(speaker_id)
        if person is None:
            return ()
        with self._connections.reading() as connection:
            return cited_quotations.quotations_of(connection, scope, who, person)

    def titles(self, scope: Scope, person: Person) -> Titles:
        """The numbers and headlines of the articles that quote a person."""
        with self._connections.reading() as connection:
            return cited_quotations.titles(connection, scope, person)

    def ruled(self, scope: Scope) -> tuple[int, int]:
        """What changes whenever a decision is made or undone that counts for the reader."""
        with self._connections.reading() as connection:
            return overrides.state(connection, scope.collections)

    def rule(self, collection: CollectionId, new: NewOverride, *, now: datetime, by: UserId | None = None) -> Override:
        """Write a decision down, for the readers of one collection; raises nothing of its own."""
        with self._connections.writing() as connection:
            return overrides.make(connection, collection, new, by, now)

    def undo(
        self, collection: CollectionId, override_id: OverrideId, *, now: datetime, by: UserId | None = None
    ) -> Override:
        """Let a decision of one collection count no more. Raises OverrideUnknown."""
        with self._connections.writing() as connection:
            return overrides.undo(connection, collection, override_id, by, now)

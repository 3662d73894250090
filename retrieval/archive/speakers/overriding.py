"""Overrides by hand of who is who, and corrections of single quotations: made, undone and listed.

An override is for the scope's own collection: a server's, or the shared one where there is no server, which everybody
sees. Whether the user who decides is authorised is for the caller to know.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from retrieval.archive.connections import Repository
from retrieval.archive.records import Change
from retrieval.archive.speakers import correcting, overrides
from retrieval.archive.speakers.clustering import base_key, split_key
from retrieval.archive.speakers.directory import name_keys
from retrieval.archive.speakers.overrides import NewOverride
from retrieval.archive.speakers.split_candidates import split_candidates
from retrieval.domain.overrides import CORRECTIONS, OverrideKind, OverrideResult, SplitKind
from retrieval.errors import OverrideRejected, OverrideUnknown
from retrieval.text.cleaning import normalise
from retrieval.text.names.names import name_key

if TYPE_CHECKING:
    from retrieval.archive.connections import Connections
    from retrieval.archive.speakers.persons import Person
    from retrieval.archive.speakers.repository import SpeakerRepository
    from retrieval.domain.excerpts import ExcerptRef
    from retrieval.domain.ids import OverrideId, SpeakerId, UserId
    from retrieval.domain.overrides import CandidateNumber, Override, SpeakerShown, SplitCandidate
    from retrieval.domain.scope import Scope

_LONGEST_ALIAS: Final = 80
_MOST_ALIASES: Final = 25


class OverrideRepository(Repository):
    """The overrides of one archive. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections, speakers: SpeakerRepository) -> None:
        super().__init__(connections)
        self._speakers = speakers

    def active(self, scope: Scope) -> tuple[Override, ...]:
        """Return the overrides in force of who is who, the shared ones first, then the corrections of quotations."""
        return (*self._speakers.directory(scope).active.overrides, *self.corrections(scope))

    def corrections(self, scope: Scope) -> tuple[Override, ...]:
        """Return the corrections of quotations in force, the shared ones first, each in the order they were made."""
        with self._connections.reading() as connection:
            return overrides.of_kinds(connection, scope, CORRECTIONS)

    def plan_merge(self, scope: Scope, speaker: SpeakerId, into: SpeakerId) -> tuple[SpeakerShown, SpeakerShown]:
        """Return the two who would become one. Raises OverrideRejected where they are one already."""
        self._two(scope, speaker, into)
        return self._speakers.shown(scope, speaker), self._speakers.shown(scope, into)

    def merge(self, scope: Scope, speaker: SpeakerId, into: SpeakerId, by: UserId | None = None) -> OverrideResult:
        """Make who answers to the name of `speaker` the speaker `into` from now on. Raises OverrideRejected."""
        merged, target = self._two(scope, speaker, into)
        name, target_name = merged.entry.speaker.name, target.entry.speaker.name
        return self._make(scope, NewOverride(OverrideKind.MERGE, merged.key, name, target.key, target_name), by)

    def plan_split(
        self, scope: Scope, speaker: SpeakerId, kind: SplitKind, number: CandidateNumber
    ) -> tuple[SpeakerShown, SplitCandidate]:
        """Return the speaker and the part that would become another. Raises OverrideRejected without such a part."""
        shown = self._speakers.shown(scope, speaker)
        part = next((part for part in shown.split_candidates if (part.kind, part.number) == (kind, number)), None)
        if part is None:
            raise OverrideRejected("speaker.no_part")
        return shown, part

    def split(
        self, scope: Scope, speaker: SpeakerId, kind: SplitKind, number: CandidateNumber, by: UserId | None = None
    ) -> OverrideResult:
        """Make a part of the speaker's quotations somebody else's from now on. Raises OverrideRejected."""
        person = self._speakers.person(scope, speaker)
        candidates = split_candidates(person, self._speakers.titles(scope, person))
        new = next((new for part, new in candidates if (part.kind, part.number) == (kind, number)), None)
        if new is None:
            raise OverrideRejected("speaker.no_part")
        return self._split_name(scope, person, new, by) if kind is SplitKind.NAME else self._make(scope, new, by)

    def alias(self, scope: Scope, speaker: SpeakerId, alias: str, by: UserId | None = None) -> OverrideResult:
        """Make the speaker answer to one more name from now on. Raises OverrideRejected."""
        person = self._speakers.person(scope, speaker)
        shown_name, name = person.entry.speaker.name, " ".join(normalise(alias).text.split())
        if not name_key(name) or len(name) > _LONGEST_ALIAS:
            raise OverrideRejected("speaker.alias_length", most=_LONGEST_ALIAS)
        if name_key(name) in name_keys(person.entry):
            raise OverrideRejected("speaker.alias_known", name=shown_name, alias=name)
        kinds = Counter(override.kind for override in self._speakers.directory(scope).overrides_of(person))
        if kinds[OverrideKind.ALIAS] >= _MOST_ALIASES:
            raise OverrideRejected("speaker.too_many_aliases", name=shown_name, most=_MOST_ALIASES)
        return self._make(scope, NewOverride(OverrideKind.ALIAS, person.key, shown_name, other=name), by)

    def correct(
        self, scope: Scope, ref: ExcerptRef, kind: OverrideKind, to: SpeakerId | None = None, by: UserId | None = None
    ) -> OverrideResult:
        """Correct the quotation in these words from now on: `to` is whose words it is, of that kind alone.

        Raises OverrideRejected where no quotation is there, or nobody has that id any more.
        """
        person = None if to is None else self._speakers.person(scope, to)
        speaker = None if person is None else (base_key(person.key), person.entry.speaker.name)
        assert (kind is OverrideKind.SPEAKER) == (speaker is not None)
        with self._connections.reading() as connection:
            row = correcting.row_at(connection, scope, ref)
        if row is None:
            raise OverrideRejected("speaker.no_quotation")
        return self._make(scope, correcting.new_correction(row, kind, speaker), by)

    def undo(self, scope: Scope, override: OverrideId, by: UserId | None = None) -> OverrideResult:
        """End an override of the scope's own collection. Raises OverrideUnknown."""
        with self._connections.writing() as connection:
            undone = overrides.undo(connection, override, Change(scope.own, datetime.now(UTC), by))
        return self._result(scope, undone, undone=True)

    def undo_by_fingerprint(self, scope: Scope, fingerprint: int, by: UserId | None = None) -> OverrideResult:
        """End the override with that `Override.fingerprint`. Raises OverrideUnknown."""
        own = scope.own
        active = (each for each in self.active(scope) if each.collection == own)
        override = next((each.id for each in active if each.fingerprint == fingerprint), None)
        if override is None:
            raise OverrideUnknown
        return self.undo(scope, override, by)

    def _split_name(self, scope: Scope, person: Person, new: NewOverride, by: UserId | None) -> OverrideResult:
        """Make a name its own again: undo its merge, and where something else than that joined it, split it."""
        own, result = scope.own, None
        for override in self.active(scope):
            if override.kind is OverrideKind.MERGE and override.key == new.key and override.collection == own:
                result = self.undo(scope, override.id, by)
        whole = self._speakers.directory(scope).person(person.ids[person.key])
        if result is not None and (whole is None or all(whole.key_of(each) != new.key for each in whole.mentions)):
            return result
        return self._make(scope, new, by)

    def _make(self, scope: Scope, new: NewOverride, by: UserId | None) -> OverrideResult:
        with self._connections.writing() as connection:
            override = overrides.make(connection, new, Change(scope.own, datetime.now(UTC), by))
        return self._result(scope, override, undone=False)

    def _result(self, scope: Scope, override: Override, *, undone: bool) -> OverrideResult:
        keys = {override.key, override.other_key, split_key(override.id, override.key)}
        concerned = tuple(person.entry for person in self._speakers.directory(scope).persons if keys & set(person.ids))
        return OverrideResult(override, self._speakers.distinguished(scope, concerned), undone=undone)

    def _two(self, scope: Scope, speaker: SpeakerId, into: SpeakerId) -> tuple[Person, Person]:
        """Return two who are not one already. Raises OverrideRejected where they are."""
        merged, target = self._speakers.person(scope, speaker), self._speakers.person(scope, into)
        if merged is target:
            if speaker == into:
                raise OverrideRejected("speaker.merged_with_itself")
            name, target_name = merged.entry.speaker.name, target.entry.speaker.name
            raise OverrideRejected("speaker.one_already", one=name, other=target_name)
        return merged, target

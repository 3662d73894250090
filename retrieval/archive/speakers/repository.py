"""The speakers of a scope: found by name, with what they said, and with overrides by hand of who is who.

An override is for the scope's own collection: a server's, or the shared one where there is no server, which everybody
sees. Whether the user who decides is authorised is for the caller to know.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from retrieval.archive.connections import Repository
from retrieval.archive.records import Change
from retrieval.archive.speakers import cited_quotations, correcting, overrides
from retrieval.archive.speakers.clustering import base_key, split_key
from retrieval.archive.speakers.directory import DirectoryCache, name_keys
from retrieval.archive.speakers.mentions import ArticleMentions
from retrieval.archive.speakers.name_blocks import surely_named
from retrieval.archive.speakers.overrides import NewOverride
from retrieval.archive.speakers.split_candidates import split_candidates
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.overrides import CORRECTIONS, OverrideKind, OverrideResult, SpeakerShown, SplitKind
from retrieval.domain.quotations import NewestArticle, SpeakerAmbiguous, SpeakerUnknown
from retrieval.errors import OverrideRejected, OverrideUnknown
from retrieval.text.cleaning import normalise
from retrieval.text.names.names import name_key, near_names
from retrieval.text.names.roles import names_office

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import sqlalchemy as sa

    from retrieval.archive.connections import Connections
    from retrieval.archive.speakers.cited_quotations import SurelyQuoted, Titles
    from retrieval.archive.speakers.directory import SpeakerDirectory
    from retrieval.archive.speakers.name_blocks import SurelyNamed
    from retrieval.archive.speakers.persons import Person
    from retrieval.domain.ids import ArticleId, OverrideId, PassageId, SpeakerId, UserId
    from retrieval.domain.overrides import CandidateNumber, Override, SplitCandidate
    from retrieval.domain.quotations import CitedQuotation, SpeakerEntry
    from retrieval.domain.scope import Scope

_OFFERED: Final = 5
"""Speakers offered for a name that is like no other."""
_MOST_CHOICES: Final = 25
"""The most speakers of one name that a user chooses from: the most quoted of them."""
_LONGEST_ALIAS: Final = 80
_MOST_ALIASES: Final = 25


class SpeakerRepository(Repository):
    """The speakers of one archive. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self._directories = {disputed: DirectoryCache(disputed=disputed) for disputed in (False, True)}

    # Reading

    def directory(self, scope: Scope) -> SpeakerDirectory:
        """Return everybody whom the scope can see quoted, kept in memory until the archive or an override changes.

        Filters leave nobody out: who somebody is does not depend on what is asked about them.
        """
        with self._connections.reading() as connection:
            return self._directories[scope.disputed].of(connection, replace(scope, filters=None))

    def quoted(
        self, scope: Scope, speaker: SpeakerId, *, disputed: bool = False
    ) -> tuple[Person | None, tuple[CitedQuotation, ...]]:
        """Return who has an id, and their quotations: newest article first, within an article as printed.

        With `disputed`, instead, what articles say that they said and dispute. That may be somebody who is quoted with
        nothing else, and whom no list shows.
        """
        directory = self._with_disputed(scope) if disputed else self.directory(scope)
        person = None if directory is None else directory.person(speaker)
        if directory is None or person is None:
            return None, ()
        with self._connections.reading() as connection:
            return person, cited_quotations.quotations_of(connection, scope, directory, person, disputed=disputed)

    def surely_quoted(self, scope: Scope, ids: Collection[ArticleId]) -> SurelyQuoted:
        """Return the statements of some articles whose speakers are sure, without what an older article printed."""
        directory = self.directory(scope)
        with self._connections.reading() as connection:
            return cited_quotations.surely_quoted(connection, scope, directory, ids)

    def surely_named(self, article_id: ArticleId) -> SurelyNamed:
        """Return whom an article surely quotes, by the names that it prints."""
        with self._connections.reading() as connection:
            printed = cited_quotations.surely_named(connection, article_id)
            return surely_named(printed, overrides.names(connection) if printed else {})

    def shown_name(self, scope: Scope, speaker: SpeakerId) -> tuple[str, str]:
        """Return the folded name and the name of a speaker. Raises OverrideRejected where nobody has that id."""
        person = self._person(scope, speaker)
        return person.key, person.entry.speaker.name

    def alleged(self, scope: Scope, name: str) -> SpeakerId | None:
        """Find the one person of a full name whose words are all disputed, and whom no list shows."""
        directory, key = self._with_disputed(scope), name_key(name)
        if directory is None or " " not in key:
            return None
        of_name = [entry.speaker.id for entry in directory.entries if key in name_keys(entry)]
        return of_name[0] if len(of_name) == 1 else None

    def quotation_at(self, scope: Scope, ref: ExcerptRef) -> CitedQuotation | None:
        """Return the quotation of exactly these words, disputed or not; None where there is none."""
        for disputed in (True, False):
            directory = self._with_disputed(scope) if disputed else self.directory(scope)
            if directory is None:
                continue
            with self._connections.reading() as connection:
                cited = cited_quotations.quotation_at(connection, scope, directory, ref, disputed=disputed)
            if cited is not None:
                return cited
        return None

    def _with_disputed(self, scope: Scope) -> SpeakerDirectory | None:
        """Return the directory in which alleged speakers stand too; None where nothing visible is disputed."""
        corrections = self.directory(scope).corrections
        with self._connections.reading() as connection:
            any_disputed = cited_quotations.any_disputed(connection, scope, corrections)
        return self.directory(replace(scope, disputed=True)) if any_disputed else None

    def named(self, scope: Scope, name: str) -> SpeakerEntry | SpeakerAmbiguous | SpeakerUnknown:
        """Find who answers to `name`: exactly, by an alias, by part of the name, or else by an office that is named.

        Who has another word of `name` in a role, such as an organisation, is never more than a choice.
        """
        directory = self.directory(scope)
        by_name = tuple(islice(directory.with_name(name), _MOST_CHOICES))
        choices = by_name or tuple(islice(directory.holding(name), _MOST_CHOICES))
        if len(choices) == 1 and (by_name or names_office(name)):
            return choices[0]
        if choices:
            return SpeakerAmbiguous(name, self._distinguished(scope, choices))
        entries = {entry.speaker.name: entry for entry in reversed(directory.entries)}
        near = {entry.speaker.id: entry for entry in directory.near(name)}
        near.update((entries[other].speaker.id, entries[other]) for other in near_names(name, entries))
        return SpeakerUnknown(name, tuple(near.values())[:_OFFERED] or directory.entries[:_OFFERED])

    def like(self, scope: Scope, text: str, limit: int = 25) -> tuple[SpeakerEntry, ...]:
        """Find whom a half-typed name may mean, then whom an office, else whom a misspelt name; everybody for nothing.

        The most quoted come first.
        """
        directory = self.directory(scope)
        if not text.strip():
            return self._distinguished(scope, directory.entries[:limit])
        found = {entry.speaker.id: entry for entry in chain(directory.matching(text), directory.holding(text))}
        return self._distinguished(scope, tuple(islice(found.values() or directory.near(text), limit)))

    def unnamed(self, scope: Scope, words: str, limit: int = 50) -> tuple[CitedQuotation, ...]:
        """Return what sources said that are not named ("a U.S. official"), by words of theirs: newest article first."""
        corrections = self.directory(scope).corrections
        with self._connections.reading() as connection:
            return cited_quotations.unnamed(connection, scope, words, limit, corrections)

    def said_around(self, scope: Scope, passages: Sequence[PassageId]) -> tuple[CitedQuotation, ...]:
        """Return what surely is somebody's and stands in, or partly in, one of the passages: newest article first."""
        return self._said(scope, cited_quotations.overlapping(passages))

    def said_in_article(self, scope: Scope, passage: PassageId) -> tuple[CitedQuotation, ...]:
        """Return what surely is somebody's in the article of a passage, as printed."""
        return self._said(scope, cited_quotations.in_article_of(passage))

    def _said(self, scope: Scope, which: sa.ColumnElement[bool]) -> tuple[CitedQuotation, ...]:
        directory = self.directory(scope)
        with self._connections.reading() as connection:
            return cited_quotations.said(connection, scope, directory, which)

    def shown(self, scope: Scope, speaker: SpeakerId) -> SpeakerShown:
        """Return all about a speaker. Raises OverrideRejected where nobody has that id any more."""
        return self._shown(scope, self._person(scope, speaker))

    def overrides(self, scope: Scope) -> tuple[Override, ...]:
        """Return the overrides in force of who is who, the shared ones first, then the corrections of quotations."""
        return (*self.directory(scope).active.overrides, *self.corrections(scope))

    def corrections(self, scope: Scope) -> tuple[Override, ...]:
        """Return the corrections of quotations in force, the shared ones first, each in the order they were made."""
        with self._connections.reading() as connection:
            return overrides.of_kinds(connection, scope, CORRECTIONS)

    def quotation_in(self, scope: Scope, ref: ExcerptRef) -> CitedQuotation | None:
        """Return the quotation that shares most with some words, which a correction of them is about; or None."""
        with self._connections.reading() as connection:
            row = correcting.row_at(connection, scope, ref)
        if row is None:
            return None
        return self.quotation_at(scope, ExcerptRef(ref.article_id, Span(row.content_start, row.content_end)))

    def candidates(self, scope: Scope, ref: ExcerptRef, limit: int = 25) -> tuple[SpeakerEntry, ...]:
        """Return whose words these may be: whom the article quotes, then the most quoted; not whose they are now."""
        directory, cited = self.directory(scope), self.quotation_in(scope, ref)
        now = {speaker.id for speaker in cited.quotation.speakers} if cited else set()
        printed = directory.mentions.get(ref.article_id, ArticleMentions()).mentions
        persons = filter(None, (directory.person_in(*mention.unit) for mention in printed))
        entries = {entry.speaker.id: entry for entry in chain((person.entry for person in persons), directory.entries)}
        return self._distinguished(scope, tuple(islice((e for id_, e in entries.items() if id_ not in now), limit)))

    # Overriding

    def plan_merge(self, scope: Scope, speaker: SpeakerId, into: SpeakerId) -> tuple[SpeakerShown, SpeakerShown]:
        """Return the two who would become one. Raises OverrideRejected where they are one already."""
        merged, target = self._two(scope, speaker, into)
        return self._shown(scope, merged), self._shown(scope, target)

    def merge(self, scope: Scope, speaker: SpeakerId, into: SpeakerId, by: UserId | None = None) -> OverrideResult:
        """Make who answers to the name of `speaker` the speaker `into` from now on. Raises OverrideRejected."""
        merged, target = self._two(scope, speaker, into)
        name, target_name = merged.entry.speaker.name, target.entry.speaker.name
        return self._make(scope, NewOverride(OverrideKind.MERGE, merged.key, name, target.key, target_name), by)

    def plan_split(
        self, scope: Scope, speaker: SpeakerId, kind: SplitKind, number: CandidateNumber
    ) -> tuple[SpeakerShown, SplitCandidate]:
        """Return the speaker and the part that would become another. Raises OverrideRejected without such a part."""
        shown = self.shown(scope, speaker)
        part = next((part for part in shown.split_candidates if (part.kind, part.number) == (kind, number)), None)
        if part is None:
            raise OverrideRejected("speaker.no_part")
        return shown, part

    def split(
        self, scope: Scope, speaker: SpeakerId, kind: SplitKind, number: CandidateNumber, by: UserId | None = None
    ) -> OverrideResult:
        """Make a part of the speaker's quotations somebody else's from now on. Raises OverrideRejected."""
        person = self._person(scope, speaker)
        candidates = split_candidates(person, self._titles(scope, person))
        new = next((new for part, new in candidates if (part.kind, part.number) == (kind, number)), None)
        if new is None:
            raise OverrideRejected("speaker.no_part")
        return self._split_name(scope, person, new, by) if kind is SplitKind.NAME else self._make(scope, new, by)

    def alias(self, scope: Scope, speaker: SpeakerId, alias: str, by: UserId | None = None) -> OverrideResult:
        """Make the speaker answer to one more name from now on. Raises OverrideRejected."""
        person = self._person(scope, speaker)
        shown_name, name = person.entry.speaker.name, " ".join(normalise(alias).text.split())
        if not name_key(name) or len(name) > _LONGEST_ALIAS:
            raise OverrideRejected("speaker.alias_length", most=_LONGEST_ALIAS)
        if name_key(name) in name_keys(person.entry):
            raise OverrideRejected("speaker.alias_known", name=shown_name, alias=name)
        kinds = Counter(override.kind for override in self.directory(scope).overrides_of(person))
        if kinds[OverrideKind.ALIAS] >= _MOST_ALIASES:
            raise OverrideRejected("speaker.too_many_aliases", name=shown_name, most=_MOST_ALIASES)
        return self._make(scope, NewOverride(OverrideKind.ALIAS, person.key, shown_name, other=name), by)

    def correct(
        self, scope: Scope, ref: ExcerptRef, kind: OverrideKind, to: SpeakerId | None = None, by: UserId | None = None
    ) -> OverrideResult:
        """Correct the quotation in these words from now on: `to` is whose words it is, of that kind alone.

        Raises OverrideRejected where no quotation is there, or nobody has that id any more.
        """
        person = None if to is None else self._person(scope, to)
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
        active = (each for each in self.overrides(scope) if each.collection == own)
        override = next((each.id for each in active if each.fingerprint == fingerprint), None)
        if override is None:
            raise OverrideUnknown
        return self.undo(scope, override, by)

    def _split_name(self, scope: Scope, person: Person, new: NewOverride, by: UserId | None) -> OverrideResult:
        """Make a name its own again: undo its merge, and where something else than that joined it, split it."""
        own, result = scope.own, None
        for override in self.overrides(scope):
            if override.kind is OverrideKind.MERGE and override.key == new.key and override.collection == own:
                result = self.undo(scope, override.id, by)
        whole = self.directory(scope).person(person.ids[person.key])
        if result is not None and (whole is None or all(whole.key_of(each) != new.key for each in whole.mentions)):
            return result
        return self._make(scope, new, by)

    def _make(self, scope: Scope, new: NewOverride, by: UserId | None) -> OverrideResult:
        with self._connections.writing() as connection:
            override = overrides.make(connection, new, Change(scope.own, datetime.now(UTC), by))
        return self._result(scope, override, undone=False)

    def _result(self, scope: Scope, override: Override, *, undone: bool) -> OverrideResult:
        keys = {override.key, override.other_key, split_key(override.id, override.key)}
        concerned = tuple(person.entry for person in self.directory(scope).persons if keys & set(person.ids))
        return OverrideResult(override, self._distinguished(scope, concerned), undone=undone)

    # Shared steps

    def _titles(self, scope: Scope, person: Person) -> Titles:
        with self._connections.reading() as connection:
            return cited_quotations.titles(connection, scope, person)

    def _distinguished(self, scope: Scope, entries: tuple[SpeakerEntry, ...]) -> tuple[SpeakerEntry, ...]:
        """Return the entries; those that look alike in a list say where each was quoted last."""
        alike = Counter(map(_looks, entries))
        return tuple(
            replace(entry, newest=self._newest(scope, entry.speaker.id)) if alike[_looks(entry)] > 1 else entry
            for entry in entries
        )

    def _newest(self, scope: Scope, speaker: SpeakerId) -> NewestArticle | None:
        person = self.directory(scope).person(speaker)
        if person is None:
            return None
        last = max(person.mentions, key=lambda mention: mention.order)
        _, title = self._titles(scope, person).get(last.article, (None, ""))
        return NewestArticle(title, last.published_at) if title or last.published_at else None

    def _shown(self, scope: Scope, person: Person) -> SpeakerShown:
        parts = tuple(part for part, _ in split_candidates(person, self._titles(scope, person)))
        about = self.directory(scope).overrides_of(person)
        return SpeakerShown(person.entry.speaker, person.entry.quotations, len(person.articles), parts, about)

    def _person(self, scope: Scope, speaker: SpeakerId) -> Person:
        person = self.directory(scope).person(speaker)
        if person is None:
            raise OverrideRejected("speaker.gone")
        return person

    def _two(self, scope: Scope, speaker: SpeakerId, into: SpeakerId) -> tuple[Person, Person]:
        """Return two who are not one already. Raises OverrideRejected where they are."""
        merged, target = self._person(scope, speaker), self._person(scope, into)
        if merged is target:
            if speaker == into:
                raise OverrideRejected("speaker.merged_with_itself")
            name, target_name = merged.entry.speaker.name, target.entry.speaker.name
            raise OverrideRejected("speaker.one_already", one=name, other=target_name)
        return merged, target


def _looks(entry: SpeakerEntry) -> tuple[str, str | None, str | None]:
    """Return what a list shows of a speaker."""
    speaker = entry.speaker
    return speaker.name, speaker.rank, speaker.role

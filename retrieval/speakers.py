"""Finds speakers by name for one reader, and takes decisions by hand about who is who.

A decision is for the reader's own collection: a server's, or the shared one where there is no server, which every
reader sees. What it changes for whom is told by `archive.persons`. Whether the person deciding may do so is for the
caller to know.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from retrieval.archive.speakers.clustering import part_key
from retrieval.archive.speakers.overrides import NewOverride
from retrieval.archive.speakers.split_candidates import parts, taken_apart
from retrieval.domain.overrides import OverrideKind, OverrideResult, SpeakerShown, SplitKind
from retrieval.domain.quotations import SpeakerAmbiguous, SpeakerUnknown
from retrieval.errors import OverrideRejected, OverrideUnknown
from retrieval.text.cleaning import normalise
from retrieval.text.names.entity_matching import last_name
from retrieval.text.names.names import name_key, near_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.archive.archive import Archive
    from retrieval.archive.speakers.directory import SpeakerDirectory
    from retrieval.archive.speakers.persons import Person
    from retrieval.domain.ids import OverrideId, SpeakerId, UserId
    from retrieval.domain.overrides import Override, PartNumber, SplitCandidate
    from retrieval.domain.quotations import CitedQuotation, SpeakerEntry
    from retrieval.domain.scope import Scope

_OFFERED: Final = 5
"""Speakers offered to somebody who asked for a name that is like no other."""
_MOST_CHOICES: Final = 25
"""The most speakers of one name that somebody chooses from: the most quoted of them."""
_LONGEST_ALIAS: Final = 80
_MOST_ALIASES: Final = 25

_GONE = "The archive no longer knows this speaker."
_NO_PART = "Nothing of this speaker can be taken apart like that: choose another name, role or article of theirs."


class Speakers:
    """The speakers of one archive. Synchronous and thread-safe. Every method may raise ArchiveError."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def persons(self, scope: Scope) -> SpeakerDirectory:
        """Everybody the reader can quote, kept in memory until the archive or a decision changes."""
        return self._archive.speakers.persons(scope)

    def entry(self, scope: Scope, speaker: SpeakerId) -> SpeakerEntry | None:
        """The speaker of that number, or whom that number belongs to by now."""
        person = self.persons(scope).known(speaker)
        return None if person is None else person.entry

    def quotations(self, scope: Scope, speaker: SpeakerId) -> tuple[CitedQuotation, ...]:
        """What they are quoted with, newest article first."""
        return self._archive.speakers.quotations(scope, speaker, self.persons(scope))

    def stored_names(self, scope: Scope, speaker: SpeakerId) -> tuple[SpeakerId, ...]:
        """The stored names under which they are quoted."""
        person = self.persons(scope).known(speaker)
        return () if person is None else tuple(sorted(person.names))

    def named(self, scope: Scope, name: str) -> SpeakerEntry | SpeakerAmbiguous | SpeakerUnknown:
        """Who answers to `name`: exactly, by an alias, or by part of the name.

        A surname alone means everybody of that surname, even where an article prints no more of somebody.
        """
        who = self.persons(scope)
        choices = tuple(islice(_answering(who, name), _MOST_CHOICES))
        if len(choices) == 1:
            return choices[0]
        if choices:
            return SpeakerAmbiguous(name, self._distinguished(scope, choices))
        by_name = {entry.speaker.name: entry for entry in reversed(who.entries)}
        near = tuple(by_name[other] for other in near_names(name, by_name))
        return SpeakerUnknown(name, near or who.entries[:_OFFERED])

    def like(self, scope: Scope, text: str, limit: int = 25) -> tuple[SpeakerEntry, ...]:
        """Whom a half-typed name may mean, most quoted first; everybody while nothing is typed."""
        who = self.persons(scope)
        found = who.matching(text) if text.strip() else (person.entry for person in who.people)
        return self._distinguished(scope, tuple(islice(found, limit)))

    def shown(self, scope: Scope, speaker: SpeakerId) -> SpeakerShown:
        """All about a speaker. Raises OverrideRejected where nobody has that number any more."""
        return self._shown(scope, self._person(scope, speaker))

    def plan_merge(self, scope: Scope, speaker: SpeakerId, into: SpeakerId) -> tuple[SpeakerShown, SpeakerShown]:
        """The two who would become one. Raises OverrideRejected where they are one already."""
        one, other = self._two(scope, speaker, into)
        return self._shown(scope, one), self._shown(scope, other)

    def merge(self, scope: Scope, speaker: SpeakerId, into: SpeakerId, by: UserId | None = None) -> OverrideResult:
        """From now on whoever answers to the name of the one is the other. Raises OverrideRejected."""
        one, other = self._two(scope, speaker, into)
        new = NewOverride(
            OverrideKind.MERGE, one.key, one.entry.speaker.name, other_key=other.key, other=other.entry.speaker.name
        )
        return self._rule(scope, new, by)

    def plan_split(
        self, scope: Scope, speaker: SpeakerId, kind: SplitKind, number: PartNumber
    ) -> tuple[SpeakerShown, SplitCandidate]:
        """The speaker and the part that would become another. Raises OverrideRejected where there is no such part."""
        shown = self.shown(scope, speaker)
        part = next((part for part in shown.parts if (part.kind, part.number) == (kind, number)), None)
        if part is None:
            raise OverrideRejected(_NO_PART)
        return shown, part

    def split(
        self, scope: Scope, speaker: SpeakerId, kind: SplitKind, number: PartNumber, by: UserId | None = None
    ) -> OverrideResult:
        """From now on a part of the speaker's quotations is somebody else's. Raises OverrideRejected."""
        person = self._person(scope, speaker)
        new = taken_apart(person, self._archive.speakers.titles(scope, person), kind, number)
        if new is None:
            raise OverrideRejected(_NO_PART)
        return self._set_apart(scope, person, new, by) if kind is SplitKind.NAME else self._rule(scope, new, by)

    def alias(self, scope: Scope, speaker: SpeakerId, alias: str, by: UserId | None = None) -> OverrideResult:
        """From now on the speaker answers to one more name. Raises OverrideRejected."""
        person = self._person(scope, speaker)
        name = " ".join(normalise(alias).text.split())
        if not name_key(name) or len(name) > _LONGEST_ALIAS:
            message = f"An alias has at least one letter and at most {_LONGEST_ALIAS} characters."
            raise OverrideRejected(message)
        if name_key(name) in _keys(person.entry):
            message = f"{person.entry.speaker.name} answers to “{name}” already."
            raise OverrideRejected(message)
        given = [rule for rule in _about(self.persons(scope), person) if rule.kind is OverrideKind.ALIAS]
        if len(given) >= _MOST_ALIASES:
            message = f"{person.entry.speaker.name} has {_MOST_ALIASES} aliases, as many as a speaker may have."
            raise OverrideRejected(message)
        return self._rule(scope, NewOverride(OverrideKind.ALIAS, person.key, person.entry.speaker.name, other=name), by)

    def undo(self, scope: Scope, ruling: OverrideId, by: UserId | None = None) -> OverrideResult:
        """Let a decision of the reader's own collection count no more. Raises OverrideUnknown."""
        undone = self._archive.speakers.undo(scope.own, ruling, now=datetime.now(UTC), by=by)
        return self._ruled(scope, undone, undone=True)

    def undo_marked(self, scope: Scope, mark: int, by: UserId | None = None) -> OverrideResult:
        """The same for the decision with that `Ruling.mark`. Raises OverrideUnknown."""
        own = scope.own
        marked = (rule.id for rule in self.rulings(scope) if rule.collection == own and rule.mark == mark)
        ruling = next(marked, None)
        if ruling is None:
            raise OverrideUnknown
        return self.undo(scope, ruling, by)

    def rulings(self, scope: Scope) -> tuple[Override, ...]:
        """The decisions that count for the reader: the shared ones first."""
        return self.persons(scope).rules

    def _set_apart(self, scope: Scope, person: Person, new: NewOverride, by: UserId | None) -> OverrideResult:
        """A name is its own again: its merge is undone, and where others than this collection joined it, set apart."""
        own, ruled = scope.own, None
        for rule in self.rulings(scope):
            if rule.kind is OverrideKind.MERGE and rule.key == new.key and rule.collection == own:
                ruled = self.undo(scope, rule.id, by)
        whole = self.persons(scope).known(person.keys[person.key])
        if ruled is not None and (whole is None or all(whole.under(one) != new.key for one in whole.told)):
            return ruled
        return self._rule(scope, new, by)

    def _rule(self, scope: Scope, new: NewOverride, by: UserId | None) -> OverrideResult:
        ruling = self._archive.speakers.rule(scope.own, new, now=datetime.now(UTC), by=by)
        return self._ruled(scope, ruling, undone=False)

    def _ruled(self, scope: Scope, ruling: Override, *, undone: bool) -> OverrideResult:
        about = {ruling.key, ruling.other_key, part_key(ruling.id, ruling.key)}
        concerned = tuple(one.entry for one in self.persons(scope).people if about & set(one.keys))
        return OverrideResult(ruling, self._distinguished(scope, concerned), undone=undone)

    def _distinguished(self, scope: Scope, entries: tuple[SpeakerEntry, ...]) -> tuple[SpeakerEntry, ...]:
        """The entries; those that share name, rank and role with another one say where each was quoted last."""
        alike = Counter(map(_looks, entries))
        return tuple(
            replace(entry, newest=self._newest(scope, entry.speaker.id)) if alike[_looks(entry)] > 1 else entry
            for entry in entries
        )

    def _newest(self, scope: Scope, speaker: SpeakerId) -> str | None:
        person = self.persons(scope).known(speaker)
        if person is None:
            return None
        last = max(person.told, key=lambda one: one.order)
        _, title = self._archive.speakers.titles(scope, person).get(last.article, (None, ""))
        return f"{last.published_at:%Y-%m-%d}: {title}" if last.published_at else title or None

    def _shown(self, scope: Scope, person: Person) -> SpeakerShown:
        titles = self._archive.speakers.titles(scope, person)
        about = _about(self.persons(scope), person)
        entry = person.entry
        return SpeakerShown(entry.speaker, entry.quotations, len(person.articles), tuple(parts(person, titles)), about)

    def _person(self, scope: Scope, speaker: SpeakerId) -> Person:
        person = self.persons(scope).known(speaker)
        if person is None:
            raise OverrideRejected(_GONE)
        return person

    def _two(self, scope: Scope, speaker: SpeakerId, into: SpeakerId) -> tuple[Person, Person]:
        """Two who are not one already. Raises OverrideRejected where they are."""
        one, other = self._person(scope, speaker), self._person(scope, into)
        if one is other:
            message = f"{one.entry.speaker.name} and {other.entry.speaker.name} are one speaker already."
            raise OverrideRejected(message if speaker != into else "Choose two different speakers.")
        return one, other


def _answering(who: SpeakerDirectory, name: str) -> Iterator[SpeakerEntry]:
    """Whoever answers to a name, most quoted first: each entry is looked at once."""
    key = name_key(name)
    if not key:
        return iter(())
    given = {rule.key for rule in who.rules if rule.kind is OverrideKind.ALIAS and name_key(rule.other or "") == key}
    by_hand = [person.entry for person in who.people if not given.isdisjoint(person.keys)] if given else []
    if by_hand:
        return iter(by_hand)
    exactly = [entry for entry in who.entries if key in _keys(entry)]
    if not exactly:
        return who.matching(name)
    if " " in key:
        return iter(exactly)
    also = {entry.speaker.id for entry in exactly}
    return (one for one in who.entries if one.speaker.id in also or last_name(name_key(one.speaker.name)) == key)


def _looks(entry: SpeakerEntry) -> tuple[str, str | None, str | None]:
    """What is shown of a speaker in a list."""
    speaker = entry.speaker
    return speaker.name, speaker.rank, speaker.role


def _keys(entry: SpeakerEntry) -> set[str]:
    return {name_key(name) for name in (entry.speaker.name, *entry.speaker.aliases)}


def _about(who: SpeakerDirectory, person: Person) -> tuple[Override, ...]:
    mine = set(person.keys)
    return tuple(
        rule for rule in who.rules if rule.key in mine or rule.other_key in mine or part_key(rule.id, rule.key) in mine
    )

"""The speakers of a scope: found by name, with what they said. Who is who by hand is for `overriding`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from retrieval.archive.connections import Repository
from retrieval.archive.speakers import cited_quotations, correcting, overrides
from retrieval.archive.speakers.directory import DirectoryCache, name_keys
from retrieval.archive.speakers.mentions import ArticleMentions
from retrieval.archive.speakers.name_blocks import surely_named
from retrieval.archive.speakers.split_candidates import split_candidates
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.overrides import SpeakerShown
from retrieval.domain.quotations import NewestArticle, SpeakerAmbiguous, SpeakerUnknown
from retrieval.errors import OverrideRejected
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
    from retrieval.domain.ids import ArticleId, PassageId, SpeakerId
    from retrieval.domain.quotations import CitedQuotation, SpeakerEntry
    from retrieval.domain.scope import Scope

_OFFERED: Final = 5
"""Speakers offered for a name that is like no other."""
_MOST_CHOICES: Final = 25
"""The most speakers of one name that a user chooses from: the most quoted of them."""


class SpeakerRepository(Repository):
    """The speakers of one archive. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self._directories = {disputed: DirectoryCache(disputed=disputed) for disputed in (False, True)}

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
            return SpeakerAmbiguous(name, self.distinguished(scope, choices))
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
            return self.distinguished(scope, directory.entries[:limit])
        found = {entry.speaker.id: entry for entry in chain(directory.matching(text), directory.holding(text))}
        return self.distinguished(scope, tuple(islice(found.values() or directory.near(text), limit)))

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
        person = self.person(scope, speaker)
        parts = tuple(part for part, _ in split_candidates(person, self.titles(scope, person)))
        about = self.directory(scope).overrides_of(person)
        return SpeakerShown(person.entry.speaker, person.entry.quotations, len(person.articles), parts, about)

    def person(self, scope: Scope, speaker: SpeakerId) -> Person:
        """Return who has an id. Raises OverrideRejected where nobody has it any more."""
        person = self.directory(scope).person(speaker)
        if person is None:
            raise OverrideRejected("speaker.gone")
        return person

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
        return self.distinguished(scope, tuple(islice((e for id_, e in entries.items() if id_ not in now), limit)))

    def titles(self, scope: Scope, person: Person) -> Titles:
        """Return the headlines of the articles that quote a person."""
        with self._connections.reading() as connection:
            return cited_quotations.titles(connection, scope, person)

    def distinguished(self, scope: Scope, entries: tuple[SpeakerEntry, ...]) -> tuple[SpeakerEntry, ...]:
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
        _, title = self.titles(scope, person).get(last.article, (None, ""))
        return NewestArticle(title, last.published_at) if title or last.published_at else None


def _looks(entry: SpeakerEntry) -> tuple[str, str | None, str | None]:
    """Return what a list shows of a speaker."""
    speaker = entry.speaker
    return speaker.name, speaker.rank, speaker.role

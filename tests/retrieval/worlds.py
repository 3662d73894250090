"""Archives in which things are done for readers, at random: articles come and go, and moderators decide."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewSpeaker
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.overrides import CORRECTIONS, OverrideKind
from retrieval.domain.scope import Scope
from retrieval.errors import BadInput
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, day, new_article, quotation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.archive.archive import Archive

EMBEDDER = HashingEmbedder()
ANYONE, HERE, THERE = Scope(), Scope(CollectionId(11)), Scope(CollectionId(22))
POOL: Final = (
    (NewSpeaker("John Smith", "police chief"),),
    (NewSpeaker("JOHN SMITH", "striker"), NewSpeaker("Ann Lee")),
    (NewSpeaker("John A. Smith", "striker"),),
    (NewSpeaker("John B. Smith"),),
    (NewSpeaker("Smith", "police chief"),),
    (NewSpeaker("Joe Smith", "police chief"), NewSpeaker("John Smith")),
    (NewSpeaker("Joseph Smith Jr.", "police chief"),),
    (NewSpeaker("Smith"), NewSpeaker("A. Lee", "mayor")),
    (NewSpeaker("Ann Lee-Smith", "mayor"), NewSpeaker("ANN LEE SMITH")),
    (NewSpeaker("Jo O'Lee"), NewSpeaker("Jo OLee", "mayor of Selby"), NewSpeaker("Lee Smith Jr.", rank="Gen.")),
    (NewSpeaker("Lee", "mayor of Selby"), NewSpeaker("Jo Lee", "mayor of Selby")),
)
KINDS: Final = tuple(sorted(CORRECTIONS))
DISPUTED: Final = frozenset({5, 6, 9})
"""The articles of the pool that dispute what they quote."""
TYPED: Final = ("", "smith", "john", "Johnny", "Lee", "Nick")

ACTS: Final = st.tuples(
    st.sampled_from(["add", "add", "remove", "merge", "split", "alias", "correct", "correct", "undo"]),
    st.sampled_from([ANYONE, HERE, THERE]),
    st.integers(0, len(POOL) - 1),
    st.integers(0, len(POOL) - 1),
)


class World:
    """An archive in which things are done for readers."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.speakers = archive.speakers
        self.overrides = archive.overrides

    def act(self, what: str, scope: Scope, one: int, other: int) -> None:
        with contextlib.suppress(BadInput):
            getattr(self, f"_{what}")(scope, one, other)

    def view(self, scope: Scope, *, ids: bool = True) -> list[Any]:
        """All that a reader can find out about speakers."""
        people = self.speakers.directory(scope).entries
        seen: list[Any] = [self._seen(scope, number, ids=ids) for number in range(len(people))]
        lists = [[entry.speaker.name for entry in self.speakers.like(scope, typed, 25)] for typed in TYPED]
        return [sorted(seen, key=repr), *([[each] for each in lists] if ids else map(sorted, lists))]

    def _seen(self, scope: Scope, number: int, *, ids: bool) -> tuple[Any, ...]:
        entry = self.speakers.directory(scope).entries[number]
        speaker = entry.speaker
        _, quoted = self.speakers.quoted(scope, speaker.id)
        said = [(c.words, [(who.name, who.role) for who in c.quotation.speakers]) for c in quoted]
        assert len(said) == entry.quotations
        shown = self.speakers.shown(scope, speaker.id)
        parts = {(part.kind, part.label, part.quotations) for part in shown.split_candidates}
        decided = [(rule.kind, rule.name, rule.other) for rule in shown.overrides]
        disputed = [c.words for c in self.speakers.quoted(scope, speaker.id, disputed=True)[1]]
        told = (speaker.name, speaker.role, speaker.aliases, speaker.roles, said, disputed, sorted(parts), decided)
        return (speaker.id, number, *told) if ids else told

    def _add(self, scope: Scope, one: int, _other: int) -> None:
        text = f"Somebody said “words of {one}.” and went home"
        article = new_article(f"News {one}", text, published_at=day(one))
        said = quotation(text, f"words of {one}.", *POOL[one], disputed=one in DISPUTED)
        article = dataclasses.replace(article, quotations=(said,), extractor=0)
        self.archive.articles.add(article, EMBEDDER.spec, collection=scope.server or SHARED, now=NOON)

    def _reread(self, _scope: Scope, _one: int, other: int) -> None:
        """Quote others in an article that was not read again yet."""
        outdated = self.archive.rereading.next()
        if outdated is not None:
            words = outdated.body.partition("“")[2].partition("”")[0]
            said = quotation(outdated.body, words, *POOL[other], disputed=other in DISPUTED)
            self.archive.rereading.replace(outdated, [said])

    def _remove(self, scope: Scope, one: int, _other: int) -> None:
        for entry in self.archive.articles.entries(scope):
            if entry.source.title == f"News {one}":
                self.archive.articles.remove(scope, entry.id, now=NOON)

    def _merge(self, scope: Scope, one: int, other: int) -> None:
        people = self.speakers.directory(scope).entries
        if people:
            chosen = [people[number % len(people)].speaker.id for number in (one, other)]
            self.overrides.merge(scope, chosen[0], chosen[1])

    def _split(self, scope: Scope, one: int, other: int) -> None:
        people = self.speakers.directory(scope).entries
        if people:
            speaker = people[one % len(people)].speaker.id
            parts = self.speakers.shown(scope, speaker).split_candidates
            if parts:
                part = parts[other % len(parts)]
                self.overrides.split(scope, speaker, part.kind, part.number)

    def _alias(self, scope: Scope, one: int, other: int) -> None:
        people = self.speakers.directory(scope).entries
        if people:
            self.overrides.alias(scope, people[one % len(people)].speaker.id, f"Nick {other}")

    def _correct(self, scope: Scope, one: int, other: int) -> None:
        """Correct the quotation of an article: give it to somebody, or to nobody."""
        people = self.speakers.directory(scope).entries
        ids = [entry.id for entry in self.archive.articles.entries(scope) if entry.source.title == f"News {one}"]
        if people and ids:
            kind = KINDS[other % len(KINDS)]
            to = people[other % len(people)].speaker.id if kind is OverrideKind.SPEAKER else None
            self.overrides.correct(scope, ExcerptRef(ids[0], Span(15, 20)), kind, to)

    def _undo(self, scope: Scope, one: int, _other: int) -> None:
        rulings = self.overrides.active(scope)
        if rulings:
            self.overrides.undo(scope, rulings[one % len(rulings)].id)


def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder, open_archive(Path(folder) / "news.sqlite3") as archive:
        yield World(archive)

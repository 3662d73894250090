"""Who is who is kept up with the archive: exactly as if it were told from nothing, and without telling all of it."""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.archive.articles.rows import visible_to
from retrieval.archive.schema import articles
from retrieval.archive.speakers import correcting, directory, mentions, overrides
from retrieval.archive.speakers.name_blocks import blocking_keys
from retrieval.archive.speakers.persons import resolve_persons
from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Filters, Scope
from retrieval.text.names.entity_matching import KnownAs, same_person
from retrieval.text.names.names import name_key
from tests.retrieval.worlds import ACTS, ANYONE, HERE, POOL, THERE, world
from tests.support.prepared import day
from tests.support.sizes import sized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.archive.speakers.corrections import Corrections
    from retrieval.archive.speakers.mentions import Unit
    from retrieval.archive.speakers.persons import Person
    from tests.retrieval.worlds import World

LATELY = dataclasses.replace(HERE, filters=Filters(since=day(4)))
DOUBTING = dataclasses.replace(HERE, disputed=True)
READERS = (ANYONE, HERE, THERE, LATELY, DOUBTING)

READ_AGAIN = st.tuples(st.just("reread"), st.just(ANYONE), *[st.integers(0, len(POOL) - 1)] * 2)
ASKED = st.tuples(ACTS | READ_AGAIN, st.sets(st.sampled_from(READERS)))


@dataclasses.dataclass(frozen=True, slots=True)
class Whole:
    """Everybody a reader can see quoted, told from nothing and all at once."""

    people: list[Person]
    said: dict[Unit, Person]
    known: dict[int, Person]


def from_nothing(w: World, scope: Scope) -> Whole:
    scope = dataclasses.replace(scope, filters=None)  # who somebody is does not depend on what is asked about them
    with w.archive._connections.reading() as connection:
        seen = connection.scalars(sa.select(articles.c.id).where(visible_to(scope))).all()
        corrections = correcting.in_force(connection, scope)
        found = mentions.read(connection, dict.fromkeys(seen, (0, ())), corrections, disputed=scope.disputed)
        active = overrides.active(connection, scope)
    everything = sorted((one for each in found.values() for one in each.mentions), key=lambda one: one.order)
    joint = [said for each in found.values() for said in each.joint]
    everybody = sorted(resolve_persons(everything, joint, active), key=lambda person: person.rank)
    said = {one.unit: person for person in everybody for one in person.mentions}
    known = {one.unit[0]: said[one.unit] for one in everything}
    known |= {number: person for person in everybody for number in person.ids.values()}
    return Whole(everybody, said, known)


def assert_same(w: World, scope: Scope) -> None:
    kept, whole = w.speakers.directory(scope), from_nothing(w, scope)
    assert list(kept.persons) == whole.people
    assert kept.entries == tuple(person.entry for person in whole.people)
    assert {unit: kept.person_in(*unit) for unit in whole.said} == whole.said
    assert {number: kept.person(number) for number in whole.known} == whole.known
    everyone = {one.unit[0] for block in kept.blocks.values() for one in block.mentions}
    assert {number for number in range(100) if kept.person(number)} == everyone
    assert kept.person_in(10_000, 1) is None


@given(st.lists(ASKED, max_size=25), st.sampled_from([1, 2, 8]))
@settings(max_examples=sized(40, 120))
@example([(("add", ANYONE, one, 0), set(READERS)) for one in range(len(POOL))], 8)
@example([(("add", HERE, 8, 0), {HERE}), (("merge", HERE, 0, 1), {HERE}), (("remove", HERE, 8, 0), {HERE})], 2)
@example([(("add", HERE, 0, 0), {HERE}), (("add", HERE, 7, 0), {HERE}), (("reread", HERE, 0, 4), {HERE})], 2)
@example([(("add", ANYONE, 0, 0), {HERE}), (("split", HERE, 0, 0), {HERE}), (("add", ANYONE, 1, 0), {HERE})], 1)
def test_whatever_happened_it_is_as_if_told_from_nothing(
    acts: Sequence[tuple[tuple[str, Scope, int, int], set[Scope]]], kept: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(directory, "DIRECTORIES", kept)
        for w in world():
            for act, asking in acts:
                w.act(*act)
                for scope in asking:
                    assert_same(w, scope)
            for scope in READERS:
                assert_same(w, scope)


def test_an_article_changes_nobody_whose_name_ends_otherwise() -> None:
    for w in world():
        for number in (0, 1, 2, 7):
            w.act("add", ANYONE, number, 0)
        before = {person.entry.speaker.name: person for person in w.speakers.directory(ANYONE).persons}
        w.act("add", ANYONE, 3, 0)
        after = {person.entry.speaker.name: person for person in w.speakers.directory(ANYONE).persons}
        assert after["Ann Lee"] is before["Ann Lee"]
        assert "John B. Smith" in after


def test_readers_who_see_the_same_share_what_is_kept() -> None:
    for w in world():
        w.act("add", ANYONE, 1, 0)
        w.act("add", HERE, 8, 0)
        servers = [Scope(CollectionId(number)) for number in range(100, 200)]
        assert {id(w.speakers.directory(scope)) for scope in servers} == {id(w.speakers.directory(ANYONE))}
        w.act("add", ANYONE, 3, 0)
        here, anyone = w.speakers.directory(HERE), w.speakers.directory(ANYONE)
        assert here is not anyone
        assert here.person(w.speakers.directory(ANYONE).entries[-1].speaker.id) is not None


def test_what_two_readers_see_alike_is_there_once() -> None:
    for w in world():
        w.act("add", ANYONE, 0, 0)
        w.act("add", HERE, 7, 0)
        w.act("add", ANYONE, 10, 0)
        here, there = w.speakers.directory(HERE), w.speakers.directory(THERE)
        assert here.blocks["smith"] is not there.blocks["smith"]
        w.act("add", THERE, 1, 0)
        w.act("remove", HERE, 7, 0)
        assert w.speakers.directory(HERE).blocks["smith"] is there.blocks["smith"]


def test_no_more_is_kept_than_a_few_readers_need() -> None:
    for w in world():
        for number in range(directory.DIRECTORIES + 3):
            w.act("add", Scope(CollectionId(number + 1)), number % len(POOL), 0)
        for number in range(300):
            assert_same(w, Scope(CollectionId(number % 20 + 1)))
        remembered = w.archive.speakers._directories[False]._by_scope
        assert len({id(known) for _, known in remembered.values()}) <= directory.DIRECTORIES


def test_readers_may_ask_while_articles_come() -> None:
    for w in world():
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(w.speakers.like, scope, "smith", 25) for _ in range(5) for scope in READERS]
            for number in range(len(POOL)):
                w.act("add", ANYONE if number % 2 else HERE, number, 0)
                asked += [pool.submit(w.speakers.like, scope, "smith", 25) for scope in READERS]
            for one in asked:
                one.result()
        for scope in READERS:
            assert_same(w, scope)


def test_nobody_waits_until_it_is_known_who_is_who_in_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, done, read = threading.Event(), threading.Event(), list[int]()
    really_read = mentions.read

    def slow(
        connection: sa.Connection, asked: dict[int, mentions.Version], *corrections: Corrections, disputed: bool
    ) -> dict[int, mentions.ArticleMentions]:
        read.extend(asked)
        if slow_one in asked:
            begun.set()
            assert done.wait(20)
        return really_read(connection, asked, *corrections, disputed=disputed)

    for w in world():
        for scope, number in ((ANYONE, 0), (HERE, 1), (THERE, 2)):
            w.act("add", scope, number, 0)
        shared = {article.id for article in w.archive.articles.entries(ANYONE)}
        [slow_one] = {article.id for article in w.archive.articles.entries(HERE)} - shared
        monkeypatch.setattr(mentions, "read", slow)
        with ThreadPoolExecutor(3) as pool:
            try:
                here = [pool.submit(w.speakers.directory, HERE) for _ in range(2)]
                assert begun.wait(20)
                there = pool.submit(w.speakers.directory, THERE).result(timeout=10)
                assert not any(one.done() for one in here)
            finally:
                done.set()
            assert here[0].result() is here[1].result() is not there
        assert len(read) == len(set(read)) == 3


WORDS = st.sampled_from(
    ("ann", "al", "el", "o", "mc", "lee", "lee-smith", "smith", "o'lee", "olee", "al-lee", "jr", "ii", "the", "ø", "o'")
)


@given(st.sets(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=8))
@settings(max_examples=sized(100, 300))
def test_names_that_are_joined_end_alike(keys: set[str]) -> None:
    names = [KnownAs(name_key(key) or key, frozenset({"mayor"})) for key in sorted(keys)]
    for one, other in same_person(names):
        assert blocking_keys(one) & blocking_keys(other)

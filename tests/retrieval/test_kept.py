"""What was read of an archive is kept until the archive changes."""

from __future__ import annotations

from retrieval.archive.scope_cache import ScopeCache
from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Filters, Scope


class Counted:
    """Something to read, and how often it was read."""

    def __init__(self) -> None:
        self.sequence = 0
        self.reads: list[Scope] = []

    def read(self, scope: Scope) -> tuple[Scope, int]:
        self.reads.append(scope)
        return scope, self.sequence


def kept() -> tuple[Counted, ScopeCache[tuple[Scope, int]]]:
    counted = Counted()
    return counted, ScopeCache(counted.read, lambda _: counted.sequence)


def test_it_is_read_once_while_nothing_changes() -> None:
    counted, cache = kept()
    assert cache.of(Scope()) == cache.of(Scope()) == (Scope(), 0)
    assert len(counted.reads) == 1


def test_it_is_read_again_after_a_change() -> None:
    counted, cache = kept()
    cache.of(Scope())
    counted.sequence = 1
    assert cache.of(Scope()) == (Scope(), 1)


def test_every_reader_has_their_own() -> None:
    _, cache = kept()
    server, narrowed = Scope(CollectionId(7)), Scope(CollectionId(7), Filters("Reuters"))
    assert [cache.of(scope)[0] for scope in (Scope(), server, narrowed)] == [Scope(), server, narrowed]


def test_readers_who_do_not_come_again_are_forgotten() -> None:
    counted, cache = kept()
    for number in range(1000):
        cache.of(Scope(CollectionId(number)))
    cache.of(Scope(CollectionId(999)))
    assert len(counted.reads) == 1000
    cache.of(Scope(CollectionId(0)))
    assert len(counted.reads) == 1001

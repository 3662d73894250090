"""What was read of an archive is kept until the archive changes."""

from __future__ import annotations

from retrieval.archive.scope_cache import Kept
from retrieval.domain.ids import CollectionId
from retrieval.domain.readers import Narrowing, Reader


class Counted:
    """Something to read, and how often it was read."""

    def __init__(self) -> None:
        self.sequence = 0
        self.reads: list[Reader] = []

    def read(self, reader: Reader) -> tuple[Reader, int]:
        self.reads.append(reader)
        return reader, self.sequence


def kept() -> tuple[Counted, Kept[tuple[Reader, int]]]:
    counted = Counted()
    return counted, Kept(counted.read, lambda _: counted.sequence)


def test_it_is_read_once_while_nothing_changes() -> None:
    counted, cache = kept()
    assert cache.of(Reader()) == cache.of(Reader()) == (Reader(), 0)
    assert len(counted.reads) == 1


def test_it_is_read_again_after_a_change() -> None:
    counted, cache = kept()
    cache.of(Reader())
    counted.sequence = 1
    assert cache.of(Reader()) == (Reader(), 1)


def test_every_reader_has_their_own() -> None:
    _, cache = kept()
    server, narrowed = Reader(CollectionId(7)), Reader(CollectionId(7), Narrowing("Reuters"))
    assert [cache.of(reader)[0] for reader in (Reader(), server, narrowed)] == [Reader(), server, narrowed]


def test_readers_who_do_not_come_again_are_forgotten() -> None:
    counted, cache = kept()
    for number in range(1000):
        cache.of(Reader(CollectionId(number)))
    cache.of(Reader(CollectionId(999)))
    assert len(counted.reads) == 1000
    cache.of(Reader(CollectionId(0)))
    assert len(counted.reads) == 1001

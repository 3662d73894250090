"""Checks that the index of the full-text table agrees with the table. Reads only.

FTS5's own check is only for those who may write. So for every word the places that the index gives are added up and
compared with the same sums over the table's rows.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.archive.integrity.damaged_rows import say_of
from retrieval.archive.sqlite.full_text import PLACES, TABLE, TERMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

_AT_A_TIME: Final = 2000
_CONFIG: Final = [("version", 4)]
_AVERAGES: Final = 1
"""The id of the record in which FTS5 keeps how many rows and words there are."""
_PLACE: Final = f"FROM {PLACES} p WHERE p.term = t.term"
_SUMS: Final = f"SELECT term, (SELECT sum(doc) {_PLACE}), (SELECT sum(offset) {_PLACE}), cnt FROM {TERMS} t"  # noqa: S608 - constants
_ROWS: Final = (
    f"SELECT c.id, c.c0, d.sz FROM {TABLE}_content c "  # noqa: S608 - constants
    f"LEFT JOIN {TABLE}_docsize d ON d.id = c.id ORDER BY c.id"
)


def check(connection: sa.Connection) -> Iterator[str]:
    """Yield what is wrong, in sentences."""
    words, sizes, total = _Sums(), list[int](), 0
    for rows in connection.exec_driver_sql(_ROWS).partitions(_AT_A_TIME):
        split = [str(row[1]).split() for row in rows]
        sizes += [row[0] for row, each in zip(rows, split, strict=True) if row[2] != _varint(len(each))]
        total += sum(map(len, split))
        words.add([row[0] for row in rows], split)
    yield from say_of("The full-text index has another length of {}.", "passage", sizes)
    indexed = {str(term): (docs, offsets, times) for term, docs, offsets, times in connection.exec_driver_sql(_SUMS)}
    differ = {word for word, _ in indexed.items() ^ words.totals().items()}
    if differ:
        yield f"The full-text index of {len(differ)} words is not what its table says."
    yield from _records(connection, total)


def _records(connection: sa.Connection, words: int) -> Iterator[str]:
    """Check what FTS5 keeps beside its index: its settings, and how many rows and words there are."""
    config = [tuple(row) for row in connection.exec_driver_sql(f"SELECT k, v FROM {TABLE}_config")]  # noqa: S608 - a constant
    record = f"SELECT block FROM {TABLE}_data WHERE id = {_AVERAGES}"  # noqa: S608 - likewise
    averages = connection.exec_driver_sql(record).scalar()
    amount = connection.exec_driver_sql(f"SELECT count(*) FROM {TABLE}_content").scalar_one()  # noqa: S608 - likewise
    knows = averages == _varint(amount) + _varint(words) if amount else averages in {None, b"", b"\0", b"\0\0"}
    if config != _CONFIG or not knows:
        yield "The full-text index does not know its own size."


class _Sums:
    """For each word the sum of passage ids over its places, the sum of the places, and their number."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._sums = np.zeros((3, 0), dtype=np.int64)

    def add(self, ids: list[int], texts: list[list[str]]) -> None:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        numbers = np.fromiter((self._numbers[word] for text in texts for word in text), np.int64, int(lengths.sum()))
        self._sums = np.pad(self._sums, ((0, 0), (0, len(self._numbers) - self._sums.shape[1])))
        places = np.concatenate([np.empty(0, np.int64), *map(np.arange, lengths)])
        for row, weights in enumerate((np.repeat(np.array(ids, np.int64), lengths), places, np.ones_like(places))):
            np.add.at(self._sums[row], numbers, weights)

    def totals(self) -> dict[str, tuple[int, ...]]:
        return {word: tuple(self._sums[:, number].tolist()) for word, number in self._numbers.items()}


def _varint(number: int) -> bytes:
    """Encode a number in as few bytes as it needs, as SQLite does."""
    septets = [number & 0x7F]
    while number := number >> 7:
        septets.append(number & 0x7F | 0x80)
    return bytes(reversed(septets))

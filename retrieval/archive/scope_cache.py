"""What was read of an archive for a reader, kept in memory until the archive changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.readers import Reader

_READERS: Final = 256
"""Readers remembered if nothing else is said: servers, and what those who narrow a question down ask only of."""

_Value = TypeVar("_Value")


class Kept(Generic[_Value]):
    """One question to the archive with its answers by reader. Thread-safe.

    `read` asks it; `state` is another one whenever anything has changed that `read` may depend on. At most so many
    readers are remembered, the last ones.
    """

    def __init__(
        self, read: Callable[[Reader], _Value], state: Callable[[Reader], object], readers: int = _READERS
    ) -> None:
        self._read = read
        self._state = state
        self._readers = readers
        self._kept: OrderedDict[Reader, tuple[object, _Value]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, reader: Reader) -> _Value:
        """The answer for a reader, as of now."""
        state = self._state(reader)
        with self._lock:
            known = self._kept.get(reader)
            if known is not None and known[0] == state:
                self._kept.move_to_end(reader)
                return known[1]
        value = self._read(reader)
        with self._lock:
            self._kept[reader] = (state, value)
            self._kept.move_to_end(reader)
            if len(self._kept) > self._readers:
                self._kept.popitem(last=False)
        return value

"""What was read of an archive for a reader, kept in memory until the archive changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.scope import Scope

_READERS: Final = 256
"""Readers remembered if nothing else is said: servers, and what those who narrow a question down ask only of."""

_Value = TypeVar("_Value")


class ScopeCache(Generic[_Value]):
    """One question to the archive with its answers by reader. Thread-safe.

    `read` asks it; `state` is another one whenever anything has changed that `read` may depend on. At most so many
    readers are remembered, the last ones.
    """

    def __init__(
        self, read: Callable[[Scope], _Value], state: Callable[[Scope], object], scopes: int = _READERS
    ) -> None:
        self._read = read
        self._state = state
        self._readers = scopes
        self._kept: OrderedDict[Scope, tuple[object, _Value]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, scope: Scope) -> _Value:
        """The answer for a reader, as of now."""
        state = self._state(scope)
        with self._lock:
            known = self._kept.get(scope)
            if known is not None and known[0] == state:
                self._kept.move_to_end(scope)
                return known[1]
        value = self._read(scope)
        with self._lock:
            self._kept[scope] = (state, value)
            self._kept.move_to_end(scope)
            if len(self._kept) > self._readers:
                self._kept.popitem(last=False)
        return value

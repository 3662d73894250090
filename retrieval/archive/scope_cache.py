"""A cache of what was read from the archive for a scope, valid until the archive changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.scope import Scope

_SCOPES: Final = 256
"""Scopes kept: servers, and their questions with filters."""

_Value = TypeVar("_Value")


class ScopeCache(Generic[_Value]):
    """Keeps the result of `read` by scope, for the most recent 256 of them. Thread-safe.

    `state` must return another value whenever anything has changed that `read` depends on.
    """

    def __init__(self, read: Callable[[Scope], _Value], state: Callable[[Scope], object]) -> None:
        self._read = read
        self._state = state
        self._cached: OrderedDict[Scope, tuple[object, _Value]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, scope: Scope) -> _Value:
        """The value for a scope, as of now."""
        state = self._state(scope)
        with self._lock:
            cached = self._cached.get(scope)
            if cached is not None and cached[0] == state:
                self._cached.move_to_end(scope)
                return cached[1]
        value = self._read(scope)
        with self._lock:
            self._cached[scope] = (state, value)
            self._cached.move_to_end(scope)
            if len(self._cached) > _SCOPES:
                self._cached.popitem(last=False)
        return value

"""Caches what was read of an archive for a scope, until the archive changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.scope import Scope

_SCOPES: Final = 256
"""Scopes kept by default: those of servers, and of questions with filters."""

_Value = TypeVar("_Value")


class ScopeCache(Generic[_Value]):
    """The results of `read` for the last scopes, each kept until `state` of the scope changes. Thread-safe."""

    def __init__(
        self, read: Callable[[Scope], _Value], state: Callable[[Scope], object], scopes: int = _SCOPES
    ) -> None:
        self._read = read
        self._state = state
        self._scopes = scopes
        self._kept: OrderedDict[Scope, tuple[object, _Value]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, scope: Scope) -> _Value:
        """Return the result for a scope, as of now."""
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
            if len(self._kept) > self._scopes:
                self._kept.popitem(last=False)
        return value

"""How much of a long test runs: a part of it in `make test`, all of it in `make soak`, which sets PULLQUOTE_LONG."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG: Final = os.environ.get("PULLQUOTE_LONG", "") not in {"", "0"}

_Size = TypeVar("_Size")


def sized(short: _Size, long: _Size) -> _Size:
    """Return the one for this run."""
    return long if LONG else short


def some(items: Sequence[_Size], step: int) -> Sequence[_Size]:
    """Return all items in a long run, else every `step`-th."""
    return items if LONG else items[::step]

"""Numbers of things in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.domain.health import DiskRoom


def count(number: int, noun: str) -> str:
    """`1 article`, `2,000 articles`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def disk_low(room: DiskRoom) -> str:
    """That there is little room, for those who can have the operator make some."""
    if room.is_gone:
        return "Nothing can be added until there is room again. Please tell whoever runs me."
    return f"{room.free / 1e6:,.0f} MB are left where I keep articles. Please tell whoever runs me."

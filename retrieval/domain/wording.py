"""Numbers and dates in words, as every surface writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def count(number: int, noun: str) -> str:
    """Return `1 article` or `2,000 articles`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def day(moment: datetime) -> str:
    """Return `2024-03-25`."""
    return f"{moment:%Y-%m-%d}"


def minute(moment: datetime) -> str:
    """Return `2024-03-25 14:05 UTC`, of a moment in UTC."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"

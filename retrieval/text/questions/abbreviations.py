"""Abbreviations that news uses for names without spelling them out, and the names: `U.N.` is the United Nations.

A small table of what the whole field writes, as analysed words; anything else is the embedder's work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

Form: TypeAlias = tuple[str, frozenset[str]]
"""A short word and the words of what it stands for."""

_SPELLED = {
    "UN": "United Nations",
    "US": "United States",
    "UK": "United Kingdom",
    "EU": "European Union",
    "UAE": "United Arab Emirates",
    "EC": "European Commission",
    "ECB": "European Central Bank",
    "IMF": "International Monetary Fund",
    "WTO": "World Trade Organization",
    "IAEA": "International Atomic Energy Agency",
    "ICC": "International Criminal Court",
    "ICJ": "International Court of Justice",
    "FBI": "Federal Bureau of Investigation",
    "CIA": "Central Intelligence Agency",
    "NSA": "National Security Agency",
    "FDA": "Food and Drug Administration",
    "CDC": "Centers for Disease Control",
    "EPA": "Environmental Protection Agency",
    "FAA": "Federal Aviation Administration",
    "FTC": "Federal Trade Commission",
    "DOJ": "Justice Department",
    "DHS": "Department of Homeland Security",
    "IRS": "Internal Revenue Service",
    "NHS": "National Health Service",
    "NRA": "National Rifle Association",
    "NFL": "National Football League",
    "NBA": "National Basketball Association",
    "NYC": "New York City",
    "GDP": "gross domestic product",
    "AI": "artificial intelligence",
}
_FORMS: tuple[Form, ...] = tuple((analyse(short)[0], frozenset(analyse(long))) for short, long in _SPELLED.items())


def forms_of(words: AbstractSet[str]) -> tuple[Form, ...]:
    """Those of the table that `words`, analysed, hold in their short form or whole in their long one."""
    return tuple((short, long) for short, long in _FORMS if short in words or long <= words)


def with_forms(words: frozenset[str], forms: Iterable[Form]) -> frozenset[str]:
    """`words`, and the other form of whatever among `forms` they hold."""
    for short, long in forms:
        if short in words:
            words |= long
        elif long <= words:
            words |= {short}
    return words

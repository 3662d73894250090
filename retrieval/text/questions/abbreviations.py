"""Common abbreviations of names in news and what they stand for: `U.N.` is the United Nations.

A small table of analysed words; all other synonyms are left to the embedder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

Abbreviation: TypeAlias = tuple[str, frozenset[str]]
"""The short form, and the words of the long form; all analysed."""

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
_ABBREVIATIONS: tuple[Abbreviation, ...] = tuple(
    (analyse(short)[0], frozenset(analyse(long))) for short, long in _SPELLED.items()
)


def find_abbreviations(words: AbstractSet[str]) -> tuple[Abbreviation, ...]:
    """The known abbreviations whose short form, or whole long form, is among the analysed `words`."""
    return tuple((short, long) for short, long in _ABBREVIATIONS if short in words or long <= words)


def with_abbreviations(words: frozenset[str], abbreviations: Iterable[Abbreviation]) -> frozenset[str]:
    """`words` plus the other form of each of `abbreviations` that they hold."""
    for short, long in abbreviations:
        if short in words:
            words |= long
        elif long <= words:
            words |= {short}
    return words

"""The organisations that an article names, so that "the federation" finds the one federation named before it."""

import re
from bisect import bisect_left

from retrieval.domain.articles import Span
from retrieval.text.names.organisations import kinds, organisation

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'&.-]*+"
_SMALL = r"(?:(?:and|&|de|del|la|van|von|bin|al|da|dos|(?:of|for)(?:\sthe)?)\s)?"
NAME = rf"(?:[Tt]he\s)?{_CAPITAL}(?:\s{_SMALL}{_CAPITAL}){{0,6}}"
"""A pattern of capitalised words with small ones between them: the name of a person, an organisation or a place."""

_NAMES = re.compile(rf"(?<![\w’'-]){NAME}")
_MEANT = re.compile(r"the ([a-z][\w-]*)", re.IGNORECASE)


class NamedOrganisations:
    """The organisations of one article, by their kind ("federation") and the offset of each name."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, list[int]] = {}
        self._names: dict[str, list[str]] = {}
        for match in _NAMES.finditer(text):
            name = organisation(match.group()) or ""
            for kind in kinds(name):
                self._places.setdefault(kind, []).append(match.start())
                self._names.setdefault(kind, []).append(name)

    def meant(self, mention: Span) -> str | None:
        """The only organisation of its kind named before a mention such as "the ministry"; None without just one."""
        described = _MEANT.fullmatch(self._text, mention.start, mention.end)
        kind = described.group(1).casefold() if described else ""
        before = bisect_left(self._places.get(kind, []), mention.start)
        first = self._names[kind][0] if before else None
        return first if len(set(self._names.get(kind, []))) == 1 else None

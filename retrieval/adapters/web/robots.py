"""Reads a site's robots.txt as RFC 9309 says: which pages it asks this bot not to read. Pure; fetches nothing.

The file is a stranger's: reading and asking take time in proportion to its length, whatever stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

_LINE_END = re.compile(r"[\r\n]+")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_PRODUCT = re.compile(r"\*(?=\s|$)|[a-z_-]+")
_ANYBODY: Final = "*"
_UNRESERVED: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class _Rule:
    pieces: tuple[str, ...]
    """What has to follow one another in the path, with anything between: the pattern cut at its stars."""
    whole: bool
    """Whether nothing may come after the last piece: the pattern ended in $."""
    length: int
    allows: bool

    def matches(self, path: str) -> bool:
        if not path.startswith(self.pieces[0]):
            return False
        at = len(self.pieces[0])
        if self.whole and len(self.pieces) == 1:
            return len(path) == at
        for piece in self.pieces[1 : -1 if self.whole else None]:
            found = path.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return not self.whole or (path.endswith(self.pieces[-1]) and len(path) - len(self.pieces[-1]) >= at)


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site asks of one bot; nothing, where it has no such file."""

    rules: tuple[_Rule, ...] = ()

    def allow(self, target: str) -> bool:
        """Whether the bot may read a path with its query. The longest rule that matches decides, of equals the kind."""
        path = _plain(target)
        matching = [(rule.length, rule.allows) for rule in self.rules if rule.matches(path)]
        return max(matching)[1] if matching else True


def read_robots(text: str, product: str) -> Robots:
    """What the file says to the bot of that name: the groups that name it or, where none does, those for everybody."""
    rules: dict[str, list[_Rule]] = {}
    named: set[str] = set()
    naming = False
    for line in _LINE_END.split(text.removeprefix("\ufeff")):
        field, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        match field.lower():
            case "user-agent":
                named = named if naming else set()
                naming = True
                found = _PRODUCT.match(value.lower())
                if found is not None and found.group() in {product.lower(), _ANYBODY}:
                    named.add(found.group())
                    rules.setdefault(found.group(), [])
            case "allow" | "disallow" as verb:
                naming = False
                for each in named if value else ():
                    rules[each].append(_rule(value, allows=verb == "allow"))
    return Robots(tuple(rules.get(product.lower(), rules.get(_ANYBODY, []))))


def _rule(pattern: str, *, allows: bool) -> _Rule:
    whole = pattern.endswith("$")
    plain = _plain(pattern.removesuffix("$"))
    return _Rule(tuple(plain.split("*")), whole, len(plain), allows)


def _plain(path: str) -> str:
    """One spelling for what means the same: everything escaped that must be, in capitals, and nothing that need not."""
    escaped = quote(path, safe=_ASCII, errors="replace")
    return _ESCAPE.sub(lambda found: _unescaped(found[1]), escaped)


def _unescaped(digits: str) -> str:
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"

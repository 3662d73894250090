"""Reads a site's robots.txt by RFC 9309: which pages it asks this bot not to read. Pure.

Written by hand because the file may be hostile: parsing and matching take time in proportion to its length. protego
needs minutes for some files, and the standard library knows no wildcards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE_LINE = re.compile(r"[^\r\n]+")
_LINE = re.compile(r"^([+-])(.*)$", re.MULTILINE)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_PRODUCT = re.compile(r"\*(?=\s|$)|[a-z_-]+")
_ANYBODY: Final = "*"
_MOST_CHARACTERS: Final = 512_000
"""Characters of rules that are kept; RFC 9309 asks for 500 KiB of the file."""
_UNRESERVED: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class _Rule:
    pieces: tuple[str, ...]
    """The pattern cut at its stars: the pieces must follow one another in the path, with anything between."""
    whole: bool
    """Whether the pattern ended in $: nothing may follow the last piece."""
    length: int
    allows: bool

    def matches(self, path: str) -> bool:
        if not path.startswith(self.pieces[0]):
            return False
        at = len(self.pieces[0])
        if self.whole and len(self.pieces) == 1:
            return len(path) == at
        for piece in self.pieces[1 : -1 if self.whole else None]:
            place = path.find(piece, at)
            if place < 0:
                return False
            at = place + len(piece)
        return not self.whole or (path.endswith(self.pieces[-1]) and len(path) - len(self.pieces[-1]) >= at)


@dataclass(frozen=True, slots=True)
class Robots:
    """A site's rules for one bot; none where it has no such file.

    `lines` holds a rule a line, + or - before its pattern: one text takes a tenth of the memory of objects.
    """

    lines: str = ""

    def rules(self) -> Iterator[_Rule]:
        """The rules, in the order of the file."""
        return (_rule(line[2], allows=line[1] == "+") for line in _LINE.finditer(self.lines))

    def allow(self, target: str) -> bool:
        """Return whether the bot may read path and query: the longest matching rule decides; of equal ones, Allow."""
        path = _plain(target)
        matching = ((rule.length, rule.allows) for rule in self.rules() if rule.matches(path))
        return max(matching, default=(0, True))[1]


def read_robots(text: str, product: str) -> Robots:
    """The rules for the bot called `product`: the groups that name it or, where none does, those for every bot.

    Rules beyond 512,000 characters are ignored.
    """
    groups: dict[str, StringIO] = {}
    named: set[str] = set()
    naming = False
    for line in _FILE_LINE.finditer(text.removeprefix("\ufeff")):
        name, _, value = (part.strip() for part in line[0].partition("#")[0].partition(":"))
        match name.lower():
            case "user-agent":
                named = named if naming else set()
                naming = True
                agent = _PRODUCT.match(value.lower())
                if agent is not None and agent.group() in {product.lower(), _ANYBODY}:
                    named.add(agent.group())
                    groups.setdefault(agent.group(), StringIO())
            case "allow" | "disallow" as verb:
                naming = False
                for agent_name in named if value else ():
                    rule = f"{'+' if verb == 'allow' else '-'}{_plain(value)}\n"
                    if groups[agent_name].tell() + len(rule) <= _MOST_CHARACTERS:
                        groups[agent_name].write(rule)
    return Robots((groups.get(product.lower()) or groups.get(_ANYBODY) or StringIO()).getvalue())


def _rule(plain: str, *, allows: bool) -> _Rule:
    path = plain.removesuffix("$")
    return _Rule(tuple(path.split("*")), path != plain, len(path), allows)


def _plain(path: str) -> str:
    """The one spelling of a path: escaped, in capitals, is what must be and nothing else."""
    escaped = quote(path, safe=_ASCII, errors="replace")
    return _ESCAPE.sub(lambda digits: _unescaped(digits[1]), escaped)


def _unescaped(digits: str) -> str:
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"

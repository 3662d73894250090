"""Reads a site's robots.txt as RFC 9309 says: which pages it asks this bot not to read. Pure; fetches nothing.

The file is a stranger's: reading and asking take time in proportion to its length, whatever stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
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
_MOST: Final = 512_000
"""Characters of rules that are kept of a file: RFC 9309 asks for 500 KiB of it."""
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
    """What a site asks of one bot; nothing, where it has no such file.

    `lines` holds a rule a line, + or - before its pattern: as one text they take a tenth of the memory of objects.
    """

    lines: str = ""

    def rules(self) -> Iterator[_Rule]:
        """Each rule, in the order of the file."""
        return (_rule(found[2], allows=found[1] == "+") for found in _LINE.finditer(self.lines))

    def allow(self, target: str) -> bool:
        """Whether the bot may read a path with its query. The longest rule that matches decides, of equals the kind."""
        path = _plain(target)
        matching = ((rule.length, rule.allows) for rule in self.rules() if rule.matches(path))
        return max(matching, default=(0, True))[1]


def read_robots(text: str, product: str) -> Robots:
    """What the file says to the bot of that name: the groups that name it or, where none does, those for everybody.

    Rules beyond 512,000 characters are passed over, as is what stands in a file behind so many.
    """
    groups: dict[str, _Group] = {}
    named: set[str] = set()
    naming = False
    for line in _FILE_LINE.finditer(text.removeprefix("\ufeff")):
        name, _, value = (part.strip() for part in line[0].partition("#")[0].partition(":"))
        match name.lower():
            case "user-agent":
                named = named if naming else set()
                naming = True
                found = _PRODUCT.match(value.lower())
                if found is not None and found.group() in {product.lower(), _ANYBODY}:
                    named.add(found.group())
                    groups.setdefault(found.group(), _Group())
            case "allow" | "disallow" as verb:
                naming = False
                for each in named if value else ():
                    groups[each].add(verb == "allow", value)
    return Robots((groups.get(product.lower()) or groups.get(_ANYBODY) or _Group()).lines.getvalue())


@dataclass(slots=True)
class _Group:
    """The rules for one bot, as they are read."""

    lines: StringIO = field(default_factory=StringIO)

    def add(self, allows: bool, pattern: str) -> None:  # noqa: FBT001  # in the order of the line
        line = f"{'+' if allows else '-'}{_plain(pattern)}\n"
        if self.lines.tell() + len(line) <= _MOST:
            self.lines.write(line)


def _rule(plain: str, *, allows: bool) -> _Rule:
    path = plain.removesuffix("$")
    return _Rule(tuple(path.split("*")), path != plain, len(path), allows)


def _plain(path: str) -> str:
    """One spelling for what means the same: everything escaped that must be, in capitals, and nothing that need not."""
    escaped = quote(path, safe=_ASCII, errors="replace")
    return _ESCAPE.sub(lambda found: _unescaped(found[1]), escaped)


def _unescaped(digits: str) -> str:
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"

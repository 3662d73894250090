"""Reads rich text (RTF), in time that grows with the file: letters, dashes and quotation marks in any of its encodings.

Fonts, styles, pictures, heads, feet, notes, field codes and hidden or deleted words are no part of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.adapters.extraction.rejection import reject_short
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    rb"\\(?P<word>[a-z]{1,32})(?P<number>-?\d{1,9})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-z])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<plain>[^\\{}\r\n]+)",
    re.DOTALL,
)
_LEFT_OUT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf tc xe"
    b" footnote annotation fldinst listtable listoverridetable rsidtbl generator themedata colorschememapping listtext"
    b" latentstyles datastore xmlnstbl revtbl filetbl nonshppict template bkmkstart bkmkend pntext *".split()
)
"""Groups that begin with one of these words are no text, nor those with the sign for what older programs leave out."""
_SHOWN = {
    **dict.fromkeys((b"par", b"sect", b"page", b"row", b"cell", b"nestcell", b"nestrow", b"\n", b"\r"), "\n\n"),
    b"line": "\n", b"tab": " ", b"emspace": " ", b"enspace": " ", b"emdash": "—", b"endash": "–", b"bullet": "•",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"~": "\u00a0", b"_": "-",
    b"{": "{", b"}": "}", b"\\": "\\",
}  # fmt: skip
_CHARSETS = {
    0: "cp1252", 77: "mac-roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_CODEPAGES = {437, 850, 852, 866, 874, 932, 949, *range(1250, 1259)}
_CODE_UNITS = 0x10000
"""Of UTF-16; the upper half of them is written as negative numbers."""
_DEEPEST = 500


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds until a closing brace: that it is left out or hidden, the font, and the signs in place of a number."""

    left_out: bool = False
    hidden: bool = False
    font: int = 0
    substitutes: int = 1


def read_rtf(content: bytes, url: str = "") -> Draft:
    """The article in rich text. Raises ArticleRejected for one that is nested too deeply or has too few words."""
    shown = "".join(_Reader(content).pieces()).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = (" ".join(paragraph.split()) for paragraph in shown.split("\n\n"))
    text = "\n\n".join(line for line in lines if line)
    reject_short(text, None)
    return Draft(text, url=url or None)


class _Reader:
    """Reads the tokens of a file; bytes next to each other are decoded together, since a letter may have several."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._group = _Group()
        self._outer: list[_Group] = []
        self._letters = bytearray()
        self._codepage = "cp1252"
        self._encodings: dict[int, str] = {}
        self._default_font = 0
        self._to_skip = 0

    def pieces(self) -> Iterator[str]:
        """Yield what is shown. Raises ArticleRejected where groups are nested too deeply."""
        place = 0
        while (token := _TOKEN.match(self._content, place)) is not None:
            place = token.end()
            word, number = token["word"] or token["sign"], int(token["number"] or 0)
            if token["plain"] or token["byte"]:
                self._add(token["plain"] or bytes.fromhex(token["byte"].decode()))
            elif token["brace"] or word:
                yield self._decoded()
                self._to_skip = 0
                if word == b"bin":
                    place += max(0, number)
                elif word:
                    yield self._control(word, number, is_set=token["number"] is None or number != 0)
                else:
                    self._brace(opens=token["brace"] == b"{")
                    if not self._outer:
                        return
        yield self._decoded()

    @property
    def _is_shown(self) -> bool:
        return not (self._group.left_out or self._group.hidden)

    def _add(self, letters: bytes) -> None:
        skipped = min(self._to_skip, len(letters))
        self._to_skip -= skipped
        if self._is_shown:
            self._letters += letters[skipped:]

    def _decoded(self) -> str:
        text = self._letters.decode(self._encodings.get(self._group.font, self._codepage), "replace")
        self._letters.clear()
        return text

    def _brace(self, *, opens: bool) -> None:
        if opens:
            self._outer.append(self._group)
        elif self._outer:
            self._group = self._outer.pop()
        if len(self._outer) > _DEEPEST:
            raise ArticleRejected("page.too_entangled")

    def _control(self, word: bytes, number: int, *, is_set: bool) -> str:
        """What a control word or sign shows, after what it changes."""
        group = self._group
        if word in _LEFT_OUT:
            self._group = replace(group, left_out=True)
        elif word in {b"v", b"deleted"}:
            self._group = replace(group, hidden=is_set)
        elif word == b"f":
            self._group = replace(group, font=number)
        elif word == b"plain":
            self._group = replace(group, font=self._default_font, hidden=False)
        elif word == b"uc":
            self._group = replace(group, substitutes=max(0, number))
        elif word == b"u":
            self._to_skip = group.substitutes
            return chr(number % _CODE_UNITS) if self._is_shown else ""
        else:
            self._choose_encoding(word, number)
        return _SHOWN.get(word, "") if self._is_shown else ""

    def _choose_encoding(self, word: bytes, number: int) -> None:
        if word == b"deff":
            self._default_font = number
            self._group = replace(self._group, font=number)
        elif word == b"fcharset" and number in _CHARSETS:
            self._encodings[self._group.font] = _CHARSETS[number]
        elif word == b"ansicpg" and number in _CODEPAGES:
            self._codepage = f"cp{number}"
        elif word == b"mac":
            self._codepage = "mac-roman"

"""Decodes text: what its bytes show goes before the declared encoding, which is often wrong.

Only encodings that browsers know are used: Python also has codecs that decompress or evaluate.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENCODINGS_BY_MARK = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MARKS = tuple(mark for mark, _ in _ENCODINGS_BY_MARK)
"""Byte order marks."""

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_HEAD = 4_096
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_BEFORE = 2_000
_SAMPLE = 100_000
_TAG = re.compile(rb"<[^<>]{0,300}>")
_EASTERN = re.compile(rb"""<html[^>]{0,200}?\blang=["']?(?:pl|cs|sk|hu|hr|sl|bs|ro|sq|lt|lv|et|tr)\b""", re.IGNORECASE)
_LATIN = frozenset(
    {"cp1250", "cp1252", "cp1254", "cp1257", "mac-roman", *(f"iso8859-{n}" for n in (2, 3, 4, 10, 13, 14, 15, 16))}
)
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "euc_jis_2004": "euc_jp",
    "euc_jisx0213": "euc_jp",
    "shift_jis_2004": "cp932",
    "shift_jisx0213": "cp932",
}
"""Browsers read the wider encoding for these names: it has the quotation marks."""

_READ = frozenset(
    {
        *_WIDER.values(),
        *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
        *(f"cp125{page}" for page in range(9)),
        *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866"),
        *("euc_jp", "iso2022_jp", "utf-8", "utf-16", "utf-16-le", "utf-16-be"),
    }
)


def decode(content: bytes, charset: str | None = None, *, html: bool = False) -> str:
    """Decode by byte order mark, as UTF-8 where it is that, as declared (`charset`, then meta), else by guess.

    Never fails: what cannot be decoded becomes U+FFFD.
    """
    for mark, encoding in _ENCODINGS_BY_MARK:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if not content.isascii():
        with suppress(UnicodeDecodeError):
            return content.decode("utf-8")
    named = list(_named(content, charset, html=html))
    if content.isascii() and named != ["iso2022_jp"]:  # which is written in ASCII
        return content.decode("ascii")
    for encoding in named:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(_guess(content) or next(iter(named), "utf-8"), "replace")


def _named(content: bytes, charset: str | None, *, html: bool) -> Iterator[str]:
    """The known encodings that header and page name, as browsers read them."""
    meta = _META.search(content[:_HEAD]) if html else None
    for name in (charset, meta[1].decode("ascii", "ignore") if meta else None):
        try:
            encoding = codecs.lookup(name.strip().strip("\"'")).name if name else ""
        except (LookupError, ValueError):
            continue
        encoding = _WIDER.get(encoding, encoding)
        if encoding in _READ:
            yield encoding


def _guess(content: bytes) -> str | None:
    """Guess the encoding from the text around the first byte beyond ASCII, without tags.

    Encodings of Latin letters look alike in a short text: like browsers, take the western one, unless the page says
    that its language is of eastern Europe.
    """
    beyond = _BEYOND_ASCII.search(content)
    first = beyond.start() if beyond else 0
    sample = _TAG.sub(b" ", content[max(0, first - _BEFORE) : first + _SAMPLE])
    best = from_bytes(sample).best()
    encoding = codecs.lookup(best.encoding).name if best else ""
    encoding = _WIDER.get(encoding, encoding)
    if encoding in _LATIN and not _EASTERN.search(content[:_HEAD]):
        return "cp1252"
    return encoding if encoding in _READ else None

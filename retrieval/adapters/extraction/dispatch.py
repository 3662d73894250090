"""Chooses the reader of a content: by its bytes first, by its declared type second."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.adapters.extraction.captions import is_captions, read_captions
from retrieval.adapters.extraction.charsets import MARKS, decode
from retrieval.adapters.extraction.html import begins_as_html, read_html
from retrieval.adapters.extraction.mail import read_mail
from retrieval.adapters.extraction.pdf import read_pdf
from retrieval.adapters.extraction.plain_text import read_markdown, read_plain
from retrieval.adapters.extraction.rejection import too_few_words
from retrieval.adapters.extraction.rich_text import read_rtf
from retrieval.adapters.extraction.word_document import read_docx
from retrieval.domain.file_types import (
    DOCX,
    HTML,
    MAIL,
    MARKDOWN,
    MEDIA_TYPES,
    PDF,
    RTF,
    SRT,
    UNTYPED,
    USUAL_ENDINGS,
    VTT,
)
from retrieval.domain.limits import LONGEST_TEXT
from retrieval.errors import ArticleRejected
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from retrieval.domain.articles import Draft
    from retrieval.domain.pages import Fetched

_START = 1_024
_WIDEST = 4
"""Bytes of a character."""
_MOST_NULLS = 0.001
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b")
_BINARIES = {PDF: read_pdf, DOCX: read_docx, RTF: read_rtf}
"""The readers of types that have a signature."""
_UNKNOWN_TYPES = ("", UNTYPED)
"""What may be text all the same."""
_REJECTIONS = {
    "image": "page.is_picture",
    "video": "page.is_video",
    "audio": "page.is_recording",
    "font": "page.is_font",
}
_OTHER_BINARIES = (
    DOCX.signature,
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\0\0\0",
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Of .doc, .msg and others, and of a .docx with a password."""


def read_content(fetched: Fetched) -> Draft:
    """Read the article in a content. Raises ArticleRejected."""
    draft = _read(fetched)
    if not (count_words(draft.text[:_START]) or count_words(draft.text)):
        raise too_few_words(0)
    if len(draft.text) > LONGEST_TEXT:
        raise ArticleRejected("page.too_long", length=len(draft.text))
    return draft


def _read(fetched: Fetched) -> Draft:
    content, kind = fetched.content, fetched.content_type.lower().partition(";")[0].strip()
    start = content[:_START].lstrip(b"\xef\xbb\xbf \t\r\n")
    is_other_zip = kind not in MEDIA_TYPES and kind not in _UNKNOWN_TYPES
    for binary, read in _BINARIES.items():
        if binary is DOCX and is_other_zip:
            continue
        if start.startswith(binary.signature) or (binary is PDF and PDF.signature in content[:_START]):
            return read(content, fetched.url)
    _reject_unless_text(content, start, kind)
    file_type = MEDIA_TYPES.get(kind)
    if file_type is MAIL:
        return read_mail(content)
    if file_type is HTML or begins_as_html(content):
        return read_html(decode(content, fetched.charset, html=True), fetched.url)
    text = decode(content, fetched.charset)
    if file_type in {VTT, SRT} or is_captions(text):
        return read_captions(text, fetched.url)
    if len(content) > _WIDEST * LONGEST_TEXT:
        raise ArticleRejected("page.far_too_long")
    return (read_markdown if file_type is MARKDOWN else read_plain)(text, fetched.url)


def _reject_unless_text(content: bytes, start: bytes, kind: str) -> None:
    family = kind.partition("/")[0]
    if not content.strip():
        raise ArticleRejected("page.empty")
    if start.startswith(_OLD_OFFICE):
        raise ArticleRejected("page.old_office")
    if start.startswith(_OTHER_BINARIES) or family in _REJECTIONS:
        raise ArticleRejected(_REJECTIONS.get(family, "page.other_kind"))
    if not content.startswith(MARKS) and content.count(b"\0") > len(content) * _MOST_NULLS:
        raise ArticleRejected("page.binary")
    if _FEED.search(start) and kind != "text/html":
        raise ArticleRejected("page.feed")
    if MEDIA_TYPES.get(kind) in _BINARIES:
        raise ArticleRejected("page.pdf_damaged" if kind in PDF.media_types else "page.damaged")
    if kind not in MEDIA_TYPES and kind not in _UNKNOWN_TYPES:
        raise ArticleRejected("page.unreadable_type", type=kind[:60], kinds=", ".join(USUAL_ENDINGS))

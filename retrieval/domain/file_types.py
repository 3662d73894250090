"""The types of files and pages that are read as articles: one table, which everything else is derived from.

A new type needs a line here and its reader in `adapters.extraction.dispatch`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file: the endings of its names and its media types, in each the usual one first."""

    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    on_the_web: bool = True
    """Whether a link may lead to it."""
    signature: bytes = b""
    """Stands near the beginning of every file of a binary type; empty for text."""


PLAIN: Final = FileType((".txt",), ("text/plain",))
MARKDOWN: Final = FileType((".md",), ("text/markdown", "text/x-markdown"), on_the_web=False)
HTML: Final = FileType((".html", ".htm"), ("text/html", "application/xhtml+xml", "application/xml", "text/xml"))
MAIL: Final = FileType((".eml",), ("message/rfc822",))
PDF: Final = FileType((".pdf",), ("application/pdf",), signature=b"%PDF-")
DOCX: Final = FileType(
    (".docx",),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    signature=b"PK\x03\x04",
)
RTF: Final = FileType((".rtf",), ("application/rtf", "text/rtf"), signature=b"{\\rtf")
VTT: Final = FileType((".vtt",), ("text/vtt",))
SRT: Final = FileType((".srt",), ("application/x-subrip", "text/srt"))
FILE_TYPES: Final = (PLAIN, MARKDOWN, HTML, MAIL, PDF, DOCX, RTF, VTT, SRT)

ENDINGS: Final[Mapping[str, FileType]] = MappingProxyType({end: each for each in FILE_TYPES for end in each.endings})
"""The types of files by the end of their names."""

OLD_OFFICE_ENDINGS: Final = frozenset({".doc", ".dot", ".msg"})
"""Of documents and messages that are read only when they were saved as another type."""

USUAL_ENDINGS: Final = tuple(each.endings[0] for each in FILE_TYPES)
"""One ending for each type, for descriptions."""

MEDIA_TYPES: Final[Mapping[str, FileType]] = MappingProxyType(
    {media_type: each for each in FILE_TYPES for media_type in each.media_types}
)
"""The types of files by media type."""

PAGE_TYPES: Final = frozenset(media_type for media_type, each in MEDIA_TYPES.items() if each.on_the_web)
"""The media types of an article on the web."""

UNTYPED: Final = "application/octet-stream"
"""The media type of what a site sends without one, or as a download: read where it plainly is a feed."""

FEED_TYPES: Final = frozenset(HTML.media_types) | {
    UNTYPED,
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/json",
    "application/feed+json",
}
"""The media types of a feed."""

"""The types of files and pages that are read as articles.

A new one needs a line here, an extractor, and a line in `adapters.extraction.dispatch`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PLAIN: Final = "text/plain"
MARKDOWN: Final = "text/markdown"
HTML: Final = "text/html"
MAIL: Final = "message/rfc822"
PDF: Final = "application/pdf"

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {".txt": PLAIN, ".md": MARKDOWN, ".html": HTML, ".htm": HTML, ".eml": MAIL, ".pdf": PDF}
)
"""Files of one article each: their media types by the end of their names."""

MARKUP_TYPES: Final = frozenset({HTML, "application/xhtml+xml", "application/xml", "text/xml"})
PAGE_TYPES: Final = MARKUP_TYPES | {PLAIN, MAIL, PDF}
"""The media types of an article on the web."""

FEED_TYPES: Final = MARKUP_TYPES | {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/json",
    "application/feed+json",
}
"""The media types of a feed."""


ONE_OF_EACH: Final = (".txt", ".md", ".html", ".eml", ".pdf")
"""One ending for each type, for descriptions."""

"""Word documents written by hand, as small as they can be."""

from __future__ import annotations

from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES: Final = (
    f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>'
)


def docx(paragraphs: Iterable[str], title: str | None = None, style: str = "Titel") -> bytes:
    """A document with these paragraphs, below a title in a style."""
    head = f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run(title)}</w:p>' if title else ""
    return document(head + "".join(f"<w:p>{run(paragraph)}</w:p>" for paragraph in paragraphs))


def run(text: str) -> str:
    """A run of text."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def document(body: str, word: str = WORD, notes: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """A document with this body and these parts of notes."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'
    parts = {f"word/{name}.xml": f'<w:{name} xmlns:w="{word}">{inner}</w:{name}>' for name, inner in notes.items()}
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": xml, "word/styles.xml": STYLES, **parts})


def zipped(files: Mapping[str, str | bytes], compression: int = ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    content = BytesIO()
    with ZipFile(content, "w", compression) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()

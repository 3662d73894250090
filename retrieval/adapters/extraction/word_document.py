"""Reads Word documents (.docx), which are XML in a zip: bounded before it is unpacked, and without entities.

Deleted and hidden words, field codes, comments, heads and feet are no part of the text. Foot- and endnotes stand behind
it, as far as they are sentences. Authors and dates are left out: the file names those of the file, not of the article.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from lxml import etree

from retrieval.adapters.extraction.prose import is_prose
from retrieval.adapters.extraction.rejection import reject_short
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_LARGEST = 10_000_000
"""Bytes of the largest part that is unpacked."""
_MOST_FILES = 10_000
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_TOP = 5
_SHOWN = {"t": None, "tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
"""The elements that print something, and what, if not their text."""
_LEFT_OUT = frozenset({"del", "moveFrom", "Fallback"})
_SKIPPED = _LEFT_OUT | {"p", "pPr", "tbl", "txbxContent"}
_HEADLINES = frozenset({"title", "heading 1"})


def read_docx(content: bytes, url: str = "") -> Draft:
    """The article in a Word document. Raises ArticleRejected for another file, and for a damaged or too large one."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            if len(archive.filelist) > _MOST_FILES:
                raise ArticleRejected("page.too_many_parts")
            names = archive.namelist()
            main = next((name for name in names if name.startswith("word/document") and name.endswith(".xml")), None)
            if main is None:
                raise ArticleRejected("page.other_kind")
            styles = _styles(_parsed(archive, "word/styles.xml")) if "word/styles.xml" in names else {}
            paragraphs = [*_paragraphs(_parsed(archive, main), styles)]
            notes = [
                note for name in _NOTES if name in names for note, _ in _paragraphs(_parsed(archive, name), styles)
            ]
    except (BadZipFile, etree.LxmlError, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise ArticleRejected("page.damaged") from error
    title = next((text for text, style in paragraphs[:_TOP] if style in _HEADLINES), None)
    body = [text for text, style in paragraphs if text != title or style not in _HEADLINES]
    text = "\n\n".join([*body, *filter(is_prose, notes)])
    reject_short(text, title)
    return Draft(text, title=title, url=url or None)


def _parsed(archive: ZipFile, name: str) -> _Element:
    """A part of the document. Raises ArticleRejected for one that is too large or declares entities."""
    if archive.getinfo(name).compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise ArticleRejected("page.damaged")
    with archive.open(name) as part:
        xml = part.read(_LARGEST + 1)
    if len(xml) > _LARGEST:
        raise ArticleRejected("page.too_much")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    tree = etree.fromstring(xml, parser)
    if tree.getroottree().docinfo.doctype:
        raise ArticleRejected("page.damaged")
    return tree


def _styles(tree: _Element) -> dict[str, str]:
    """The English names of the styles, by the ids that paragraphs name."""
    styles = (style for style in tree if _name(style) == "style")
    return {
        _value(style, "styleId"): _value(name, "val").lower()
        for style in styles
        for name in style
        if _name(name) == "name"
    }


def _paragraphs(tree: _Element, styles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The text of each paragraph that has any, with its style."""
    for paragraph in tree.iter("{*}p"):
        if any(_name(element) in _LEFT_OUT for element in paragraph.iterancestors()):
            continue
        text = " ".join("".join(_pieces(paragraph)).split())
        style = paragraph.find("{*}pPr/{*}pStyle")
        if text:
            yield text, styles.get(_value(style, "val"), "") if style is not None else ""


def _pieces(element: _Element) -> Iterator[str]:
    """What an element prints, but for paragraphs within it."""
    for child in element:
        name = _name(child)
        if name in _SHOWN:
            yield _SHOWN[name] or child.text or ""
        elif name not in _SKIPPED and child.find("{*}rPr/{*}vanish") is None:
            yield from _pieces(child)


def _name(element: _Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _value(element: _Element, name: str) -> str:
    """An attribute, in whatever namespace."""
    return next((str(value) for key, value in element.attrib.items() if etree.QName(key).localname == name), "")

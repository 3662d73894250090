"""Reads PDFs with pypdf, which is all Python: a malformed file can exhaust it, but not take it over.

Authors and dates are left out: a PDF names the file's, not the article's.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from retrieval.adapters.extraction.pdf_paragraphs import Line, headline, paragraphs
from retrieval.adapters.extraction.rejection import reject_short
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected
from retrieval.text.boilerplate import fold_line
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PageObject

_MOST_PAGES = 100
_TOP = 5
_ODD_SHARE = 0.1
_ODD = re.compile("[\ufffd\ue000-\uf8ff\0-\x08\x0e-\x1f]|/g\\d+|\\(cid:\\d+\\)")
_FILE_NAME = re.compile(
    r"(?:microsoft word\b.*|untitled.*|.*\.\w{2,4}|(?:document|layout|print)\W*\d*)$", re.IGNORECASE
)


def read_pdf(content: bytes, url: str = "") -> Draft:
    """The article in a PDF. Raises ArticleRejected for one that is locked, damaged, too long, or pictures only."""
    try:
        pdf = PdfReader(BytesIO(content))
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise ArticleRejected("page.pdf_locked")
        if len(pdf.pages) > _MOST_PAGES:
            raise ArticleRejected("page.pdf_too_long", pages=len(pdf.pages), most=_MOST_PAGES)
        pages = [_lines(page) for page in pdf.pages]
        stated = " ".join(str((pdf.metadata.title if pdf.metadata else None) or "").split())
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, NotImplementedError) as error:
        raise ArticleRejected("page.pdf_damaged") from error
    title = _title(stated, pages)
    text = "\n\n".join(_without_headline(paragraphs(pages, title or stated), title))
    if not count_words(text):
        raise ArticleRejected("page.pdf_pictures")
    if sum(map(len, _ODD.findall(text))) > _ODD_SHARE * len(text):
        raise ArticleRejected("page.pdf_letters")
    reject_short(text, title)
    return Draft(text, title=title, url=url or None)


def _lines(page: PageObject) -> list[Line]:
    """The lines of a page, with their positions, in the order in which they are drawn."""
    lines: list[Line] = []
    pieces: list[str] = []
    place = (0.0, 0.0, 0.0)

    def end_line() -> None:
        text = " ".join("".join(pieces).split())
        if text:
            lines.append(Line(text, *place))
        pieces.clear()

    def visit(text: str, matrix: list[float], line: list[float], _font: Any, size: Any) -> None:  # noqa: ANN401
        nonlocal place
        for number, piece in enumerate(text.split("\n")):
            if number:
                end_line()
            if piece.strip() and not pieces:
                shown = abs(float(size or 0) * line[3] * matrix[3])
                place = (line[4] * matrix[0] + matrix[4], line[5] * matrix[3] + matrix[5], shown)
            if piece.strip() or pieces:  # white space before a line is dropped
                pieces.append(piece)

    page.extract_text(visitor_text=visit)
    end_line()
    return lines


def _title(stated: str, pages: Sequence[Sequence[Line]]) -> str | None:
    """The stated title, where the text begins with it or it is no file name; else what is printed largest."""
    start = fold_line(" ".join(line.text for page in pages[:1] for line in page[:_TOP]))
    if stated and (fold_line(stated) in start or (not _FILE_NAME.match(stated) and " " in stated)):
        return stated
    return headline(pages[0]) if pages else None


def _without_headline(blocks: list[str], title: str | None) -> list[str]:
    """The paragraphs but for the one that is the title, which the first ones may be."""
    place = next((at for at, block in enumerate(blocks[:_TOP]) if title and fold_line(block) == fold_line(title)), None)
    return [block for at, block in enumerate(blocks) if at != place]

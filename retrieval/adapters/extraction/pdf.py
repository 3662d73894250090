"""An article out of a PDF, by pypdf, which is all Python: what is malformed can exhaust it, but not take it over.

Nothing is said of authors and dates: those that a PDF names are the file's, not the article's.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from retrieval.adapters.extraction.pdf_paragraphs import Line, paragraphs
from retrieval.adapters.extraction.rejection import FEWEST_WORDS, refuse, too_few
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected
from retrieval.text.boilerplate import fold_line
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from pypdf import PageObject

_MOST_PAGES = 100
_ODD_SHARE = 0.1
_ODD = re.compile("[\ufffd\ue000-\uf8ff\0-\x08\x0e-\x1f]|/g\\d+|\\(cid:\\d+\\)")
_FILE_NAME = re.compile(
    r"(?:microsoft word\b.*|untitled.*|.*\.\w{2,4}|(?:document|layout|print)\W*\d*)$", re.IGNORECASE
)
DAMAGED = "This PDF is damaged or of a kind that cannot be read."


def read_pdf(content: bytes, url: str = "") -> Draft:
    """The text of a PDF. Raises ArticleRejected for one that is locked, damaged, too long, or pictures only."""
    try:
        pdf = PdfReader(BytesIO(content))
        if pdf.is_encrypted and not pdf.decrypt(""):
            refuse("This PDF is locked with a password.")
        if len(pdf.pages) > _MOST_PAGES:
            refuse(f"This PDF has {len(pdf.pages)} pages; an article may have {_MOST_PAGES}.")
        pages = [_lines(page) for page in pdf.pages]
        title = " ".join(str((pdf.metadata.title if pdf.metadata else None) or "").split())
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, NotImplementedError) as error:
        raise ArticleRejected(DAMAGED) from error
    found = paragraphs(pages, title)
    text = "\n\n".join(found)
    words = count_words(text)
    if not words:
        refuse("There is no text in this PDF, only pictures of it.")
    if sum(map(len, _ODD.findall(text))) > _ODD_SHARE * len(text):
        refuse("The letters of this PDF cannot be told: its fonts do not say what they are.")
    if words < FEWEST_WORDS:
        refuse(too_few(words))
    return Draft(text, title=_title(title, found), url=url or None)


def _lines(page: PageObject) -> list[Line]:
    """The lines of a page in the order in which they are drawn, with their places."""
    found: list[Line] = []
    pieces: list[str] = []
    place = (0.0, 0.0)

    def visit(text: str, matrix: list[float], line: list[float], _font: Any, _size: Any) -> None:  # noqa: ANN401
        nonlocal place
        for number, piece in enumerate(text.split("\n")):
            if number:
                _keep(found, pieces, place)
            if piece.strip() and not pieces:
                place = (line[4] * matrix[0] + matrix[4], line[5] * matrix[3] + matrix[5])
            if piece.strip() or pieces:  # white space before a line says nothing
                pieces.append(piece)

    page.extract_text(visitor_text=visit)
    _keep(found, pieces, place)
    return found


def _keep(found: list[Line], pieces: list[str], place: tuple[float, float]) -> None:
    text = " ".join("".join(pieces).split())
    if text:
        found.append(Line(text, *place))
    pieces.clear()


def _title(stated: str, found: list[str]) -> str | None:
    """What the file says, where the text begins with it or it is no file's name."""
    if stated and any(fold_line(stated) == fold_line(paragraph) for paragraph in found[:5]):
        return stated
    return stated if not _FILE_NAME.match(stated) and " " in stated else None

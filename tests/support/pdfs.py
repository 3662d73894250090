"""PDFs written by hand, as small as they can be: lines of text on pages."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.adapters.extraction.pdf_paragraphs import Line


def pdf(pages: Sequence[Sequence[str]], title: str | None = None) -> bytes:
    """A PDF with these lines on its pages, in a font that every reader has."""
    return _document([_shown(lines) for lines in pages], title)


def placed(pages: Sequence[Sequence[Line]], title: str | None = None) -> bytes:
    """The same with each line at its place and in its size."""
    return _document(
        [
            b"".join(
                b"BT /F1 %g Tf %g %g Td (%s) Tj ET " % (line.size, line.x, line.y, _escaped(line.text))
                for line in lines
            )
            for lines in pages
        ],
        title,
    )


def _document(pages: Sequence[bytes], title: str | None) -> bytes:
    content = [_stream(shown) for shown in pages]
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(content):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {first + 2 * number + 1} 0 R >>".encode()
        )
        objects.append(stream)
    info = len(objects) + 1
    objects.append(b"<< /Title (" + _escaped(title or "") + b") >>")
    return assemble(objects, f"/Info {info} 0 R".encode())


def assemble(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects, the first one its root."""
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(written)


def bomb(times: int) -> bytes:
    """A page whose content unpacks to very much more than it takes, `times` filters deep."""
    packed = b"(x) Tj " * 10_000_000
    for _ in range(times):
        packed = zlib.compress(packed, 9)
    filters = " ".join(["/FlateDecode"] * times)
    stream = b"<< /Length %d /Filter [%s] >>\nstream\n%s\nendstream" % (len(packed), filters.encode(), packed)
    return assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            stream,
        ]
    )


def _shown(lines: Sequence[str]) -> bytes:
    """Operators that draw the lines, one below the other; a tab before a line moves it to the right."""
    shown = b"".join(
        b"%d 0 Td (%s) Tj %d 0 Td T* " % (shift, _escaped(line.lstrip("\t")), -shift)
        for line in lines
        for shift in [18 * line.startswith("\t")]
    )
    return b"BT /F1 11 Tf 72 770 Td 14 TL " + shown + b"ET"


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")

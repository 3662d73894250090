"""What is read of files and messages, in whatever encoding, and of the lines of a PDF."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from retrieval.adapters.extraction.charsets import decode
from retrieval.adapters.extraction.dispatch import read_content
from retrieval.adapters.extraction.pdf_paragraphs import Line, headline, paragraphs
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected
from tests.support.pages import plain_page
from tests.support.pdfs import pdf, placed
from tests.support.stories import story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.articles import Draft

FERRY = story("ferry")
GLASS = story("glass")


def of(content: bytes | str, kind: str) -> Draft:
    return read_content(Fetched("", content.encode() if isinstance(content, str) else content, kind))


# Encodings


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", story("most").body),
        ("utf-8-sig", story("most").body),
        ("utf-16", story("cha").body),
        ("cp1251", story("most").body),
        ("koi8-r", story("most").body.replace("—", "-").replace("«", '"').replace("»", '"')),
        ("gb18030", story("cha").body),
        ("cp932", story("tegami").body),
        ("euc_jp", story("tegami").body),
        ("cp1252", story("marche").body),
        ("iso-8859-2", story("latarnia").body.replace("„", '"').replace("”", '"').replace("–", "-")),
    ],
)
def test_a_declared_encoding_is_read(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), encoding.removesuffix("-sig")) == text


@pytest.mark.parametrize("name", ["most", "cha", "tegami"])
@pytest.mark.parametrize("declared", [None, "latin-1", "no-such-encoding", "hex", "unicode_escape", "utf-7", "\x00"])
def test_utf_8_is_known_whatever_is_declared(name: str, declared: str | None) -> None:
    assert decode(story(name).body.encode(), declared) == story(name).body


@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("most", "cp1251"),
        ("most", "koi8-r"),
        ("cha", "gb18030"),
        ("cha", "big5"),
        ("tegami", "cp932"),
        ("tegami", "euc_jp"),
        ("sharq", "cp1256"),
        ("marche", "cp1252"),
        ("zug", "cp1252"),
        ("lluvia", "cp1252"),
        ("escola", "cp1252"),
        ("ferry", "cp1252"),
    ],
)
def test_an_encoding_that_nobody_declares_is_guessed(name: str, encoding: str, *, html: bool) -> None:
    text = plain_page(name, "newspaper") if html else story(name).body
    content = text.encode(encoding, "xmlcharrefreplace")
    assert decode(content, html=html) == content.decode(encoding)


def test_a_page_in_a_language_of_the_east_is_guessed_as_one() -> None:
    content = plain_page("latarnia", "newspaper").encode("cp1250", "xmlcharrefreplace")
    assert decode(content, html=True) == content.decode("cp1250")


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=20)))
def test_any_bytes_are_some_text(content: bytes, charset: str | None) -> None:
    assert isinstance(decode(content, charset, html=True), str)


# Files and messages


def test_markdown_is_read_as_a_reader_sees_it() -> None:
    marked = (
        "---\ntitle: Ferry to run\nauthor: Ines Marchetti\ndate: 2024-10-01\n---\n"
        "The *ferry* will [run](https://x.example) “all **winter**”,\nthe council said.\n\n"
        "- one\n- two\n\n![a](b.png)\n"
    )
    draft = of(marked, "text/markdown")
    assert draft.text == "The ferry will run “all winter”, the council said.\n\none\n\ntwo"
    assert (draft.title, draft.authors) == ("Ferry to run", ("Ines Marchetti",))
    assert draft.published_at == datetime(2024, 10, 1, tzinfo=UTC)
    assert of("# Ferry to run\n\nIt runs.", "text/markdown").title == "Ferry to run"


def test_plain_text_is_left_as_it_is() -> None:
    assert of(FERRY.body, "text/plain").text == FERRY.body


def test_html_that_is_called_plain_text_is_read_as_html() -> None:
    assert of(plain_page("ferry", "newspaper"), "text/plain").title == FERRY.headline


MAIL = (
    "From: Kystkraft Press <press@kystkraft.example>\r\nTo: a@b.example\r\nSubject: {subject}\r\n"
    "Date: Thu, 11 Apr 2024 09:30:00 +0200\r\nMIME-Version: 1.0\r\nContent-Type: {kind}; charset={charset}\r\n\r\n"
)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", story("battery").body + "\n\n-- \nVera Lind\nKystkraft\n"),
        ("text/html", plain_page("battery", "press-release")),
    ],
    ids=["text", "html"],
)
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_message_is_an_article_by_its_sender(kind: str, body: str, charset: str) -> None:
    head = MAIL.format(subject=f"Fwd: {story('battery').headline}", kind=kind, charset=charset)
    draft = of(
        (head.replace("’", "'") + body.replace("\n", "\r\n")).encode(charset.replace("windows-", "cp")),
        "message/rfc822",
    )
    assert draft.text.replace("\r\n", "\n").strip() == story("battery").body
    assert draft.title == story("battery").headline.replace("’", "'")
    assert (draft.publisher, draft.url) == ("Kystkraft Press", None)
    assert draft.published_at == datetime(2024, 4, 11, 7, 30, tzinfo=UTC)


def wrapped(text: str, width: int = 80) -> list[str]:
    """Lines as a typesetter breaks them, with a word divided now and then."""
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + 1 > width:
            if len(word) > 9 and word[:5].isalpha() and word[5:].isalpha() and len(line) < width - 7:
                lines.append(f"{line} {word[:5]}-".strip())
                line = word[5:]
                continue
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


@pytest.mark.parametrize("manner", ["gaps", "indents", "neither"])
@pytest.mark.parametrize("name", ["ferry", "glass", "storm", "marche"])
def test_a_pdf_s_lines_become_its_paragraphs_again(name: str, manner: str) -> None:
    original = story(name)
    lines = [original.headline]
    for paragraph in original.paragraphs:
        first, *rest = wrapped(paragraph)
        lines += [""] * (manner == "gaps") + ["\t" * (manner == "indents") + first, *rest]
    pages = [
        [f"{original.publisher} - 1 October 2024", "", *lines[start : start + 12], "", f"Page {start // 12 + 1} of 3"]
        for start in range(0, len(lines), 12)
    ]
    draft = of(pdf(pages, original.headline), "application/pdf")
    assert draft.title == original.headline
    blocks = draft.text.split("\n\n")
    assert " ".join(blocks) == " ".join(original.paragraphs)
    if manner != "neither":  # where lines alone have to tell, a paragraph may hang on to the next
        assert sum(paragraph in blocks for paragraph in original.paragraphs) >= len(original.paragraphs) - 2


HYPHENATED = "The night fer{0}\nry was can{0}\ncelled. A long{1}standing dispute over a long{1}\nstanding rota lasted."


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u00ad"])
@pytest.mark.parametrize("inner", ["-", "\u2010"])
def test_words_divided_at_line_ends_are_whole(hyphen: str, inner: str) -> None:
    lines = HYPHENATED.format(hyphen, inner).split("\n")
    assert paragraphs([printed(lines)], "") == [
        f"The night ferry was cancelled. A long{inner}standing dispute over a long{inner}standing rota lasted."
    ]


def test_a_word_s_own_hyphen_stays_where_words_are_not_divided() -> None:
    lines = ["It stores 480 megawatt-", "hours of wind, he said.", *["The harbour was closed."] * 80]
    assert "megawatt-hours" in paragraphs([printed(lines)], "")[0]
    lines = ["It stores 480 megawatt-", "hours of wind, and the har\u2010", "bour was closed.", "All of it."]
    assert "megawatt-hours of wind, and the harbour" in paragraphs([printed(lines)], "")[0]


@pytest.mark.parametrize(("above", "below"), [("costs £3.4-", "million a year"), ("a plan of 12-", "year loans")])
def test_a_hyphen_behind_a_number_stays(above: str, below: str) -> None:
    lines = ["The fer-", f"ry {above}", f"{below}.", "The har-", "bour is closed."]
    assert f"{above}{below}." in paragraphs([printed(lines)], "")[0]


def test_a_last_page_of_two_short_columns_is_read_as_columns() -> None:
    page = [*printed(["\tIt will be", "lit again and"]), *printed(["kept for long.", "Nobody objects."], x=300)]
    assert paragraphs([page], "") == ["It will be lit again and kept for long. Nobody objects."]


def test_a_headline_of_nine_lines_is_one() -> None:
    words = [f"word{number} more" for number in range(9)]
    page = [*printed(words, top=800, size=18), *printed(["Text of the story."] * 40, top=500)]
    assert headline(page) == " ".join(words)
    assert paragraphs([page], "")[0] == " ".join(words)


def printed(lines: Sequence[str], x: float = 60, top: float = 700, size: float = 10) -> list[Line]:
    """Lines below each other; a tab indents one, an empty one is a gap."""
    return [
        Line(text.lstrip("\t"), x + 14 * text.startswith("\t"), top - 1.3 * size * place, size)
        for place, text in enumerate(lines)
        if text
    ]


def shared_out(name: str, manner: str, on_each: int) -> list[list[str]]:
    """The lines of a story in columns of so many, each paragraph behind an indent or a gap."""
    lines: list[str] = []
    for paragraph in story(name).paragraphs:
        first, *rest = wrapped(paragraph, 38)
        lines += [""] * (manner == "gaps" and bool(lines)) + ["\t" * (manner == "indents") + first, *rest]
    return [lines[start : start + on_each] for start in range(0, len(lines), on_each)]


@pytest.mark.parametrize("manner", ["gaps", "indents"])
@pytest.mark.parametrize("across", [2, 3])
@pytest.mark.parametrize("on_each", [17, 23, 40])
@pytest.mark.parametrize("name", ["ferry", "glass", "storm"])
def test_columns_are_read_one_after_the_other(name: str, on_each: int, across: int, manner: str) -> None:
    columns = [
        printed(lines, 60 + 180 * (place % across)) for place, lines in enumerate(shared_out(name, manner, on_each))
    ]
    pages = [[*chain(*columns[start : start + across])] for start in range(0, len(columns), across)]
    assert paragraphs(pages, "") == [*story(name).paragraphs]


HEAD = ["Glassworks of Varden to be", "lit again after nine years"]


@pytest.mark.parametrize(
    ("above", "stated"),
    [
        ((), " ".join(HEAD)),
        ((), ""),
        ((), "layout 12.indd"),
        (("ENERGY",), " ".join(HEAD)),
        (("The Selby Courier", "1 October 2024"), ""),
    ],
)
def test_a_headline_of_two_lines_is_the_title_and_no_paragraph(above: Sequence[str], stated: str) -> None:
    text = [line for paragraph in GLASS.paragraphs for line in ["\t" + wrapped(paragraph)[0], *wrapped(paragraph)[1:]]]
    page = [*printed(above, top=800), *printed(HEAD, top=760, size=18), *printed(text, top=700)]
    page += [*printed(["The Selby Courier, 2 October"], top=830, size=8), *printed(["Page 1 of 1"], top=30, size=8)]
    draft = of(placed([page], stated), "application/pdf")
    assert draft.title == " ".join(HEAD)
    assert [*draft.text.split("\n\n")[-len(GLASS.paragraphs) :]] == [*GLASS.paragraphs]
    assert not any(line in draft.text for line in (*HEAD, "2 October"))


def test_a_locked_pdf_is_refused() -> None:
    writer = PdfWriter(PdfReader(BytesIO(pdf([["A secret."]]))))
    writer.encrypt("password", algorithm="RC4-128")
    locked = BytesIO()
    writer.write(locked)
    with pytest.raises(ArticleRejected, match="password"):
        of(locked.getvalue(), "application/pdf")

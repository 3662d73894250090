"""What is read of rich text, as editors write it, and that hostile files are bounded."""

from __future__ import annotations

import time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.extraction.dispatch import read_content
from retrieval.domain.articles import Draft
from retrieval.domain.file_types import RTF
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected
from tests.support.stories import story

STORM: Final = story("storm")
HEAD: Final = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}"
NOT_SHOWN: Final = (
    rb"{\colortbl;\red0\green0\blue0;}",
    rb"{\stylesheet{\s0 Normal;}{\s1 heading 1;}}",
    rb"{\info{\title A title}{\author Somebody}}",
    rb"{\*\generator Msftedit 5.41;}",
    rb"{\header\pard The Selby Courier\par}",
    rb"{\footnote {\super 1} A note.}",
    rb"{\pict\wmetafile8 0102030405060708090a}",
    rb"{\pict\bin9 {}\par x}}",
    rb"{\v for the editor }",
    rb"\v for the editor\v0 ",
    rb"{\deleted gone }",
    rb'{\field{\*\fldinst HYPERLINK "https://t.example/a"}}',
)


def written(text: str) -> bytes:
    """Text as an editor writes it: every sign beyond ASCII by its number, with a substitute."""
    signs = (rf"\u{ord(sign) - 65536 * (ord(sign) > 32767)}?" if ord(sign) > 126 else sign for sign in text)
    return "".join(signs).encode().replace(b"\n\n", b"\\par\r\n")


def rtf(body: bytes, head: bytes = HEAD) -> bytes:
    return head + rb"\viewkind4\uc1\pard\f0\fs20 " + body + b"\\par\n}\0"


def read(content: bytes, kind: str = RTF.media_types[0]) -> Draft:
    return read_content(Fetched("", content, kind))


@pytest.mark.parametrize("name", ["storm", "ferry", "most", "cha", "marche"])
def test_paragraphs_are_read_in_any_letters(name: str) -> None:
    assert read(rtf(written(story(name).body))).text == story(name).body
    assert read(rtf(written(story(name).body)), "application/octet-stream").text == story(name).body


@pytest.mark.parametrize("hidden", NOT_SHOWN)
def test_what_a_reader_does_not_see_is_left_out(hidden: bytes) -> None:
    first, rest = written(STORM.body).split(b"\\par", 1)
    assert read(rtf(hidden + first + hidden + b"\\par" + rest)).text == STORM.body


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        (rb"\ldblquote We know,\rdblquote  she said \emdash  twice.", "“We know,” she said — twice."),
        (rb"\'93We know,\'94 she said \'97 twice.", "“We know,” she said — twice."),
        (rb"It was {\b over} by {\i\fs30 noon}\line on Friday.", "It was over by noon on Friday."),
        (rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt the mayor}} spoke", "the mayor spoke"),
        (rb"{\f1\'cc\'ee\'f1\'f2} stood", "Мост stood"),
        (rb"\uc2 \u1052  ?\u1083?? stood", "Мл stood"),
        (rb"\uc0\u-10179\u-8704 yes", "\U0001f600yes"),
        (rb"a \{brace\} and a \\ stroke", "a {brace} and a \\ stroke"),
        (rb"two\~words, well\_known", "two words, well-known"),
        (rb"{\*\unknown left out}{\unknown kept}", "kept"),
        (rb"\trowd one\cell two\cell\row three", "one\n\ntwo\n\nthree"),
    ],
)
def test_marks_signs_and_fonts_are_read(marked: bytes, shown: str) -> None:
    assert read(rtf(written(STORM.body) + b"\\par " + marked)).text == f"{STORM.body}\n\n{shown}"


def test_another_codepage_is_read() -> None:
    body = "".join(f"\\'{byte:02x}" for byte in story("most").paragraphs[0].encode("cp1251", "ignore")).encode()
    draft = read(rtf((body + b"\\par ") * 4, rb"{\rtf1\ansi\ansicpg1251"))
    assert draft.text.startswith(story("most").paragraphs[0][:20])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no rich text", "damaged"),
        (rtf(b"Too short."), "2 words"),
        (HEAD, "no article"),
        (HEAD + b"{" * 5_000, "entangled"),
        (rtf(rb"\bin999999999 " + written(STORM.body)), "no article"),
    ],
    ids=range(5),
)
def test_a_hostile_or_other_file_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ArticleRejected, match=reason):
        read(content)


@pytest.mark.parametrize("unit", [b"{}", b"\\'e9", b"\\b ", b"\\u8364?", b"a{\\i b}", b"\\", b"\\bin1 x"])
def test_time_grows_with_the_file(unit: bytes) -> None:
    def seconds(times: int) -> float:
        content = rtf(written(STORM.body) + unit * times)
        start = time.process_time()
        read(content)
        return time.process_time() - start

    assert seconds(40_000) < 6 * seconds(10_000) + 0.1


@given(st.lists(st.one_of(st.sampled_from([b"{", b"}", b"\\u", b"\\'8", b"\\*", b"\\f1 ", b"\\bin"]), st.binary())))
def test_any_bytes_are_a_draft_or_refused(pieces: list[bytes]) -> None:
    try:
        assert isinstance(read(rtf(b"".join(pieces))), Draft)
    except ArticleRejected:
        return

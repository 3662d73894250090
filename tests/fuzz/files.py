"""Targets that read files of other kinds than pages: mails, Word documents, rich text, captions."""

from __future__ import annotations

from typing import Final
from zipfile import ZIP_STORED

from tests.fuzz.pages import _STORY, _page
from tests.fuzz.target import Target, joined
from tests.support.documents import docx, zipped

_HEAD: Final = "From: Ada <a@b.example>\nSubject: Fwd: The ferry\nDate: Tue, 1 Oct 2024 10:00:00 +0200\n"
_FORWARDED: Final = (
    "Begin forwarded message:\n\nFrom: Quay Post <n@quay.example>\nDate: 1 October 2024 at 9:00 AM\nSubject: Ferry\n\n"
)
_WROTE: Final = "On Tue, Oct 1, 2024 at 9:00 AM Quay Post <n@quay.example> wrote:\n"
_ATTACHED: Final = "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nNote\n--x\nContent-Type: message/rfc822\n\n"
_CUE: Final = "00:00:01.000 --> 00:00:04.000\n<v Ada Orme>It runs.\n\n"


def _mail_seeds() -> list[bytes]:
    html = f"<div>{_FORWARDED.replace(chr(10), '<br>')}</div><p>{_STORY}</p>"
    bodies = (
        f"\n{_FORWARDED}{_STORY}",
        f"\nSee below.\n\n{_WROTE}> {_STORY}",
        f"Content-Type: text/html; charset=utf-8\n\n{html}",
        f"{_ATTACHED}{_HEAD}\n{_STORY}\n--x--\n",
    )
    return [joined("message/rfc822", "", "", _HEAD + body) for body in bodies]


def _document_seeds() -> list[bytes]:
    xml = f"<d><p><pPr><pStyle val='a'/></pPr><r><t>{_STORY}</t></r></p></d>"
    rtf = rf"{{\rtf1\ansi\ansicpg1252{{\fonttbl{{\f0\fcharset204 A;}}}}\uc1 {_STORY}\par\u8364?\'e9}}"
    contents = (docx([_STORY], "The ferry"), zipped({"word/document.xml": xml}, ZIP_STORED), rtf.encode())
    return [joined("", "", "", content) for content in contents]


def _caption_seeds() -> list[bytes]:
    return [joined("text/vtt", "", "", f"WEBVTT - A\n\n{_CUE * 3}")]


_MAIL_WORDS: Final = (
    _FORWARDED, _WROTE, "\n> ", "\nFrom: ", "\nDate: ", "boundary=", "\n--x\n", "<br>", "<blockquote type=cite>",
    "https://t.example/a", "\n-- \n", "=?utf-8?q?", "format=flowed",
)  # fmt: skip
_DOCUMENT_WORDS: Final = (
    "<p>", "<t>", "<del>", "<!DOCTYPE", "<!ENTITY", "{\\", "\\u", "\\'", "\\bin9 ", "\\par ", "\\*", "\\f0", "\\uc9 ",
    "PK\x01\x02", "word/document.xml",
)  # fmt: skip
_CAPTION_WORDS: Final = (
    _CUE, "\n\n", "\n- ", "\n>> ADA: ", "<v ", "<", "{\\an8}", "99:59:59,999 --> 0:00.0", "&amp;",
)  # fmt: skip
_PARSERS: Final = ("/email/", "lxml", "dateparser", "trafilatura", "htmldate", "charset_normalizer")

TARGETS: Final = {
    "mails": Target(_page, _mail_seeds, _MAIL_WORDS, _PARSERS, longest=6_000, seconds=5),
    "documents": Target(_page, _document_seeds, _DOCUMENT_WORDS, ("zipfile", "lxml"), longest=6_000, seconds=5),
    "captions": Target(_page, _caption_seeds, _CAPTION_WORDS),
}

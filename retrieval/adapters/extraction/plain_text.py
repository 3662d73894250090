"""An article out of plain text or Markdown: the headline where one is marked, the paragraphs without their marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from retrieval.adapters.extraction.dates import moment
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT = re.compile(r"\A---\n(.{0,10000}?)\n---\n", re.DOTALL)
_FIELD = re.compile(r"^(title|author|date|updated)\s*:\s*(.+)$", re.MULTILINE | re.IGNORECASE)
_MOST_BINARY = 0.01


def read_plain(text: str, url: str = "") -> Draft:
    """The text as it is."""
    _check(text)
    return Draft(text, url=url or None)


def read_markdown(text: str, url: str = "") -> Draft:
    """The text that the marks stand for; the first heading of the first degree is the headline."""
    _check(text)
    text = text.replace("\r\n", "\n")
    front = _FRONT.match(text)
    known = {name.lower(): value.strip("\"' ") for name, value in _FIELD.findall(front[1])} if front else {}
    title: str | None = known.get("title")
    blocks: list[str] = []
    before: Token | None = None
    for token in MarkdownIt("commonmark").parse(text[front.end() :] if front else text):
        if token.type == "inline":
            shown = _shown(token)
            if title is None and before is not None and before.tag == "h1":
                title = shown
            else:
                blocks.append(shown)
        elif token.type in {"fence", "code_block"}:
            blocks.append(token.content.strip())
        before = token
    return Draft(
        "\n\n".join(block for block in blocks if block),
        title=title,
        authors=(known["author"],) if known.get("author") else (),
        url=url or None,
        published_at=moment(known.get("date")),
        updated_at=moment(known.get("updated")),
    )


def _check(text: str) -> None:
    if not text.strip():
        message = "The text is empty."
        raise ArticleRejected(message)
    odd = sum(character in "\0\ufffd" for character in text)
    if odd > len(text) * _MOST_BINARY:
        message = "This is not text: too much of it cannot be read as letters."
        raise ArticleRejected(message)


def _shown(inline: Token) -> str:
    """What a reader sees of a run of text: links by their words, pictures and HTML not at all."""
    shown = {"text", "code_inline"}
    pieces = [
        token.content if token.type in shown else " " if token.type in {"softbreak", "hardbreak"} else ""
        for token in inline.children or ()
    ]
    return " ".join("".join(pieces).split())

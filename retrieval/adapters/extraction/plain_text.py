"""Reads plain text and Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from retrieval.adapters.extraction.block_quotations import in_plain_text, split_author
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected
from retrieval.text.moments import read_moment

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT = re.compile(r"\A---\n(.{0,10000}?)\n---\n", re.DOTALL)
_FIELD = re.compile(r"^(title|author|date|updated)\s*:\s*(.+)$", re.MULTILINE | re.IGNORECASE)
_MOST_BINARY = 0.01


def read_plain(text: str, url: str = "") -> Draft:
    """The text as it is. Raises ArticleRejected where it is no text."""
    _check(text)
    return Draft(text, url=url or None)


def read_markdown(text: str, url: str = "") -> Draft:
    """The text without its marks; the first h1 is the headline. Raises ArticleRejected where it is no text."""
    _check(text)
    text = text.replace("\r\n", "\n")
    front = _FRONT.match(text)
    fields = {name.lower(): value.strip("\"' ") for name, value in _FIELD.findall(front[1])} if front else {}
    title: str | None = fields.get("title")
    blocks: list[str] = []
    quoted: list[str] | None = None
    before: Token | None = None
    for token in MarkdownIt("commonmark").parse(text[front.end() :] if front else text):
        if token.type == "inline":
            shown = _shown(token)
            if title is None and before is not None and before.tag == "h1":
                title = shown
            elif quoted is None:
                blocks.append(shown)
            else:
                quoted.append(shown)
        elif token.type in {"fence", "code_block"}:
            blocks.append(token.content.strip())
        elif token.type == "blockquote_open":
            quoted = []
        elif token.type == "blockquote_close" and quoted is not None:
            lines, author = split_author(quoted)
            blocks += in_plain_text(lines, blocks[-1] if blocks else "", author)
            quoted = None
        before = token
    return Draft(
        "\n\n".join(block for block in blocks if block),
        title=title,
        authors=(fields["author"],) if fields.get("author") else (),
        url=url or None,
        published_at=read_moment(fields.get("date")),
        updated_at=read_moment(fields.get("updated")),
    )


def _check(text: str) -> None:
    if not text.strip():
        raise ArticleRejected("text.empty")
    odd = sum(character in "\0\ufffd" for character in text)
    if odd > len(text) * _MOST_BINARY:
        raise ArticleRejected("page.no_letters")


def _shown(inline: Token) -> str:
    """The visible words: links by their text, pictures and HTML not at all."""
    visible = {"text", "code_inline"}
    pieces = [
        token.content if token.type in visible else " " if token.type in {"softbreak", "hardbreak"} else ""
        for token in inline.children or ()
    ]
    return " ".join("".join(pieces).split())

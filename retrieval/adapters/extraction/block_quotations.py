"""Writes quotations that a page sets off by its layout in plain text, with marks and with whom they are ascribed to.

In plain text an indented paragraph would no longer be told from the writer's own. Words stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

_OPENING = re.compile(r"[“”„«»「『\"＂]|''")
_UNLIKE = re.compile(r"[\"＂„«»]|''")
_DASH = re.compile(r"\s*(?:[—–―]|-{1,3})\s*(?=[^\W\d_])")
_SIGNED = re.compile(r"(?<=[.!?…\"”’»])\s+(?:[—–―]|-{2,3})\s?(?=[^\W\d_])(?P<author>[^.!?]{2,120}\.?)$")
_POSTED = re.compile(r"Posted by (?P<author>.{2,80}?) on\b.*", re.DOTALL)
_SHORT_LINK = re.compile(r"(?:https?://)?(?:pic\.twitter\.com|pic\.x\.com|t\.co)/\S*")
_DATE = re.compile(r"(?<=\)) (?=\w)")
_ENDS = re.compile(r"[.!?…,]$")
_LONGEST_AUTHOR = 150
_AUTHORS = frozenset({"cite", "footer", "figcaption"})
_INLINE = frozenset(
    {"a", "abbr", "b", "br", "code", "del", "em", "i", "ins", "mark", "small", "span", "strong", "sub", "sup", "u"}
)
_PARTS = frozenset({"p", "div", "section"})


def in_plain_text(paragraphs: Sequence[str], lead: str, author: str = "") -> list[str]:
    """The paragraphs of a block quotation with marks, and its author behind a dash.

    They get marks where `lead`, the paragraph before, announces them by a colon or an author is known, and none of them
    has marks around or marks that could not be told from those: by printers' convention one mark before each paragraph
    and one at the end.
    """
    lines = [line for line in paragraphs if line]
    if lines and not author and (signed := _SIGNED.search(lines[-1])):
        author = signed["author"]
        lines[-1] = lines[-1][: signed.start()]
    announced = lead.rstrip().endswith(":") or bool(author)
    if lines and announced and not any(_OPENING.match(line) or _UNLIKE.search(line) for line in lines):
        lines = [f"“{line}" for line in lines]
        lines[-1] += "”"
    if lines and author:
        lines[-1] += f" — {author}"
    return lines


def split_author(paragraphs: Sequence[str]) -> tuple[list[str], str]:
    """The paragraphs of a block quotation without its last one, if that begins with a dash; and who signs there."""
    *lines, last = paragraphs or [""]
    dash = _DASH.match(last) if lines and len(last) <= _LONGEST_AUTHOR and not _ENDS.search(last) else None
    return (lines, last[dash.end() :]) if dash else (list(paragraphs), "")


def mark_quotations(tree: HtmlElement) -> None:
    """Put the block quotations and the `q` elements of a page in plain text. Changes the tree."""
    for element in reversed([*tree.iter("q")]):
        _mark_inline(element)
    for link in [*tree.iterfind(".//blockquote//a")]:
        if _SHORT_LINK.fullmatch(link.text_content().strip()):
            link.drop_tree()
    captions = dict(_captions(tree))
    for block in [*tree.iter("blockquote")]:
        parts, own = [*_parts(block)], captions.get(block, [])
        caption = " ".join(map(_text, own))
        if None not in parts and _rewrite(block, [part for part in parts if part is not None], caption) and own:
            own[0].getparent().tag = "div"
            for element in own:
                element.drop_tree()


def _captions(tree: HtmlElement) -> Iterator[tuple[HtmlElement, list[HtmlElement]]]:
    """The block quotations that are the only content of a figure, with its captions."""
    for figure in tree.iter("figure"):
        blocks = [child for child in figure if child.tag == "blockquote"]
        captions = [child for child in figure if child.tag == "figcaption"]
        if len(blocks) == 1 and len(blocks) + len(captions) == len(figure):
            yield blocks[0], captions


def _rewrite(block: HtmlElement, parts: list[tuple[str, bool]], caption: str) -> bool:
    """Replace what a block holds by its lines in plain text, if these say more; return whether they do."""
    named = [text for text, is_author in parts if is_author and text]
    lines, signed = split_author([text for text, is_author in parts if not is_author and text])
    posted = _POSTED.fullmatch(lines[-1]) if len(lines) > 1 else None
    if posted:
        lines, signed = lines[:-1], posted["author"]
    author = next((one for one in (", ".join(named), caption, signed) if one), "")
    author = _DATE.sub(", ", author[_DASH.match(author).end() :] if _DASH.match(author) else author)  # type: ignore[union-attr]
    written = in_plain_text(lines, _lead(block), author if len(author) <= _LONGEST_AUTHOR else "")
    if not written or written == lines:
        return False
    for child in list(block):
        block.remove(child)
    block.text = None
    for line in written:
        paragraph = block.makeelement("p")
        paragraph.text = line
        block.append(paragraph)
    return True


def _parts(block: HtmlElement) -> Iterator[tuple[str, bool] | None]:
    """The texts of a block, each with whether it names an author; None for what is no paragraph, like a list."""
    run = [block.text or ""]
    for child in block:
        if child.tag in _INLINE:
            run += ["\n" if child.tag == "br" else child.text_content()]
        else:
            yield from _lines(run)
            run = []
            if child.tag in _AUTHORS:
                yield _text(child), True
            elif child.tag in _PARTS:
                yield from _parts(child)
            elif isinstance(child.tag, str):
                yield None
        run.append(child.tail or "")
    yield from _lines(run)


def _lines(run: list[str]) -> Iterator[tuple[str, bool]]:
    """The text of a run, and a last line of its own that begins with a dash."""
    text, _, last = "".join(run).rstrip().rpartition("\n")
    if text and _DASH.match(last):
        yield " ".join(text.split()), False
        yield " ".join(last.split()), False
    else:
        yield " ".join(f"{text} {last}".split()), False


def _lead(block: HtmlElement) -> str:
    """The end of what stands before a block."""
    before = block.getprevious()
    if before is None:
        return (block.getparent().text or "") if block.getparent() is not None else ""
    return (before.tail or "").strip() or _text(before)


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _mark_inline(element: HtmlElement) -> None:
    """Put marks around an inline quotation, single ones inside another, and make it plain."""
    first, last = "‘’" if next(element.iterancestors("q"), None) is not None else "“”"
    if element.text_content().strip() and not _OPENING.match(element.text_content().lstrip()):
        element.text = first + (element.text or "")
        if len(element):
            element[-1].tail = (element[-1].tail or "") + last
        else:
            element.text += last
    element.tag = "span"

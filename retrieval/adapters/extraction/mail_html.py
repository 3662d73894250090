"""Takes out of a message's HTML what stands around the message that it forwards or answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from retrieval.adapters.extraction.html_tree import parse
from retrieval.adapters.extraction.mail_heads import Head, original_message
from retrieval.adapters.extraction.prose import all_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_INLINE = frozenset(
    {"a", "abbr", "b", "big", "code", "em", "font", "i", "img", "o:p", "small", "span", "strong", "td", "th", "u"}
)
_SIGNATURES = (
    "//*[contains(@class, 'gmail_signature') or contains(@class, 'moz-signature') or contains(@class, 'x_signature')"
    " or @id='Signature' or @id='AppleMailSignature' or @id='ms-outlook-mobile-signature'"
    " or @name='messageSignatureSection']"
)
_LONGEST_SIGNATURE = 60
"""Words of a signature that a program marks as one."""
_HIDDEN = frozenset({"head", "script", "style", "template", "title"})


@dataclass(slots=True)
class _Line:
    """A line as it is shown, and where its texts are in the tree: an element, and whether it is its tail."""

    text: str = ""
    places: list[tuple[HtmlElement, bool]] = field(default_factory=list)


def original_html(html: str) -> tuple[str, Head | None]:
    """The HTML of the message that another one forwards or answers, and its printed header; else all but signatures.

    Raises ArticleRejected where it cannot be parsed.
    """
    tree = parse(html)
    signed = [part for part in tree.xpath(_SIGNATURES) if all_words(part) <= _LONGEST_SIGNATURE]
    for part in signed:
        if part.getparent() is not None:
            part.drop_tree()
    lines = _lines(tree)
    kept, head = original_message([line.text for line in lines])
    if len(kept) == len(lines):
        return (etree.tostring(tree, encoding="unicode", method="html") if signed else html), None
    for line in (line for number, line in enumerate(lines) if number not in kept):
        for element, is_tail in line.places:
            setattr(element, "tail" if is_tail else "text", None)
    for quoted in tree.xpath("//blockquote[@type='cite' or contains(@class, 'quote')]"):
        quoted.drop_tag()
    return etree.tostring(tree, encoding="unicode", method="html"), head


def _lines(tree: HtmlElement) -> list[_Line]:
    lines = [_Line()]

    def add(element: HtmlElement, text: str | None, *, is_tail: bool) -> None:
        if text and text.strip():
            lines[-1].text = f"{lines[-1].text} {' '.join(text.split())}".lstrip()
            lines[-1].places.append((element, is_tail))

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag not in _INLINE and lines[-1].text:
            lines.append(_Line())
        if event == "end":
            add(element, element.tail, is_tail=True)
        elif element.tag not in _HIDDEN:
            add(element, element.text, is_tail=False)
    return lines

"""Writes the quotations of any language between “ and ”, in a text that stays as long as it was.

Then nothing else needs to know how a paper marks speech: «…», »…«, „…“, ‚…‘, 「…」, ''…'', ”…”, single marks as in
British papers, marks with a blank inside, lines wrapped at a fixed width. What is marked within a quotation gets single
marks.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval.text.attribution.marks.singles import pairs, uses_singles
from retrieval.text.line_ends import join_lines

_CLOSING: dict[str, tuple[str, ...]] = {
    "“": ("”",),
    '"': ('"',),
    "«": ("»",),
    "»": ("«", "»"),
    "„": ("“", "”", '"', "„"),
    "‚": ("‘", "’"),
    "‹": ("›",),
    "›": ("‹", "›"),
    "「": ("」",),
    "『": ("』",),
    "﹁": ("﹂",),
    "〝": ("〞", "〟"),
    "”": ("”",),
    "''": ("''",),
    "``": ("''",),
    "’’": ("’’",),
    "‘‘": ("’’",),
    ",,": ("''", "”", "“", '"'),
    "<<": (">>",),
    "‹‹": ("››",),
}
"""For each mark that may open, those that close it."""

_LINE = re.compile(r"^[^\S\n]*+\S[^\n]*+", re.MULTILINE)
_MARKER = re.compile(r"(?:>[ \t]?+)++(?=[^>\s])")
_DOUBLE = re.compile(r"[“”\"«»„]|''")
_TOKEN = re.compile("''|``|’’|‘‘|,,|<<|>>|‹‹|››|[“”\"«»„‚‘’‹›「」『』﹁﹂〝〞〟]")
_FOREIGN = re.compile(r"[«»„‚‹›「『﹁〝]|''|``|’’|‘‘|(?<![^\s(—–-])(?:,,|<<|”(?=\w))|“[^\S\n]")
"""What an English paper with double marks does not print."""

_EASTERN = frozenset("「」『』﹁﹂〝〞〟")
_SPACED = frozenset({"«", "‹", "“", "<<", "‹‹"})
_INNER = str.maketrans('“”"«»„「」『』', "‘’'‹›‚‘’‘’")
_BEFORE_WORDS = frozenset("“‘'¿¡—…([$£€")
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark with its offsets, an opening one with the blank behind it."""

    text: str
    start: int
    end: int
    spaced: bool = False


def plain_text(text: str) -> str:
    """The text with joined lines and with “ and ” around quotations; every offset stays. Never raises."""
    text = _with_announced(text, join_lines(text))
    if _FOREIGN.search(text):
        lines = text.split("\n")
        text = "\n".join(_rewritten(line, _outer(line)) if _FOREIGN.search(line) else line for line in lines)
    return _without_singles(text) if "‘" in text or "'" in text else text


def _with_announced(text: str, joined: str) -> str:
    """The joined text with an opening mark before each paragraph of quoted lines that a colon above them announces.

    What a mail quotes ("Ana Costa wrote:") is a turn of its own.
    """
    if not text.startswith(">") and "\n>" not in text:
        return joined
    pieces, at, announced, quoted = [], 0, False, False
    for line in _LINE.finditer(joined):
        marker = _MARKER.match(text, line.start())
        quoted = marker is not None and (announced or quoted) and not _DOUBLE.search(line.group())
        announced = marker is None and line.group().endswith(":") and not line.group().endswith("wrote:")
        if marker is not None and quoted:
            pieces += [joined[at : marker.end() - 1], "“"]
            at = marker.end()
    return "".join([*pieces, joined[at:]])


def _outer(line: str) -> list[tuple[int, int, int, int]]:
    """The outer pairs of a paragraph: start of the opening mark, of the words, of the closing mark, and its end.

    An opening mark that nothing closes is the last one, with nothing behind it.
    """
    opened: list[_Mark] = []
    found: list[tuple[_Mark, _Mark]] = []
    for token in _TOKEN.finditer(line):
        partner = _partner(line, opened, token)
        if partner is not None:
            found.append((opened[partner], _Mark(token.group(), *token.span())))
            del opened[partner:]
        elif (mark := _opening(line, token)) is not None:
            opened.append(mark)
    outer: list[tuple[int, int, int, int]] = []
    for first, last in sorted(found, key=lambda pair: pair[0].start):
        if not outer or first.start >= outer[-1][3]:
            inside = line[first.end : last.start].rstrip()
            outer.append((first.start, first.end, first.end + len(inside), last.end))
    for mark in opened[:1]:
        if mark.text not in {"“", '"', "”"} and (not outer or mark.start >= outer[-1][3]):
            outer.append((mark.start, mark.end, len(line), len(line)))
    return outer


def _partner(line: str, opened: list[_Mark], token: re.Match[str]) -> int | None:
    """The place of the opening mark that a mark closes, the last one first."""
    mark, (start, end) = token.group(), token.span()
    if mark not in _EASTERN and (mark in _CLOSING or mark in "‘’") and line[end : end + 1].isalnum():
        return None
    for place in range(len(opened) - 1, max(-1, len(opened) - 1 - _DEEPEST), -1):
        if mark in _CLOSING[opened[place].text]:
            return place if opened[place].end < start else None
    return None


def _opening(line: str, token: re.Match[str]) -> _Mark | None:
    """A mark that may open a quotation: before a word, and not directly behind one."""
    mark, (start, end) = token.group(), token.span()
    if mark not in _CLOSING or end >= len(line):
        return None
    spaced = mark in _SPACED and line[end].isspace()
    end += spaced
    if mark not in _EASTERN and (line[start - 1 : start].isalnum() or line[end : end + 1] in " ,;:!?)]."):
        return None
    if (len(mark) > 1 or mark == "”") and not (line[end].isalnum() or line[end] in _BEFORE_WORDS):
        return None
    return _Mark(mark, start, end, spaced)


def _rewritten(line: str, outer: Iterable[tuple[int, int, int, int]]) -> str:
    """The paragraph with “ directly before the words of each pair and ” directly behind them."""
    pieces, at = [], 0
    for start, first, last, end in outer:
        opening = "“".rjust(first - start)
        closing = "”".ljust(end - last) if end > last else ""
        pieces += [line[at:start], opening, line[first:last].translate(_INNER), closing]
        at = end
    return "".join([*pieces, line[at:]])


def _without_singles(text: str) -> str:
    """The text with double marks where single ones are its outer ones."""
    spans = [(line.start(), line.end()) for line in re.finditer(r"[^\n]+", text)]
    if not uses_singles(text, spans):
        return text
    outer = sorted(_single_pairs(text, spans))
    return _rewritten(text, outer)


def _single_pairs(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    for start, end in spans:
        for first, last, closed in pairs(text, start, end):
            yield first - 1, first, last, last + closed

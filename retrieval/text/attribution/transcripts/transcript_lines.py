"""Reads the lines of a text that may be a transcript, each with its label, if any."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.domain.articles import Span
from retrieval.text.attribution.transcripts.turn_labels import Label, read_label
from retrieval.text.line_ends import join_lines

_LINE = re.compile(r"[^\n]+")
ASIDE = re.compile(
    r"\d{1,6}$|WEBVTT|NOTE\b|(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{3} --> |♪"
    r"|[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]? (?:\*|-!-|-->|<--) "
    r"|[*_]{0,2}(?:\([^()]*\)|\[[^\[\]]*\])[*_.]{0,3}$|\d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?(?: [A-Z]{2,4})?$"
)
_EMPHASISED = re.compile(r"(?:(\*\*|__|\*|_)(?=[^\s*_])[^\n*]*[^\s*_]\1|#{1,6} [^\n]*)$")
SPOKEN = re.compile(
    r"\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our|[Mm]e|[Uu]s|[Tt]hanks?|[Ll]et[’']s"
    r"|[Ii]ch|[Ww]ir|[Jj]e|[Nn]ous|[Vv]ous|[Yy]o|[Nn]osotros|[Uu]sted|[Ee]u|[Nn]ós|[Ii]o|[Nn]oi)\b|\?"
)
SENTENCE_ENDS = tuple(".!?…”\"’'):")


@dataclass(slots=True)
class Line:
    """A line of text, with those that a fixed width or a caption broke off it.

    `asks`: it is printed in bold as an interviewer's question. `apart`: an empty line is before it.
    """

    span: Span
    label: Label | None
    asks: bool
    apart: bool


def read_lines(text: str, *, caption: bool) -> Iterator[Line]:
    """Yield the lines that are not blank; those that a fixed width or a caption broke off belong to the one before."""
    current: Line | None = None
    end = 0
    joined = " " * len(text) if caption else join_lines(text)
    for match in _LINE.finditer(text):
        printed = match.group()
        if not printed.strip():
            continue
        span = Span(match.end() - len(printed.lstrip()), match.start() + len(printed.rstrip()))
        apart = text.count("\n", end, span.start) > 1
        label, end = read_label(text, span), span.end
        joins = not apart and label is None and joined[span.start - 1] == " " and not _stands_alone(text, span)
        if current is not None and joins and (current.label or not _stands_alone(text, current.span)):
            current.span = Span(current.span.start, span.end)
            continue
        if current is not None:
            yield current
        bold = _EMPHASISED.match(text, span.start, span.end) is not None
        asks = bold and not (label and label.body >= span.end) and (label is None or text[span.end - 1] in "*_")
        asks = asks and (text.startswith(("**", "__"), span.start) or "?" in text[span.end - 3 : span.end])
        current = Line(span, label, asks, apart)
    if current is not None:
        yield current


def _stands_alone(text: str, line: Span) -> bool:
    """Whether a line is never part of a longer one: an aside, a quoted line, a dash before another speaker."""
    return text[line.start] in ">-–—" or any(kind.match(text, line.start, line.end) for kind in (ASIDE, _EMPHASISED))

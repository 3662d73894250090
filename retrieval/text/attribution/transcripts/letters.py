"""Finds the words of letters and mails that are printed between a greeting and a signature."""

import re
from collections.abc import Iterator

from retrieval.text.attribution.revisions.label_kinds import Who
from retrieval.text.attribution.transcripts.transcript_lines import SENTENCE_ENDS, Line
from retrieval.text.attribution.transcripts.turn_labels import Label, read_name_line
from retrieval.text.attribution.transcripts.turns import Turn

_GREETING = re.compile(
    r"(?:Dear|Hi|Hello|Good (?:morning|afternoon|evening))\b[^\n.]{0,60}[,:]$|To whom it may concern[,:]$"
)
_PAGE = re.compile(r"(?:Your |Readers[’'] )?[Ll]etters(?: to the [Ee]ditor| page)?:?$")
_SIGNED = re.compile(r"[^\W\d_][^,\n:]{2,40}, [A-Z][\w’'-]{1,30}(?: [A-Z][\w’'-]{1,30}){0,3}")
CLOSING = re.compile(
    r"(?:(?:best|kind|kindest|warm|warmest|many|with)? ?(?:regards|wishes|thanks)|sincerely|faithfully|respectfully"
    r"|yours|cheers|best|love)(?: [\w ]{1,20})?[,.!]?$",
    re.IGNORECASE,
)


def find_letters(text: str, lines: list[Line]) -> Iterator[Turn]:
    """Yield a turn for each letter: what stands between a greeting and a closing with the writer's full name.

    A name and a place close one too, also between the letters of a page of them.
    """
    begun: int | None = None
    is_page = False
    for number, line in enumerate(lines):
        if _GREETING.match(text, line.span.start, line.span.end):
            begun = number
        elif _PAGE.match(text, line.span.start, line.span.end):
            begun, is_page = number, True
        elif begun is not None and CLOSING.match(text, line.span.start, line.span.end):
            writer = _writer(text, lines[number + 1]) if number + 1 < len(lines) else None
            if writer is not None:
                yield _letter(text, lines[begun:number], writer)
            begun = number + 1 if is_page else None
        elif begun is not None and _SIGNED.fullmatch(text, line.span.start, line.span.end):
            writer = _writer(text, line)
            if writer is not None:
                yield _letter(text, lines[begun:number], writer)
                begun = number if is_page else None


def _writer(text: str, line: Line) -> Label | None:
    """The label of a line that begins with a full name."""
    writer = read_name_line(text, line.span)
    return writer if writer and writer.who is Who.NAME and " " in writer.name.of(text) else None


def _letter(text: str, lines: list[Line], writer: Label) -> Turn:
    turn = Turn(writer, lines[0].span.start, lines[0].span.end)
    for line in lines[1:]:
        if text[line.span.end - 1] in SENTENCE_ENDS and text[line.span.start] != ">":
            turn.add(text, line.span)
    return turn

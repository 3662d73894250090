"""Finds the words of letters and mails that are printed between a greeting and a signature."""

import re
from collections.abc import Iterator
from itertools import pairwise

from retrieval.text.attribution.revisions.label_kinds import Who
from retrieval.text.attribution.transcripts.transcript_lines import SENTENCE_ENDS, Line
from retrieval.text.attribution.transcripts.turn_labels import Label, read_name_line
from retrieval.text.attribution.transcripts.turns import Turn

_GREETING = re.compile(
    r"(?:Dear|Hi|Hello|Good (?:morning|afternoon|evening))\b[^\n.]{0,60}[,:]$|To whom it may concern[,:]$"
)
CLOSING = re.compile(
    r"(?:(?:best|kind|kindest|warm|warmest|many|with)? ?(?:regards|wishes|thanks)|sincerely|faithfully|respectfully"
    r"|yours|cheers|best|love)(?: [\w ]{1,20})?[,.!]?$",
    re.IGNORECASE,
)


def find_letters(text: str, lines: list[Line]) -> Iterator[Turn]:
    """Yield a turn for each letter: what stands between a greeting and a closing with the writer's full name."""
    begun: int | None = None
    for number, (line, following) in enumerate(pairwise(lines)):
        if _GREETING.match(text, line.span.start, line.span.end):
            begun = number
        elif begun is not None and CLOSING.match(text, line.span.start, line.span.end):
            writer = read_name_line(text, following.span)
            if writer is not None and writer.who is Who.NAME and " " in writer.name.of(text):
                yield _letter(text, lines[begun:number], writer)
            begun = None


def _letter(text: str, lines: list[Line], writer: Label) -> Turn:
    turn = Turn(writer, lines[0].span.start, lines[0].span.end)
    for line in lines[1:]:
        if text[line.span.end - 1] in SENTENCE_ENDS and text[line.span.start] != ">":
            turn.add(text, line.span)
    return turn

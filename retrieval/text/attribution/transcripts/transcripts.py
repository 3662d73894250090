"""Finds the turns of a transcript: what each labelled speaker says, without marks, paragraph by paragraph.

A text is a transcript where several of its lines begin with labels that only transcripts print, or where names return
as labels before what people say. One label in an article is no turn, nor is a list of facts. What is not surely the
speaker's (headings, stage directions, a reporter's own paragraphs) belongs to nobody.
"""

import re
from collections.abc import Iterator, Mapping

from retrieval.domain.articles import Span
from retrieval.text.attribution.transcripts.accepted_labels import accepted_labels
from retrieval.text.attribution.transcripts.mails import find_mails
from retrieval.text.attribution.transcripts.speeches import find_speech
from retrieval.text.attribution.transcripts.transcript_lines import ASIDE, SENTENCE_ENDS, SPOKEN, Line, read_lines
from retrieval.text.attribution.transcripts.turn_labels import Label
from retrieval.text.attribution.transcripts.turns import Turn
from retrieval.text.names.names import surname

_TIMING = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{3} --> ")
_ENDS = re.compile(
    r"[\[(]\d{1,2}:\d{2}(?::\d{2})?[\])] >>"
    r"|END\b|End of|[(\[]END|#|<(?!v)|https?://|[-_=*~ ]{3,}$|\d{1,3}[.)] |©|\*\*[^*]|__[^_]|>|•"
    r"|[A-Z][A-Z][A-Z\d .,#'’&-]{1,60}:\s"
    r"|(?:Subscribe|Sign up|Read more|Follow|Watch|Listen|Photo|Picture|Image|Copyright|Source|Edited|Interview)\b"
    r"|(?:This|The) (?:\w+ )?(?:interview|conversation|transcript|episode|article|Q&A|exchange|hearing|briefing)"
    r" (?:has been|have been|was|is|first|originally|ended|concluded|adjourned)\b"
    r"|(?:Question|Bill|Motion|Amendment|Clause|Sitting|Meeting)s? [^.\n]{0,60}?\b"
    r"(?:put|read|agreed|carried|negatived|withdrawn|proposed|suspended|resumed|adjourned)\b[^.\n]{0,40}\.$"
    r"|(?:The )?(?:House|Committee|Senate|Council) (?:divided|adjourned|proceeded|resumed)\b"
)
_ASIDES = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_LONGEST_ACRONYM = 5
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Mm]e|[Uu]s|[Tt]hank you)\b")


def find_turns(text: str) -> list[Turn]:
    """Return the turns of a transcript, of mails or of a speech, in order, those of nobody too; none in other texts."""
    caption = len(_TIMING.findall(text)) > 1
    lines = list(read_lines(text, caption=caption))
    accepted = accepted_labels(text, lines, caption=caption)
    if accepted:
        return list(_Turns(text, lines, accepted, caption=caption).read())
    return find_mails(text, lines) or find_speech(text, lines)


class _Turns:
    """Reads the lines of a transcript into turns."""

    def __init__(self, text: str, lines: list[Line], accepted: Mapping[int, Label], *, caption: bool) -> None:
        self._text, self._lines, self._accepted, self._caption = text, lines, accepted, caption
        self._last = max(accepted)
        self._sure = sum(label.sure for label in accepted.values()) * 2 > len(accepted)
        self._stamped = any(label.stamped and not label.sure for label in accepted.values())

    def read(self) -> Iterator[Turn]:
        current: Turn | None = None
        answers = False
        for number, line in enumerate(self._lines):
            label = self._accepted.get(number)
            if label is not None:
                if current is not None:
                    yield current
                answers = line.asks and label.body < line.span.end
                current = Turn(label, line.span.start, line.span.end, asks=answers)
                if label.body < line.span.end:
                    current.add(self._text, Span(label.body, line.span.end))
            elif current is None or self._is_beside(line, current.label):
                continue
            elif answers and not self._ends(line):
                yield current
                current, answers = Turn(None, line.span.start, line.span.end), False
                current.add(self._text, line.span)
            elif self._continues(current, line, last=number > self._last):
                current.add(self._text, line.span)
            elif not (self._stamped and self._text[line.span.start] == ">"):
                yield current
                current, answers = None, False
        if current is not None:
            yield current

    def _is_beside(self, line: Line, label: Label | None) -> bool:
        """Whether a line is a stage direction, or says who the label is."""
        noted = label is not None and line.span.end <= label.body
        return noted or (not line.label and ASIDE.match(self._text, line.span.start, line.span.end) is not None)

    def _ends(self, line: Line) -> bool:
        """Whether a line is no speech: a heading, a rule, a note of the editors."""
        if line.label is not None or _ENDS.match(self._text, line.span.start, line.span.end):
            return True
        return not (self._caption or self._stamped) and _is_heading(line.span.of(self._text))

    def _continues(self, turn: Turn, line: Line, *, last: bool) -> bool:
        """Whether a line without a label goes on with a turn."""
        text, span = self._text, line.span
        if self._ends(line):
            return False
        if self._caption or self._stamped:
            return text[span.start] not in "-–—♪" if self._caption else not line.apart
        if turn.label and turn.end <= turn.label.body:
            return True
        whole = text[span.end - 1] in SENTENCE_ENDS and (self._sure or text[span.end - 1] != "?")
        if not whole or (turn.label and surname(turn.label.name.of(text)) in map(surname, span.of(text).split())):
            return False
        spoken = _FIRST_PERSON if last else SPOKEN
        return spoken.search(text, span.start, span.end) is not None or (self._sure and not last)


def _is_heading(line: str) -> bool:
    """Whether a line is a heading in capitals: "DIRECT EXAMINATION", "ANA COSTA (sworn)"."""
    words = _ASIDES.sub("", line).rstrip()
    return words.isupper() and len(words) > _LONGEST_ACRONYM and words[-1] not in ".!?…"

"""Finds the words of mails that are printed with their headers: the sender's, and a quoted sender's."""

import re
from collections.abc import Iterator

from retrieval.domain.articles import Span
from retrieval.text.attribution.revisions.label_kinds import Who, label_kind
from retrieval.text.attribution.transcripts.letters import CLOSING, find_letters
from retrieval.text.attribution.transcripts.transcript_lines import SENTENCE_ENDS, SPOKEN, Line
from retrieval.text.attribution.transcripts.turn_labels import Label
from retrieval.text.attribution.transcripts.turns import Turn
from retrieval.text.names.names import surname

_HEADER = re.compile(r"[*_]{0,2}(?P<field>From|To|Cc|Bcc|Date|Sent|Subject|Reply-To):[*_]{0,2} ?(?P<value>[^\n]*)")
_MARKERS = re.compile(r"(?:> ?)*+")
_NAME = re.compile(r"[^\W\d_][\w.’' -]{0,60}+(?:, [^\W\d_][\w.’'-]{0,30}+)?")
_WROTE = re.compile(
    r"(?:On [^\n]{4,60}?\d(?: ?[AaPp]\.?[Mm]\b\.?)?,? )?(?P<name>(?![AaPp]\.?[Mm]\b)[^\W\d_][\w.’' -]{1,60}?)"
    r"(?: ?<[^<>\n]{1,80}>)? wrote:$"
)
_ENDS = re.compile(r"-{2}|_{3}|\*{3}|sent from my\b|get outlook\b", re.IGNORECASE)


def find_mails(text: str, lines: list[Line]) -> list[Turn]:
    """Return the turns of mails and letters, in order; a header has at least a sender and one field more."""
    mails = [turn for turn in list(_read(text, lines)) if turn.paragraphs]
    last = max((turn.end for turn in mails), default=0)
    letters = [one for one in find_letters(text, lines) if not mails or one.end <= mails[0].start or one.start >= last]
    return sorted([*mails, *letters], key=lambda turn: turn.start)


def _read(text: str, lines: list[Line]) -> Iterator[Turn]:
    fields: dict[str, Span] = {}
    sender = quoted = None
    in_marks = False
    current: Turn | None = None
    for line in lines:
        marker = _MARKERS.match(text, line.span.start, line.span.end)
        start = marker.end() if marker else line.span.start
        if start >= line.span.end:
            continue
        words, is_quoted = Span(start, line.span.end), start > line.span.start
        header = _HEADER.match(text, words.start, words.end)
        if header is not None and header["value"]:
            fields[header["field"]] = Span(*header.span("value"))
            current = None
            continue
        if "From" in fields and (len(fields) > 1 or (is_quoted and sender)):
            label = _label(text, fields["From"], words.start)
            sender, quoted = (sender, label) if is_quoted and sender else (label, None)
        fields = {}
        cites = text.endswith("wrote:", words.start, words.end)
        wrote = _WROTE.match(text, words.start, words.end) if cites else None
        if wrote is not None:
            quoted, current, in_marks = _label(text, Span(*wrote.span("name")), words.end), None, False
            continue
        in_marks = in_marks or is_quoted
        goes_on = current is not None and current.label is quoted and not in_marks
        label = quoted if is_quoted or goes_on else sender
        if label is None or _stops(text, words, label):
            sender = sender if is_quoted else None
            current = None
            continue
        if current is None or current.label is not label:
            current = Turn(label, words.start, words.start)
            yield current
        spoken = not current.paragraphs or SPOKEN.search(text, words.start, words.end)
        if spoken and text[words.end - 1] in SENTENCE_ENDS:
            current.add(text, words)


def _label(text: str, printed: Span, body: int) -> Label | None:
    """The label for a sender, where that is a name."""
    name = _NAME.match(text, printed.start, printed.end)
    words = name.group().rstrip() if name else ""
    if not words or label_kind(in_order(words)) is not Who.NAME or " " not in words:
        return None
    return Label(Span(printed.start, printed.start + len(words)), body, Who.NAME, sure=True)


def in_order(name: str) -> str:
    """A name with the surname last: "Ana Costa" of "Costa, Ana"."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


def _stops(text: str, words: Span, label: Label) -> bool:
    """Whether a line ends a mail: a greeting, the sender's signature, or what others write about the sender."""
    said = words.of(text)
    if _ENDS.match(said) or CLOSING.match(said):
        return True
    return surname(in_order(label.name.of(text))) in map(surname, said.split())

"""Finds the words of a speech that is printed whole, below a heading that names who gave it."""

import re

from retrieval.domain.articles import Span
from retrieval.text.attribution.revisions.label_kinds import Who, label_kind
from retrieval.text.attribution.transcripts.transcript_lines import SENTENCE_ENDS, Line
from retrieval.text.attribution.transcripts.turn_labels import Label
from retrieval.text.attribution.transcripts.turns import Turn
from retrieval.text.names.names import find_names, split_title, surname
from retrieval.text.names.vocabulary import given_gender

_SPEECH = re.compile(
    r"\b(?:remarks|speech|address|statement|lecture|testimony|eulogy|toast|sermon|keynote)\b", re.IGNORECASE
)
_AS_GIVEN = re.compile(
    r"\bas (?:prepared|delivered|given|written)\b|\b(?:prepared|written) for delivery\b|\bcheck against delivery\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Uu]s)\b")
_ENDS = re.compile(
    r"END\b|End of|#|https?://|[-_=*]{3}|©|(?:Read more|Subscribe|Photo|Source|Notes? to editors)\b", re.IGNORECASE
)
_HEAD_LINES = 8
_LONGEST_HEADING = 200


def find_speech(text: str, lines: list[Line]) -> list[Turn]:
    """Return a speech as one turn, where a heading says that it is one, as given, and whose; else nothing."""
    head = [(number, line.span) for number, line in enumerate(lines[:_HEAD_LINES]) if _is_heading(text, line.span)]
    if not any(_AS_GIVEN.search(span.of(text)) for _, span in head):
        return []
    names = [name for _, span in head if _SPEECH.search(span.of(text)) for name in _names(text, span)]
    if len({surname(name.of(text)) for name in names}) != 1:
        return []
    first = head[-1][0] + 1
    turn = Turn(Label(names[0], head[-1][1].end, Who.NAME, sure=True), names[0].start, names[0].end)
    for line in lines[first:]:
        if _ENDS.match(text, line.span.start, line.span.end) or _names_speaker(text, line.span, names[0]):
            break
        if text[line.span.end - 1] in SENTENCE_ENDS:
            turn.add(text, line.span)
    spoken = any(_FIRST_PERSON.search(text, said.start, said.end) for said in turn.paragraphs)
    return [turn] if spoken else []


def _is_heading(text: str, line: Span) -> bool:
    said = line.of(text) if line.end - line.start <= _LONGEST_HEADING else ""
    return bool(_SPEECH.search(said) or _AS_GIVEN.search(said)) and (said[-1] not in ".!?" or said[0] in "[(*_")


def _names(text: str, line: Span) -> list[Span]:
    """The full names of people in a heading: with a title, or a common given name."""
    found = []
    for start, end in find_names(line.of(text)):
        printed = text[line.start + start : line.start + end]
        name = split_title(printed)
        if " " in name.name and label_kind(printed) is Who.NAME and (name.start or given_gender(name.name)):
            found.append(Span(line.start + start, line.start + end))
    return found


def _names_speaker(text: str, line: Span, name: Span) -> bool:
    return surname(name.of(text)) in map(surname, line.of(text).split())

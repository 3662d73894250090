"""Finds the turns of a transcript: what each labelled speaker says, without marks, paragraph by paragraph.

A text is a transcript where several of its lines begin with labels that only transcripts print, or where names return
as labels before what people say. One label in an article is no turn, nor is a list of facts. What is not surely the
speaker's (headings, stage directions, a reporter's own paragraphs) belongs to nobody.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from retrieval.domain.articles import Span
from retrieval.text.attribution.turn_labels import Label, Who, initials_of, read_label, read_name_line
from retrieval.text.line_ends import join_lines
from retrieval.text.names.names import find_names, split_title, surname
from retrieval.text.names.vocabulary import given_gender

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_TIMING = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{3} --> ")
_ASIDE = re.compile(
    r"\d{1,6}$|WEBVTT|NOTE\b|(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{3} --> |♪"
    r"|[*_]{0,2}(?:\([^()]*\)|\[[^\[\]]*\])[*_.]{0,3}$|\d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?(?: [A-Z]{2,4})?$"
)
_ENDS = re.compile(
    r"END\b|End of|[(\[]END|#|<(?!v)|https?://|[-_=*~ ]{3,}$|\d{1,3}[.)] |©|\*\*[^*]|__[^_]|>|•"
    r"|(?:Subscribe|Sign up|Read more|Follow|Watch|Listen|Photo|Picture|Image|Copyright|Source|Edited|Interview)\b"
    r"|(?:This|The) (?:\w+ )?(?:interview|conversation|transcript|episode|article|Q&A|exchange|hearing|briefing)"
    r" (?:has been|have been|was|is|first|originally|ended|concluded|adjourned)\b"
)
_EMPHASISED = re.compile(r"(?:(\*\*|__|\*|_)(?=[^\s*_])[^\n*]*[^\s*_]\1|#{1,6} [^\n]*)$")
_SPOKEN = re.compile(
    r"\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our|[Mm]e|[Uu]s|[Tt]hanks?|[Ll]et[’']s"
    r"|[Ii]ch|[Ww]ir|[Jj]e|[Nn]ous|[Vv]ous|[Yy]o|[Nn]osotros|[Uu]sted|[Ee]u|[Nn]ós|[Ii]o|[Nn]oi)\b|\?"
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Mm]e|[Uu]s|[Tt]hank you)\b")
_LEADING = re.compile(r"(?:[\s*_:]|[—–-](?=[\s\w])|\([^()]{1,80}\)|\[[^\[\]]{1,80}\]|<[^<>]{1,40}>)*+")
_TRAILING = re.compile(r"(?:\([^()]{1,80}\)|\[[^\[\]]{1,80}\]|<[^<>]{1,40}>|[*_]{1,2})$")
_LONGEST_TRAILING = 90
_OPENING_MARKS = tuple('“"‘„«»')
_CLOSING_MARKS = tuple('”"’“»')
_SENTENCE_ENDS = tuple(".!?…”\"’'):")
_FEWEST_SURE = 2
_FEWEST = 3
_SHARE_SPOKEN = 0.25
_LONGEST_NAME = 4


@dataclass(slots=True)
class Turn:
    """What one speaker says: from `start` to `end`, label included; `paragraphs` are the words alone.

    `label` is None where the words answer a question in bold and have no label of their own; `asks`: it is one.
    """

    label: Label | None
    start: int
    end: int
    paragraphs: list[Span] = field(default_factory=list)
    asks: bool = False


@dataclass(slots=True)
class _Line:
    """A line of text, with those that a fixed width or a caption broke off it.

    `asks`: it is printed in bold as an interviewer's question. `apart`: an empty line is before it.
    """

    span: Span
    label: Label | None
    asks: bool
    apart: bool


def find_turns(text: str) -> list[Turn]:
    """Return the turns of a transcript in order, those of nobody too; none where the text is no transcript."""
    caption = len(_TIMING.findall(text)) > 1
    lines = list(_lines(text, caption=caption))
    accepted = _accepted(text, lines, caption=caption)
    return list(_Turns(text, lines, accepted, caption=caption).read()) if accepted else []


def _lines(text: str, *, caption: bool) -> Iterator[_Line]:
    current: _Line | None = None
    end = 0
    joined = " " * len(text) if caption else join_lines(text)
    for match in _LINE.finditer(text):
        printed = match.group()
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
        current = _Line(span, label, asks, apart)
    if current is not None:
        yield current


def _stands_alone(text: str, line: Span) -> bool:
    """Whether a line is never part of a longer one: an aside, a quoted line, a dash before another speaker."""
    return text[line.start] in ">-–—" or any(kind.match(text, line.start, line.end) for kind in (_ASIDE, _EMPHASISED))


def _accepted(text: str, lines: list[_Line], *, caption: bool) -> dict[int, Label]:
    """The labels of a transcript by the number of their line; none where the lines are no transcript's."""
    labels = {number: line.label for number, line in enumerate(lines) if line.label}
    fewest = _FEWEST_SURE if not caption else 1
    if 0 in labels and _is_headline(text, lines[0].span, labels):
        del labels[0]
    bold = _questions_in_bold(text, lines)
    stamped = {number: label for number, label in labels.items() if label.stamped and not label.sure}
    if _returns(text, stamped):
        return stamped
    labels = {number: label for number, label in labels.items() if number not in stamped}
    credible = _credible(text, labels)
    spoken = sum(label.stamped or caption or _is_spoken(text, lines, number) for number, label in credible.items())
    enough = spoken and spoken >= _SHARE_SPOKEN * len(credible)
    sure = sum(label.sure for label in credible.values()) >= fewest
    if enough and (sure or (len(credible) >= _FEWEST and _take_turns(text, credible)) or bold):
        return {**bold, **credible}
    if bold:
        in_bold = {number: label for number, label in labels.items() if text[lines[number].span.start] in "*_"}
        return {**bold, **in_bold}
    alone = {number: label for number, label in _name_lines(text, lines) if _is_spoken(text, lines, number + 1)}
    credible = _credible(text, alone)
    return credible if len(credible) >= _FEWEST and _take_turns(text, credible) else {}


def _is_headline(text: str, line: Span, labels: Mapping[int, Label]) -> bool:
    """Whether a first line is "Costa: Bridge is beyond repair" instead of a turn: no other line has the label."""
    again = any(_key(text, label) == _key(text, labels[0]) for number, label in labels.items() if number)
    return not (again or labels[0].sure or labels[0].stamped or text[line.end - 1] in ".!…:")


def _questions_in_bold(text: str, lines: list[_Line]) -> dict[int, Label]:
    """The lines in bold from the first question on, where most are questions; none where they are headings."""
    bold = {number: line.span for number, line in enumerate(lines) if line.asks}
    asked = [number for number, span in bold.items() if "?" in text[span.end - 4 : span.end]]
    bold = {number: span for number, span in bold.items() if asked and number >= asked[0]}
    if len(asked) < _FEWEST_SURE or 2 * len(asked) < len(bold):
        return {}
    return {number: Label(span, span.start, Who.NOBODY, sure=True) for number, span in bold.items()}


def _name_lines(text: str, lines: list[_Line]) -> Iterator[tuple[int, Label]]:
    """Lines that are a name alone, before a line of text."""
    for number, (line, following) in enumerate(pairwise(lines)):
        label = read_name_line(text, line.span)
        if label is not None and text[following.span.end - 1] in _SENTENCE_ENDS:
            yield number, label


def _is_spoken(text: str, lines: list[_Line], number: int) -> bool:
    """Whether the words of a line are addressed to somebody or said of oneself."""
    line = lines[number]
    start = line.label.body if line.label else line.span.start
    if start >= line.span.end and number + 1 < len(lines):
        line, start = lines[number + 1], lines[number + 1].span.start
    return _SPOKEN.search(text, start, line.span.end) is not None


def _credible(text: str, labels: Mapping[int, Label]) -> dict[int, Label]:
    """The labels that stand for somebody: sure ones, names that return or that are surely a person's."""
    times = Counter(_key(text, label) for label in labels.values())
    asked = any(label.who is Who.NOBODY and label.name.of(text) == "Q" for label in labels.values())
    known = _known_names(text) if labels else _Known(frozenset(), frozenset())
    many = sum(label.sure for label in labels.values()) >= _FEWEST_SURE
    again = any(number > 1 for number in times.values())

    def stands(label: Label) -> bool:
        if label.sure or label.who is Who.ANSWER:
            return label.sure or asked
        words = label.name.of(text)
        in_style = label.who is Who.NAME and ((many and words.isupper()) or (again and " " in words))
        return in_style or times[_key(text, label)] > 1 or _is_person(text, label, known)

    return {number: label for number, label in labels.items() if stands(label) and not _is_about(text, label)}


def _is_about(text: str, label: Label) -> bool:
    """Whether the words behind a label are about its person: "Ana Costa: Costa, 44, has led the city since May"."""
    words = text[label.body : label.body + _LONGEST_TRAILING].split()
    return (
        label.who is Who.NAME
        and bool(words)
        and surname(words[0]) in map(surname, split_title(label.name.of(text)).name.split())
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """The last words of names in the text that begin with a common given name, and the initials of all names."""

    surnames: frozenset[str]
    initials: frozenset[str]


def _known_names(text: str) -> _Known:
    printed = [text[start:end] for start, end in find_names(text)]
    whole = [name for name in printed if 1 < len(name.split()) <= _LONGEST_NAME]
    return _Known(
        frozenset(surname(name) for name in whole if given_gender(name)), frozenset(initials_of(name) for name in whole)
    )


def _is_person(text: str, label: Label, known: _Known) -> bool:
    words = label.name.of(text)
    if label.who is Who.INITIALS:
        return f"({words})" in text or words.replace(".", "").replace(" ", "") in known.initials
    titled = split_title(words)
    named = bool(given_gender(words) or titled.start) or surname(words) in known.surnames
    return named or label.who in {Who.NOBODY, Who.OFFICE}


def _key(text: str, label: Label) -> str:
    return surname(label.name.of(text))


def _returns(text: str, labels: Mapping[int, Label]) -> bool:
    """Whether one name is the label of several lines."""
    times = Counter(_key(text, label) for label in labels.values())
    return any(number > 1 for number in times.values())


def _take_turns(text: str, labels: Mapping[int, Label]) -> bool:
    """Whether somebody speaks again after somebody else, and one label at least is surely a person's."""
    keys = [_key(text, label) for label in labels.values()]
    again = len(set(keys)) > 1 and len([key for key, following in pairwise(keys) if key != following]) >= len(set(keys))
    shortened = {key for key, label in zip(keys, labels.values(), strict=True) if " " in label.name.of(text)}
    shortened &= {key for key, label in zip(keys, labels.values(), strict=True) if " " not in label.name.of(text)}
    known = _known_names(text)
    return again and (bool(shortened) or any(label.sure or _is_person(text, label, known) for label in labels.values()))


class _Turns:
    """Reads the lines of a transcript into turns."""

    def __init__(self, text: str, lines: list[_Line], accepted: Mapping[int, Label], *, caption: bool) -> None:
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
                current, answers = Turn(label, line.span.start, line.span.end, asks=line.asks), line.asks
                if label.body < line.span.end:
                    self._add(current, Span(label.body, line.span.end))
            elif current is None or (_ASIDE.match(self._text, line.span.start, line.span.end) and not line.label):
                continue
            elif answers and not self._ends(line):
                yield current
                current, answers = Turn(None, line.span.start, line.span.end), False
                self._add(current, line.span)
            elif self._continues(current, line, last=number > self._last):
                self._add(current, line.span)
            elif not (self._stamped and self._text[line.span.start] == ">"):
                yield current
                current, answers = None, False
        if current is not None:
            yield current

    def _add(self, turn: Turn, words: Span) -> None:
        turn.end = max(turn.end, words.end)
        said = _without_directions(self._text, words)
        if said is not None:
            turn.paragraphs.append(said)

    def _ends(self, line: _Line) -> bool:
        """Whether a line is no speech: a heading, a rule, a note of the editors."""
        return line.label is not None or _ENDS.match(self._text, line.span.start, line.span.end) is not None

    def _continues(self, turn: Turn, line: _Line, *, last: bool) -> bool:
        """Whether a line without a label goes on with a turn."""
        text, span = self._text, line.span
        if self._ends(line):
            return False
        if self._caption or self._stamped:
            return text[span.start] not in "-–—♪" if self._caption else not line.apart
        if turn.label and turn.end <= turn.label.body:
            return True
        whole = text[span.end - 1] in _SENTENCE_ENDS and (self._sure or text[span.end - 1] != "?")
        if not whole or (turn.label and surname(turn.label.name.of(text)) in map(surname, span.of(text).split())):
            return False
        spoken = _FIRST_PERSON if last else _SPOKEN
        return spoken.search(text, span.start, span.end) is not None or (self._sure and not last)


def _without_directions(text: str, words: Span) -> Span | None:
    """The words said, without stage directions and markup around them; None where they are none, or stand in marks."""
    leading = _LEADING.match(text, words.start, words.end)
    start = leading.end() if leading else words.start
    end = words.end
    while start < end:
        tail = text[max(start, end - _LONGEST_TRAILING) : end]
        bare = tail.rstrip()
        trailing = _TRAILING.search(bare)
        if trailing is None:
            end -= len(tail) - len(bare)
            break
        end -= len(tail) - trailing.start()
    if not any(char.isalpha() for char in text[start:end]):
        return None
    marked = text[start] in _OPENING_MARKS and text[start:end].rstrip(".,").endswith(_CLOSING_MARKS)
    return None if marked else Span(start, end)

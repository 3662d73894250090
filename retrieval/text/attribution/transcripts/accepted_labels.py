"""Tells which lines of a text begin turns of a transcript: none, where their labels are facts, headings, headlines."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from retrieval.domain.articles import Span
from retrieval.text.attribution.revisions.label_kinds import Who, initials_of
from retrieval.text.attribution.transcripts.shouted import is_shouted, names_somebody, surnames_told
from retrieval.text.attribution.transcripts.transcript_lines import SENTENCE_ENDS, SPOKEN, Line
from retrieval.text.attribution.transcripts.turn_labels import Label, read_name_line, read_noted_line
from retrieval.text.names.names import find_names, split_title, surname
from retrieval.text.names.vocabulary import fold, given_gender
from retrieval.text.words import FUNCTION_WORDS

_FEWEST_SURE = 2
_FEWEST = 3
_SHARE_SPOKEN = 0.25
_LONGEST_NAME = 4
_QUESTIONS = frozenset({"Q", "Pregunta", "Frage", "Domanda", "Pergunta"})
_LONGEST_START = 90


def accepted_labels(text: str, lines: list[Line], *, caption: bool) -> dict[int, Label]:
    """The labels of a transcript by the number of their line; none where the lines are no transcript's."""
    labels = _without_places(text, {number: line.label for number, line in enumerate(lines) if line.label})
    fewest = _FEWEST_SURE if not caption else 1
    if 0 in labels and _is_headline(text, lines[0].span, labels):
        del labels[0]
    bold = _questions_in_bold(text, lines)
    stamped = {number: label for number, label in labels.items() if label.stamped and not label.sure}
    if _returns(text, stamped):
        return stamped
    labels = {number: label for number, label in labels.items() if number not in stamped}
    credible = _credible(text, labels, caption=caption)
    spoken = sum(
        label.stamped or caption or _is_spoken(text, lines, number, label) for number, label in credible.items()
    )
    enough = spoken and spoken >= _SHARE_SPOKEN * len(credible)
    sure = sum(label.sure or caption for label in credible.values()) >= fewest
    noted = len(credible) >= _FEWEST and all(label.noted for label in credible.values()) and 2 * spoken >= len(credible)
    if enough and (sure or noted or (len(credible) >= _FEWEST and _take_turns(text, credible)) or bold):
        return {**bold, **credible}
    if bold:
        in_bold = {number: label for number, label in labels.items() if text[lines[number].span.start] in "*_"}
        return {**bold, **in_bold}
    named = () if _is_signed(text, lines) else _name_lines(text, lines)
    alone = {number: label for number, label in named if _is_spoken(text, lines, number, label)}
    credible = _credible(text, alone, caption=caption)
    return credible if len(credible) >= _FEWEST and _take_turns(text, credible) else {}


def _without_places(text: str, labels: dict[int, Label]) -> dict[int, Label]:
    """The labels without those behind a time alone, in a text in capitals, that may be a place or a caption's head."""
    if not any(label.stamped for label in labels.values()) or not is_shouted(text):
        return labels
    surnames = surnames_told([text])
    return {
        number: label
        for number, label in labels.items()
        if not label.stamped
        or text.endswith(">> ", 0, label.name.start)
        or names_somebody(label.name.of(text), surnames)
    }


def _is_headline(text: str, line: Span, labels: Mapping[int, Label]) -> bool:
    """Whether a first line is "Costa: Bridge is beyond repair" instead of a turn: no other line has the label."""
    again = any(_key(text, label) == _key(text, labels[0]) for number, label in labels.items() if number)
    plain = not (labels[0].sure or labels[0].stamped)
    return plain and text[line.end - 1] not in (".!…:?" if again or labels[0].noted else ".!…:")


def _questions_in_bold(text: str, lines: list[Line]) -> dict[int, Label]:
    """The lines in bold from the first question on, where most are questions; none where they are headings."""
    bold = {number: line.span for number, line in enumerate(lines) if line.asks}
    asked = [number for number, span in bold.items() if "?" in text[span.end - 4 : span.end]]
    bold = {number: span for number, span in bold.items() if asked and number >= asked[0]}
    if len(asked) < _FEWEST_SURE or 2 * len(asked) < len(bold):
        return {}
    return {number: Label(span, span.start, Who.NOBODY, sure=True) for number, span in bold.items()}


def _name_lines(text: str, lines: list[Line]) -> Iterator[tuple[int, Label]]:
    """Lines that are a name alone, before a line of text or of what tells who that is; none that sign what is above."""
    noted = 0
    for number, (line, following) in enumerate(pairwise(lines)):
        if line.span.end <= noted:
            continue
        label = read_noted_line(text, line.span, following.span)
        if label is not None:
            noted = label.body
        elif text[following.span.end - 1] in SENTENCE_ENDS:
            label = read_name_line(text, line.span)
        behind = next(
            (other for other in lines[number + 1 : number + 3] if label and other.span.end > label.body), None
        )
        if label is not None and behind is not None and (line.apart or not number or not behind.apart):
            yield number, label


def _is_signed(text: str, lines: list[Line]) -> bool:
    """Whether the last line is a name or what tells more of one: names stand below what people said."""
    if not lines:
        return False
    last = lines[-1]
    signature = None if last.apart else read_name_line(text, last.span)
    noted = len(lines) > 1 and read_noted_line(text, lines[-2].span, last.span) is not None
    return noted or (signature is not None and " " in signature.name.of(text))


def _is_spoken(text: str, lines: list[Line], number: int, label: Label) -> bool:
    """Whether the words behind a label are addressed to somebody or said of oneself."""
    behind = (line for line in lines[number : number + 3] if line.span.end > label.body)
    line = next(behind, lines[number])
    start = max(line.span.start, label.body)
    first = next((char for char in text[start : min(line.span.end, start + _LONGEST_START)] if char.isalpha()), "A")
    return not first.islower() and SPOKEN.search(text, start, line.span.end) is not None


def _credible(text: str, labels: Mapping[int, Label], *, caption: bool) -> dict[int, Label]:
    """The labels that stand for somebody: sure ones, names that return or that are surely a person's."""
    times = Counter(_key(text, label) for label in labels.values())
    asked = any(label.who is Who.NOBODY and label.name.of(text) in _QUESTIONS for label in labels.values())
    known = _known_names(text) if labels else _Known(frozenset(), frozenset())
    many = sum(label.sure for label in labels.values()) >= _FEWEST_SURE
    again = any(number > 1 for number in times.values())

    def stands(label: Label) -> bool:
        if label.sure or label.who is Who.ANSWER:
            return label.sure or asked
        words = label.name.of(text)
        in_style = label.who is Who.NAME and (
            ((many or caption) and words.isupper()) or ((again or label.noted) and " " in words)
        )
        return in_style or times[_key(text, label)] > 1 or _is_person(text, label, known)

    return {number: label for number, label in labels.items() if stands(label) and not _is_about(text, label)}


@dataclass(frozen=True, slots=True)
class _Known:
    """The last words of names of several words in the text, and the initials of those names."""

    surnames: frozenset[str]
    initials: frozenset[str]


def _known_names(text: str) -> _Known:
    printed = [text[start:end] for start, end in find_names(text)]
    whole = [name for name in printed if 1 < len(name.split()) <= _LONGEST_NAME]
    return _Known(
        frozenset(surname(name) for name in whole if fold(name.split()[0]) not in FUNCTION_WORDS),
        frozenset(initials_of(name) for name in whole),
    )


def _is_person(text: str, label: Label, known: _Known) -> bool:
    words = label.name.of(text)
    if label.who is Who.INITIALS:
        return f"({words})" in text or words.replace(".", "").replace(" ", "") in known.initials
    titled = split_title(words)
    named = bool(given_gender(words) or titled.start) or surname(words) in known.surnames
    return named or label.who in {Who.NOBODY, Who.OFFICE}


def _is_about(text: str, label: Label) -> bool:
    """Whether the words behind a label are about its person: "Ana Costa: Costa, 44, has led the city since May"."""
    words = text[label.body : label.body + _LONGEST_START].split()
    return (
        label.who is Who.NAME
        and bool(words)
        and surname(words[0]) in map(surname, split_title(label.name.of(text)).name.split())
    )


def _key(text: str, label: Label) -> str:
    return surname(label.name.of(text))


def _returns(text: str, labels: Mapping[int, Label]) -> bool:
    """Whether one name is the label of several lines."""
    times = Counter(_key(text, label) for label in labels.values())
    return any(number > 1 for number in times.values())


def _take_turns(text: str, labels: Mapping[int, Label]) -> bool:
    """Whether somebody speaks again after somebody else, and one label at least is surely a person's."""
    initials = {initials_of(name): surname(name) for name in (label.name.of(text) for label in labels.values())}
    keys = [initials.get(key.upper(), key) for key in (_key(text, label) for label in labels.values())]
    again = len(set(keys)) > 1 and len([key for key, following in pairwise(keys) if key != following]) >= len(set(keys))
    shortened = {key for key, label in zip(keys, labels.values(), strict=True) if " " in label.name.of(text)}
    shortened &= {key for key, label in zip(keys, labels.values(), strict=True) if " " not in label.name.of(text)}
    known = _known_names(text)
    return again and (bool(shortened) or any(label.sure or _is_person(text, label, known) for label in labels.values()))

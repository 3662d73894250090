"""Reads the label at the beginning of a line of a transcript: "MR. KIRBY:", "Q", "[14:02] mia:", "Mr. SMITH. Madam".

What a label alone cannot tell, whether the text is a transcript at all and who the person is, is decided elsewhere.
"""

import re
from dataclasses import dataclass, replace

from retrieval.domain.articles import Span
from retrieval.text.attribution.revisions.label_kinds import (
    ADDRESSES,
    MOST_WORDS,
    Who,
    announces,
    is_office,
    label_kind,
)
from retrieval.text.names.names import split_title
from retrieval.text.names.vocabulary import fold, given_gender, is_role_word

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY = (
    rf"(?:\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}|[Tt]oday|[Yy]esterday|(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun)day"
    rf"|\d{{1,2}}[ -]{_MONTH}(?:[ -]\d{{2,4}})?|{_MONTH} \d{{1,2}}(?:, \d{{4}})?)"
)
_CLOCK = r"\d{1,3}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,3})?(?: ?[AaPp]\.?[Mm]\.?(?![\w]))?"
_TIME = rf"(?:{_DAY},?[ T](?:at )?)?{_CLOCK}"
_HANDLE = r"[^\W_][^:\n<>\[\]()|“”\"]{0,58}[^\s:\n<>\[\]()|“”\",—–-]"
_STAMPED = rf"(?:\[{_TIME}\]|\({_TIME}\)|{_TIME})"
_STAMP = re.compile(rf"{_STAMPED} ?(?:(?:[-–—]|>>) )?(?=[^\W\d_])")
_STAMP_LINE = re.compile(rf"(?:\[{_TIME}\]|{_DAY},? {_CLOCK}(?: [-–—])?) (?P<name>{_HANDLE}) ?:?$")
_TAGS = (
    "[abipqsu]|br|em|hr|li|ol|ul|td|th|tr|dd|dl|dt|h[1-6]|div|img|pre|sub|sup|code|cite|span|strong|table|blockquote"
)
_NAME_STAMP_LINE = re.compile(
    r"[*_]{0,2}(?P<name>[^\W_][^:\n<>\[\]()|“”\",—–]{0,50}?(?:, [^\W\d_][\w.’'-]{1,30})?)[*_]{0,2}(?: APP| BOT)?"
    r"(?:,| ?[—–-])? {1,4}"
    rf"{_STAMPED}:?$"
)
_OF_CHATS = re.compile(r" [—–-] (?:Today|Yesterday|\d{1,2}/\d{1,2}/\d{2,4}) at ")
_NICK = re.compile(rf"(?:{_STAMPED} ?)?<[@+~&%]?(?!(?:{_TAGS})>)(?P<name>[\w.\-]{{1,40}})> ")
_VOICE = re.compile(r"<v(?:\.[\w.]{1,30})? (?P<name>[^<>\n]{1,80})> ?")
_OPENING = re.compile(r"(?:>> ?|[-–—•] ?|\*\*|__|[*_]|#{1,4} ){0,3}")
_COLON = re.compile(
    r"(?P<name>[^\W\d_](?:[^:\n()*…“”\"«»?!;|<>{}=\[\]]|\([^()\n]{0,80}\)|\[[^\[\]\n]{0,40}\]){0,110}+)"
    r"[*_]{0,2} ?:[*_]{0,2}(?=\s|$|[“\"‘'\[(])"
)
_DASHED = re.compile(
    r"\d{0,3}(?P<name>(?:Mr|Mrs|Ms|Miss|Dr|Senator|Sir|Dame|The|Madam|Hon)\.? ?(?:[\w.’'-]{1,30} ?){1,6}+)"
    r"(?: ?\([^()\n]{1,90}\)){0,3}+ ?—(?=\s?[^\W_])"
)
_RECORD = re.compile(
    r"(?:(?P<name>(?:Mr|Mrs|Ms|Miss|Dr|Senator)\.? (?:Mc|Mac|De|Du|La|Le|Van|Von|O[’'])?[A-Z][A-Z’'-]+"
    r"(?: [A-Z][A-Z’'-]+){0,2})(?: of (?:[A-Z][a-z]+ ?){1,3})?"
    r"|(?P<office>(?:The|Mr\.|Madam) (?:(?:[A-Z][a-z]+|[A-Z]{2,}|pro|tempore)(?: |(?=\.))){1,4}+)"
    r"(?:\((?P<holder>[^()\n]{3,60})\))?)\. (?=[A-Z])"
)
_HEARING = re.compile(
    r"(?P<name>(?:Mr|Mrs|Ms|Miss|Dr|Chair|Chairman|Chairwoman|Senator|Secretary|Representative|General|Admiral|Ambassador"
    r"|Director|Commissioner)\.? [A-Z][\w’'-]{1,30}(?: [A-Z][\w’'-]{1,30})?)\. (?=[A-Z])"
)
_ASSEMBLY = re.compile(
    r"(?P<name>[A-Z][\w’'-]{1,30}(?: [\w’'-]{1,30}){0,3})(?P<note> ?\([^()\n]{1,60}\))?"
    r"(?:, (?:[a-z ]{3,40}|(?:on behalf|Member|Vice-President) of [^\n.]{3,60}))?"
    r"\. ?[–—-] (?=\S)"
)
_TURNED = re.compile(r"[^\W\d_][\w.’'-]{0,30}+(?: [\w.’'-]{1,30}+)?, [^\W\d_][\w.’'-]{1,30}+")
_NUMBERED = re.compile(r"Q\d{1,3}\.? ")
_QUESTION_OR_ANSWER = re.compile(
    r"(?:\*\*)?(?P<name>[QA])(?:(?:\d{0,2}[.:]| ?[-–—])(?:\*\*)?(?:\s|$)|(?:\*\*)? {1,12}(?=[A-Z“\"(\[¿]))"
)
_EXAMINER = re.compile(
    r"(?:(?:[A-Z-]++|(?:Cross-|Re-)?[Ee]xamined|Questioned) ?){0,3}(?:BY|by)"
    r" (?P<name>(?:MR|MS|MRS|MISS|DR)\.? [A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}):?$"
)
_NOTES = re.compile(r"(?:\([^()\n]{2,80}\) ?){1,3}+$")
_BRACKETS = re.compile(r"[(\[]([^()\[\]\n]*)[)\]]")
_STYLED = re.compile(
    r"(?:the(?= rt| right| hon)|rt|right|hon|honou?rable|deputy(?= [a-z’'-]+ [a-z])|shri|shrimati|smt|mme|m)\b\.? ",
    re.IGNORECASE,
)
_PARTY = re.compile(r"[A-Z][A-Za-z]{0,3}(?:[/ -]?[A-Z][A-Za-z]{0,4}\.?){0,3}")
_TIME_OF_DAY = re.compile(_CLOCK)
_BARE_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?![:.]?\d)")
_INTRODUCING = frozenset({"for", "from", "on", "by", "with", "about", "against", "versus"})
_AFTER_NAMES = ("(", "[", ",", " -- ", " – ", " — ", " - ", " | ")
_LONGEST_NAME_LINE = 60
_LONGEST_STAMP_LINE = 120


@dataclass(frozen=True, slots=True)
class Label:
    """A label: `name` is its words for the speaker, without brackets and markup; `body` is where the speech begins.

    `sure`: only transcripts print such labels. `stamped`: it has a time beside it. `noted`: it says who that is,
    behind the name. `office` is what is printed before a name in brackets: "The Minister for Water (Ana Costa)".
    """

    name: Span
    body: int
    who: Who
    sure: bool
    stamped: bool = False
    noted: bool = False
    office: Span | None = None


def read_label(text: str, line: Span) -> Label | None:
    """The label that a line begins with, if any."""
    for read in (_voice, _letter, _record, _stamped, _dashed, _with_colon):
        label = read(text, line)
        if label is not None:
            shouted = _is_shouted(text, Span(line.start, label.body), line.end)
            return replace(label, sure=False, noted=False) if shouted else label
    return None


def _is_shouted(text: str, label: Span, end: int) -> bool:
    """Whether a label in capitals is no sign, since the words behind it are in capitals too."""
    words = text[label.end : min(end, label.end + _LONGEST_NAME_LINE)]
    return words.isupper() and len(words.split()) >= MOST_WORDS and label.of(text).isupper()


def read_name_line(text: str, line: Span) -> Label | None:
    """The label that is a whole line without a colon: "Ana Costa", "**MS. COSTA**", "Ana Costa (Lab)"."""
    opening = _OPENING.match(text, line.start, line.end)
    start = opening.end() if opening else line.start
    words = text[start : min(line.end, start + _LONGEST_NAME_LINE + 1)].rstrip("*_ ")
    if len(words) > _LONGEST_NAME_LINE or words[-1:] in {".", ",", "!", "?", ";", ")"}:
        return None
    label = _named(text, Span(start, start + len(words)), line.end) if words else None
    return label if label and label.who in {Who.NAME, Who.NOBODY, Who.INITIALS} else None


def read_noted_line(text: str, line: Span, note: Span) -> Label | None:
    """The label of two lines, of which the second says who the first is: "Ana Costa" and "(Upton) (Lab)".

    Below an office stands who holds it ("The Minister for Water", "(Ana Costa)"), below a name may be a post.
    """
    if _NOTES.match(text, note.start, note.end):
        label = _named(text, Span(line.start, note.end), note.end)
        return label if label and label.sure else None
    label = read_name_line(text, line)
    is_named = label is not None and label.who is Who.NAME and " " in label.name.of(text)
    return replace(label, body=note.end, noted=True) if label and is_named and _is_post(note.of(text)) else None


def _is_post(words: str) -> bool:
    """Whether a line is somebody's post: "Vice President, Investor Relations", "Dell Partners, Analyst"."""
    if len(words) > _LONGEST_NAME_LINE or words[-1] in ".!?:,;" or not words[0].isupper():
        return False
    if label_kind(words) is Who.NOBODY:
        return False
    return any(is_role_word(word.strip(".,")) for word in words.split())


def _voice(text: str, line: Span) -> Label | None:
    """The voice of a caption: <v Ana Costa>."""
    match = _VOICE.match(text, line.start, line.end)
    if match is None:
        return None
    label = _named(text, Span(*match.span("name")), match.end(), handle=True)
    return _as_sure(_with_given_name(label, match))


def _letter(text: str, line: Span) -> Label | None:
    """A question or an answer by its letter, and who examines a witness."""
    examiner = _EXAMINER.match(text, line.start, line.end)
    if examiner is not None:
        return Label(Span(*examiner.span("name")), line.end, Who.EXAMINER, sure=True)
    match = _QUESTION_OR_ANSWER.match(text, line.start, line.end)
    if match is None:
        return None
    asked_by = _with_colon(text, Span(match.end(), line.end)) if match.end() < line.end else None
    if asked_by is not None and asked_by.sure:
        return asked_by
    who = Who.NOBODY if match["name"] == "Q" else Who.ANSWER
    return Label(Span(*match.span("name")), match.end(), who, sure=who is Who.NOBODY)


def _record(text: str, line: Span) -> Label | None:
    """As records of a congress print it: "Mr. SMITH of Ohio. Madam Speaker, …"."""
    match = _RECORD.match(text, line.start, line.end)
    if match is None:
        return _spoken_record(text, line)
    if match["name"]:
        return Label(Span(*match.span("name")), match.end(), Who.NAME, sure=True)
    office = Span(match.start("office"), match.start("office") + len(match["office"].rstrip()))
    if not is_office(office.of(text).split()):
        return _spoken_record(text, line)
    if match["holder"]:
        return Label(Span(*match.span("holder")), match.end(), Who.NAME, sure=True, office=office)
    return Label(office, match.end(), Who.OFFICE, sure=True)


def _spoken_record(text: str, line: Span) -> Label | None:
    """As hearings and the European Parliament print it: "Mr. Costa. I own it.", "Ana Costa (PPE). – We waited."."""
    hearing = _HEARING.match(text, line.start, line.end)
    if hearing is not None:
        return Label(Span(*hearing.span("name")), hearing.end(), Who.NAME, sure=False)
    assembly = _ASSEMBLY.match(text, line.start, line.end)
    if assembly is None:
        return None
    label = _named(text, Span(*assembly.span("name")), assembly.end())
    return _as_sure(label) if assembly["note"] or (label and label.who is Who.OFFICE) else label


def _stamped(text: str, line: Span) -> Label | None:
    """A name with a time on a line of its own, as chats are exported, or in angle brackets before the words."""
    nick = _NICK.match(text, line.start, line.end)
    if nick is not None:
        return Label(Span(*nick.span("name")), nick.end(), Who.NAME, sure=True, stamped=True)
    if line.end - line.start > _LONGEST_STAMP_LINE:
        return None
    match = _STAMP_LINE.match(text, line.start, line.end) or _NAME_STAMP_LINE.match(text, line.start, line.end)
    label = _named(text, Span(*match.span("name")), line.end, handle=True) if match else None
    label = _with_given_name(label, match)
    return replace(label, stamped=True, sure=bool(_OF_CHATS.search(text, line.start, line.end))) if label else None


def _with_given_name(label: Label | None, match: re.Match[str] | None) -> Label | None:
    """A label whose name has the given name behind a comma: "Costa, Ana"."""
    whole = _TURNED.match(match["name"]) if match else None
    if label is None or match is None or whole is None:
        return label
    return replace(label, name=Span(match.start("name"), match.start("name") + whole.end()))


def _dashed(text: str, line: Span) -> Label | None:
    """A title, a name and a dash: "Mr COSTA (Perth—Minister) (3.18 pm)—I thank"."""
    match = _DASHED.match(text, line.start, line.end)
    if match is None:
        return None
    name = Span(match.start("name"), match.start("name") + len(match["name"].rstrip()))
    return _as_sure(_named(text, name, match.end()))


def _with_colon(text: str, line: Span) -> Label | None:
    opening = _OPENING.match(text, line.start, line.end)
    at = opening.end() if opening else line.start
    number = _NUMBERED.match(text, at, line.end)
    at = number.end() if number else at
    stamp = _STAMP.match(text, at, line.end)
    match = _COLON.match(text, stamp.end() if stamp else at, line.end)
    if match is None:
        return None
    label = _named(text, Span(*match.span("name")), match.end(), handle=stamp is not None)
    chevrons = opening is not None and opening.group().startswith(">>")
    if label is not None and stamp is not None:
        return replace(label, sure=label.sure or not _BARE_TIME.match(stamp.group()), stamped=True)
    return _as_sure(label) if (chevrons and _is_voice(label, text)) or number else label


def _is_voice(label: Label | None, text: str) -> bool:
    """Whether a label behind chevrons is somebody's for sure: no single word that may be any other."""
    words = label.name.of(text) if label else ""
    return " " in words or words.isupper() or bool(given_gender(words))


def _as_sure(label: Label | None) -> Label | None:
    return replace(label, sure=True) if label else None


def _named(text: str, printed: Span, body: int, *, handle: bool = False) -> Label | None:
    """The label for printed words; None where they cannot stand for somebody. A `handle` may be of any form."""
    words = printed.of(text)
    before, core = _core(words)
    if not core or fold(core.split(maxsplit=1)[0]) in _INTRODUCING:
        return None
    name = Span(printed.start + before, printed.start + before + len(core))
    notes = [note for note in _BRACKETS.finditer(words) if note.group(1).strip()]
    who = label_kind(name.of(text))
    if who is None and handle and len(name.of(text).split()) <= MOST_WORDS and not announces(name.of(text)):
        who = Who.NAME
    if who in {Who.OFFICE, Who.NOBODY} and notes:
        at, holder = _core(notes[0].group(1))
        if label_kind(holder) is Who.NAME and " " in holder:
            start = printed.start + notes[0].start(1) + at
            return Label(Span(start, start + len(holder)), body, Who.NAME, sure=True, office=name)
    if who is None:
        return None
    sure = (before > 0 and who is Who.NAME) or _is_sure(name.of(text), who, [note.group(1) for note in notes])
    return Label(name, body, who, sure=sure, noted=len(core) < len(words))


def _core(words: str) -> tuple[int, str]:
    """What is before brackets, a comma or a dash, without "The Hon." and the like in front; and where it begins."""
    end = min((place for mark in _AFTER_NAMES if (place := words.find(mark)) >= 0), default=len(words))
    start = 0
    while (styled := _STYLED.match(words, start, end)) is not None and styled.end() < end:
        start = styled.end()
    return start, words[start:end].rstrip()


def _is_sure(words: str, who: Who, notes: list[str]) -> bool:
    """Whether only a transcript prints such a label."""
    parts = words.split()
    capitals = words == words.upper() and len(words) > 1
    if who in {Who.NOBODY, Who.OFFICE}:
        return capitals or (
            parts[0] in {"The", "Mr", "Mr.", "Madam"} and (len(parts) == 1 or parts[-1] != parts[-1].lower())
        )
    titled = fold(parts[0]).strip(".") in ADDRESSES or len(split_title(words).name.split()) < len(parts)
    shouted = parts[-1] == parts[-1].upper() and len(parts[-1]) > 1
    return who is Who.NAME and ((titled and shouted and len(parts) > 1) or any(map(_is_seat, notes)))


def _is_seat(note: str) -> bool:
    """Whether brackets hold a party or a time of day, as behind names in a parliament."""
    last = note.rpartition(",")[2].strip()
    return _PARTY.fullmatch(last) is not None or _TIME_OF_DAY.fullmatch(last) is not None

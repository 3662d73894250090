"""Finds, in the text of a message, the one that it forwards or answers, and by whom and when that was sent.

A forwarded message stands behind its header or behind `>`; an answer's text stands above what it answers. Where both
are mixed, as in an interview by mail, the text is left as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from retrieval.text.moments import read_moment
from retrieval.text.word_count import count_words
from retrieval.text.words import read_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo


_DEEPEST = 5
"""Messages that were forwarded in each other."""
_NOTE = 80
"""Fewer words than this above a header are a note to whom it was forwarded."""
_FEW = 20
"""Fewer words than this around lines behind `>` say why they are sent on, where nobody is named who wrote them."""
_SURE = 2
"""More fields than this are a message's header; "Date" and "From" may be those of an event."""
_INTRODUCTION = 3
"""Lines before the end of an introduction, "On … wrote:", in which it begins."""
_FIELD_NAMES = [line.partition(": ")[::2] for line in read_lines("mail_fields")]
_FIELD_OF = {re.sub("[_?]", "", word): field for field, words in _FIELD_NAMES for word in words.split()}
_ANY_FIELD = "|".join(words.replace(" ", "|").replace("_", " ") for _, words in _FIELD_NAMES)
_FIELD = re.compile(
    rf"[*_]{{0,2}}({_ANY_FIELD})(?: el)?[*_]{{0,2}}[ \u00a0]?[:\uff1a][*_]{{0,2}}\s*+(.*)", re.IGNORECASE
)
_FORWARDED = f"(?:{'|'.join(read_lines('forward_marks'))})"
_MARKER = re.compile(rf"[->_*=\s]*{_FORWARDED}?[-_*=:\s]*", re.IGNORECASE)
_ENDED = re.compile(
    r"[-_*=\s]{2,20}(?:(?:end (?:of )?|ende der |fin du |fin del |конец )(?:forwarded message"
    r"|weitergeleiteten nachricht|message (?:transféré|réexpédié)|mensaje reenviado|пересылаемого сообщения)"
    rf"|{_FORWARDED})[-_*=\s]{{2,80}}",
    re.IGNORECASE,
)
"""A line below a forwarded message or its header, as some programs print it."""
_WROTE = re.compile(
    r"(?:(?:On|Am|Le|El|Il(?: giorno)?|Em|Op|Den|Dne|W dniu|在)\s)?"
    r"(?P<date>[^\n]{4,80}\d(?:\s?[AaPp][Mm]\b|\sUhr|\s[+-]\d{4}|\s[A-Z]{3,4}\b)?),?\s"
    r"(?:(?:schrieb|skrev|schreef)\s)?(?P<sender>\D[^\n]{0,160}?)(?:\s(?:wrote|a\sécrit|escribió|ha\sscritto|escreveu"
    r"|schreef|пишет|написала?|пише|pisze|napisał(?:a|\(a\))?|napsal(?:a|\(a\))?|写道|寫道))?\s?[:\uff1a]"
)
_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?[\w.+-]{1,64}+@[\w.-]{1,255}+[>)\]]?")
_BEFORE_SENDER = re.compile(
    r"(?:(?:[AaPp][Mm]|GMT|UTC|CES?T|E[SD]T|P[SD]T|MSK|Uhr|schrieb|skrev|schreef|by|от|від|odesílatel|[ap]\.\s?m\.)\s++)++"
)
_LONGEST_INTRODUCTION = 400
_COLONS = (":", "\uff1a")
_WRITTEN = re.compile(
    r"\b(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef|skrev|пишет|написала?|пише|pisze|napisał|napsal)"
    r"|写道|寫道"
)
_NAMED = re.compile(r"[\"“'*]*+([^<>\[\]()\"“”@]{1,120}?)[\"”'*]*+\s*(?:[<\[(].*|$)")
_VIA = re.compile(r"'\s?\bvia\s.*$")
"""Behind the sender's name: the list that sent it on."""
_TIME = re.compile(r"\d[:.]\d\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Head:
    """What a header printed in the text says of a message; None for what it does not."""

    sender: str | None = None
    date: str | None = None
    subject: str | None = None


def original_message(lines: Sequence[str]) -> tuple[dict[int, str], Head | None]:
    """The lines, by their numbers, of the message that others forward or answer, without marks; and its header.

    Of an answer that is longer than what it answers, the lines are its own. All lines stay where there is neither.
    """
    kept, head = list(enumerate(lines)), None
    for _ in range(_DEEPEST):
        texts = [text for _, text in kept]
        cut = _forwarded(texts) or _quoted(texts) or _answered(texts)
        if cut is None:
            break
        part, inner = cut
        kept, head = kept[part.start : part.stop], inner or head
        if next((text for _, text in kept if text.strip()), "").startswith(">"):
            kept = [(number, text[1:].removeprefix(" ")) for number, text in kept if text.startswith(">")]
    return {number: text for number, text in kept if not _ENDED.fullmatch(text[:_LONGEST_INTRODUCTION])}, head


def sender_name(printed: str) -> str | None:
    """The name of a sender printed as "Name <address>"; None for an address alone."""
    match = _NAMED.match(" ".join(printed.split()))
    return (_VIA.sub("", match[1]).strip(" '") if match else None) or None


def printed_date(printed: str | None, zone: tzinfo | None) -> datetime | None:
    """Parse a date as mail programs print it, in UTC; it is in `zone` where it names none."""
    return read_moment(printed, zone or UTC) if _YEAR.search(printed or "") else None


def _forwarded(lines: Sequence[str]) -> tuple[range, Head | None] | None:
    """The lines below the first header, where a marker or no more than a note is above it."""
    start = next((at for at, line in enumerate(lines) if _FIELD.match(line)), len(lines))
    while start < len(lines):
        end, fields = _header(lines, start)
        if "from" in fields and len(fields) > 1:
            above = [line for line in lines[:start] if line.strip()]
            marked = bool(above) and _MARKER.fullmatch(above[-1]) is not None
            sure = "@" in fields["from"] or len(fields) > _SURE
            if not marked and (not sure or count_words("\n".join(above)) >= _NOTE):
                return None
            return range(end, len(lines)), Head(sender_name(fields["from"]), fields.get("date"), fields.get("subject"))
        start = next((at for at in range(end, len(lines)) if _FIELD.match(lines[at])), len(lines))
    return None


def _header(lines: Sequence[str], start: int) -> tuple[int, dict[str, str]]:
    """The fields of the header that begins at a line, and the line behind it."""
    fields: dict[str, str] = {}
    end = at = start
    last = ""
    while at < len(lines) and at <= end + 1:
        if match := _FIELD.match(lines[at]):
            last = _FIELD_OF[match[1].lower().replace(" ", "")]
            fields.setdefault(last, match[2].strip())
            end = at + 1
        elif lines[at].strip() and last == "to" and "@" in lines[at]:  # more of those whom it was sent to
            end = at + 1
        elif lines[at].strip():
            break
        at += 1
    return end, fields


def _quoted(lines: Sequence[str]) -> tuple[range, Head | None] | None:
    """The lines from the first behind `>` on, where those are most of the text, or those above, where they answer."""
    start = next((at for at, line in enumerate(lines) if line.startswith(">")), len(lines))
    if start == len(lines):
        return None
    marked = [line for line in lines[start:] if line.startswith(">")]
    answer = _answer_below(lines, start)
    if answer is not None:
        return range(answer, len(lines)), None
    own = count_words("\n".join(line for line in lines[start:] if not line.startswith(">")))
    wrote, above = _introduction(lines[:start]), count_words("\n".join(lines[:start]))
    most = _NOTE if wrote else _FEW
    if count_words("\n".join(marked)) > above and own < most and (wrote or above < most):
        return range(start, len(lines)), wrote and wrote[1]
    return (range(wrote[0]), None) if wrote and not own else None


def _answer_below(lines: Sequence[str], start: int) -> int | None:
    """The line where a longer answer begins below all lines behind `>`, of which the first is `start`."""
    last = max(at for at, line in enumerate(lines) if line.startswith(">"))
    quoted, own = lines[start : last + 1], count_words("\n".join(lines[last + 1 :]))
    is_one = not any(line.strip() and not line.startswith(">") for line in quoted)
    above = count_words("\n".join(lines[:start]))
    return last + 1 if is_one and own >= _NOTE and own > count_words("\n".join(quoted)) and above < _FEW else None


def _answered(lines: Sequence[str]) -> tuple[range, Head | None] | None:
    """The same where what is answered stands behind "On … wrote:" without marks."""
    if any(line.startswith(">") for line in lines):
        return None
    for at, line in enumerate(lines):
        ends = line.rstrip().endswith(_COLONS)
        wrote = _introduction(lines[max(0, at - _INTRODUCTION) : at + 1]) if ends else None
        if wrote is not None:
            above, below = count_words("\n".join(lines[:at])), count_words("\n".join(lines[at + 1 :]))
            if below > above and above < _NOTE:
                return range(at + 1, len(lines)), wrote[1]
            return (range(max(0, at - _INTRODUCTION) + wrote[0]), None) if above > below else None
    return None


def _introduction(above: Sequence[str]) -> tuple[int, Head] | None:
    """The line at which "On … wrote:" begins, in the last two that are not empty, and what it says."""
    filled = [at for at, line in enumerate(above) if line.strip()][-2:]
    for at in reversed(filled):
        text = " ".join(" ".join(above[at:]).split())
        if len(text) <= _LONGEST_INTRODUCTION and (head := _wrote(text) or _addressed(text)):
            return at, head
    return None


def _wrote(text: str) -> Head | None:
    """What a line says that tells who wrote, and when."""
    match = _WROTE.fullmatch(text)
    if match is None or not _WRITTEN.search(text) or not _TIME.search(match["date"]):
        return None
    return Head(sender_name(match["sender"]), match["date"])


def _addressed(text: str) -> Head | None:
    """What a line says that has day and hour, an address and a colon at its end, in whatever language."""
    address = _ADDRESS.search(text)
    if address is None or not text.endswith(_COLONS):
        return None
    front, behind = text[: address.start()].rstrip(" \"'"), text[address.end() :]
    end = _last_digit(front)
    date, name = front[:end] or behind, front[end:]
    if not (_TIME.search(date) and _YEAR.search(date)):
        return None
    printed = name.strip(" ,.:;\"'").rpartition(", ")[2]
    opening = _BEFORE_SENDER.match(printed)
    return Head(sender_name(printed[opening.end() :] if opening else printed), date)


def _last_digit(text: str) -> int:
    """The place behind the last digit of a text."""
    return max((place for place, char in enumerate(text, 1) if char.isdigit()), default=0)

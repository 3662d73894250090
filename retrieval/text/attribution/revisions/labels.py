"""Names the speaker that stands beside a quotation without a clause: as a label, a heading, a lead-in or a signature.

“Ana Costa, Farm Bureau: “…””, “From Ana Costa:” in the paragraph above, “## Ana Costa, mayor” over the words, “— Ana
Costa” or “Ana Costa, Selby” under them. A clause in the quotation's own paragraph decides against a label; a bare name
over or under the words counts only where more than its capitals shows that it is one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment, attribution_of
from retrieval.text.attribution.cues import PLAIN_FORMS
from retrieval.text.attribution.marks.marks import Segment, is_aside, segments
from retrieval.text.attribution.revisions.label_names import (
    LONGEST,
    Known,
    SpeakerLabel,
    names_thing,
    read_speaker_label,
)
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.names.names import split_title, surname
from retrieval.text.names.vocabulary import fold

_PROBABILITY = 0.95
_SHORT_LINE = 6
_TAIL = 45
"""Characters of what may follow the name in a signature, without a comma: more would be a clause."""

_LEAD = re.compile(r"(?:[-–—•*·▪◦‣>#“”\"«»‘’'`_\s]|\(?\d{1,3}[.)]\s|\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s)*+")
_COLON = re.compile("[:\N{FULLWIDTH COLON}][—–-]?[*_\\s]*+$")
_DASH = re.compile(r"(?<=\S)[*_]*\s?(?:[—–―-]{1,3}|→|[-=]>)\s*$")
_SIGNED = re.compile(r"[,.]?\s*+(?:[—–―~]|-{1,3})\s*+(?=\S)")
_BRACKETED = re.compile(r"[,.]?\s*+[(\[](?P<who>[^()\[\]“”\"]{3,120})[)\]][.,;]?\s*+$")
_BESIDE = re.compile(r"\s++(?P<who>[^“”\"\n:;]{3,140})$")
_MARKS = "“„«‘”»’\"'` "
_BYLINE = re.compile(r"(?:by|from)\s|(?:story|report|text|words|photos?|interview)\s(?:by|:)", re.IGNORECASE)
_PRESENTED = re.compile(r"(?:next up|up next|first up|next|here)(?: is|[’']s| comes)\s(?=[A-Z])", re.IGNORECASE)
_LETTER = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W_][\w-]*")
_VERB = "|".join(sorted(PLAIN_FORMS, key=len, reverse=True))
_CLAUSE = re.compile(rf"(?P<who>[^:;“”\"]{{2,90}}?)\s(?:(?:also|then|later|\w{{2,20}}ly)\s)?(?P<verb>{_VERB})\b")
_OPEN = frozenset({Attribution.PRONOUN, Attribution.CONTINUATION, Attribution.UNKNOWN})


@dataclass(frozen=True, slots=True)
class _Page:
    """A text with its quoted segments, the names it uses, and the paragraphs that are nothing but quoted words."""

    article: SplitText
    segments: list[Segment]
    known: Known
    filled: frozenset[int]

    @property
    def text(self) -> str:
        """The text."""
        return self.article.text


def name_labelled(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """The segments, those beside a label with its speaker, and those that a label alone shows to be quotations."""
    everything = segments(article.text)
    page = _Page(article, everything, Known(article.text), frozenset(_filled(article, everything)))
    bare = _bare_lines(page)
    found = {one.segment.start: one for one in attributed}
    revised: list[AttributedSegment] = []
    over = False
    signed: set[int] = set()
    for number, segment in enumerate(everything):
        before = found.get(segment.start)
        ahead, behind = _over(page, number, bare.over), _under(page, number, {} if _has_speaker(before) else bare.under)
        label = ahead or behind
        if label is not None and _decides(page, segment, before, label):
            over = ahead is not None
            signed |= set() if over else {segment.start}
            revised.append(_said(page, segment, label))
        elif before is not None:
            same = over and bool(revised) and _goes_on(page, before, revised[-1])
            over = same
            revised.append(_continuing(revised[-1], segment) if same else _without_thing(page, number, before))
    marked = set(everything)
    unmarked = [one for one in attributed if one.segment not in marked]
    return sorted([*_with_openings(revised, signed), *unmarked], key=lambda one: one.segment.start)


def _said(page: _Page, segment: Segment, label: SpeakerLabel) -> AttributedSegment:
    words = label.mention.of(page.text)
    return AttributedSegment(segment, label.mention, label.cue, attribution_of(words), _PROBABILITY)


def _continuing(speaker: AttributedSegment, segment: Segment) -> AttributedSegment:
    return replace(speaker, segment=segment, cue=None, attribution=Attribution.CONTINUATION)


def _decides(page: _Page, segment: Segment, before: AttributedSegment | None, label: SpeakerLabel) -> bool:
    """Whether a label decides: no clause of the quotation's sentences names somebody, and the words are no title."""
    if before is None:
        words = page.text[segment.start : segment.end].split()
        titled = len(words) > 1 and all(word[0].isupper() for word in words) and words[-1][-1] not in ".!?,…"
        bounds = page.article.paragraphs[segment.paragraph]
        return not titled and not is_aside(page.text, segment, (bounds.start, bounds.end))
    if before.cue is None or before.attribution in _OPEN:
        return True
    around = page.article.sentences_around(Span(segment.start, segment.end), segment.paragraph)
    ahead = max(before.cue.end, label.mention.end) <= segment.start
    return ahead or not around.overlaps(before.cue)


def _has_speaker(before: AttributedSegment | None) -> bool:
    """Whether a quotation goes on with the words of the one before it, so that a bare name under it is a heading."""
    return before is not None and before.attribution is Attribution.CONTINUATION and before.mention is not None


def _without_thing(page: _Page, number: int, before: AttributedSegment) -> AttributedSegment:
    """The segment, without a speaker where that is nothing but a thing's label ("Verdict: “…”")."""
    lead = _lead(page, number) if before.mention else None
    colon = _COLON.search(page.text, lead.start, lead.end) if lead else None
    if lead is None or colon is None or not lead.overlaps(before.mention or lead):
        return before
    if not names_thing(page.text, lead.start, colon.start()):
        return before
    return replace(before, mention=None, cue=None, attribution=Attribution.UNKNOWN, probability=0.0, person=None)


def _goes_on(page: _Page, before: AttributedSegment, last: AttributedSegment) -> bool:
    """Whether a quotation without an own source goes on with the words that a label over or before them announced."""
    here, there = before.segment, last.segment
    if before.attribution not in {Attribution.CONTINUATION, Attribution.UNKNOWN}:
        return False
    if here.paragraph == there.paragraph:
        between = _LETTER.search(page.text, there.end, here.start) is None
        return between or before.attribution is Attribution.CONTINUATION
    beside = here.paragraph == there.paragraph + 1
    return beside and (there.goes_on or {here.paragraph, there.paragraph} <= page.filled)


def _with_openings(revised: list[AttributedSegment], signed: set[int]) -> list[AttributedSegment]:
    """The segments; those that run on into a signed one, and have no speaker, have the same."""
    for number in range(len(revised) - 2, -1, -1):
        one, following = revised[number], revised[number + 1]
        if one.segment.goes_on and one.mention is None and following.segment.start in signed:
            revised[number] = _continuing(following, one.segment)
            signed.add(one.segment.start)
    return revised


def _over(page: _Page, number: int, bare: dict[int, SpeakerLabel]) -> SpeakerLabel | None:
    """The label before a quotation, in its sentence or in the paragraph above."""
    segment = page.segments[number]
    paragraph = page.article.paragraphs[segment.paragraph]
    first = not number or page.segments[number - 1].paragraph != segment.paragraph
    if not first or _LETTER.search(page.text, paragraph.start, segment.start) is not None:
        return _inline(page, number) or _presented(page, segment)
    if not segment.paragraph:
        return None
    above = page.article.paragraphs[segment.paragraph - 1]
    if len(above) <= LONGEST and _COLON.search(page.text, above.start, above.end):
        sentence = page.article.sentences[segment.paragraph - 1][-1]
        return _announced(page, sentence)
    return bare.get(segment.paragraph - 1) if segment.paragraph in page.filled else None


def _lead(page: _Page, number: int) -> Span | None:
    """What precedes a quotation in its sentence, behind list marks; None where there is nothing, or too much."""
    segment = page.segments[number]
    sentence = page.article.sentences_around(Span(segment.start, segment.end), segment.paragraph)
    start = max(sentence.start, page.segments[number - 1].end + 1 if number else 0)
    start = max(start, page.text.rfind(";", start, segment.start) + 1)
    if segment.start - start > LONGEST:
        return None
    start = _LEAD.match(page.text, start, segment.start).end()  # type: ignore[union-attr]
    end = start + len(page.text[start : segment.start].rstrip(_MARKS))
    return Span(start, end) if start < end else None


def _inline(page: _Page, number: int) -> SpeakerLabel | None:
    """The label right before the mark: "NAME:", or at the head of a paragraph "NAME — “…”" with no words behind."""
    segment, lead = page.segments[number], _lead(page, number)
    if lead is None:
        return None
    colon = _COLON.search(page.text, lead.start, lead.end)
    if colon:
        return read_speaker_label(page.text, lead.start, colon.start(), page.known)
    paragraph = page.article.paragraphs[segment.paragraph]
    dash = _DASH.search(page.text, lead.start, lead.end)
    if (
        dash is None
        or lead.of(page.text).isupper()
        or _LETTER.search(page.text, paragraph.start, lead.start) is not None
    ):
        return None
    if _LETTER.search(page.text, segment.end, paragraph.end) is not None:
        return None
    label = read_speaker_label(page.text, lead.start, dash.start(), page.known)
    return label if label and " " in label.mention.of(page.text) else None


def _presented(page: _Page, segment: Segment) -> SpeakerLabel | None:
    """Whom the sentence before a quotation presents: "Next up is Ana Costa. “…”"."""
    start = max(segment.start - 2, 1)
    sentence = page.article.sentences_around(Span(start - 1, start), segment.paragraph)
    if not page.text.startswith(" ", start) or len(sentence) > LONGEST:
        return None
    presenter = _PRESENTED.match(page.text, sentence.start, sentence.end)
    return (
        read_speaker_label(page.text, presenter.end(), sentence.end, page.known, longest_tail=0) if presenter else None
    )


def _announced(page: _Page, sentence: Span) -> SpeakerLabel | None:
    """The label that a sentence before a colon is, or the subject of its verb of speech ("Ana Costa responded:")."""
    start = _LEAD.match(page.text, sentence.start, sentence.end).end()  # type: ignore[union-attr]
    colon = _COLON.search(page.text, start, sentence.end)
    end = colon.start() if colon else sentence.end
    label = read_speaker_label(page.text, start, end, page.known)
    clause = _CLAUSE.match(page.text, start, end) if label is None else None
    if clause is None:
        return label
    subject = read_speaker_label(page.text, *clause.span("who"), page.known)
    return replace(subject, cue=Span(*clause.span("verb"))) if subject else None


def _under(page: _Page, number: int, bare: dict[int, SpeakerLabel]) -> SpeakerLabel | None:
    """The signature behind a quotation, in its line or in the line under it."""
    segment = page.segments[number]
    paragraph = page.article.paragraphs[segment.paragraph]
    if number + 1 < len(page.segments) and page.segments[number + 1].paragraph == segment.paragraph:
        return None
    if _LETTER.search(page.text, segment.end, paragraph.end) is not None:
        return _signature(page, segment, paragraph)
    if segment.paragraph + 1 == len(page.article.paragraphs):
        return None
    below = page.article.paragraphs[segment.paragraph + 1]
    signed = _SIGNED.match(page.text, below.start, below.end)
    if signed and len(below) <= LONGEST:
        return read_speaker_label(page.text, signed.end(), below.end, page.known, longest_tail=_TAIL)
    return bare.get(segment.paragraph + 1) if segment.paragraph in page.filled else None


def _signature(page: _Page, segment: Segment, paragraph: Span) -> SpeakerLabel | None:
    """A name behind the mark: "— NAME, role", "(NAME, role)", or "NAME, role" up to the end of the paragraph."""
    text, start = page.text, segment.end + 1
    if paragraph.end - start > LONGEST:
        return None
    signed = _SIGNED.match(text, start, paragraph.end)
    if signed:
        sentence = page.article.sentences_around(Span(signed.end(), signed.end() + 1), segment.paragraph)
        return read_speaker_label(text, signed.end(), min(sentence.end, paragraph.end), page.known, longest_tail=_TAIL)
    beside = _BRACKETED.match(text, start, paragraph.end) or _BESIDE.match(text, start, paragraph.end)
    if beside is None or text[start - 2] not in ".!?…,":
        return None
    label = read_speaker_label(text, *beside.span("who"), page.known, longest_tail=0)
    return label if label and label.detailed and " " in label.mention.of(text) else None


@dataclass(frozen=True, slots=True)
class _BareLines:
    """Paragraphs that are nothing but a name, by number: those that stand `over` quoted words, and those `under`."""

    over: dict[int, SpeakerLabel]
    under: dict[int, SpeakerLabel]


def _bare_lines(page: _Page) -> _BareLines:
    """The bare names beside quoted words: over them where more stand over than under, else under, else nowhere."""
    over: dict[int, SpeakerLabel] = {}
    under: dict[int, SpeakerLabel] = {}
    for number in page.filled:
        for beside, lines in ((number - 1, over), (number + 1, under)):
            label = _bare_line(page, beside) if beside not in page.filled else None
            if label is not None and not (lines is under and _is_heading(page, beside, label)):
                lines[beside] = _name_above(page, beside, label) if lines is over else label
    if len(over) == len(under):
        return _BareLines({}, {})
    more = over if len(over) > len(under) else under
    sure = any(_is_sure(page, number, label, many=len(more) > 1) for number, label in more.items())
    return _BareLines(over if sure and more is over else {}, under if sure and more is under else {})


def _is_heading(page: _Page, number: int, label: SpeakerLabel) -> bool:
    """Whether the paragraph under a bare name tells of that person, and the name so is a heading over it."""
    below = page.article.paragraphs[number + 1 : number + 2]
    if not below or number + 1 in page.filled:
        return False
    last = surname(split_title(label.mention.of(page.text)).name)
    return last in map(fold, _WORD.findall(page.text, below[0].start, below[0].end))


def _name_above(page: _Page, number: int, label: SpeakerLabel) -> SpeakerLabel:
    """The person in the line above one that names their office or organisation: "Ana Costa" over "Mayor of Vale"."""
    above = _bare_line(page, number - 1) if number - 1 not in page.filled else None
    words = label.mention.of(page.text)
    if above is None or (" of " not in words and page.known.is_person(words)):
        return label
    return replace(above, detailed=True)


def _is_sure(page: _Page, number: int, label: SpeakerLabel, *, many: bool) -> bool:
    """Whether a bare line is known to be a name: by what is in it, or set apart and with no word in small letters."""
    name = label.mention.of(page.text)
    if label.detailed or page.known.is_person(name) or _has_line_under(page, number):
        return True
    set_apart = many or page.text[page.article.paragraphs[number].start] in "#*_"
    return set_apart and " " in name and page.known.may_be_name(name)


def _has_line_under(page: _Page, number: int) -> bool:
    """Whether a short line of capitals stands under a bare name: an office or a place, as under a letter."""
    lines = page.article.paragraphs
    if number + 1 >= len(lines) or number + 1 in page.filled or number - 1 not in page.filled:
        return False
    line = lines[number + 1].of(page.text)
    return len(line.split()) <= _SHORT_LINE and line[0].isupper() and line[-1] not in ".:!?…"


def _bare_line(page: _Page, number: int) -> SpeakerLabel | None:
    if not 0 <= number < len(page.article.paragraphs):
        return None
    line = page.article.paragraphs[number]
    if len(line) > LONGEST or page.text[line.end - 1] in ".:!?…":
        return None
    start = _LEAD.match(page.text, line.start, line.end).end()  # type: ignore[union-attr]
    if _BYLINE.match(page.text, start, line.end):
        return None
    return read_speaker_label(page.text, start, line.end, page.known, longest_tail=0)


def _filled(article: SplitText, everything: list[Segment]) -> Iterator[int]:
    """The numbers of the paragraphs without a letter outside quotation marks."""
    at: dict[int, int] = {}
    bare: dict[int, bool] = {}
    for segment in everything:
        number = segment.paragraph
        before = at.get(number, article.paragraphs[number].start)
        bare[number] = bare.get(number, True) and _LETTER.search(article.text, before, segment.start) is None
        at[number] = segment.end
    for number, end in at.items():
        if bare[number] and _LETTER.search(article.text, end, article.paragraphs[number].end) is None:
            yield number

"""Attribution by rules over plain text, for texts without a parse.

Looks for "X said", "said X" and "according to X" right after a quotation, then for the last verb of speech and its
subject before it; a quotation with neither continues the one before. Pronouns are found but not resolved. `ranking` is
better where there is a parse.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution import cues
from retrieval.text.attribution.attributed import AttributedSegment, attribution_of
from retrieval.text.attribution.clauses import Touching, touching_clauses
from retrieval.text.attribution.fitted.masking import underscored
from retrieval.text.attribution.marks.marks import Segment, is_aside, paragraphs, segments
from retrieval.text.names.printable import is_post
from retrieval.text.names.vocabulary import CAPITALS
from retrieval.text.sentences import sentences
from retrieval.text.words import without_end_marks, word_list

_VERB = "|".join(sorted(cues.PLAIN_FORMS, key=len, reverse=True))
_STEP = rf"(?:(?:also|later|then|once|has|have|had|would|further|{cues.ADVERB})\s++)*"
_SUBJECT = r"(?P<subject>[^\s,;:“”\"]++(?:\s++[^\s,;:“”\"]++){0,9}?(?:,[^,“”\"]{2,90},)?)"
_GAP = r"\s*+[,—–-]{0,9}\s*+"
_AFTER_SUBJECT_VERB = re.compile(rf"{_GAP}{_SUBJECT}\s++{_STEP}(?P<verb>{_VERB})\b")
_AFTER_VERB_SUBJECT = re.compile(
    rf"{_GAP}(?P<verb>(?!\w+ing\b)(?:{_VERB}))\s++(?!(?:to|that|in|at|on|of|by|for|with)\b)(?P<subject>[^,.;:“”\"]+?)"
    r"(?=[,.;:“\"]|(?<!\s)\s++(?:in|at|on|during|after|before|when|as|while|about|to)\s|$)"
)
_SIGNED = re.compile(rf"\s*+[—–―-]\s*+(?P<subject>[{CAPITALS}][\w.’'-]*(?: [\w.’'-]+){{0,6}}?)(?=,|\.?\s*(?:\n|$))")
_SPEAKS = re.compile(rf"\b(?:{_VERB})\b")
_ACCORDING = re.compile(r"according to (?P<subject>[^,;:“”\"]+?)(?=[,;:“\"]|\.(?:\s|$)|$)")
_BEFORE_VERB = re.compile(rf"(?<![\w’'-])(?P<verb>{_VERB}|according to|statement|statements)(?![\w’'-])")
_BOUNDARY = re.compile(r"[;:—–,]|\b(?:but|and|that|while|when|as|after|because|though|with|which|where|if)(?=\s)")
_APPOSITION = re.compile(r",\s[^,]{2,90},\s*+\S*+\s*+$")
_LONGEST_APPOSITION = 100
_ENDED = re.compile(r"[.!?“”]\s|[:;]|\b(?:but|and|that|while|when)\b")
_AUXILIARY = re.compile(rf"(?i:and|but|then|also|later|once|has|have|had|repeatedly|publicly|to|{cues.ADVERB}|,)")
_ANY_WORD = re.compile(r"\S+")
_PERSON_OR_GROUP = re.compile(rf"[{CAPITALS}]|\b(?:official|aide|source|office|spokes|campaign|they|he|she|who)")
_CERTAINTY = {Attribution.NAMED: 0.95, Attribution.PRONOUN: 0.94, Attribution.ROLE: 0.77}
"""How often each kind was right in annotated news."""

_INNER_DOT = re.compile(r"\.(?=\s*[^\W_])")
_HIDDEN = "\N{ONE DOT LEADER}"
_MAX_SUBJECT_WORDS = 16
_MAX_CLAUSE_WORDS = 40
_MOST_VERBS = 8
"""Verbs of speech before a quotation that are tried, nearest first."""

_SHORT = 4
_WINDOW = 1500
"""How far away a sentence's edge is looked for, since a paragraph may be of any length."""


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text with its quotations masked, and what the rules look for, computed once for the whole text.

    `dotless` is the text with dots inside sentences replaced. `starts` are those of the sentences, `verbs` and
    `boundaries` the (start, end) of verbs of speech and of clause boundaries.
    """

    text: str
    dotless: str
    starts: list[int]
    verbs: list[tuple[int, int]]
    boundaries: list[tuple[int, int]]

    def sentence_start(self, start: int, end: int) -> int:
        """Start of the sentence that contains `end`: not before `start`, nor far away; `end` if one begins there."""
        if start >= end:
            return start
        begins = self.starts[bisect_right(self.starts, end) - 1]
        if begins >= end - _WINDOW:
            return max(begins, start)
        return next((word.start() for word in _ANY_WORD.finditer(self.text, end - _WINDOW, end)), end)


def attribute(text: str) -> list[AttributedSegment]:
    """Return the quotations of a text in order, with the mentions of their speakers where found."""
    quotations: list[AttributedSegment] = []
    spans = paragraphs(text)
    everything = segments(text)
    plain = _prepared(underscored(text, everything), spans)
    clauses = touching_clauses(text, spans, everything)
    for number, segment in enumerate(everything):
        following = everything[number + 1].start - 1 if number + 1 < len(everything) else len(text)
        paragraph = spans[segment.paragraph]
        after_end = min(following, paragraph[1])
        attributed = _own(plain, segment, clauses[number], paragraph, after_end) or _continued(
            plain, segment, spans, quotations
        )
        if _is_quotation(text, attributed, paragraph):
            quotations.append(attributed)
    return quotations


def _prepared(plain: str, spans: list[tuple[int, int]]) -> _Plain:
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    for start, end in spans:
        for sentence in sentences(plain, Span(start, end)):
            pieces += [plain[at : sentence.start], _INNER_DOT.sub(_HIDDEN, sentence.of(plain))]
            starts.append(sentence.start)
            at = sentence.end
    return _Plain(
        text=plain,
        dotless="".join([*pieces, plain[at:]]),
        starts=starts,
        verbs=[verb.span() for verb in _BEFORE_VERB.finditer(plain)],
        boundaries=[boundary.span() for boundary in _BOUNDARY.finditer(plain)],
    )


def _own(
    plain: _Plain, segment: Segment, clause: Touching | None, paragraph: tuple[int, int], after_end: int
) -> AttributedSegment | None:
    """The attribution in the quotation's own sentence, or None."""
    signature = _SIGNED.match(plain.text, segment.end + 1)
    if signature and not _SPEAKS.search(signature.group("subject")):
        start = signature.start("subject")
        return _attributed(plain, segment, Span(start, start + len(signature.group("subject").rstrip("."))), None)
    if clause is not None:
        return _attributed(plain, segment, *clause)
    if plain.text[segment.end - 1] != ".":
        after = _after(plain, segment, after_end)
        if after is not None:
            return after
    return _before(plain, segment, plain.sentence_start(paragraph[0], segment.start - 1))


def _after(plain: _Plain, segment: Segment, end: int) -> AttributedSegment | None:
    start = min(segment.end + 1, end)
    for pattern in (_AFTER_VERB_SUBJECT, _AFTER_SUBJECT_VERB):
        match = pattern.match(plain.dotless, start, end)
        attributed = _from_match(plain, segment, match) if match else None
        if attributed is not None:
            return attributed
    match = _ACCORDING.search(plain.dotless, start, _sentence_end(plain.text, start, end))
    return _from_match(plain, segment, match) if match else None


def _before(plain: _Plain, segment: Segment, start: int) -> AttributedSegment | None:
    """The last verb of speech before the quotation whose subject can stand for a speaker."""
    for verb in islice(_last_in(plain.verbs, start, segment.start - 1), _MOST_VERBS):
        if plain.text.startswith("according to", verb[0]):
            match = _ACCORDING.match(plain.text, verb[0], segment.start - 1)
            return _from_match(plain, segment, match) if match else None
        subject = _subject(plain.text, _clause_start(plain, start, verb[0]), verb[0])
        if subject is not None:
            return _attributed(plain, segment, subject, Span(*verb))
    return None


def _last_in(places: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The `places` between two offsets, last one first."""
    for number in range(bisect_right(places, (end,)) - 1, -1, -1):
        if places[number][0] < start:
            return
        if places[number][1] <= end:
            yield places[number]


def _clause_start(plain: _Plain, start: int, end: int) -> int:
    """Start of the clause that ends in a verb at `end`: behind the last clause boundary."""
    for first, last in _last_in(plain.boundaries, start, end):
        boundary = plain.text[first:last]
        if boundary == "," and _in_apposition(plain.text, (start, end), first):
            continue
        if boundary != "and" or not _between_names(plain.text, (start, end), first):
            return last
    return start


def _in_apposition(plain: str, clause: tuple[int, int], comma: int) -> bool:
    """Whether a comma belongs to an apposition right before the verb."""
    start, end = clause
    words = plain[start:end].rsplit(maxsplit=2)
    last = words[-1] if words else ""
    before = plain.rfind(last, start, end) - _LONGEST_APPOSITION if last else start
    apposition = _APPOSITION.search(plain, max(start, before), end)
    return apposition is not None and apposition.start() <= comma


def _between_names(plain: str, clause: tuple[int, int], at: int) -> bool:
    """Whether the "and" at `at` stands between two capitalised words ("Both Lee and Kim")."""
    before = plain[clause[0] : at].rsplit(maxsplit=1)
    after = _ANY_WORD.search(plain, at + 3, clause[1])
    if not before or after is None:
        return False
    return before[-1][0].isupper() and plain[after.start()].isupper()


def _subject(plain: str, start: int, end: int) -> Span | None:
    """Trim a clause up to its verb down to the subject; None where none is plausible."""
    words = list(islice(_ANY_WORD.finditer(plain, start, end), _MAX_CLAUSE_WORDS))
    if len(words) < _MAX_CLAUSE_WORDS:
        while words and _AUXILIARY.fullmatch(words[-1].group()):
            words.pop()
    lowered = [without_end_marks(word.group()).casefold() for word in words]
    verb = next((place for place, word in enumerate(lowered) if word in cues.PLAIN_FORMS or word in _ACTIONS), None)
    first = next((place for place, word in enumerate(lowered) if word not in _LEADING), len(words))
    subject = words[first:verb]
    if not subject or len(subject) > _MAX_SUBJECT_WORDS or lowered[first:verb][-1] in _ARTICLES:
        return None
    span = Span(subject[0].start(), subject[-1].end())
    spoken = _PERSON_OR_GROUP.search(span.of(plain)) or is_post(without_end_marks(subject[-1].group()))
    return span if spoken else None


_ACTIONS = word_list("released issued put gave made sent published was were is are went took used")
_ARTICLES = word_list("a an the")
_LEADING = word_list("and but on still so then while")


def _from_match(plain: _Plain, segment: Segment, match: re.Match[str]) -> AttributedSegment | None:
    start, end = match.span("subject")
    subject = _subject(plain.text, start, end)
    if subject is None:
        return None
    cue = match.span("verb") if "verb" in match.re.groupindex else (match.start(), match.start() + len("according to"))
    return _attributed(plain, segment, subject, Span(*cue))


def _attributed(plain: _Plain, segment: Segment, subject: Span, cue: Span | None) -> AttributedSegment:
    attribution = attribution_of(subject.of(plain.text))
    return AttributedSegment(segment, subject, cue, attribution, _CERTAINTY[attribution])


def _continued(
    plain: _Plain, segment: Segment, spans: list[tuple[int, int]], before: list[AttributedSegment]
) -> AttributedSegment:
    """Attribute a quotation that is a sentence by itself to the speaker before it, or before a colon above it."""
    nobody = AttributedSegment(segment, None, None, Attribution.UNKNOWN, 0.0)
    start, _ = spans[segment.paragraph]
    lead = plain.text[plain.sentence_start(start, segment.start - 1) : segment.start - 1].strip()
    if lead:
        return _interrupted(plain, segment, before[-1]) if before else nobody
    if segment.paragraph and segment.start - 1 == start:
        above = spans[segment.paragraph - 1]
        if plain.text.endswith(":", *above):
            announced = replace(segment, start=above[1] + 1, end=above[1] + 2)
            speaker = _before(plain, announced, plain.sentence_start(*above))
            return replace(speaker, segment=segment) if speaker else nobody
    last = before[-1] if before else None
    if last is None or last.mention is None or segment.paragraph - last.segment.paragraph > 1:
        return nobody
    same = last.segment.paragraph == segment.paragraph
    if not same and not (last.segment.goes_on or _fills_paragraph(segment, spans)):
        return nobody
    return replace(
        last,
        segment=segment,
        cue=None,
        attribution=Attribution.CONTINUATION,
        probability=last.probability * (1.0 if same else 0.98),
    )


def _interrupted(plain: _Plain, segment: Segment, last: AttributedSegment) -> AttributedSegment:
    """Attribute to the last speaker what their clause only interrupts (“We go,” said Ana Costa, “when it rains.”)."""
    nobody = AttributedSegment(segment, None, None, Attribution.UNKNOWN, 0.0)
    if last.mention is None or last.cue is None or min(last.mention.start, last.cue.start) < last.segment.end:
        return nobody
    behind = plain.text[max(last.mention.end, last.cue.end) : segment.start - 1].rstrip()
    if not behind.endswith(",") or len(behind) > _LONGEST_APPOSITION or _SPEAKS.search(behind) or _ENDED.search(behind):
        return nobody
    return replace(last, segment=segment, cue=None, attribution=Attribution.CONTINUATION)


def _fills_paragraph(segment: Segment, spans: list[tuple[int, int]]) -> bool:
    start, end = spans[segment.paragraph]
    return segment.start - 1 <= start and segment.end + 1 >= end


def _sentence_end(plain: str, start: int, end: int) -> int:
    if start >= end:
        return end
    whole = sentences(plain, Span(start, min(end, start + _WINDOW)))
    return whole[0].end if whole else end


def _is_quotation(text: str, attributed: AttributedSegment, paragraph: tuple[int, int]) -> bool:
    """Refuse titles, nicknames and scare quotes, as far as rules can tell."""
    segment = attributed.segment
    words = text[segment.start : segment.end].split()
    lead = re.findall(r"[\w’'-]+", text[max(0, segment.start - 60) : segment.start - 1])
    if is_aside(text, segment, paragraph):
        return False
    if len(words) <= _SHORT and lead and lead[-1].casefold() in cues.TITLE_INTRODUCERS:
        return False
    if len(words) > _SHORT or attributed.attribution is Attribution.CONTINUATION:
        return True
    sentence_like = words[0][:1].isupper() and words[-1][-1] in ".!?,"
    if len(words) > 1 and sentence_like and (not lead or _char_before(text, segment.start - 1) in '.!?”:,"\n'):
        return True
    titled = all(word[0].isupper() for word in words) and len(words) > 1
    return attributed.mention is not None and not titled


def _char_before(text: str, end: int) -> str:
    """The last character before an offset, white space skipped; "" where only white space is near."""
    return text[max(0, end - _WINDOW) : end].rstrip()[-1:]

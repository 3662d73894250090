"""Attribution by rules over plain text, for when no parser is at hand.

Looks for "X said", "said X" and "according to X" right after a quotation, for the last verb of speech and its
subject before it, and lets a quotation with neither continue the one before. Pronouns are found and never resolved.
Its precision is that of a careful reader in a hurry; `ranking` does better where there is a parse.
"""

import re
from dataclasses import replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution import cues
from retrieval.text.attribution.finding import Finding, how_mentioned
from retrieval.text.attribution.marks import Segment, is_aside, paragraphs, segments
from retrieval.text.sentences import sentences
from retrieval.text.words import word_list

_VERB = "|".join(sorted(cues.PLAIN_FORMS, key=len, reverse=True))
_STEP = r"(?:(?:also|later|then|once|has|have|had|would|further|\w+ly)\s+)*"
_SUBJECT = r"(?P<subject>[^\s,;:“”\"]+(?:\s+[^\s,;:“”\"]+){0,9}?(?:,[^,“”\"]{2,90},)?)"
_AFTER_SUBJECT_VERB = re.compile(rf"\s*[,—–-]*\s*{_SUBJECT}\s+{_STEP}(?P<verb>{_VERB})\b")
_AFTER_VERB_SUBJECT = re.compile(
    rf"\s*[,—–-]*\s*(?P<verb>(?!\w+ing\b)(?:{_VERB}))\s+(?!(?:to|that|in|at|on|of|by|for|with)\b)(?P<subject>[^,.;:“”\"]+?)"
    r"(?=[,.;:“\"]|\s+(?:in|at|on|during|after|before|when|as|while|about|to)\s|$)"
)
_SIGNED = re.compile(r"\s*[—–―-]\s*(?P<subject>[A-Z][\w.’'-]*(?: [\w.’'-]+){0,6}?)(?=,|\.?\s*(?:\n|$))")
_ACCORDING = re.compile(r"according to (?P<subject>[^,;:“”\"]+?)(?=[,;:“\"]|\.(?:\s|$)|$)")
_BEFORE_VERB = re.compile(rf"(?<![\w’'-])(?P<verb>{_VERB}|according to|statement|statements)(?![\w’'-])")
_BOUNDARY = re.compile(r"[;:—–,]|\b(?:but|and|that|while|when|as|after|because|though|with|which|where|if)(?=\s)")
_APPOSITION = re.compile(r",\s[^,]{2,90},\s*\S*\s*$")
_PERSON_OR_GROUP = re.compile(r"[A-Z]|\b(?:official|aide|source|office|spokes|campaign|they|he|she|who)", re.ASCII)
_CERTAINTY = {Attribution.NAMED: 0.95, Attribution.PRONOUN: 0.94, Attribution.ROLE: 0.77}
"""How often each was right in annotated news."""

_INNER_DOT = re.compile(r"\.(?=\s*[^\W_])")
_HIDDEN = "\N{ONE DOT LEADER}"
_MAX_SUBJECT_WORDS = 16
_SHORT = 4
_WINDOW = 1500
"""Characters in which a sentence's edge is looked for: a paragraph may be endless."""


def attribute(text: str) -> list[Finding]:
    """Return the segments of a text that are quotations, in order, with their speakers' mentions where found."""
    found: list[Finding] = []
    spans = paragraphs(text)
    everything = segments(text)
    plain = _masked(text, everything)
    dotless = _without_inner_dots(plain, spans)
    for number, segment in enumerate(everything):
        following = everything[number + 1].start - 1 if number + 1 < len(everything) else len(text)
        paragraph = spans[segment.paragraph]
        after_end = min(following, paragraph[1])
        finding = _own(plain, dotless, segment, paragraph, after_end) or _continued(plain, segment, spans, found)
        if _is_quotation(text, finding, paragraph):
            found.append(finding)
    return found


def _masked(text: str, everything: list[Segment]) -> str:
    """The text with quoted words blanked out, so that no rule looks inside them; every offset stays."""
    pieces, at = [], 0
    for segment in everything:
        inner = text[segment.start : segment.end]
        kept = inner[-1] if inner[-1] in ".!?" else "_"
        pieces += [text[at : segment.start], "_" * (len(inner) - 1), kept]
        at = segment.end
    return "".join([*pieces, text[at:]])


def _without_inner_dots(plain: str, spans: list[tuple[int, int]]) -> str:
    """The text with the dots hidden that end no sentence ("Dr.", "U.S."), so that no rule ends there; offsets stay."""
    pieces, at = [], 0
    for start, end in spans:
        for sentence in sentences(plain, Span(start, end)):
            inner = _INNER_DOT.sub(_HIDDEN, sentence.of(plain))
            pieces += [plain[at : sentence.start], inner]
            at = sentence.end
    return "".join([*pieces, plain[at:]])


def _own(plain: str, dotless: str, segment: Segment, paragraph: tuple[int, int], after_end: int) -> Finding | None:
    """The attribution that stands in the quotation's own sentence, or None."""
    before_start = _sentence_start(plain, paragraph[0], segment.start - 1)
    signed = _SIGNED.match(plain, segment.end + 1)
    if signed and not re.search(rf"\b(?:{_VERB})\b", signed.group("subject")):
        start = signed.start("subject")
        return _made(plain, segment, Span(start, start + len(signed.group("subject").rstrip("."))), None)
    if plain[segment.end - 1] != ".":
        found = _after(plain, dotless, segment, after_end)
        if found is not None:
            return found
    return _before(plain, segment, before_start)


def _after(plain: str, dotless: str, segment: Segment, end: int) -> Finding | None:
    start = min(segment.end + 1, end)
    for pattern in (_AFTER_VERB_SUBJECT, _AFTER_SUBJECT_VERB):
        match = pattern.match(dotless, start, end)
        made = _finding(plain, segment, match, "subject") if match else None
        if made is not None:
            return made
    match = _ACCORDING.search(dotless, start, _sentence_end(plain, start, end))
    return _finding(plain, segment, match, "subject") if match else None


def _before(plain: str, segment: Segment, start: int) -> Finding | None:
    """The last verb of speech before the quotation whose subject can stand for a speaker."""
    for verb in reversed(list(_BEFORE_VERB.finditer(plain, start, segment.start - 1))):
        if verb.group() == "according to":
            match = _ACCORDING.match(plain, verb.start(), segment.start - 1)
            return _finding(plain, segment, match, "subject") if match else None
        subject = _subject(plain, _clause_start(plain, start, verb.start()), verb.start())
        if subject is not None:
            return _made(plain, segment, subject, Span(*verb.span()))
    return None


def _clause_start(plain: str, start: int, end: int) -> int:
    """Where the clause begins that ends in a verb at `end`: past the last comma or conjunction that parts clauses."""
    for boundary in reversed(list(_BOUNDARY.finditer(plain, start, end))):
        joins_names = boundary.group() == "and" and _between_names(plain[start:end], boundary.start() - start)
        apposition = boundary.group() == "," and _APPOSITION.search(plain, start, end)
        if apposition and apposition.start() <= boundary.start():
            continue
        if not joins_names:
            return boundary.end()
    return start


def _between_names(clause: str, at: int) -> bool:
    """Whether the "and" at `at` stands between two capitalised words ("Both Lee and Kim")."""
    before, after = clause[:at].split(), clause[at + 3 :].split()
    return bool(before and after) and before[-1][0].isupper() and after[0][0].isupper()


def _subject(plain: str, start: int, end: int) -> Span | None:
    """Trim what leads from a clause's start to its verb down to the subject, or None where none is plausible."""
    words = list(re.finditer(r"\S+", plain[start:end]))
    while words and re.fullmatch(
        r"(?i:and|but|then|also|later|once|has|have|had|repeatedly|publicly|to|\w+ly|,)", words[-1].group()
    ):
        words.pop()
    lowered = [re.sub(r"\W+$", "", word.group()).casefold() for word in words]
    for number in range(len(words) - 1, -1, -1):
        if lowered[number] in cues.PLAIN_FORMS or lowered[number] in _ACTIONS:
            words = words[:number]
            lowered = lowered[:number]
    while words and lowered[0] in {"and", "but", "on", "still", "so", "then", "while"}:
        words, lowered = words[1:], lowered[1:]
    if not words or len(words) > _MAX_SUBJECT_WORDS:
        return None
    span = Span(start + words[0].start(), start + words[-1].end())
    return span if _PERSON_OR_GROUP.search(span.of(plain)) else None


_ACTIONS = word_list("released issued put gave made sent published was were is are went took used")


def _finding(plain: str, segment: Segment, match: re.Match[str], group: str) -> Finding | None:
    start, end = match.span(group)
    subject = _subject(plain, start, end)
    if subject is None:
        return None
    cue = match.span("verb") if "verb" in match.re.groupindex else (match.start(), match.start() + len("according to"))
    return _made(plain, segment, subject, Span(*cue))


def _made(plain: str, segment: Segment, subject: Span, cue: Span | None) -> Finding:
    how = how_mentioned(subject.of(plain))
    return Finding(segment, subject, cue, how, _CERTAINTY[how])


def _continued(plain: str, segment: Segment, spans: list[tuple[int, int]], found: list[Finding]) -> Finding:
    """A quotation without words of its own around it goes on from the one before, or from an announcing colon."""
    nobody = Finding(segment, None, None, Attribution.UNKNOWN, 0.0)
    start, _ = spans[segment.paragraph]
    lead = plain[_sentence_start(plain, start, segment.start - 1) : segment.start - 1].strip()
    if lead:
        return nobody
    if segment.paragraph and segment.start - 1 == start:
        above = spans[segment.paragraph - 1]
        if plain[above[0] : above[1]].endswith(":"):
            announced = replace(segment, start=above[1] + 1, end=above[1] + 2)
            speaker = _before(plain, announced, _sentence_start(plain, above[0], above[1]))
            return replace(speaker, segment=segment) if speaker else nobody
    last = found[-1] if found else None
    if last is None or last.mention is None or segment.paragraph - last.segment.paragraph > 1:
        return nobody
    same = last.segment.paragraph == segment.paragraph
    if not same and not (last.segment.goes_on or _fills_paragraph(segment, spans)):
        return nobody
    return replace(
        last,
        segment=segment,
        cue=None,
        how=Attribution.CONTINUATION,
        probability=last.probability * (1.0 if same else 0.98),
    )


def _fills_paragraph(segment: Segment, spans: list[tuple[int, int]]) -> bool:
    start, end = spans[segment.paragraph]
    return segment.start - 1 <= start and segment.end + 1 >= end


def _sentence_start(plain: str, start: int, end: int) -> int:
    """Where the sentence begins that reaches `end`, not before `start`; `end` itself where one ends just there."""
    if start >= end:
        return start
    whole = sentences(plain, Span(max(start, end - _WINDOW), end + 2))
    return min(whole[-1].start, end) if whole else start


def _sentence_end(plain: str, start: int, end: int) -> int:
    if start >= end:
        return end
    whole = sentences(plain, Span(start, min(end, start + _WINDOW)))
    return whole[0].end if whole else end


def _is_quotation(text: str, finding: Finding, paragraph: tuple[int, int]) -> bool:
    """Refuse titles, nicknames and words set in marks to hold them at arm's length, where the rules can tell."""
    segment = finding.segment
    words = text[segment.start : segment.end].split()
    lead = re.findall(r"[\w’'-]+", text[max(0, segment.start - 60) : segment.start - 1])
    if is_aside(text, segment, paragraph):
        return False
    if len(words) <= _SHORT and lead and lead[-1].casefold() in cues.TITLE_INTRODUCERS:
        return False
    if len(words) > _SHORT or finding.how is Attribution.CONTINUATION:
        return True
    sentence_like = words[0][:1].isupper() and words[-1][-1] in ".!?,"
    if len(words) > 1 and sentence_like and (not lead or text[: segment.start - 1].rstrip()[-1:] in '.!?”:,"\n'):
        return True
    titled = all(word[0].isupper() for word in words) and len(words) > 1
    return finding.mention is not None and not titled

"""Stops a speaker from going on where somebody new comes in between.

“He reads,” one official said. Another was blunter: “He cannot.” The second quotation is the newcomer's, as their
sentence leads up to it. Where a newcomer's sentence only stands between two quotations, the second one is nobody's.
"""

import re
from dataclasses import replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment, attribution_of
from retrieval.text.attribution.people.named_organisations import NAME
from retrieval.text.attribution.revisions.label_names import Known, names_thing, read_speaker_label
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.names.vocabulary import fold
from retrieval.text.words import without_end_marks

_PROBABILITY = 0.85
_LONGEST = 300
_LETTER = re.compile(r"[^\W_]")
_LEADS_UP = re.compile(
    r"(?P<who>[^;:“”\"]{2,90}?),?\s(?:(?:was|were|is|are)\s(?!\w+ed\b)|(?:had|has)\s(?:an?|no|one|this|his|her|its|their)\s|"
    r"(?:went|goes)\s(?:further|on)|put\s(?:it|things)\b|begged to|took issue|saw it)[^;:]*+:\s*$"
)
_OF_THEM = re.compile(r"(?:one|another|some|many|most|two|three|others)\b", re.IGNORECASE)
_NAMES = re.compile(
    r"(?:(?:but|and|meanwhile,?)\s)?(?:(?:another|one|its|his|her)\s(?:[\w-]+,?\s){1,4}?)?"
    rf"(?P<name>(?-i:{NAME}))",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"(?:(?:but|and)\s)?(?:another|others?|one|a (?:second|third|fourth))\b(?!\s(?:day|thing|time|way|reason|point))",
    re.IGNORECASE,
)
_ATTRIBUTIONS = frozenset({Attribution.CONTINUATION, Attribution.UNKNOWN})


def heed_newcomers(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """The segments; those that go on behind a sentence about somebody else are the newcomer's, or nobody's."""
    known: Known | None = None
    revised: list[AttributedSegment] = []
    for one in attributed:
        if one.attribution not in _ATTRIBUTIONS:
            revised.append(one)
            continue
        known = known or Known(article.text)
        revised.append(_revised(article, one, revised[-1].segment.end + 1 if revised else 0, known))
    return revised


def _revised(article: SplitText, one: AttributedSegment, before: int, known: Known) -> AttributedSegment:
    text, mention = article.text, one.mention
    sentence = _leading(article, one, before)
    if sentence is None or len(sentence) > _LONGEST or (mention and sentence.overlaps(mention)):
        return one
    subject = _subject(text, sentence, known)
    if subject is not None:
        attribution = attribution_of(subject.of(text))
        return replace(one, mention=subject, person=None, attribution=attribution, probability=_PROBABILITY)
    if mention is None or not _brings_newcomer(text, sentence, one, known):
        return one
    return replace(one, mention=None, person=None, attribution=Attribution.UNKNOWN, probability=0.0)


def _subject(text: str, sentence: Span, known: Known) -> Span | None:
    """The person whose sentence leads up to a quotation: "Ana Costa was blunter:", "One of them went further:"."""
    leads_up = _LEADS_UP.match(text, sentence.start, sentence.end)
    if leads_up is None or names_thing(text, sentence.start, sentence.end):
        return None
    who = Span(*leads_up.span("who"))
    label = read_speaker_label(text, who.start, who.end, known)
    if label is not None:
        return label.mention
    return who if _OF_THEM.match(text, who.start, who.end) else None


def _leading(article: SplitText, one: AttributedSegment, before: int) -> Span | None:
    """The sentence that leads up to a quotation, with a colon or a full stop; None where it holds another one."""
    paragraph, start = article.paragraphs[one.segment.paragraph], one.segment.start - 1
    sentence = article.sentences_around(Span(start, one.segment.end), one.segment.paragraph)
    if sentence.start < start and _LETTER.search(article.text, sentence.start, start):
        led = sentence.start >= before and article.text[max(0, start - 3) : start].rstrip().endswith(":")
        return Span(sentence.start, start) if led else None
    if start - 2 <= max(before, paragraph.start):
        return None
    ahead = article.sentences_around(Span(start - 2, start - 1), one.segment.paragraph)
    return Span(ahead.start, min(ahead.end, start)) if ahead.start >= before else None


def _brings_newcomer(text: str, sentence: Span, one: AttributedSegment, known: Known) -> bool:
    """Whether a sentence begins with another source: "Another", or a name that is not the speaker's."""
    if _ANOTHER.match(text, sentence.start, sentence.end):
        return True
    match = _NAMES.match(text, sentence.start, sentence.end)
    if match is None or (" " not in match.group("name") and not known.names(match.group("name"))):
        return False
    return not _same(text, Span(*match.span("name")), one) and not known.is_place(match.group("name"))


def _same(text: str, subject: Span, one: AttributedSegment) -> bool:
    """Whether a subject has a word of the speaker's name or mention."""
    speaker = f"{one.person or ''} {one.mention.of(text) if one.mention else ''}"
    ours = {fold(without_end_marks(word)) for word in speaker.split() if word[0].isupper()}
    return any(fold(without_end_marks(word)) in ours for word in subject.of(text).split() if word[0].isupper())

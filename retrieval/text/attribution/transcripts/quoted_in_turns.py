"""Attributes marked words inside a turn of a transcript: its speaker quotes somebody else.

The label is never the speaker of the quoted words, unless the speaker says so in the first person: those are part of
the turn alone. Nor is anybody whom another turn names.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution import cues
from retrieval.text.attribution.attributed import AttributedSegment, attribution_of
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.attribution.transcripts.turn_speakers import TurnSpeaker
from retrieval.text.attribution.transcripts.turns import Turn
from retrieval.text.names.names import surname
from retrieval.text.sentences import sentences
from retrieval.text.words import word_list

_RELAYING = word_list(
    "read reads reading quote quotes quoted quoting recall recalled remember remembered cite cited heard"
)
_VERB = "|".join(sorted(cues.PLAIN_FORMS - _RELAYING, key=len, reverse=True))
_JOINED = re.compile(r"\W{1,4}(?:and|but|so|which|because|when|while)\b")
_SAYS = re.compile(
    r"(?:\b(?P<self>I)(?: (?:have|had|also|just|then|once|already|later))?[’'ved]* )?"
    rf"\b(?<![Tt]he )(?<! an )(?<! a )(?<! my )(?P<verb>{_VERB})\b"
)
_NEAREST = 150
_NEAR = 600
"""How far before marked words their speaker is looked for."""

_WHOSE_WORDS = re.compile(
    r"(?<![\w’'-])(?P<whose>(?:(?:[Tt]he|[Mm]y|[Oo]ur|[Hh]is|[Hh]er) )?(?:[\w’'-]{1,30} ){0,3}?[\w-]{2,30})[’']s?"
    r" (?:\w{1,20} )?(?:words?|answer|reply|response|message|advice|warning|verdict|line)"
    r"(?: [\w’'-]{1,20}){0,6}? (?:was|were|is|are)(?: (?:simply|only|just|this))?[,:]? ?$"
)
_BETWEEN_MARKS = re.compile(r"[\w$€£(](?:.*[^\s“”‘’\"(,:;–—-])?", re.DOTALL)
_FEWEST_WORDS = 4
"""Fewer marked words than these, of nobody else, are the speaker's own; fewer others beside marked ones say nothing."""

_SPEAKERS_OWN = frozenset({"we", "you", "it", "us"})
_FIRST_PERSON = frozenset({"i", "me", "my", "myself"})


def attribute_in_turns(
    split_text: SplitText, attributed: list[AttributedSegment], turns: list[Turn], speakers: list[TurnSpeaker | None]
) -> list[AttributedSegment]:
    """Return the segments, those inside turns attributed by what the turn says alone."""
    paragraphs = [
        (Span(turn.paragraphs[0].start, words.end), words, speaker)
        for turn, speaker in zip(turns, speakers, strict=True)
        for words in turn.paragraphs
    ]
    revised = []
    for one in attributed:
        number = bisect_right(paragraphs, one.segment.start, key=lambda paragraph: paragraph[1].start) - 1
        if number < 0 or one.segment.start >= paragraphs[number][1].end:
            revised.append(one)
            continue
        said = _attributed(split_text, one, paragraphs[number][0], paragraphs[number][2])
        if not _is_own(split_text.text, said, paragraphs[number][2]):
            revised.append(said)
    return revised


def _is_own(text: str, said: AttributedSegment, speaker: TurnSpeaker | None) -> bool:
    """Whether marked words are the turn's speaker's own: said of oneself, or a few that are nobody else's."""
    if speaker and speaker.person and said.person == speaker.person:
        return not said.disputed
    few = len(text[said.segment.start : said.segment.end].split()) < _FEWEST_WORDS
    return few and (said.mention is None or said.mention.of(text).casefold() in _SPEAKERS_OWN)


def around_marks(text: str, said: Span, marked: list[AttributedSegment]) -> list[Span]:
    """What a paragraph of a turn says beside `marked` words, in order; nothing where that is a few words."""
    first = bisect_left(marked, said.start, key=lambda one: one.segment.start)
    last = bisect_left(marked, said.end, key=lambda one: one.segment.start)
    if first == last:
        return [said]
    quoted = [Span(one.segment.start, one.segment.end) for one in marked[first:last]]
    starts = [said.start, *(span.end for span in quoted)]
    before = [_without_lead_in(text, Span(start, span.start)) for start, span in zip(starts, quoted, strict=False)]
    between = [_BETWEEN_MARKS.search(text, *span) for span in (*before, (starts[-1], said.end))]
    words = {Span(*match.span()): len(match.group().split()) for match in between if match}
    enough = [span for span, count in words.items() if count >= _FEWEST_WORDS]
    others = len(said.of(text).split()) - sum(len(span.of(text).split()) for span in quoted)
    return enough or ([max(words, key=words.__getitem__)] if words and others >= _FEWEST_WORDS else [])


def _without_lead_in(text: str, before: Span) -> tuple[int, int]:
    """The place of words before a mark, without a sentence that only leads in to it: "Ana Costa told me:"."""
    if before.of(text).rstrip(" \n“‘\"'")[-1:] not in {",", ":"}:
        return before.start, before.end
    *_, leading = sentences(text, before)
    return before.start, leading.start


def _attributed(
    split_text: SplitText, one: AttributedSegment, said: Span, speaker: TurnSpeaker | None
) -> AttributedSegment:
    """One segment inside words that somebody said."""
    text, mention = split_text.text, one.mention
    person = speaker.person if speaker else None
    oneself = _by_oneself(split_text, one, said, person)
    outside = mention is None or not said.covers(mention) or mention.of(text).casefold() == "you"
    if mention is None or outside or _JOINED.match(text, one.segment.end, mention.start):
        return oneself or _of_whose_words(text, one, said)
    if oneself is not None and mention.start < one.segment.start:
        return oneself
    if mention.of(text).casefold() in _FIRST_PERSON:
        return replace(one, person=person)
    if one.attribution is Attribution.PRONOUN and one.person:
        before = text[max(said.start, one.segment.start - _NEAR) : one.segment.start].split()
        named = surname(one.person) in map(surname, before)
        return one if named and surname(one.person) != surname(person or "") else replace(one, person=None)
    return one


def _of_whose_words(text: str, one: AttributedSegment, said: Span) -> AttributedSegment:
    """Whoever "The governor’s words were, “…”" names, else nobody."""
    match = _WHOSE_WORDS.search(text, max(said.start, one.segment.start - _NEAREST), one.segment.start - 1)
    nobody = replace(one, mention=None, cue=None, attribution=Attribution.UNKNOWN, probability=0.0, person=None)
    if match is None:
        return nobody
    mention = Span(*match.span("whose"))
    return replace(nobody, mention=mention, attribution=attribution_of(mention.of(text)), probability=0.8)


def _by_oneself(
    split_text: SplitText, one: AttributedSegment, said: Span, person: str | None
) -> AttributedSegment | None:
    """The turn's speaker for "I said at Dunmore: “…”"."""
    sentence = split_text.sentences_around(Span(one.segment.start, one.segment.end), one.segment.paragraph)
    start = max(said.start, sentence.start, one.segment.start - _NEAR)
    verbs = list(_SAYS.finditer(split_text.text, start, one.segment.start - 1))
    if not person or not verbs or not verbs[-1]["self"]:
        return None
    mention, cue = Span(*verbs[-1].span("self")), Span(*verbs[-1].span("verb"))
    return replace(one, mention=mention, cue=cue, attribution=Attribution.PRONOUN, probability=0.9, person=person)

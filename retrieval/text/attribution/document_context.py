"""One article laid out for attribution: its mentions, its marked segments, and what surrounds each."""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from retrieval.domain.articles import Span
from retrieval.text.attribution import rules
from retrieval.text.attribution.finding import Finding
from retrieval.text.attribution.grammar import Grammar
from retrieval.text.attribution.marks import Segment, paragraphs, segments
from retrieval.text.attribution.mentions import Mention, candidates
from retrieval.text.parse import Parse
from retrieval.text.sentences import sentences

_MARK = re.compile("[.!?,:;]")
_BESIDE = 200
"""Characters in which the one next to a mark is looked for, white space skipped."""

_LONGEST_CHAIN = 16


@dataclass(frozen=True, slots=True)
class Setting:
    """A segment with its surroundings: `first` to `last` are its tokens, `chain` the tokens outside that it hangs on.

    Sentences are counted through the whole text. `before` and `after` are the characters next to the marks, white space
    skipped, "" at a paragraph's edge.
    """

    segment: Segment
    words: int
    first: int
    last: int
    top: int | None
    chain: tuple[int, ...]
    sentence_first: int
    sentence_last: int
    before: str
    after: str
    fills_paragraph: bool
    order: int
    in_paragraph: int
    same_sentence_before: int
    same_sentence_after: int


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything about one article that features are computed from.

    `mention_sentence[i]` is the sentence of `mentions[i]`, `by_rule[k]` what the rules found for `settings[k]`. `marks`
    are the places of some marks of punctuation.
    """

    text: str
    grammar: Grammar
    spans: list[tuple[int, int]]
    mentions: list[Mention]
    verbs: list[list[int]]
    mention_sentence: list[int]
    settings: list[Setting]
    sentence_starts: list[int]
    segment_starts: list[int]
    marks: dict[str, list[int]]
    by_rule: list[Finding | None]


def lay_out(text: str, parse: Parse) -> Scene:
    """Lay out one article."""
    spans = paragraphs(text)
    marked = segments(text)
    grammar = Grammar(parse, [(segment.start, segment.end) for segment in marked])
    starts = [sentence.start for start, end in spans for sentence in sentences(text, Span(start, end))]
    mentions = candidates(grammar, spans)
    ruled = {finding.segment.start: finding for finding in rules.attribute(text)}
    settings = _settings(text, grammar, spans, marked, starts)
    return Scene(
        text=text,
        grammar=grammar,
        spans=spans,
        mentions=mentions,
        verbs=[grammar.verbs_of(mention.head) for mention in mentions],
        mention_sentence=[bisect_right(starts, mention.start) - 1 for mention in mentions],
        settings=settings,
        sentence_starts=starts,
        segment_starts=[segment.start for segment in marked],
        marks=_marks(text),
        by_rule=[ruled.get(segment.start) for segment in marked],
    )


def _marks(text: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {mark: [] for mark in ".!?,:;"}
    for found in _MARK.finditer(text):
        places[found.group()].append(found.start())
    return places


def _settings(
    text: str, grammar: Grammar, spans: list[tuple[int, int]], marked: list[Segment], starts: list[int]
) -> list[Setting]:
    sentence_of = [(bisect_right(starts, s.start) - 1, bisect_right(starts, s.end - 1) - 1) for s in marked]
    in_paragraph = Counter(segment.paragraph for segment in marked)
    beginning, begun = Counter(first for first, _ in sentence_of), Counter[int]()
    ended, order = Counter[int](), Counter[int]()
    made = []
    for number, segment in enumerate(marked):
        start, end = spans[segment.paragraph]
        inside = grammar.between(segment.start, segment.end)
        lead = text[max(start, segment.start - _BESIDE) : segment.start - 1].rstrip()
        tail = text[segment.end + 1 : min(end, segment.end + _BESIDE)].lstrip()
        first, last = sentence_of[number]
        begun[first] += 1
        made.append(
            Setting(
                segment=segment,
                words=len(text[segment.start : segment.end].split()),
                first=inside.start,
                last=max(inside.start, inside.stop - 1),
                top=grammar.top_of(segment.start, segment.end),
                chain=_chain(grammar, inside),
                sentence_first=first,
                sentence_last=last,
                before=lead[-1:],
                after=tail[:1],
                fills_paragraph=not lead and not tail,
                order=order[segment.paragraph],
                in_paragraph=in_paragraph[segment.paragraph],
                same_sentence_before=ended[first],
                same_sentence_after=beginning[last] - begun[last],
            )
        )
        ended[last] += 1
        order[segment.paragraph] += 1
    return made


def _chain(grammar: Grammar, inside: range) -> tuple[int, ...]:
    """The tokens outside a segment that it hangs on, nearest first, then those that hang on it."""
    above: list[int] = []
    below: list[int] = []
    for number in inside:
        head = grammar.token(number).head
        if head not in inside and len(above) < _LONGEST_CHAIN:
            above += [a for a in [head, *grammar.ancestors(head)] if a not in inside and a not in above]
        below += [c for c in grammar.children[number] if c not in inside and grammar.token(c).pos in {"VERB", "AUX"}]
    return tuple([*above, *below][:_LONGEST_CHAIN])

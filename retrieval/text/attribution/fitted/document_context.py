"""Everything about one article that the features of attribution are computed from."""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from retrieval.domain.articles import Span
from retrieval.text.attribution import rules
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.clauses import Touching, touching_clauses
from retrieval.text.attribution.fitted.grammar import Grammar
from retrieval.text.attribution.fitted.mentions import Mention, candidates
from retrieval.text.attribution.marks.marks import Segment, paragraphs, segments
from retrieval.text.parse import Parse
from retrieval.text.sentences import sentences

_MARK = re.compile("[.!?,:;]")
_BESIDE = 200
"""How far from a mark its next character, white space skipped, is looked for."""

_LONGEST_CHAIN = 16


@dataclass(frozen=True, slots=True)
class SegmentContext:
    """A quoted segment with its surroundings.

    `first` to `last` are its tokens, `top` the one that the others depend on, `chain` tokens outside that it depends on
    or that depend on it. Sentences are numbered through the whole text. `before` and `after` are the characters next to
    the marks, white space skipped, "" at a paragraph's edge. `order` is its number within the paragraph.
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
class DocumentContext:
    """One article, with parallel lists about its mentions and about its quoted segments.

    `verbs` (the token numbers of its verbs) and `mention_sentence` are indexed by mention; `segment_contexts`,
    `segment_starts`, `clauses` (plain ones beside it) and `by_rule` (what the rules found) by segment. `spans` are the
    paragraphs, `marks` the offsets of each punctuation mark.
    """

    text: str
    grammar: Grammar
    spans: list[tuple[int, int]]
    mentions: list[Mention]
    verbs: list[list[int]]
    mention_sentence: list[int]
    segment_contexts: list[SegmentContext]
    sentence_starts: list[int]
    segment_starts: list[int]
    clauses: list[Touching | None]
    marks: dict[str, list[int]]
    by_rule: list[AttributedSegment | None]


def build_context(text: str, parse: Parse) -> DocumentContext:
    """Analyse one article; `parse` is a parse of the same text."""
    spans = paragraphs(text)
    marked = segments(text)
    grammar = Grammar(parse, [(segment.start, segment.end) for segment in marked])
    starts = [sentence.start for start, end in spans for sentence in sentences(text, Span(start, end))]
    mentions = candidates(grammar, spans)
    ruled = {attributed.segment.start: attributed for attributed in rules.attribute(text)}
    segment_contexts = _segment_contexts(text, grammar, spans, marked, starts)
    return DocumentContext(
        text=text,
        grammar=grammar,
        spans=spans,
        mentions=mentions,
        verbs=[grammar.verbs_of(mention.head) for mention in mentions],
        mention_sentence=[bisect_right(starts, mention.start) - 1 for mention in mentions],
        segment_contexts=segment_contexts,
        sentence_starts=starts,
        segment_starts=[segment.start for segment in marked],
        clauses=touching_clauses(text, spans, marked),
        marks=_marks(text),
        by_rule=[ruled.get(segment.start) for segment in marked],
    )


def _marks(text: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {mark: [] for mark in ".!?,:;"}
    for match in _MARK.finditer(text):
        places[match.group()].append(match.start())
    return places


def _segment_contexts(
    text: str, grammar: Grammar, spans: list[tuple[int, int]], marked: list[Segment], starts: list[int]
) -> list[SegmentContext]:
    sentence_of = [(bisect_right(starts, s.start) - 1, bisect_right(starts, s.end - 1) - 1) for s in marked]
    in_paragraph = Counter(segment.paragraph for segment in marked)
    beginning, begun = Counter(first for first, _ in sentence_of), Counter[int]()
    ended, order = Counter[int](), Counter[int]()
    contexts = []
    for number, segment in enumerate(marked):
        start, end = spans[segment.paragraph]
        inside = grammar.between(segment.start, segment.end)
        lead = text[max(start, segment.start - _BESIDE) : segment.start - 1].rstrip()
        tail = text[segment.end + 1 : min(end, segment.end + _BESIDE)].lstrip()
        first, last = sentence_of[number]
        begun[first] += 1
        contexts.append(
            SegmentContext(
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
    return contexts


def _chain(grammar: Grammar, inside: range) -> tuple[int, ...]:
    """The tokens outside a segment that it depends on, nearest first, then verbs that depend on it."""
    above: list[int] = []
    below: list[int] = []
    for number in inside:
        head = grammar.tokens[number].head
        if head not in inside and len(above) < _LONGEST_CHAIN:
            above += [a for a in [head, *grammar.ancestors(head)] if a not in inside and a not in above]
        below += [c for c in grammar.children[number] if c not in inside and grammar.tokens[c].pos in {"VERB", "AUX"}]
    return tuple([*above, *below][:_LONGEST_CHAIN])

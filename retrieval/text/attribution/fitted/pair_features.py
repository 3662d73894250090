"""Features of a quoted segment together with a mention that may have said it, for the ranking model.

In groups: the mention, its place, its verb, what the segment depends on in the parse, the rules' choice, the segment.
"""

import heapq
import math
import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.cues import SPEECH_FORMS, SPEECH_LEMMAS
from retrieval.text.attribution.fitted.document_context import DocumentContext, SegmentContext
from retrieval.text.attribution.fitted.mentions import NOMINAL, PRONOUN, Mention
from retrieval.text.attribution.fitted.source_features import (
    DEP_CODES,
    ENTITY_CODES,
    PRONOUN_CODES,
    TYPE_CODES,
    WordOdds,
    tense,
)

_WORD = re.compile(r"\s+([a-z]+)\b")
_DASHES = "—–―-"
_FOUND_BY = {
    Attribution.NAMED: 2.0,
    Attribution.PRONOUN: 3.0,
    Attribution.ROLE: 4.0,
    Attribution.CONTINUATION: 5.0,
    Attribution.UNKNOWN: 1.0,
}
_TOP_CODES = {
    "ccomp": 1.0, "ROOT": 2.0, "dobj": 3.0, "pobj": 4.0, "oprd": 5.0, "attr": 6.0, "amod": 7.0, "acomp": 8.0,
    "compound": 9.0, "nmod": 9.0, "": 10.0,
}  # fmt: skip
_LIKELY = 0.5
_MOST_MENTIONS = 60
_BESIDE = 200
_CLAUSAL = frozenset({"ccomp", "advcl", "relcl", "acl", "csubj", "parataxis", "pcomp"})
_LINKS = {"ccomp": 1.0, "dobj": 2.0, "oprd": 3.0, "prep": 4.0, "advcl": 5.0, "conj": 6.0, "xcomp": 7.0, "attr": 8.0}


class _Mention(NamedTuple):
    """What a mention is by itself."""

    source: float
    type: float
    entity: float
    dep: float
    pronoun: float
    namesakes: float
    best_odds: float
    verbs: float
    head_odds: float
    according_to: float
    letters: float
    speech_after: float
    speech_before: float


class _Place(NamedTuple):
    """Where the mention is, seen from the segment."""

    paragraphs_up: float
    after: float
    words_apart: float
    sentences_up: float
    same_sentence: float
    quotes_between: float
    sources_between: float
    stops_between: float
    commas_between: float
    marks_between: float
    right_beside: float
    starts_paragraph: float
    mention_sentence: float


class _Verb(NamedTuple):
    """The verb nearest to the segment among those of which the mention is the subject; the defaults: none."""

    verb_odds: float = -7.0
    verb_speaks: float = 0.0
    verb_to_quote: float = 99.0
    verb_after_quote: float = 0.0
    verb_tense: float = -1.0
    verb_beyond_mention: float = 0.0
    subjects_between: float = 0.0


class _Chain(NamedTuple):
    """The mention among the subjects on the way up from the segment.

    `chain_depth` counts the subjects whose verbs have better odds, `chain_share` is the distance to the best odds.
    """

    chain_rank: float = 9.0
    chain_depth: float = 9.0
    chain_odds: float = -7.0
    chain_size: float = 0.0
    chain_share: float = -7.0


class _Clause(NamedTuple):
    """Whether the segment depends on a verb of the mention, through how many clauses; the defaults: it does not."""

    governed: float = 30.0
    clauses_between: float = 9.0
    link_below_verb: float = 0.0
    agent: float = 0.0
    clause_of_mention: float = 0.0


class _Rule(NamedTuple):
    """Whether the rules chose this mention, and whether a dash joins it to the segment (… ” — Ana Costa)."""

    rule_agrees: float = 0.0
    rule_found: float = 0.0
    rule_word_apart: float = -1.0
    dash_before_mention: float = 0.0
    dash_between: float = 0.0


class _Rank(NamedTuple):
    """The mention among those of its paragraph that are likely sources."""

    source_rank: float
    source_gap: float
    likely_sources: float
    likely_before: float
    likely_after: float


class SegmentFeatures(NamedTuple):
    """Features of a quoted segment alone, in the model's order; flags are 0 or 1, the rest counts or codes."""

    quote_words: float
    opens_upper: float
    ends_with: float
    mark_before: float
    mark_after: float
    fills_paragraph: float
    quotes_in_paragraph: float
    quote_order: float
    same_sentence_before: float
    same_sentence_after: float
    top_dep: float


_GROUPS = (_Mention, _Place, _Verb, _Chain, _Clause, _Rule, _Rank, SegmentFeatures)
PAIR_FEATURES = tuple(name.replace("_", " ") for group in _GROUPS for name in group._fields)


def nearby_mentions(document: DocumentContext, context: SegmentContext) -> list[int]:
    """Numbers of the mentions that may have said a segment.

    The 60 nearest of its paragraph and the one before, and the first two of the next one.
    """
    paragraph, place = context.segment.paragraph, context.segment.start
    first = bisect_left(document.mentions, paragraph - 1, key=lambda mention: mention.paragraph)
    end = bisect_left(document.mentions, paragraph + 1, key=lambda mention: mention.paragraph)
    end_of_next = bisect_left(document.mentions, paragraph + 2, key=lambda mention: mention.paragraph)
    beside = bisect_left(document.mentions, place, first, end, key=lambda mention: mention.start)
    close = range(max(first, beside - 2 * _MOST_MENTIONS), min(end, beside + 2 * _MOST_MENTIONS))
    nearest = heapq.nsmallest(_MOST_MENTIONS, close, key=lambda i: abs(document.mentions[i].start - place))
    return [*sorted(nearest), *range(end, end_of_next)[:2]]


def pair_features(
    document: DocumentContext,
    context: SegmentContext,
    chosen: list[int],
    *,
    source: list[float],
    words: WordOdds,
    counts: list[int],
) -> list[list[float]]:
    """One row of `PAIR_FEATURES` for each mention numbered in `chosen`.

    `source[i]` is the probability that mention i is the source of anything, `counts[i]` how often its name occurs.
    """
    subjects = _chain_subjects(document, context)
    above = [] if context.top is None else [context.top, *document.grammar.ancestors(context.top)]
    here = [i for i in chosen if document.mentions[i].paragraph == context.segment.paragraph]
    shared = segment_features(document, context)
    rule = document.by_rule[bisect_left(document.segment_starts, context.segment.start)]
    return [
        [
            *_of_mention(document, i, source, words, counts),
            *_of_place(document, context, i, here, source),
            *_of_verb(document, context, i, words),
            *_of_chain(document, i, subjects, words),
            *_of_clause(document, i, above),
            *_of_rule(document, context, i, rule),
            *_of_rank(document, context, i, here, source),
            *shared,
        ]
        for i in chosen
    ]


def _of_mention(document: DocumentContext, i: int, source: list[float], words: WordOdds, counts: list[int]) -> _Mention:
    grammar, mention = document.grammar, document.mentions[i]
    token = grammar.tokens[mention.head]
    named = grammar.tokens[mention.name_head]
    return _Mention(
        source=source[i],
        type=TYPE_CODES[mention.type],
        entity=ENTITY_CODES.get(named.entity, 5.0),
        dep=DEP_CODES.get(token.dep, 10.0),
        pronoun=PRONOUN_CODES.get(token.lemma, 10.0) if mention.type == PRONOUN else 0.0,
        namesakes=math.log1p(counts[i]),
        best_odds=max((words.verb(grammar.tokens[verb].lemma) for verb in document.verbs[i]), default=-6.0),
        verbs=float(len(document.verbs[i])),
        head_odds=words.head(token.lemma) if mention.type == NOMINAL else 0.0,
        according_to=float(grammar.is_according_to(mention.head)),
        letters=float(mention.end - mention.start),
        speech_after=float(_next_word(document, mention.end) in SPEECH_FORMS),
        speech_before=float(_last_word(document, mention.start) in SPEECH_FORMS),
    )


def _next_word(document: DocumentContext, end: int) -> str:
    match = _WORD.match(document.text, end)
    return match.group(1) if match else ""


def _last_word(document: DocumentContext, start: int) -> str:
    words = document.text[max(0, start - 20) : start].split()
    return words[-1] if words else ""


def _of_place(
    document: DocumentContext, context: SegmentContext, i: int, here: list[int], source: list[float]
) -> _Place:
    mention, segment, grammar = document.mentions[i], context.segment, document.grammar
    after = mention.start >= segment.end
    start, end = (segment.end + 1, mention.start) if after else (mention.end, segment.start - 1)
    words = grammar.words_between(mention.head, context.last if after else context.first)
    sentence = document.mention_sentence[i]
    apart = sentence - context.sentence_last if after else context.sentence_first - sentence
    low, high = sorted((mention.start, segment.start))
    starts = document.segment_starts
    others = bisect_left(starts, high) - bisect_right(starts, low)
    rivals = sum(1 for j in here if j != i and low < document.mentions[j].start < high and source[j] > _LIKELY)
    return _Place(
        paragraphs_up=float(segment.paragraph - mention.paragraph),
        after=float(after),
        words_apart=min(float(words), 80.0),
        sentences_up=min(float(apart), 9.0),
        same_sentence=float(context.sentence_first <= sentence <= context.sentence_last),
        quotes_between=float(others),
        sources_between=float(rivals),
        stops_between=float(sum(_count(document, mark, start, end) for mark in ".!?")),
        commas_between=float(_count(document, ",", start, end)),
        marks_between=float(_count(document, ":", start, end) + 2 * _count(document, ";", start, end)),
        right_beside=float(not document.text[start : min(end, start + _BESIDE)].strip(" ,—–―-\n")),
        starts_paragraph=float(not _lead(document, mention)),
        mention_sentence=float(mention.start - document.sentence_starts[sentence]) if sentence >= 0 else 0.0,
    )


def _count(document: DocumentContext, mark: str, start: int, end: int) -> int:
    """The number of punctuation marks of one kind between two offsets."""
    places = document.marks[mark]
    return max(0, bisect_left(places, end) - bisect_left(places, start))


def _of_verb(document: DocumentContext, context: SegmentContext, i: int, words: WordOdds) -> _Verb:
    verbs, grammar = document.verbs[i], document.grammar
    if not verbs:
        return _Verb()
    verb = min(verbs, key=lambda v: _distance(document, context, v))
    token, head = grammar.tokens[verb], document.mentions[i].head
    after = token.start >= context.segment.end
    low, high = sorted((verb, context.last if after else context.first))
    return _Verb(
        verb_odds=words.verb(token.lemma),
        verb_speaks=float(token.lemma in SPEECH_LEMMAS),
        verb_to_quote=min(float(_distance(document, context, verb)), 60.0),
        verb_after_quote=float(after),
        verb_tense=tense(token.tag),
        verb_beyond_mention=float(verb > head),
        subjects_between=float(max(0, bisect_left(grammar.subjects, high) - bisect_left(grammar.subjects, low + 1))),
    )


def _distance(document: DocumentContext, context: SegmentContext, verb: int) -> int:
    edge = context.last if document.grammar.tokens[verb].start >= context.segment.end else context.first
    return document.grammar.words_between(verb, edge)


def _chain_subjects(document: DocumentContext, context: SegmentContext) -> list[tuple[int, int]]:
    """(subject, verb) pairs on the way up from the segment, nearest first, each subject once."""
    pairs: list[tuple[int, int]] = []
    for token in context.chain:
        if document.grammar.quoted[token] or document.grammar.tokens[token].pos not in {"VERB", "AUX"}:
            continue
        subject = document.grammar.subject_of(token)
        if subject is not None and all(subject != earlier for earlier, _ in pairs):
            pairs.append((subject, token))
    return pairs


def _of_chain(document: DocumentContext, i: int, subjects: list[tuple[int, int]], words: WordOdds) -> _Chain:
    odds = [words.verb(document.grammar.tokens[verb].lemma) for _, verb in subjects]
    for rank, (subject, _) in enumerate(subjects):
        if subject == document.mentions[i].head:
            beaten = sum(1 for value in odds if value > odds[rank])
            return _Chain(
                chain_rank=float(rank),
                chain_depth=float(beaten),
                chain_odds=odds[rank],
                chain_size=float(len(subjects)),
                chain_share=odds[rank] - max(odds),
            )
    return _Chain(chain_size=float(len(subjects)))


def _of_clause(document: DocumentContext, i: int, above: list[int]) -> _Clause:
    grammar, mention = document.grammar, document.mentions[i]
    token = grammar.tokens[mention.head]
    agent = token.dep == "pobj" and grammar.tokens[token.head].lemma == "by"
    verbs = {*document.verbs[i], *([grammar.tokens[token.head].head] if agent else [])}
    depth = next((rank for rank, number in enumerate(above) if rank and number in verbs), None)
    inside = float(mention.head in above)
    if depth is None:
        return _Clause(agent=float(agent), clause_of_mention=inside)
    path = [grammar.tokens[number].dep for number in above[:depth]]
    return _Clause(
        governed=float(depth),
        clauses_between=float(sum(1 for dep in path if dep in _CLAUSAL)),
        link_below_verb=_LINKS.get(path[-1], 9.0),
        agent=float(agent),
        clause_of_mention=inside,
    )


def _of_rule(document: DocumentContext, context: SegmentContext, i: int, rule: AttributedSegment | None) -> _Rule:
    mention = document.mentions[i]
    lead = _lead(document, mention)
    dash = lead[-1:] in _DASHES and bool(lead)
    apart = document.text[context.segment.end + 1 : min(mention.start, context.segment.end + 20)].strip()
    joined = context.segment.end < mention.start <= context.segment.end + 20 and bool(apart) and apart in _DASHES
    if rule is None or rule.mention is None:
        found = float(rule is not None)
        return _Rule(rule_found=found, dash_before_mention=float(dash), dash_between=float(joined))
    found_by = _FOUND_BY[rule.attribution]
    agrees = rule.mention.start < mention.end and mention.start < rule.mention.end
    head = document.grammar.tokens[mention.head]
    last = head.end >= rule.mention.end or mention.end >= rule.mention.end
    return _Rule(
        rule_agrees=agrees * (2.0 if last else 1.0),
        rule_found=found_by,
        rule_word_apart=float(abs(rule.mention.start - mention.start)),
        dash_before_mention=float(dash),
        dash_between=float(joined),
    )


def _lead(document: DocumentContext, mention: Mention) -> str:
    """The last 40 characters before a mention in its paragraph, right-stripped."""
    return document.text[max(document.spans[mention.paragraph][0], mention.start - 40) : mention.start].rstrip()


def _of_rank(document: DocumentContext, context: SegmentContext, i: int, here: list[int], source: list[float]) -> _Rank:
    others = [source[j] for j in here if j != i]
    before = sum(1 for j in here if source[j] > _LIKELY and document.mentions[j].start < context.segment.start)
    likely = sum(1 for j in here if source[j] > _LIKELY)
    return _Rank(
        source_rank=float(sum(1 for value in others if value > source[i])),
        source_gap=source[i] - max(others, default=0.0),
        likely_sources=float(likely),
        likely_before=float(before),
        likely_after=float(likely - before),
    )


def segment_features(document: DocumentContext, context: SegmentContext) -> SegmentFeatures:
    """The features that a segment has with every mention."""
    segment = context.segment
    words = document.text[segment.start : segment.end].strip()
    top = document.grammar.tokens[context.top].dep if context.top is not None else ""
    return SegmentFeatures(
        quote_words=float(min(context.words, 40)),
        opens_upper=float(words[:1].isupper()),
        ends_with=float(" ,.?!—…".find(words[-1:]) if words[-1:] in ",.?!—…" else 0),
        mark_before=float(' ,:.?!—”"'.find(context.before) if context.before else -2),
        mark_after=float(' ,:.?!—“"'.find(context.after) if context.after else -2),
        fills_paragraph=float(context.fills_paragraph),
        quotes_in_paragraph=float(context.in_paragraph),
        quote_order=float(context.order),
        same_sentence_before=float(context.same_sentence_before),
        same_sentence_after=float(context.same_sentence_after),
        top_dep=_TOP_CODES.get(top, 0.0),
    )

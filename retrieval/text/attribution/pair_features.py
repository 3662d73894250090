"""Features of a quoted segment together with a mention that may have said it, for the ranking model.

In groups: the mention, its place, its verb, what the segment depends on in the parse, the rules' choice, the segment.
"""

import heapq
import math
import re
from bisect import bisect_left, bisect_right

from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.cues import SPEECH_FORMS, SPEECH_LEMMAS
from retrieval.text.attribution.document_context import DocumentContext, SegmentContext
from retrieval.text.attribution.mentions import NOMINAL, PRONOUN, Mention
from retrieval.text.attribution.source_features import (
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
_NO_VERB = 99.0
_LIKELY = 0.5
_MOST_MENTIONS = 60
_BESIDE = 200
_FAR = 30.0
_CLAUSAL = frozenset({"ccomp", "advcl", "relcl", "acl", "csubj", "parataxis", "pcomp"})
_LINKS = {"ccomp": 1.0, "dobj": 2.0, "oprd": 3.0, "prep": 4.0, "advcl": 5.0, "conj": 6.0, "xcomp": 7.0, "attr": 8.0}

_MENTION = (
    "source", "type", "entity", "dep", "pronoun", "namesakes", "best odds", "verbs", "head odds", "according to",
    "letters", "speech after", "speech before",
)  # fmt: skip
_PLACE = (
    "paragraphs up", "after", "words apart", "sentences up", "same sentence", "quotes between", "sources between",
    "stops between", "commas between", "marks between", "right beside", "starts paragraph", "mention sentence",
)  # fmt: skip
_VERB = (
    "verb odds", "verb speaks", "verb to quote", "verb after quote", "verb tense", "verb beyond mention",
    "subjects between",
)  # fmt: skip
_CLAUSE = ("governed", "clauses between", "link below verb", "agent", "clause of mention")
_CHAIN = ("chain rank", "chain depth", "chain odds", "chain size", "chain share")
_RULE = ("rule agrees", "rule found", "rule word apart", "dash before mention", "dash between")
_RANK = ("source rank", "source gap", "likely sources", "likely before", "likely after")
_SEGMENT = (
    "quote words", "opens upper", "ends with", "mark before", "mark after", "fills paragraph", "quotes in paragraph",
    "quote order", "same sentence before", "same sentence after", "top dep",
)  # fmt: skip

PAIR_FEATURES = (*_MENTION, *_PLACE, *_VERB, *_CHAIN, *_CLAUSE, *_RULE, *_RANK, *_SEGMENT)


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


def _of_mention(
    document: DocumentContext, i: int, source: list[float], words: WordOdds, counts: list[int]
) -> list[float]:
    grammar, mention = document.grammar, document.mentions[i]
    token = grammar.tokens[mention.head]
    named = grammar.tokens[mention.name_head]
    return [
        source[i],
        TYPE_CODES[mention.type],
        ENTITY_CODES.get(named.entity, 5.0),
        DEP_CODES.get(token.dep, 10.0),
        PRONOUN_CODES.get(token.lemma, 10.0) if mention.type == PRONOUN else 0.0,
        math.log1p(counts[i]),
        max((words.verb(grammar.tokens[verb].lemma) for verb in document.verbs[i]), default=-6.0),
        float(len(document.verbs[i])),
        words.head(token.lemma) if mention.type == NOMINAL else 0.0,
        float(grammar.is_according_to(mention.head)),
        float(mention.end - mention.start),
        float(_next_word(document, mention.end) in SPEECH_FORMS),
        float(_last_word(document, mention.start) in SPEECH_FORMS),
    ]


def _next_word(document: DocumentContext, end: int) -> str:
    match = _WORD.match(document.text, end)
    return match.group(1) if match else ""


def _last_word(document: DocumentContext, start: int) -> str:
    words = document.text[max(0, start - 20) : start].split()
    return words[-1] if words else ""


def _of_place(
    document: DocumentContext, context: SegmentContext, i: int, here: list[int], source: list[float]
) -> list[float]:
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
    return [
        float(segment.paragraph - mention.paragraph),
        float(after),
        min(float(words), 80.0),
        min(float(apart), 9.0),
        float(context.sentence_first <= sentence <= context.sentence_last),
        float(others),
        float(rivals),
        float(sum(_count(document, mark, start, end) for mark in ".!?")),
        float(_count(document, ",", start, end)),
        float(_count(document, ":", start, end) + 2 * _count(document, ";", start, end)),
        float(not document.text[start : min(end, start + _BESIDE)].strip(" ,—–―-\n")),
        float(not _lead(document, mention)),
        float(mention.start - document.sentence_starts[sentence]) if sentence >= 0 else 0.0,
    ]


def _count(document: DocumentContext, mark: str, start: int, end: int) -> int:
    """The number of punctuation marks of one kind between two offsets."""
    places = document.marks[mark]
    return max(0, bisect_left(places, end) - bisect_left(places, start))


def _of_verb(document: DocumentContext, context: SegmentContext, i: int, words: WordOdds) -> list[float]:
    """The verb nearest to the segment among those the mention is the subject of."""
    verbs, grammar = document.verbs[i], document.grammar
    if not verbs:
        return [-7.0, 0.0, _NO_VERB, 0.0, -1.0, 0.0, 0.0]
    verb = min(verbs, key=lambda v: _distance(document, context, v))
    token, head = grammar.tokens[verb], document.mentions[i].head
    after = token.start >= context.segment.end
    low, high = sorted((verb, context.last if after else context.first))
    return [
        words.verb(token.lemma),
        float(token.lemma in SPEECH_LEMMAS),
        min(float(_distance(document, context, verb)), 60.0),
        float(after),
        tense(token.tag),
        float(verb > head),
        float(max(0, bisect_left(grammar.subjects, high) - bisect_left(grammar.subjects, low + 1))),
    ]


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


def _of_chain(document: DocumentContext, i: int, subjects: list[tuple[int, int]], words: WordOdds) -> list[float]:
    odds = [words.verb(document.grammar.tokens[verb].lemma) for _, verb in subjects]
    for rank, (subject, _) in enumerate(subjects):
        if subject == document.mentions[i].head:
            beaten = sum(1 for value in odds if value > odds[rank])
            return [float(rank), float(beaten), odds[rank], float(len(subjects)), odds[rank] - max(odds)]
    return [9.0, 9.0, -7.0, float(len(subjects)), -7.0]


def _of_clause(document: DocumentContext, i: int, above: list[int]) -> list[float]:
    """Whether the segment depends on a verb of the mention, and through how many clauses."""
    grammar, mention = document.grammar, document.mentions[i]
    token = grammar.tokens[mention.head]
    agent = token.dep == "pobj" and grammar.tokens[token.head].lemma == "by"
    verbs = {*document.verbs[i], *([grammar.tokens[token.head].head] if agent else [])}
    depth = next((rank for rank, number in enumerate(above) if rank and number in verbs), None)
    inside = float(mention.head in above)
    if depth is None:
        return [_FAR, 9.0, 0.0, float(agent), inside]
    path = [grammar.tokens[number].dep for number in above[:depth]]
    return [
        float(depth),
        float(sum(1 for dep in path if dep in _CLAUSAL)),
        _LINKS.get(path[-1], 9.0),
        float(agent),
        inside,
    ]


def _of_rule(document: DocumentContext, context: SegmentContext, i: int, rule: AttributedSegment | None) -> list[float]:
    """Whether the rules chose this mention, and whether a dash joins it to the segment (… ” — Ana Costa)."""
    mention = document.mentions[i]
    lead = _lead(document, mention)
    dash = lead[-1:] in _DASHES and bool(lead)
    apart = document.text[context.segment.end + 1 : min(mention.start, context.segment.end + 20)].strip()
    joined = context.segment.end < mention.start <= context.segment.end + 20 and bool(apart) and apart in _DASHES
    if rule is None or rule.mention is None:
        return [0.0, float(rule is not None), -1.0, float(dash), float(joined)]
    found_by = _FOUND_BY[rule.attribution]
    agrees = rule.mention.start < mention.end and mention.start < rule.mention.end
    head = document.grammar.tokens[mention.head]
    last = head.end >= rule.mention.end or mention.end >= rule.mention.end
    return [
        agrees * (2.0 if last else 1.0),
        found_by,
        float(abs(rule.mention.start - mention.start)),
        float(dash),
        float(joined),
    ]


def _lead(document: DocumentContext, mention: Mention) -> str:
    """The last 40 characters before a mention in its paragraph, right-stripped."""
    return document.text[max(document.spans[mention.paragraph][0], mention.start - 40) : mention.start].rstrip()


def _of_rank(
    document: DocumentContext, context: SegmentContext, i: int, here: list[int], source: list[float]
) -> list[float]:
    others = [source[j] for j in here if j != i]
    before = sum(1 for j in here if source[j] > _LIKELY and document.mentions[j].start < context.segment.start)
    likely = sum(1 for j in here if source[j] > _LIKELY)
    return [
        float(sum(1 for value in others if value > source[i])),
        source[i] - max(others, default=0.0),
        float(likely),
        float(before),
        float(likely - before),
    ]


def segment_features(document: DocumentContext, context: SegmentContext) -> list[float]:
    """The features `_SEGMENT` of the segment alone."""
    segment = context.segment
    words = document.text[segment.start : segment.end].strip()
    top = document.grammar.tokens[context.top].dep if context.top is not None else ""
    return [
        float(min(context.words, 40)),
        float(words[:1].isupper()),
        float(" ,.?!—…".find(words[-1:]) if words[-1:] in ",.?!—…" else 0),
        float(' ,:.?!—”"'.find(context.before) if context.before else -2),
        float(' ,:.?!—“"'.find(context.after) if context.after else -2),
        float(context.fills_paragraph),
        float(context.in_paragraph),
        float(context.order),
        float(context.same_sentence_before),
        float(context.same_sentence_after),
        _TOP_CODES.get(top, 0.0),
    ]

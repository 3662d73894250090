"""Attribution with a parse: a fitted model chooses the speaker of every quoted segment among the mentions near it.

It asks five questions, each answered with a probability: is a mention the source of anything, did it say this segment,
is the segment a quotation at all, can the choice be trusted, and which person does a pronoun stand for. Answers below
their thresholds are dropped.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment, attribution_of
from retrieval.text.attribution.clauses import Touching
from retrieval.text.attribution.cues import SPEECH_LEMMAS
from retrieval.text.attribution.fitted.document_context import DocumentContext, SegmentContext, build_context
from retrieval.text.attribution.fitted.mentions import PRONOUN, Mention
from retrieval.text.attribution.fitted.model import Model
from retrieval.text.attribution.fitted.pair_features import nearby_mentions, pair_features
from retrieval.text.attribution.fitted.person_entities import PersonEntity, find_entities
from retrieval.text.attribution.fitted.pronouns import PronounResolver, gender_of
from retrieval.text.attribution.fitted.segment_features import RankedMentions, certainty_features, quotation_rows
from retrieval.text.attribution.fitted.source_features import WordOdds, source_features
from retrieval.text.attribution.marks.marks import is_aside
from retrieval.text.names.vocabulary import fold
from retrieval.text.parse import Parse

_SIGNED = 0.95
_PLAIN = 0.9
"""The certainty of a plain clause: on annotated articles, 24 of 25 that the model declined were right."""

_DOUBTED = 0.8
_SUBJECT_BEFORE = 0.93
"""How sure a pronoun is that follows the subject of a sentence in its own paragraph: the model was right less often."""

_WITHIN = 100
_ENDS = frozenset({"", ".", "?", "!", "”", '"'})


@dataclass(frozen=True, slots=True)
class Prediction:
    """The model on one segment: the probability of a quotation, the mention that said it, and how certain that is."""

    is_quotation: float
    mention: int | None
    certainty: float


def attribute(text: str, parse: Parse, model: Model) -> tuple[list[AttributedSegment], list[PersonEntity]]:
    """Return the quotations of a text in order, and the persons it names."""
    document = build_context(text, parse)
    entities = find_entities(text, document.grammar)
    source = source_probabilities(document, model)
    by_head = {named.head: person.name for person in entities for named in person.mentions}
    by_start = {named.start: (named.end, person.name) for person in entities for named in person.mentions}
    links = _Links(document, PronounResolver(entities, document, source), by_head, by_start, model)
    return _attributed_segments(links, predict(document, source, model)), entities


def source_probabilities(document: DocumentContext, model: Model) -> list[float]:
    """For each mention, the probability that it is the source of anything said in the text."""
    rows = [
        source_features(document.grammar, mention, model.words, document.verbs[number])
        for number, mention in enumerate(document.mentions)
    ]
    return model.source.probabilities(rows)


def predict(document: DocumentContext, source: list[float], model: Model) -> list[Prediction]:
    """Predict every segment."""
    chosen = [nearby_mentions(document, context) for context in document.segment_contexts]
    rows = pair_rows(document, chosen, source, model.words)
    flat = iter(model.pair.probabilities([row for group in rows for row in group]))
    ranked = [
        RankedMentions(numbers, [next(flat) for _ in numbers], group)
        for numbers, group in zip(chosen, rows, strict=True)
    ]
    described = quotation_rows(document, chosen, [one.probabilities for one in ranked], model.words)
    is_quotation = model.quotation.probabilities(described)
    certain = iter(
        model.certainty.probabilities(
            [certainty_features(document, one, row) for one, row in zip(ranked, described, strict=True) if one.mentions]
        )
    )
    return [
        _prediction(one, probability, next(certain) if one.mentions else 0.0)
        for one, probability in zip(ranked, is_quotation, strict=True)
    ]


def _prediction(ranked: RankedMentions, is_quotation: float, certain: float) -> Prediction:
    """Choose the best mention; its certainty is the mean of the ranker's and the certainty model's probabilities.

    A signature needs no model.
    """
    if not ranked.mentions:
        return Prediction(is_quotation, None, 0.0)
    if ranked.signature is not None:
        return Prediction(is_quotation, ranked.signature, _SIGNED)
    first = ranked.order[0]
    return Prediction(is_quotation, ranked.mentions[first], (ranked.probabilities[first] + certain) / 2)


def pair_rows(
    document: DocumentContext, chosen: list[list[int]], source: list[float], words: WordOdds
) -> list[list[list[float]]]:
    """For each segment the ranker's rows, one for each of its mentions in `chosen`."""
    counts = same_name_counts(document)
    return [
        pair_features(document, context, numbers, source=source, words=words, counts=counts)
        for context, numbers in zip(document.segment_contexts, chosen, strict=True)
    ]


def same_name_counts(document: DocumentContext) -> list[int]:
    """For each mention with a name, how many mentions of the text end in the same word; 0 for the others."""
    keys = []
    for mention in document.mentions:
        token = document.grammar.tokens[mention.name_head]
        keys.append(fold(document.text[token.start : token.end]) if token.pos == "PROPN" else "")
    counts = Counter(keys)
    return [counts[key] if key else 0 for key in keys]


@dataclass(frozen=True, slots=True)
class _Links:
    """What links mentions to persons.

    `by_head` maps the head token of each mention of a person to the person's name, `by_start` the start of each to its
    end and the name.
    """

    document: DocumentContext
    resolver: PronounResolver
    by_head: dict[int, str]
    by_start: dict[int, tuple[int, str]]
    model: Model


def _attributed_segments(links: _Links, predictions: list[Prediction]) -> list[AttributedSegment]:
    attributed: list[AttributedSegment] = []
    last: str | None = None
    speaking: set[int] = set()
    document = links.document
    for place, (context, prediction) in enumerate(zip(document.segment_contexts, predictions, strict=True)):
        if prediction.is_quotation < links.model.least_quotation and not _is_said(
            document, context, document.by_rule[place]
        ):
            continue
        if is_aside(document.text, context.segment, document.spans[context.segment.paragraph]):
            continue
        clause = document.clauses[bisect_left(document.segment_starts, context.segment.start)]
        choice = _by_clause(links, clause, prediction)
        number = choice.mention
        if _continues(links, context, prediction, attributed):
            previous = attributed[-1]
            attributed.append(
                replace(previous, segment=context.segment, cue=None, attribution=Attribution.CONTINUATION)
            )
            continue
        if number is None or choice.certainty < links.model.least_speaker:
            attributed.append(_by_words(document, context, clause))
            continue
        person, person_certainty = _person(links, number, last)
        last = person or last
        span = _joined(links, number)
        cue, attribution = _cue_and_attribution(document, context, number, span, again=number in speaking)
        probability = links.model.speaker_scale.probability(choice.certainty) * person_certainty
        inferred = None if _is_told(document.by_rule[place], span) else span
        attributed.append(
            AttributedSegment(context.segment, span, cue, attribution, probability, person, inferred=inferred)
        )
        speaking.add(number)
    return attributed


def _is_told(by_rule: AttributedSegment | None, mention: Span) -> bool:
    """Whether the plain words around a quotation tell of the same speaker."""
    return by_rule is not None and by_rule.mention is not None and by_rule.mention.overlaps(mention)


def _is_said(document: DocumentContext, context: SegmentContext, by_rule: AttributedSegment | None) -> bool:
    """Whether a segment begins a sentence and speaker and verb follow: “Bo Kim is Bo Kim,” Ana Costa said."""
    if context.before not in _ENDS or by_rule is None or by_rule.cue is None or by_rule.mention is None:
        return False
    end = by_rule.segment.end
    first = min(by_rule.cue.start, by_rule.mention.start)
    return document.text[end - 1] in ",?!" and first > end and not document.text[end + 1 : first].strip()


def _by_clause(links: _Links, clause: Touching | None, prediction: Prediction) -> Prediction:
    """The mention in the plain clause beside a quotation, where the model declines or doubts; else the prediction."""
    if clause is None or (clause.cue is not None and prediction.certainty >= _DOUBTED):
        return prediction
    mentions = links.document.mentions
    last = bisect_left(mentions, clause.speaker.end, key=lambda mention: mention.start)
    inside = [n for n in range(max(0, last - _WITHIN), last) if mentions[n].start >= clause.speaker.start]
    if prediction.mention in inside:
        return replace(prediction, certainty=max(prediction.certainty, _PLAIN))
    return replace(prediction, mention=max(inside, key=lambda n: mentions[n].end, default=None), certainty=_PLAIN)


def _by_words(document: DocumentContext, context: SegmentContext, clause: Touching | None) -> AttributedSegment:
    """The speaker in the plain clause beside a quotation, where the parse has no mention there; else nobody."""
    if clause is None:
        return AttributedSegment(context.segment, None, None, Attribution.UNKNOWN, 0.0)
    found_by = attribution_of(clause.speaker.of(document.text))
    return AttributedSegment(context.segment, clause.speaker, clause.cue, found_by, _PLAIN)


def _continues(links: _Links, context: SegmentContext, prediction: Prediction, before: list[AttributedSegment]) -> bool:
    """Whether a quotation without a closing mark goes on in this segment, whose own paragraph names no sure speaker."""
    if not before or not before[-1].segment.goes_on or before[-1].mention is None:
        return False
    if before[-1].segment.paragraph + 1 != context.segment.paragraph or context.order:
        return False
    certain = prediction.mention is not None and prediction.certainty >= links.model.least_speaker
    return not certain or links.document.mentions[prediction.mention or 0].paragraph != context.segment.paragraph


def _cue_and_attribution(
    document: DocumentContext, context: SegmentContext, number: int, span: Span, *, again: bool
) -> tuple[Span | None, Attribution]:
    """The cue and the kind of an attribution; a mention in another sentence that spoke before goes on speaking."""
    sentence = document.mention_sentence[number]
    if again and not context.sentence_first <= sentence <= context.sentence_last:
        return None, Attribution.CONTINUATION
    return _cue(document, context, number), attribution_of(span.of(document.text))


def _joined(links: _Links, number: int) -> Span:
    """The mention with a second name that "and" joins to it, or with the name that follows a description."""
    document = links.document
    grammar, mention = document.grammar, document.mentions[number]
    for child in grammar.children_between(mention.head, mention.head + 1, mention.head + _WITHIN):
        token = grammar.tokens[child]
        if token.dep == "conj" and token.pos == "PROPN" and not grammar.quoted[child]:
            between = document.text[mention.end : grammar.phrase(child)[0]].strip()
            if between in {"and", "&"}:
                return Span(mention.start, token.end)
    beside = _name_after(links, mention)
    return Span(mention.start, beside[0] if beside else mention.end)


def _cue(document: DocumentContext, context: SegmentContext, number: int) -> Span | None:
    """Of the verbs whose subject the mention is, the verb of speech nearest to the quotation."""
    grammar, segment = document.grammar, context.segment
    tokens = [grammar.tokens[verb] for verb in document.verbs[number]]
    if not tokens:
        token = grammar.tokens[document.mentions[number].head]
        above = grammar.tokens[grammar.tokens[token.head].head]
        according = token.dep == "pobj" and above.lemma in {"accord", "according"}
        return Span(above.start, grammar.tokens[token.head].end) if according and above.start < token.start else None
    speaking = [token for token in tokens if token.lemma in SPEECH_LEMMAS] or tokens
    nearest = min(speaking, key=lambda token: max(token.start - segment.end, segment.start - token.end))
    return Span(nearest.start, nearest.end)


def _person(links: _Links, number: int, last: str | None) -> tuple[str | None, float]:
    """The full name behind a mention, or None where it stays open, and the probability that it is right."""
    document, mention = links.document, links.document.mentions[number]
    for head in (mention.name, mention.head, _antecedent(document, mention.head)):
        if head is not None and head in links.by_head:
            return links.by_head[head], 1.0
    if not gender_of(document.grammar, mention):
        beside = _name_after(links, mention)
        return beside[1] if beside else None, 1.0
    subject = links.resolver.subject_before(mention)
    if subject is not None:
        return links.resolver.entities[subject].name, _SUBJECT_BEFORE
    antecedents = links.resolver.antecedents(mention)
    probabilities = links.model.pronoun.probabilities(links.resolver.features(antecedents, mention, last))
    if not probabilities or max(probabilities) < links.model.least_person:
        return None, 1.0
    top = max(range(len(antecedents)), key=lambda j: (probabilities[j], -j))
    alone = links.resolver.alone_before(mention)
    if alone is not None and alone != antecedents[top]:
        return None, 1.0
    return links.resolver.entities[antecedents[top]].name, links.model.person_scale.probability(probabilities[top])


def _name_after(links: _Links, mention: Mention) -> tuple[int, str] | None:
    """End and full name of the name behind a description and a comma: "its director, Ana Costa, said"."""
    text = links.document.text
    if mention.type == PRONOUN or text[mention.end : mention.end + 2] != ", ":
        return None
    named = links.by_start.get(mention.end + 2)
    return named if named is not None and text[named[0] : named[0] + 1] in {",", ".", ""} else None


def _antecedent(document: DocumentContext, number: int) -> int | None:
    """The noun that "who" refers to."""
    grammar = document.grammar
    token = grammar.tokens[number]
    verb = grammar.tokens[token.head]
    return verb.head if token.lemma == "who" and verb.dep == "relcl" else None

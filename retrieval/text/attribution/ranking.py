"""Attribution with a parse: every marked segment is put to a fitted model with every mention near it.

Five questions in turn, each answered with a probability: is a mention the source of anything, did it say this segment,
is the segment a quotation at all, can the choice be trusted, and which person is a pronoun. Answers below their
thresholds are not given.
"""

from collections import Counter
from dataclasses import dataclass, replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.certainty import Ranked, certainty_features
from retrieval.text.attribution.cues import SPEECH_LEMMAS
from retrieval.text.attribution.document_context import Scene, Setting, lay_out
from retrieval.text.attribution.finding import Finding, how_mentioned
from retrieval.text.attribution.marks import is_aside
from retrieval.text.attribution.mentions import PRONOUN, Mention
from retrieval.text.attribution.model import Model
from retrieval.text.attribution.pairs import near, pair_features
from retrieval.text.attribution.person_entities import PersonEntity, cast
from retrieval.text.attribution.quotation_probability import worth_rows
from retrieval.text.attribution.resolving import Company, gender_of
from retrieval.text.attribution.sources import Words, source_features
from retrieval.text.names.names import fold
from retrieval.text.parse import Parse

_SIGNED = 0.95
_WITHIN = 100


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model holds of one segment: how likely it is a quotation, which mention said it, how sure that is."""

    worth: float
    mention: int | None
    certainty: float


def attribute(text: str, parse: Parse, model: Model) -> tuple[list[Finding], list[PersonEntity]]:
    """Return the quotations of a text in order, and the persons it names."""
    scene = lay_out(text, parse)
    characters = cast(text, scene.grammar)
    source = sources(scene, model)
    by_head = {named.head: person.name for person in characters for named in person.mentions}
    by_start = {named.start: (named.end, person.name) for person in characters for named in person.mentions}
    case = _Case(scene, Company(characters, scene, source), by_head, by_start, model)
    return _findings(case, judge(scene, source, model)), characters


def sources(scene: Scene, model: Model) -> list[float]:
    """For each mention, the probability that it is the source of anything said in the text."""
    rows = [
        source_features(scene.grammar, mention, model.words, scene.verbs[number])
        for number, mention in enumerate(scene.mentions)
    ]
    return model.source.probabilities(rows)


def judge(scene: Scene, source: list[float], model: Model) -> list[Opinion]:
    """The model's opinion of every segment."""
    chosen = [near(scene, setting) for setting in scene.settings]
    rows = pair_rows(scene, chosen, source, model.words)
    flat = iter(model.pair.probabilities([row for group in rows for row in group]))
    ranked = [
        Ranked(numbers, [next(flat) for _ in numbers], group) for numbers, group in zip(chosen, rows, strict=True)
    ]
    described = worth_rows(scene, chosen, [one.probabilities for one in ranked], model.words)
    worth = model.worth.probabilities(described)
    sure = iter(
        model.certainty.probabilities(
            [certainty_features(scene, one, row) for one, row in zip(ranked, described, strict=True) if one.mentions]
        )
    )
    return [
        _opinion(one, probability, next(sure) if one.mentions else 0.0)
        for one, probability in zip(ranked, worth, strict=True)
    ]


def _opinion(ranked: Ranked, worth: float, sure: float) -> Opinion:
    """The certainty is the mean of what the ranker says of its choice and what the second model says of it.

    A signature needs no model.
    """
    if not ranked.mentions:
        return Opinion(worth, None, 0.0)
    if ranked.signed is not None:
        return Opinion(worth, ranked.signed, _SIGNED)
    first = ranked.order[0]
    return Opinion(worth, ranked.mentions[first], (ranked.probabilities[first] + sure) / 2)


def pair_rows(scene: Scene, chosen: list[list[int]], source: list[float], words: Words) -> list[list[list[float]]]:
    """For each segment the ranker's rows, one for each mention in `chosen`."""
    counts = namesakes(scene)
    return [
        pair_features(scene, setting, numbers, source=source, words=words, counts=counts)
        for setting, numbers in zip(scene.settings, chosen, strict=True)
    ]


def namesakes(scene: Scene) -> list[int]:
    """For each mention with a name, how many mentions of the text end in the same word; 0 for others."""
    keys = []
    for mention in scene.mentions:
        token = scene.grammar.token(mention.name if mention.name is not None else mention.head)
        keys.append(fold(scene.text[token.start : token.end]) if token.pos == "PROPN" else "")
    counts = Counter(keys)
    return [counts[key] if key else 0 for key in keys]


@dataclass(frozen=True, slots=True)
class _Case:
    """What the last step looks at: the scene, its persons, these by the head and the start of each mention, the model.

    `by_start` holds where the mention ends, too.
    """

    scene: Scene
    company: Company
    by_head: dict[int, str]
    by_start: dict[int, tuple[int, str]]
    model: Model


def _findings(case: _Case, opinions: list[Opinion]) -> list[Finding]:
    found: list[Finding] = []
    last: str | None = None
    said: set[int] = set()
    for setting, opinion in zip(case.scene.settings, opinions, strict=True):
        if opinion.worth < case.model.least_worth or _aside(case.scene, setting):
            continue
        number = opinion.mention
        if _goes_on(case, setting, opinion, found):
            found.append(_continued(found[-1], setting))
            continue
        if number is None or opinion.certainty < case.model.least_speaker:
            found.append(Finding(setting.segment, None, None, Attribution.UNKNOWN, 0.0))
            continue
        person, sure = _person(case, number, last)
        last = person or last
        span = _joined(case, number)
        choice = Choice(number, span, case.model.speaker_scale.probability(opinion.certainty) * sure, person)
        found.append(_finding(case.scene, setting, choice, again=number in said))
        said.add(number)
    return found


def _goes_on(case: _Case, setting: Setting, opinion: Opinion, found: list[Finding]) -> bool:
    """Whether the quotation before, never closed, goes on in this segment, whose own paragraph names nobody surely."""
    if not found or not found[-1].segment.goes_on or found[-1].mention is None:
        return False
    if found[-1].segment.paragraph + 1 != setting.segment.paragraph or setting.order:
        return False
    sure = opinion.mention is not None and opinion.certainty >= case.model.least_speaker
    return not sure or case.scene.mentions[opinion.mention or 0].paragraph != setting.segment.paragraph


def _continued(before: Finding, setting: Setting) -> Finding:
    return replace(before, segment=setting.segment, cue=None, how=Attribution.CONTINUATION)


def _aside(scene: Scene, setting: Setting) -> bool:
    return is_aside(scene.text, setting.segment, scene.spans[setting.segment.paragraph])


@dataclass(frozen=True, slots=True)
class Choice:
    """The mention chosen for a segment, how sure that is, and the person behind it where there is one.

    `span` is the mention with a name that stands beside it.
    """

    mention: int
    span: Span
    probability: float
    person: str | None


def _finding(scene: Scene, setting: Setting, choice: Choice, *, again: bool) -> Finding:
    mention = choice.span
    sentence = scene.mention_sentence[choice.mention]
    if again and not setting.sentence_first <= sentence <= setting.sentence_last:
        return Finding(setting.segment, mention, None, Attribution.CONTINUATION, choice.probability, choice.person)
    how = how_mentioned(mention.of(scene.text))
    cue = _cue(scene, setting, choice.mention)
    return Finding(setting.segment, mention, cue, how, choice.probability, choice.person)


def _joined(case: _Case, number: int) -> Span:
    """The mention, with a second name that "and" joins to it, or with the name set beside it."""
    scene = case.scene
    grammar, mention = scene.grammar, scene.mentions[number]
    for child in grammar.children_between(mention.head, mention.head + 1, mention.head + _WITHIN):
        token = grammar.token(child)
        if token.dep == "conj" and token.pos == "PROPN" and not grammar.quoted[child]:
            between = scene.text[mention.end : grammar.phrase(child)[0]].strip()
            if between in {"and", "&"}:
                return Span(mention.start, token.end)
    beside = _set_beside(case, mention)
    return Span(mention.start, beside[0] if beside else mention.end)


def _cue(scene: Scene, setting: Setting, number: int) -> Span | None:
    """Of the verbs the mention is the subject of, the one of speech that stands nearest to the quotation."""
    grammar, segment = scene.grammar, setting.segment
    tokens = [grammar.token(verb) for verb in scene.verbs[number]]
    if not tokens:
        token = grammar.token(scene.mentions[number].head)
        above = grammar.token(grammar.token(token.head).head)
        according = token.dep == "pobj" and above.lemma in {"accord", "according"}
        return Span(above.start, grammar.token(token.head).end) if according and above.start < token.start else None
    speaking = [token for token in tokens if token.lemma in SPEECH_LEMMAS] or tokens
    nearest = min(speaking, key=lambda token: max(token.start - segment.end, segment.start - token.end))
    return Span(nearest.start, nearest.end)


def _person(case: _Case, number: int, last: str | None) -> tuple[str | None, float]:
    """The full name behind a mention and how sure that is; no name where it stays open."""
    scene, mention = case.scene, case.scene.mentions[number]
    for head in (mention.name, mention.head, _antecedent(scene, mention.head)):
        if head is not None and head in case.by_head:
            return case.by_head[head], 1.0
    if not gender_of(scene.grammar, mention):
        beside = _set_beside(case, mention)
        return beside[1] if beside else None, 1.0
    chosen = case.company.antecedents(mention)
    rated = case.model.pronoun.probabilities(case.company.features(chosen, mention, last))
    if not rated or max(rated) < case.model.least_person:
        return None, 1.0
    top = max(range(len(chosen)), key=lambda j: (rated[j], -j))
    return case.company.characters[chosen[top]].name, case.model.person_scale.probability(rated[top])


def _set_beside(case: _Case, mention: Mention) -> tuple[int, str] | None:
    """Whose name follows a description between commas ("its director, Ana Costa, said"), with the end of the name."""
    text = case.scene.text
    if mention.type == PRONOUN or text[mention.end : mention.end + 2] != ", ":
        return None
    named = case.by_start.get(mention.end + 2)
    return named if named is not None and text[named[0] : named[0] + 1] in {",", ".", ""} else None


def _antecedent(scene: Scene, number: int) -> int | None:
    """The noun that "who" belongs to."""
    grammar = scene.grammar
    token = grammar.token(number)
    verb = grammar.token(token.head)
    return verb.head if token.lemma == "who" and verb.dep == "relcl" else None

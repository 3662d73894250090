"""Quotations of an article: words between marks, with their cue, their speaker's mention and the person behind it.

Indirect speech is never returned, and neither are titles, nicknames and scare quotes as far as they are recognised.
With a `Parse` a fitted model chooses the speaker; without one, rules do. It never raises, whatever the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from retrieval.domain.articles import LinkedWords, Span
from retrieval.domain.quotations import Attribution, QuotationKind
from retrieval.text.attribution import rules
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.fitted import ranking
from retrieval.text.attribution.fitted.model import Model, fitted
from retrieval.text.attribution.languages import foreign
from retrieval.text.attribution.languages.languages import language_of
from retrieval.text.attribution.marks.marks import segments
from retrieval.text.attribution.marks.plain_marks import plain_text
from retrieval.text.attribution.people.outlets import Outlets
from retrieval.text.attribution.people.people import People, gather_people
from retrieval.text.attribution.people.speakers import FoundSpeaker, Speakers
from retrieval.text.attribution.revisions.chain import revise
from retrieval.text.attribution.split_text import SplitText, split
from retrieval.text.attribution.transcripts.quoted_in_turns import around_marks, attribute_in_turns
from retrieval.text.attribution.transcripts.transcripts import find_turns
from retrieval.text.attribution.transcripts.turn_speakers import TurnSpeaker, turn_speakers
from retrieval.text.attribution.transcripts.turns import Turn
from retrieval.text.parse import Parse

MOST_RANKED = 2_000
"""Quotations beyond which rules attribute: the model takes up to 3 ms each; long articles have some hundreds."""

_LABELLED, _ANSWERED = 0.97, 0.9
"""How sure the speaker of a labelled turn is, and of an answer without a label."""

_LEAD = 200
"""How far before a quotation the last character of the lead-in is looked for."""


@dataclass(frozen=True, slots=True)
class FoundQuotation:
    """Words between marks, or a paragraph of a turn in a transcript; all spans are offsets into the text.

    `content` excludes the marks; `sentence` is the whole sentence, or sentences, around it, of a turn the paragraph.
    `speakers` has all of "A, B and C", none where the text does not tell safely. `confidence` (0..1) is the
    probability that the attribution is right, `via` the outlet or person that passed the words on, where named. Words
    that the text denies, invents or doubts are `disputed`: they have no speakers, and `alleged` is who is said to have
    said them.
    """

    content: Span
    cue: Span | None
    sentence: Span
    speakers: tuple[FoundSpeaker, ...]
    kind: QuotationKind
    attribution: Attribution
    confidence: float
    via: Span | None = None
    disputed: bool = False
    alleged: tuple[FoundSpeaker, ...] = ()


def find_quotations(
    text: str, parse: Parse | None = None, model: Model | None = None, linked: tuple[LinkedWords, ...] = ()
) -> list[FoundQuotation]:
    """Return the quotations of a text, in order and without overlap.

    `parse` is a parse of the same text; `model` replaces the release's own, for measuring. Rules attribute quotations
    without a parse, and in a text with more than `MOST_RANKED` of them. `linked` is what the page's linked data say.
    """
    plain = plain_text(text)
    marked, turns = segments(plain), find_turns(text)
    language = language_of(text, foreign.without_quoted(text, marked))
    if language is None and not (marked or turns):
        return []
    if language is not None:
        attributed, people = foreign.attribute(plain, language), gather_people(plain)
    elif parse is None or not parse.tokens or len(marked) > MOST_RANKED:
        attributed, people = rules.attribute(plain), gather_people(plain)
    else:
        attributed, people = _ranked(plain, parse, model)
    found = _quotations(split(plain, linked), turns, attributed, people, is_english=language is None)
    if plain == text:
        return found
    return [replace(quotation, sentence=_printed(text, plain, quotation.sentence)) for quotation in found]


def needs_parse(text: str) -> bool:
    """Whether a parse would change the quotations of a text: they are English, not too many to rank, and there are any.

    To parse a text takes many times as long as to find that it has none.
    """
    plain = plain_text(text)
    marked = segments(plain)
    if len(marked) > MOST_RANKED or not (marked or find_turns(text)):
        return False
    return language_of(text, foreign.without_quoted(text, marked)) is None


def _ranked(text: str, parse: Parse, model: Model | None) -> tuple[list[AttributedSegment], People]:
    attributed, entities = ranking.attribute(text, parse, model or fitted())
    spans = [(named.start, named.end) for person in entities for named in person.mentions]
    return attributed, gather_people(text, sorted(set(spans)))


def _printed(text: str, plain: str, sentence: Span) -> Span:
    """A sentence of the plain text with all of the marks at its edges that are printed in the text."""
    start, end = sentence.start, sentence.end
    while start and text[start - 1] != plain[start - 1] and text[start - 1] not in "> \n":
        start -= 1
    while end < len(text) and text[end] != plain[end] and not text[end].isspace():
        end += 1
    return Span(start + len(text[start:end]) - len(text[start:end].lstrip()), end)


def _quotations(
    split_text: SplitText, turns: list[Turn], attributed: list[AttributedSegment], people: People, *, is_english: bool
) -> list[FoundQuotation]:
    text = split_text.text
    article = _Article(split_text, Speakers(text, people, is_english=is_english), Outlets(text))
    speakers = turn_speakers(text, turns, people)
    revised = attribute_in_turns(split_text, revise(split_text, attributed), turns, speakers)
    found = [_quotation(article, segment) for segment in revised]
    for turn, speaker in zip(turns, speakers, strict=True):
        found += _said(article, turn, speaker, revised) if speaker else ()
    return sorted(found, key=lambda one: one.content.start)


@dataclass(frozen=True, slots=True)
class _Article:
    """A text with the speakers it can have and the outlets it names."""

    split: SplitText
    speakers: Speakers
    outlets: Outlets


def _quotation(article: _Article, attributed: AttributedSegment) -> FoundQuotation:
    content = Span(attributed.segment.start, attributed.segment.end)
    sentence = article.split.sentences_around(content, attributed.segment.paragraph)
    speakers = article.speakers.behind(attributed)
    return FoundQuotation(
        content=content,
        cue=attributed.cue,
        sentence=sentence,
        speakers=() if attributed.disputed else speakers,
        kind=_kind(article.split.text, content, sentence),
        attribution=attributed.attribution,
        confidence=attributed.probability,
        via=attributed.via or _via(article, attributed, content, sentence),
        disputed=attributed.disputed,
        alleged=speakers if attributed.disputed else (),
    )


def _said(
    article: _Article, turn: Turn, speaker: TurnSpeaker, marked: list[AttributedSegment]
) -> Iterator[FoundQuotation]:
    """Each paragraph of a turn as a quotation of its speaker: all of it, or what stands around the words of others."""
    text = article.split.text
    who = FoundSpeaker(speaker.mention, " ".join(speaker.mention.of(text).split()), None, named=False)
    if speaker.person:
        who = replace(article.speakers.named(speaker.mention, speaker.person), name=speaker.person)
    how = Attribution.NAMED if speaker.person else Attribution.ROLE
    for number, paragraph in enumerate(turn.paragraphs):
        for content in around_marks(text, paragraph, marked):
            yield FoundQuotation(
                content=content,
                cue=None,
                sentence=paragraph,
                speakers=(who,),
                kind=QuotationKind.TURN,
                attribution=Attribution.CONTINUATION if number or turn.label is None else how,
                confidence=_LABELLED if turn.label else _ANSWERED,
            )


def _via(article: _Article, attributed: AttributedSegment, content: Span, sentence: Span) -> Span | None:
    """The outlet named in the sentence of a quotation, or in that of its speaker's mention."""
    mention = attributed.mention
    if mention is None:
        return None
    nearby = [sentence]
    if not sentence.covers(mention):
        nearby.append(article.split.sentences_around(mention, article.split.paragraph_at(mention.start)))
    return article.outlets.relayed_by(nearby, mention, attributed.cue, content)


def _kind(text: str, content: Span, sentence: Span) -> QuotationKind:
    """Direct where the words begin like a sentence and the writer's own sentence does not run into them."""
    lead = text[max(sentence.start, content.start - _LEAD) : content.start].rstrip("“”\"'‘’„«»` \n")
    first = next((char for char in content.of(text) if char.isalpha()), "")
    opens = not lead or lead[-1] in ",:.?!—–-" or first.isupper()
    fragment = len(content.of(text).split()) < 4 and bool(lead) and lead[-1] not in ",:"  # noqa: PLR2004
    return QuotationKind.DIRECT if opens and first.isupper() and not fragment else QuotationKind.MIXED

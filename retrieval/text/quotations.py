"""Quotations of an article: words between marks, each with its cue, its speaker's mention and the person behind it.

Text in, quotations out: nothing is stored, shown or looked up. Indirect speech is never returned, and neither are
titles, nicknames and scare quotes where they can be told. With a `Parse` a fitted model chooses the speaker; without
one, rules do. It never raises, whatever the text.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution, QuotationKind
from retrieval.text.attribution import ranking, rules
from retrieval.text.attribution.finding import Finding, how_mentioned
from retrieval.text.attribution.marks import paragraphs, segments
from retrieval.text.attribution.model import Model, fitted
from retrieval.text.attribution.offices import Offices
from retrieval.text.attribution.outlets import Outlets
from retrieval.text.attribution.people import People, gather
from retrieval.text.names import names
from retrieval.text.parse import Parse
from retrieval.text.sentences import sentences

_TWO = re.compile(r"^(?:both\s+)?(?P<one>[^,]+?)(?:(?<!\s)|(?=,)),?\s++and\s++(?P<two>[^,]+)$", re.IGNORECASE)
MOST_RANKED = 2_000
"""Quotations beyond which the model is not asked: each takes it up to 3 ms, and long articles have some hundreds."""

_LEAD = 200
"""Characters before a quotation in which the one that leads up to it is looked for."""

_GROUP = re.compile(
    r"[’']s?\s+\w|\b(?:House|Department|Pentagon|campaign|committee|office|ministry|party|group|officials?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundSpeaker:
    """Who said it; `mention` is where the text says so.

    `name` is the full name found in the same article, or the words of the mention ("a U.S. official"); `named` says
    whether it is a name or merely such words. `role` and `rank` ("Maj. Gen.") are as the article prints them.
    """

    mention: Span | None
    name: str
    role: str | None
    named: bool
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class FoundQuotation:
    """Words between marks. `content` excludes the marks; `sentence` is the whole sentence or sentences it stands in.

    `mentions` holds the speakers, two for "both A and B", none where the text does not tell safely. `confidence` (0..1)
    is the probability that the attribution is right, `via` the outlet that passed the words on, where it is named.
    """

    content: Span
    cue: Span | None
    sentence: Span
    mentions: tuple[FoundSpeaker, ...]
    kind: QuotationKind
    attributed_by: Attribution
    confidence: float
    via: Span | None = None


def find_quotations(text: str, parse: Parse | None = None, model: Model | None = None) -> list[FoundQuotation]:
    """Return the quotations of a text, in order and without overlap; offsets count its characters.

    `parse` is a parse of the same text; `model` another model than the release's own, for measuring. Without a parse,
    and in a text of very many quotations, rules attribute them.
    """
    if parse is None or not parse.tokens or len(segments(text)) > MOST_RANKED:
        return _all_found(text, rules.attribute(text), gather(text))
    findings, characters = ranking.attribute(text, parse, model or fitted())
    spans = [(named.start, named.end) for person in characters for named in person.mentions]
    return _all_found(text, findings, gather(text, sorted(set(spans))))


def _all_found(text: str, findings: list[Finding], people: People) -> list[FoundQuotation]:
    spans = [Span(*span) for span in paragraphs(text)]
    whole = [sentences(text, span) for span in spans]
    article = _Article(text, people, Offices(text, people), Outlets(text), spans, whole)
    return [_found(article, finding) for finding in findings]


@dataclass(frozen=True, slots=True)
class _Article:
    """A text with everybody and the outlets it names, the offices borne, its paragraphs and the sentences of each."""

    text: str
    people: People
    offices: Offices
    outlets: Outlets
    paragraphs: list[Span]
    sentences: list[list[Span]]


def _found(article: _Article, finding: Finding) -> FoundQuotation:
    content = Span(finding.segment.start, finding.segment.end)
    sentence = _sentence(article, content, finding.segment.paragraph)
    return FoundQuotation(
        content=content,
        cue=finding.cue,
        sentence=sentence,
        mentions=_speakers(article, finding.mention, finding.person) if finding.mention else (),
        kind=_kind(article.text, content, sentence),
        attributed_by=finding.how,
        confidence=finding.probability,
        via=_via(article, finding, content, sentence),
    )


def _via(article: _Article, finding: Finding, content: Span, sentence: Span) -> Span | None:
    """The outlet named in the sentence of a quotation, or in that of its speaker's mention."""
    mention = finding.mention
    if mention is None:
        return None
    near = [sentence]
    if not sentence.covers(mention):
        number = bisect_right(article.paragraphs, mention.start, key=lambda span: span.start) - 1
        near.append(_sentence(article, mention, number))
    return article.outlets.relayed_by(near, mention, finding.cue, content)


def _sentence(article: _Article, part: Span, number: int) -> Span:
    """The sentences of a paragraph that a part of it touches, with the marks around it."""
    paragraph, whole = article.paragraphs[number], article.sentences[number]
    first = max(0, bisect_right(whole, part.start, key=lambda span: span.start) - 1)
    last = bisect_left(whole, part.end, key=lambda span: span.start)
    touched = [sentence for sentence in whole[first:last] if sentence.overlaps(part)]
    start = min([part.start, *(sentence.start for sentence in touched[:1])])
    end = max([part.end, *(sentence.end for sentence in touched[-1:])])
    return Span(max(paragraph.start, min(start, part.start - 1)), min(paragraph.end, max(end, part.end + 1)))


def _kind(text: str, content: Span, sentence: Span) -> QuotationKind:
    """Direct where the words begin like a sentence of their own and the writer's sentence does not run into them."""
    lead = text[max(sentence.start, content.start - _LEAD) : content.start].rstrip("“”\"'‘’„«»` \n")
    first = next((char for char in content.of(text) if char.isalpha()), "")
    opens = not lead or lead[-1] in ",:.?!—–-" or first.isupper()
    fragment = len(content.of(text).split()) < 4 and bool(lead) and lead[-1] not in ",:"  # noqa: PLR2004
    return QuotationKind.DIRECT if opens and first.isupper() and not fragment else QuotationKind.MIXED


def _speakers(article: _Article, mention: Span, person: str | None) -> tuple[FoundSpeaker, ...]:
    """The mention as one speaker, or as two where it joins two names."""
    joined = _TWO.match(mention.of(article.text))
    if joined and all(names.split_title(joined.group(part)).name[:1].isupper() for part in ("one", "two")):
        spans = [Span(mention.start + joined.start(part), mention.start + joined.end(part)) for part in ("one", "two")]
        return tuple(_speaker(article, span, None) for span in spans)
    return (_speaker(article, mention, person),)


def _speaker(article: _Article, mention: Span, person: str | None) -> FoundSpeaker:
    """Who a mention stands for: the person already settled on, or the one its own words lead to."""
    words = " ".join(mention.of(article.text).split())
    person = person or names.name_beside(words)
    printed = names.split_title(words)
    named = how_mentioned(words) is Attribution.NAMED
    held = None if person or named else article.offices.holder(mention)
    if held is not None:
        return FoundSpeaker(mention, held.name, held.role, named=True, rank=held.rank)
    if not person and (not named or not printed.name[:1].isupper() or _GROUP.search(words)):
        return FoundSpeaker(mention, words, None, named=named)
    if person and names.surname(printed.name) != names.surname(person):
        printed = names.PrintedName(person, None, 0, 0)
    known = article.people.find(person or words)
    if known is None:
        return FoundSpeaker(mention, person or printed.name, printed.role, named=True, rank=printed.rank)
    role, rank = _fuller(printed.role, known.role), _fuller(printed.rank, known.rank)
    return FoundSpeaker(mention, known.name, role, named=True, rank=rank)


def _fuller(here: str | None, elsewhere: str | None) -> str | None:
    """The role, or the rank, printed at the mention itself, unless the article prints more of it elsewhere."""
    if here is None or (elsewhere is not None and elsewhere.endswith(here)):
        return elsewhere
    return here

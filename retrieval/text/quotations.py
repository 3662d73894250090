"""Quotations of an article: words between marks, each with its cue, its speaker's mention and the person behind it.

Text in, quotations out: nothing is stored, shown or looked up. Indirect speech is never returned, and neither are
titles, nicknames and scare quotes where they can be told. With a `Parse` a fitted model chooses the speaker; without
one, rules do. It never raises, whatever the text.
"""

import re
from dataclasses import dataclass

from retrieval.domain import Attribution, QuotationKind, Span
from retrieval.text import names
from retrieval.text.attribution import ranking, rules
from retrieval.text.attribution.finding import Finding, how_mentioned
from retrieval.text.attribution.marks import paragraphs
from retrieval.text.attribution.model import Model, fitted
from retrieval.text.attribution.people import People, gather
from retrieval.text.parse import Parse
from retrieval.text.sentences import sentences

_TWO = re.compile(r"^(?:both\s+)?(?P<one>[^,]+?),?\s+and\s+(?P<two>[^,]+)$", re.IGNORECASE)
_GROUP = re.compile(
    r"[’']s?\s+\w|\b(?:House|Department|Pentagon|campaign|committee|office|ministry|party|group|officials?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundSpeaker:
    """Who said it; `mention` is where the text says so.

    `name` is the full name found in the same article, or the words of the mention ("a U.S. official"); `named` says
    whether it is a name or merely such words.
    """

    mention: Span | None
    name: str
    role: str | None
    named: bool


@dataclass(frozen=True, slots=True)
class FoundQuotation:
    """Words between marks. `content` excludes the marks; `sentence` is the whole sentence or sentences it stands in.

    `mentions` holds the speakers, two for "both A and B", none where the text does not tell safely. `confidence` (0..1)
    is the probability that the attribution is right.
    """

    content: Span
    cue: Span | None
    sentence: Span
    mentions: tuple[FoundSpeaker, ...]
    kind: QuotationKind
    attributed_by: Attribution
    confidence: float


def find_quotations(text: str, parse: Parse | None = None, model: Model | None = None) -> list[FoundQuotation]:
    """Return the quotations of a text, in order and without overlap; offsets count its characters.

    `parse` is a parse of the same text; `model` another model than the release's own, for measuring.
    """
    if parse is None or not parse.tokens:
        return _all_found(text, rules.attribute(text), gather(text))
    findings, characters = ranking.attribute(text, parse, model or fitted())
    spans = [(named.start, named.end) for person in characters for named in person.mentions]
    return _all_found(text, findings, gather(text, sorted(set(spans))))


def _all_found(text: str, findings: list[Finding], people: People) -> list[FoundQuotation]:
    spans = paragraphs(text)
    return [_found(text, finding, people, spans) for finding in findings]


def _found(text: str, finding: Finding, people: People, spans: list[tuple[int, int]]) -> FoundQuotation:
    content = Span(finding.segment.start, finding.segment.end)
    sentence = _sentence(text, content, Span(*spans[finding.segment.paragraph]))
    return FoundQuotation(
        content=content,
        cue=finding.cue,
        sentence=sentence,
        mentions=_speakers(text, finding.mention, finding.person, people) if finding.mention else (),
        kind=_kind(text, content, sentence),
        attributed_by=finding.how,
        confidence=finding.probability,
    )


def _sentence(text: str, content: Span, paragraph: Span) -> Span:
    """The sentences of the paragraph that the quotation touches, with its marks."""
    whole = [sentence for sentence in sentences(text, paragraph) if sentence.overlaps(content)]
    start = min([content.start, *(sentence.start for sentence in whole[:1])])
    end = max([content.end, *(sentence.end for sentence in whole[-1:])])
    return Span(max(paragraph.start, min(start, content.start - 1)), min(paragraph.end, max(end, content.end + 1)))


def _kind(text: str, content: Span, sentence: Span) -> QuotationKind:
    """Direct where the words begin like a sentence of their own and the writer's sentence does not run into them."""
    lead = text[sentence.start : content.start].rstrip("“”\"'‘’„«»` \n")
    first = next((char for char in content.of(text) if char.isalpha()), "")
    opens = not lead or lead[-1] in ",:.?!—–-" or first.isupper()
    fragment = len(content.of(text).split()) < 4 and bool(lead) and lead[-1] not in ",:"  # noqa: PLR2004
    return QuotationKind.DIRECT if opens and first.isupper() and not fragment else QuotationKind.MIXED


def _speakers(text: str, mention: Span, person: str | None, people: People) -> tuple[FoundSpeaker, ...]:
    """The mention as one speaker, or as two where it joins two names."""
    joined = _TWO.match(mention.of(text))
    if joined and all(names.split_title(joined.group(part)).name[:1].isupper() for part in ("one", "two")):
        spans = [Span(mention.start + joined.start(part), mention.start + joined.end(part)) for part in ("one", "two")]
        return tuple(_speaker(text, span, None, people) for span in spans)
    return (_speaker(text, mention, person, people),)


def _speaker(text: str, mention: Span, person: str | None, people: People) -> FoundSpeaker:
    """Who a mention stands for: the person already settled on, or the one its own words lead to."""
    words = " ".join(mention.of(text).split())
    printed = names.split_title(words)
    settled = people.find(person) if person else None
    if person:
        here = printed.role if names.surname(printed.name) == names.surname(person) else None
        role = _fuller(here, settled.role if settled else None)
        return FoundSpeaker(mention, settled.name if settled else person, role, named=True)
    named = how_mentioned(words) is Attribution.NAMED
    if not named or not printed.name[:1].isupper() or _GROUP.search(words):
        return FoundSpeaker(mention, words, None, named=named)
    known = people.find(words)
    if known is None:
        return FoundSpeaker(mention, printed.name, printed.role, named=True)
    return FoundSpeaker(mention, known.name, _fuller(printed.role, known.role), named=True)


def _fuller(here: str | None, elsewhere: str | None) -> str | None:
    """The role printed at the mention itself, unless the article prints more of it elsewhere."""
    if here is None or (elsewhere is not None and elsewhere.endswith(here)):
        return elsewhere
    return here

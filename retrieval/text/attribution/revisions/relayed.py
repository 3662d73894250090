"""Finds words of somebody else: “A quoted B as saying, …”, “A said B had told her, …”, “A read from B's letter: …”.

The inner speaker said them, and who passed them on is `via`. Where the text does not name the inner speaker, nobody is
named: never the one who passed them on.
"""

from dataclasses import replace

from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment, attribution_of
from retrieval.text.attribution.clauses import last_of, surroundings
from retrieval.text.attribution.fitted.masking import underscored
from retrieval.text.attribution.relayed.after import relayed_after
from retrieval.text.attribution.relayed.before import relayed_before
from retrieval.text.attribution.relayed.relay import Relay, is_document
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.attribution.subjects import span_of, without_appositions

_LIKELY = 0.9


def revise_relayed(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """Give relayed words to who spoke them, where told, and say who passed them on."""
    plain = underscored(article.text, [one.segment for one in attributed])
    revised: list[AttributedSegment] = []
    for number, one in enumerate(attributed):
        bounds = article.paragraphs[one.segment.paragraph]
        following = attributed[number + 1].segment.start - 1 if number + 1 < len(attributed) else len(plain)
        within = bounds.start, min(bounds.end, following)
        around = surroundings(plain, within, one.segment, last_of(article.text, one.segment))
        relay = relayed_after(around) or relayed_before(around.before)
        if relay is None or (relay.speaker is None and relay.listener is not None):
            relay = relayed_before(without_appositions(around.before)) or relay
        revised.append(_revised(article.text, one, relay) if relay else one)
    return revised


def _revised(text: str, one: AttributedSegment, relay: Relay) -> AttributedSegment:
    via = span_of(relay.words, relay.via) if relay.via and not is_document(relay.words, relay.via) else None
    if relay.speaker is None:
        listener = span_of(relay.words, relay.listener) if relay.listener else None
        known = [span for span in (listener, via) if span]
        if known and one.mention and not any(one.mention.overlaps(span) for span in known):
            return one
        return replace(
            one, mention=None, cue=None, attribution=Attribution.UNKNOWN, probability=0.0, person=None, via=via
        )
    speaker = span_of(relay.words, relay.speaker)
    found_by = attribution_of(speaker.of(text))
    same = one.mention is not None and one.mention.overlaps(speaker) and not (via and one.mention.overlaps(via))
    if same and one.person and found_by is not Attribution.PRONOUN:
        return replace(one, via=via)
    return replace(one, mention=speaker, attribution=found_by, probability=_LIKELY, person=None, via=via)

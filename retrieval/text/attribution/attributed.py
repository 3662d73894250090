"""The result of attribution: a quoted segment with its speaker's mention, and how that was found."""

from dataclasses import dataclass

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.cues import PRONOUNS
from retrieval.text.attribution.marks.marks import Segment
from retrieval.text.names.names import is_named


@dataclass(frozen=True, slots=True)
class AttributedSegment:
    """One quotation and the `mention` that names its speaker; None where nothing in the text tells safely.

    `probability` (0..1) that this is right. `person` is the full name behind the mention, where already resolved.
    `via` is who passed the words on. `disputed`: the text says that the mention did not say them, or doubts it.
    `is_label`: the words are a name, a title or a term, which nobody says, and of which nothing can be denied.
    """

    segment: Segment
    mention: Span | None
    cue: Span | None
    attribution: Attribution
    probability: float
    person: str | None = None
    via: Span | None = None
    disputed: bool = False
    is_label: bool = False
    inferred: Span | None = None


def attribution_of(mention: str) -> Attribution:
    """How a mention refers to somebody: by a pronoun, a name or a role."""
    if mention.casefold() in PRONOUNS:
        return Attribution.PRONOUN
    return Attribution.NAMED if is_named(mention) else Attribution.ROLE

"""What attribution hands on: a segment of text with the mention of its speaker and how that was found."""

from dataclasses import dataclass

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.cues import PRONOUNS
from retrieval.text.attribution.marks import Segment
from retrieval.text.names.names import is_named


@dataclass(frozen=True, slots=True)
class Finding:
    """One quotation and the `mention` that names its speaker.

    `probability` (0..1) is that this is right, `person` the full name behind it where that has been settled already.
    """

    segment: Segment
    mention: Span | None
    cue: Span | None
    how: Attribution
    probability: float
    person: str | None = None


def how_mentioned(words: str) -> Attribution:
    """How a mention speaks of somebody: by a pronoun, by name, or by what they are."""
    if words.casefold() in PRONOUNS:
        return Attribution.PRONOUN
    return Attribution.NAMED if is_named(words) else Attribution.ROLE

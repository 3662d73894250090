"""Revises what rules or the model attributed, in the light of what neither can see.

Each revision is a module with one function: from a text and its attributed segments, in order, to the segments as they
should be. It may change a speaker, take one away, say who passed the words on, mark words as disputed, and leave out
what is no quotation. It never raises, whatever the text, and its time is linear in the text.
"""

from collections.abc import Callable

from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.revisions.appositions import name_described
from retrieval.text.attribution.revisions.dialogue import tell_turns
from retrieval.text.attribution.revisions.disputed import dispute
from retrieval.text.attribution.revisions.inferred import withdraw_inferred
from retrieval.text.attribution.revisions.labels import name_labelled
from retrieval.text.attribution.revisions.linked import apply_linked
from retrieval.text.attribution.revisions.new_sources import heed_newcomers
from retrieval.text.attribution.revisions.relayed import revise_relayed
from retrieval.text.attribution.revisions.works import without_titles
from retrieval.text.attribution.split_text import SplitText

Revision = Callable[[SplitText, list[AttributedSegment]], list[AttributedSegment]]

_REVISIONS: tuple[Revision, ...] = (
    name_labelled,
    revise_relayed,
    heed_newcomers,
    name_described,
    tell_turns,
    without_titles,
    apply_linked,
    dispute,
    withdraw_inferred,
)
"""In this order: each sees what the one before it left."""


def revise(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """Return the segments after every revision, in order."""
    for revision in _REVISIONS:
        attributed = revision(article, attributed)
    return attributed

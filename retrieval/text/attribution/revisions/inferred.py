"""Withdraws a speaker whom only the fitted model sees, where the sentence tells of fakes or of what one can imagine.

The model is surest where a name stands near, and that is so in "a clip made with a cloned voice of Ana Costa" too.
Where the plain words name the same speaker, they decide, and `disputed` reads what they deny.
"""

import re
from dataclasses import replace

from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.revisions.disputed import masked_quotations, words_around
from retrieval.text.attribution.revisions.notation import MASK, notation
from retrieval.text.attribution.revisions.pattern_lists import any_of, named_patterns
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.names.vocabulary import CAPITALS

_SENTENCE = re.compile(r"[\s,—–)-]*[^.?!:]*")
_NAME = re.compile(rf"\s[{CAPITALS}]|^[{CAPITALS}]\S*$")
"""A capital that does not only open a sentence ("Legal observers")."""

_PARTS = named_patterns("denial_parts")
_DOUBT = re.compile(any_of("doubts_around", _PARTS))
_DOUBT_OF_NAME = re.compile(any_of("doubts_of_names", _PARTS))


def withdraw_inferred(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """Return the segments; nobody is named where the model alone chose a speaker, and the sentence tells of doubt."""
    if not any(map(_is_inferred, attributed)):
        return attributed
    masked = masked_quotations(article.text, attributed)
    return [
        _withdrawn(one) if _is_inferred(one) and _is_doubtful(article, masked, attributed, place) else one
        for place, one in enumerate(attributed)
    ]


def _is_doubtful(article: SplitText, masked: str, attributed: list[AttributedSegment], place: int) -> bool:
    """Whether the sentence of a quotation holds words of doubt, or one that begins right behind it."""
    before, after = words_around(article, masked, attributed, place)
    sentence = _SENTENCE.match(after)
    words = notation(f"{before} {MASK} {sentence.group() if sentence else ''}").lstrip()
    named = _holds_name(article.text, attributed[place])
    return _DOUBT.search(words) is not None or (named and _DOUBT_OF_NAME.search(words) is not None)


def _holds_name(text: str, one: AttributedSegment) -> bool:
    return one.person is not None or (one.mention is not None and _NAME.search(one.mention.of(text)) is not None)


def _is_inferred(one: AttributedSegment) -> bool:
    """Whether no revision confirmed or changed what the model chose."""
    return one.inferred is not None and one.inferred == one.mention and one.via is None and not one.disputed


def _withdrawn(one: AttributedSegment) -> AttributedSegment:
    return replace(one, mention=None, cue=None, attribution=Attribution.UNKNOWN, probability=0.0, person=None)

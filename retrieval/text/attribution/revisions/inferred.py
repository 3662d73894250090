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

_DOUBT = re.compile(any_of("doubts_around", named_patterns("denial_parts")))


def withdraw_inferred(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """Return the segments; nobody is named where the model alone chose a speaker, and the sentence tells of doubt."""
    if not any(_is_inferred(article.text, one) for one in attributed):
        return attributed
    masked = masked_quotations(article.text, attributed)
    return [
        _withdrawn(one)
        if _is_inferred(article.text, one) and _is_doubtful(*words_around(article, masked, attributed, place))
        else one
        for place, one in enumerate(attributed)
    ]


def _is_doubtful(before: str, after: str) -> bool:
    """Whether the sentence of a quotation holds words of doubt, or one that begins right behind it."""
    sentence = _SENTENCE.match(after)
    return _DOUBT.search(notation(f"{before} {MASK} {sentence.group() if sentence else ''}").lstrip()) is not None


def _is_inferred(text: str, one: AttributedSegment) -> bool:
    """Whether no revision confirmed or changed what the model chose, and that holds a name."""
    if one.inferred is None or one.inferred != one.mention or one.via is not None or one.disputed:
        return False
    return one.person is not None or _NAME.search(one.inferred.of(text)) is not None


def _withdrawn(one: AttributedSegment) -> AttributedSegment:
    return replace(one, mention=None, cue=None, attribution=Attribution.UNKNOWN, probability=0.0, person=None)

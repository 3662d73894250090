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

_SENTENCE = re.compile(r"[\s,—–)-]*[^.?!:]*")
_DOUBT = re.compile(any_of("doubts_around", named_patterns("denial_parts")))


def withdraw_inferred(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """Return the segments; nobody is named where the model alone chose a speaker, and the sentence tells of doubt."""
    if not any(map(_is_inferred, attributed)):
        return attributed
    masked = masked_quotations(article.text, attributed)
    return [
        _withdrawn(one)
        if _is_inferred(one) and _is_doubtful(*words_around(article, masked, attributed, place))
        else one
        for place, one in enumerate(attributed)
    ]


def _is_doubtful(before: str, after: str) -> bool:
    """Whether the sentence of a quotation holds words of doubt, or one that begins right behind it."""
    sentence = _SENTENCE.match(after)
    return _DOUBT.search(notation(f"{before} {MASK} {sentence.group() if sentence else ''}").lstrip()) is not None


def _is_inferred(one: AttributedSegment) -> bool:
    """Whether no revision confirmed or changed what the model chose, and that may be printed as a name."""
    chosen = one.inferred is not None and one.inferred == one.mention and one.via is None and not one.disputed
    return chosen and (one.person is not None or one.attribution is not Attribution.ROLE)


def _withdrawn(one: AttributedSegment) -> AttributedSegment:
    return replace(one, mention=None, cue=None, attribution=Attribution.UNKNOWN, probability=0.0, person=None)

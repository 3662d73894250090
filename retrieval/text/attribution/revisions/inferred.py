"""Withdraws a speaker whom only the fitted model sees, where the sentence tells of fakes or of what one can imagine.

The model is surest where a name stands near, and that is so in "a clip made with a cloned voice of Ana Costa" too.
Where the plain words name the same speaker, they decide, and `disputed` reads what they deny. A few words in a sentence
that tells of no speech are no more than a writer's own marks, where the model is not sure of their speaker: "she left
“Tern Street” in May". Those of "Ana Costa's van was “borrowed”" are about what she has.
"""

import re
from dataclasses import replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.cues import SPEECH_FORMS
from retrieval.text.attribution.relayed.relay import DOCUMENTS
from retrieval.text.attribution.revisions.disputed import masked_quotations, words_around
from retrieval.text.attribution.revisions.notation import MASK, notation
from retrieval.text.attribution.revisions.pattern_lists import any_of, named_patterns
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.names.vocabulary import CAPITALS
from retrieval.text.words import word_list

_SENTENCE = re.compile(r"[\s,—–)-]*[^.?!:]*")
_NAME = re.compile(rf"\s[{CAPITALS}]|^[{CAPITALS}]\S*$")
"""A capital that does not only open a sentence ("Legal observers")."""

_OWNED = re.compile(
    r"[’']s? (?:[a-z][\w-]+ ){0,2}?(?P<thing>[a-z][\w-]+),? (?:is|was|are|were|reads?|bears?|bore|says?|said) \Z"
)
"""What stands between somebody and words about what they have."""

_SAID = DOCUMENTS | word_list(
    """
    advice answer apology argument assessment attitude claim conclusion defence defense description explanation feeling
    goal idea impression lesson line message mantra motto opinion plea pledge point position priority problem promise
    question reaction reason reasoning reply request response rule sense slogan stance story suggestion summary take
    theory thought verdict version view vow warning wish
    """
)
"""What somebody has of whom the words are."""

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*+")
_INTRODUCES = frozenset(",:—–-")
_BESIDE = 80
_FEW = 5
_LIKELY = 0.75
"""Below this, of the few words that no speech is told of, twice as many were no quotation as were one."""

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
    """Whether the sentence of a quotation, or one that begins right behind it, tells of doubt, or it of no speech."""
    before, after = words_around(article, masked, attributed, place)
    if _is_unspoken(article, masked, attributed[place]) or _is_owned(article.text, attributed[place]):
        return True
    sentence = _SENTENCE.match(after)
    words = notation(f"{before} {MASK} {sentence.group() if sentence else ''}").lstrip()
    named = _holds_name(article.text, attributed[place])
    return _DOUBT.search(words) is not None or (named and _DOUBT_OF_NAME.search(words) is not None)


def _is_unspoken(article: SplitText, masked: str, one: AttributedSegment) -> bool:
    """Whether a few words run on in a sentence without any verb of speech, and their speaker is not likely."""
    content = Span(one.segment.start, one.segment.end)
    if one.probability >= _LIKELY or len(content.of(article.text).split()) > _FEW:
        return False
    sentence = article.sentences_around(content, one.segment.paragraph)
    before, after = masked[sentence.start : content.start - 1], masked[content.end + 1 : sentence.end]
    words = _WORD.findall(f"{before} {after}".casefold())
    introduced = not before.strip() or before.rstrip()[-1] in _INTRODUCES
    return not introduced and "according" not in words and SPEECH_FORMS.isdisjoint(words)


def _is_owned(text: str, one: AttributedSegment) -> bool:
    """Whether the words tell what something is that the mention has, and that utters nothing."""
    if one.mention is None or not one.mention.end < one.segment.start <= one.mention.end + _BESIDE:
        return False
    end = one.mention.start + len(one.mention.of(text).removesuffix("’s").removesuffix("'s"))
    owned = _OWNED.match(text, end, one.segment.start - 1)
    return owned is not None and owned["thing"].removesuffix("s") not in _SAID and owned["thing"] not in _SAID


def _holds_name(text: str, one: AttributedSegment) -> bool:
    return one.person is not None or (one.mention is not None and _NAME.search(one.mention.of(text)) is not None)


def _is_inferred(one: AttributedSegment) -> bool:
    """Whether no revision confirmed or changed what the model chose."""
    return one.inferred is not None and one.inferred == one.mention and one.via is None and not one.disputed


def _withdrawn(one: AttributedSegment) -> AttributedSegment:
    return replace(one, mention=None, cue=None, attribution=Attribution.UNKNOWN, probability=0.0, person=None)

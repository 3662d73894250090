"""Marks words as disputed that the text denies, invents, supposes, asks about or tests as a claim.

Where a text repeats such words, in part or among more, they are disputed there too, unless somebody else is named for
them.
"""

import re
from bisect import bisect_right
from dataclasses import replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.revisions.denials import is_disowned, is_doubted, is_refuted
from retrieval.text.attribution.revisions.fact_checks import claims
from retrieval.text.attribution.revisions.notation import MASK, notation, without_asides
from retrieval.text.attribution.revisions.repeated import DisputedWords
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.names.names import surname
from retrieval.text.names.vocabulary import fold

_WINDOW = 300
"""Characters before and after a quotation that are read."""

_LEAD = 60
_GENUINE = re.compile(r"\b(?:actually|really|in fact|in full|full|fuller|entire|whole|complete|transcript)\b[^.?!]*$")
"""What stands before the words that somebody is known to have said, which the disputed ones distort."""

_NAME = re.compile(r"(?<=\w )[A-Z]\w+")
_ENDS = frozenset(".!?…")


def dispute(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """Return the segments, with those disputed that the text does not vouch for."""
    masked = masked_quotations(article.text, attributed)
    tested = claims(article)
    doubted = [
        one.disputed or _is_within(tested, one.segment.start) or _is_doubted(article, masked, attributed, place)
        for place, one in enumerate(attributed)
    ]
    if not any(doubted):
        return attributed
    repeated = _Repeated(article, [one for one, doubt in zip(attributed, doubted, strict=True) if doubt])
    return [
        replace(one, disputed=True) if doubt or repeated.covers(one) else one
        for one, doubt in zip(attributed, doubted, strict=True)
    ]


def masked_quotations(text: str, attributed: list[AttributedSegment]) -> str:
    """The text with each quotation and its marks masked, so that nothing is read inside them."""
    pieces, at = [], 0
    for one in attributed:
        start, end = max(at, one.segment.start - 1), min(len(text), one.segment.end + 1)
        pieces += [text[at:start], MASK * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def _is_within(spans: list[Span], offset: int) -> bool:
    place = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return place >= 0 and offset < spans[place].end


def _is_doubted(article: SplitText, masked: str, attributed: list[AttributedSegment], place: int) -> bool:
    """Whether the words around a quotation say that nobody is known to have said it."""
    if attributed[place].is_label:
        return False
    before, after = words_around(article, masked, attributed, place)
    ended = article.text[attributed[place].segment.end - 1] in _ENDS and after.lstrip(" —–-)\n")[:1].isupper()
    written = notation(f"{before} "), notation(after)
    plain = notation(f"{without_asides(before)} ")
    return (
        is_doubted(*written, ended=ended)
        or (plain != written[0] and is_doubted(plain, written[1], ended=ended))
        or is_refuted(plain, notation(_told_behind(article, attributed[place])))
        or is_disowned(*written, _called(article.text, attributed[place]))
    )


def words_around(article: SplitText, masked: str, attributed: list[AttributedSegment], place: int) -> tuple[str, str]:
    """The words before a quotation in its sentence or its announcement, and those behind it to the end of the next."""
    segment = attributed[place].segment
    content = Span(segment.start, segment.end)
    paragraph = article.paragraphs[segment.paragraph]
    sentence = article.sentences_around(content, segment.paragraph)
    start, end = sentence.start, segment.start - 1
    if start >= end and paragraph.start >= end and segment.paragraph:
        start, end = _announcement(article, segment.paragraph - 1)
    before = masked[max(start, end - _WINDOW) : max(start, end)]
    following = attributed[place + 1].segment.start - 1 if place + 1 < len(attributed) else len(masked)
    limit = _end_of_next_sentence(article, segment.paragraph)
    return before, masked[segment.end + 1 : min(following, limit, segment.end + _WINDOW)]


def _told_behind(article: SplitText, one: AttributedSegment) -> str:
    """The words behind a quotation, with others, to the end of the next paragraph's first sentence."""
    end = _end_of_next_sentence(article, one.segment.paragraph)
    return article.text[one.segment.end + 1 : min(end, one.segment.end + _WINDOW)]


def _end_of_next_sentence(article: SplitText, number: int) -> int:
    """Where the first sentence of the paragraph behind one ends."""
    return (
        article.sentences[number + 1][0].end if number + 1 < len(article.sentences) else article.paragraphs[number].end
    )


def _called(text: str, one: AttributedSegment) -> str | None:
    """The last word by which a quotation's clause calls its speaker."""
    words = fold(one.mention.of(text)).split() if one.mention else []
    return words[-1] if words else None


def _announcement(article: SplitText, number: int) -> tuple[int, int]:
    """The last sentence of a paragraph, if it ends with a colon; else nothing."""
    last = article.sentences[number][-1]
    return (last.start, last.end) if last.of(article.text).endswith(":") else (last.end, last.end)


class _Repeated:
    """The disputed quotations, to find their words where they are repeated."""

    def __init__(self, article: SplitText, disputed: list[AttributedSegment]) -> None:
        self._text = article.text
        self._words = DisputedWords(self._text[one.segment.start : one.segment.end] for one in disputed)
        named = [_names(article, one) for one in disputed]
        self._names = frozenset().union(*named)
        self._is_anybody = not all(named)

    def covers(self, one: AttributedSegment) -> bool:
        """Whether it repeats disputed words, and is not said to be genuine, nor anybody else's."""
        name = _last_name(self._text, one)
        if not (name is None or name in self._names or self._is_anybody):
            return False
        before = self._text[max(0, one.segment.start - _LEAD) : one.segment.start]
        return not _GENUINE.search(before) and self._words.are_in(self._text[one.segment.start : one.segment.end])


def _names(article: SplitText, one: AttributedSegment) -> frozenset[str]:
    """The last name of who is alleged to have said it; of an unnamed speaker, the names in the sentence."""
    name = _last_name(article.text, one)
    if name is not None:
        return frozenset({name})
    segment = one.segment
    sentence = article.sentences_around(Span(segment.start, segment.end), segment.paragraph)
    around = article.text[sentence.start : segment.start], article.text[segment.end : sentence.end]
    return frozenset(fold(word) for words in around for word in _NAME.findall(words))


def _last_name(text: str, one: AttributedSegment) -> str | None:
    """The last name of the speaker, where the text names one."""
    if one.mention is None or one.attribution is not Attribution.NAMED:
        return None
    return surname(one.mention.of(text))

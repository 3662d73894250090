"""Finds the words of a sentence that answer a question: a person, a place, a time, a number, a sum, a length, an age.

Plain text, no parser. Where several spans of the asked-for kind compete and the question's words do not decide clearly,
none is chosen: a wrong one is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING, Final

from retrieval.text.questions import amounts
from retrieval.text.questions.answer_names import NamedSpans, people, places
from retrieval.text.questions.answer_types import AnswerType, answer_type
from retrieval.text.words import analyse, piece_starts, words_by_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.domain.articles import Span


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """What a sentence holds of the asked-for kind: whether anything new (`present`), and the `span` that answers."""

    present: bool
    span: Span | None


_AMOUNTS: Final[Mapping[AnswerType, Callable[[str, str], list[Span]]]] = {
    AnswerType.TIME: amounts.times,
    AnswerType.NUMBER: amounts.numbers,
    AnswerType.MONEY: amounts.sums,
    AnswerType.LENGTH: amounts.lengths,
    AnswerType.AGE: amounts.ages,
}
_NAMES: Final[Mapping[AnswerType, Callable[[str, str], NamedSpans]]] = {
    AnswerType.PERSON: people,
    AnswerType.PLACE: places,
}
_MARGIN: Final = 1.6
"""How much nearer to the question's words the best of several spans must be than the next."""
_MARGIN_OF_PEOPLE: Final = 2.0
_WRONG_SIDE: Final = 0.2
"""What nearness counts on the side of the verb where the asked-for person does not stand."""
_SPELLED_ALIKE: Final = 0.8
"""How alike (0..1) two spellings of one name are at least."""
_SHORTEST_ALIKE, _LONGEST_ALIKE = 5, 30
"""The letters of a name that is compared so."""
_NEAR: Final = 1 / 6
"""How near a word of what is asked, no name, must stand to a person."""
_NEAR_TIME: Final = 1 / 10
"""The same for a time, which often opens its sentence."""
_MOST_SPANS: Final = 12
_SIGHT: Final = 200
"""Characters beyond which a word counts for nothing."""
_BARRIER: Final = 3
"""Words that a mark or a conjunction between two words counts for."""

_KINDS_OF_PLACE: Final = frozenset(
    analyse("country nation city state town village county province place island airport port")
)
"""Words of a question that its answer may hold again: "which city?" "Orrin City"."""

_DEEDS: Final = tuple(
    frozenset(analyse(words))
    for words in (
        "kill die died dead death slain slaying toll lost fatal fatalities perish murder victims bodies",
        "wound injure injuries hurt",
        "arrest detain held custody jail",
    )
)
_ALIKE: Final = _DEEDS + tuple(
    frozenset(analyse(words))
    for words in (
        "people persons residents civilians victims men women children",
        "cost costs price worth paid pay",
        "start starts started begin begins began begun beginning launch",
        "write writes wrote written author novel book memoir",
    )
)
"""Words that say the same of a number, a time or a person, stemmed."""

_DESCRIBES = re.compile(
    r"\W*who(?:['’]s| is| was| are| were) (?!the\b)(?:[\w.’'-]{1,40} ?){1,3}(?<!ed)(?<!ing)\W*$", re.IGNORECASE
)
"""Asks what somebody is, not who: "who is Ada Roe?"."""
_ABOUT_ANOTHER = re.compile(r"\W*(?:what|which) (?:has|have|had|is|are|was|were|do|does|did|will)\b", re.IGNORECASE)
_ASKS_FOR_OBJECT = re.compile(
    r"\W*(?:(?:[Tt]o )?[Ww]hom\b|[Ww]ho (?:did|do|does|has|have|had)\b"
    r"|[Ww]ho (?:is|was|are|were|will|would) (?:he|she|they|[A-Z]))"
)
_APPOSITION = re.compile(r"^, [^,]{1,80},")
_CAPITALISED = re.compile(r"\b[A-Z][\w'’.-]*+")
_BETWEEN = re.compile(r"[,;:](?!\d)|--|—|\b(?:who|which|and|but|while|after|before|as)\b")


def find_answer(question: str, sentence: str) -> FoundAnswer | None:
    """The answer in a sentence, its span as offsets into it; None where the answer has no form of its own."""
    kind = answer_type(question)
    known = frozenset(analyse(question)) - _KINDS_OF_PLACE
    if kind in _AMOUNTS:
        found = _AMOUNTS[kind](question, sentence)
        spans = [span for span in found if not known.issuperset(analyse(span.of(sentence)))]
        if kind is AnswerType.NUMBER and _misses_deed(known, sentence):
            spans = []
        span = _nearest(spans, (), partial(_nearness, sentence, known), _MARGIN)
        if kind is AnswerType.TIME and span and not _beside_told(sentence, known, span, _NEAR_TIME):
            span = None
        return FoundAnswer(bool(spans), span)
    if kind not in _NAMES or _DESCRIBES.match(question) or _ABOUT_ANOTHER.match(question):
        return None
    named = _NAMES[kind](question, sentence)
    names, rivals = (
        [span for span in spans if not _is_asked_about(known, analyse(span.of(sentence)))]
        for spans in (named.names, named.rivals)
    )
    if kind is AnswerType.PLACE:
        return FoundAnswer(bool(names or rivals), _nearest(names, rivals, partial(_nearness, sentence, known), _MARGIN))
    nearness = partial(_nearness, sentence, known, acts=_ASKS_FOR_OBJECT.match(question) is None)
    span = _nearest(names, rivals, nearness, _MARGIN_OF_PEOPLE)
    return FoundAnswer(bool(names or rivals), span if span and _beside_told(sentence, known, span, _NEAR) else None)


def _is_asked_about(known: AbstractSet[str], name: Sequence[str]) -> bool:
    """Whether a word of a name stands in the question, in this spelling or in another: Gaddafi, Gadhafi."""
    return not known.isdisjoint(name) or any(
        SequenceMatcher(None, word, other).ratio() >= _SPELLED_ALIKE
        for word in name
        for other in known
        if word[0] == other[0] and _SHORTEST_ALIKE <= len(word) <= _LONGEST_ALIKE and len(other) <= _LONGEST_ALIKE
    )


def _beside_told(sentence: str, known: AbstractSet[str], span: Span, near: float) -> bool:
    """Whether a word of the question stands as near a span, in lower case: what happened, and not only to whom."""
    told = _alike(known) & frozenset(analyse(_CAPITALISED.sub(" ", sentence)))
    return max(_weights(sentence, told, span), default=0.0) >= near


def _misses_deed(known: AbstractSet[str], sentence: str) -> bool:
    """Whether a question counts the killed, hurt or arrested, and the sentence says nothing of that."""
    words = frozenset(analyse(sentence))
    return any(not deed.isdisjoint(known) and deed.isdisjoint(words) for deed in _DEEDS)


def _nearest(
    spans: Sequence[Span], rivals: Sequence[Span], nearness: Callable[[Span], float], margin: float
) -> Span | None:
    """The span that is clearly the nearest, or the only one; None where another or a rival is nearly as near."""
    if len(spans) + len(rivals) <= 1 or len(spans) + len(rivals) > _MOST_SPANS:
        return spans[0] if spans and not rivals and len(spans) == 1 else None
    ranked = sorted(spans, key=lambda span: (-nearness(span), span.start))
    others = max(map(nearness, (*ranked[1:], *rivals)), default=0.0)
    return next((span for span in ranked[:1] if nearness(span) > margin * others), None)


def _nearness(sentence: str, known: AbstractSet[str], span: Span, *, acts: bool | None = None) -> float:
    """How near a span is to the question's words: the sum of 1 / (1 + the words between) over them."""
    return sum(_weights(sentence, _alike(known), span, acts=acts))


def _alike(known: AbstractSet[str]) -> frozenset[str]:
    """Words, and those that say the same."""
    return frozenset(known).union(*(words for words in _ALIKE if not words.isdisjoint(known)))


def _weights(sentence: str, alike: AbstractSet[str], span: Span, *, acts: bool | None = None) -> Iterator[float]:
    """Yield 1 / (1 + the words between) for each of the words outside a span.

    `acts`: whether the asked-for person does what the question says, and so stands before its words, or behind "by".
    """
    by = sentence.endswith("by ", 0, span.start)
    for start, piece, words in zip(piece_starts(sentence), sentence.split(), words_by_piece(sentence), strict=True):
        end = start + len(piece.rstrip(",;:"))
        if alike.isdisjoint(words) or end < span.start - _SIGHT or start > span.end + _SIGHT:
            continue
        if start < span.end and span.start < end:
            continue
        behind = start >= span.end
        between = _APPOSITION.sub("", sentence[span.end : start]) if behind else sentence[end : span.start]
        wrong = acts is not None and behind is not acts and not (acts and by)
        gap = len(between.split()) + _BARRIER * len(_BETWEEN.findall(between))
        yield (_WRONG_SIDE if wrong else 1.0) / (1 + gap)

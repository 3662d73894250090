"""The outlet that passed a quotation on: “told Axios”, “in an interview with CNN”, “as reported by The New York Times”.

Only names of known outlets, or with the endings of such names, count, and only in a few phrases within the sentence of
the quotation or of its speaker.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from retrieval.domain.articles import Span
from retrieval.text.names.vocabulary import MEN, WOMEN
from retrieval.text.words import read_lines, read_words, word_list

_KNOWN = frozenset(read_lines("outlets"))
_PAPERS = read_words("newspaper_words")
_ENDINGS = _PAPERS | word_list("news radio tv television magazine beacon wire messenger mercury daily online weekly")
_PAIRS = frozenset(
    {
        "free press", "news agency", "news network", "business network", "broadcasting network",
        "broadcasting corporation", "times magazine", "press association", "press agency", "news service",
        "public radio",
    }
)  # fmt: skip
_STATION = re.compile(r"[WK][A-Z]{2,3}(?:-(?:TV|FM|AM))?")
_NAME = (
    r"(?P<name>(?:[Tt]he )?[A-Z][\w&-]{0,40}(?:[ .](?:of |della |for )?[A-Z][\w&-]{0,40}){0,5})(?P<owns>[’']s?(?=\s))?"
)
_SPOKEN = (
    r"interview|interviews|statement|statements|e-?mail|comments?|remarks|message|conversation|call|appearance|letter|"
    r"column|op-ed|essay|article|podcast|episode|segment|text|briefing"
)
_SAID = "said|says|spoke|speaking|confirmed|wrote|appearing|appeared|interviewed"
_REPORTED = (
    "reported|quoted|cited|obtained|published|reviewed|seen|aired|broadcast|recorded|released|carried|provided|leaked"
)
_TOLD = re.compile(rf"\b(?P<verb>told|tells|telling|tell)\s+{_NAME}")
_TOLD_IT = re.compile(
    r"\b(?P<verb>told|tells|telling)\s+(?:the|that)\s+(?:news\s)?"
    r"(?:outlet|newspaper|paper|magazine|broadcaster|network|channel|station|site|website|publication|agency|service)\b"
)
_RUN = re.compile(rf"(?<![\w’'-]){_NAME}")
_BEFORE = 700
_OTHERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{_SPOKEN})\s+(?:\w+\s+)?(?:with|on|to|for|in|by|from)\s+{_NAME}",
        rf"\b(?:{_SAID})\s+(?:\w+day\s+)?(?:to|on|in|by|with)\s+{_NAME}",
        rf"\b(?:{_REPORTED})\s+(?:\w+\s+)?(?:by|to|on|in)\s+{_NAME}",
        rf"\b[Aa]ccording to\s+(?:a report (?:in|by|from)\s+)?{_NAME}",
        rf"(?<![\w’'] ){_NAME}\s+(?:first\s+|also\s+|later\s+)?(?:reported|reports|quoted|quotes)\b",
        rf"\b(?:As|as)\s+{_NAME}\s+(?:first\s+|has\s+)?(?:reported|reports|put it)\b",
    )
)
_SHOWN = re.compile(r"(?:aired|broadcast|carried|recorded|released|published)\b")
"""What is done with programmes, films and books as well as with what somebody said."""

_MATTER = re.compile(
    rf"\b(?:{_SPOKEN}|speech|address|video|clip|footage|recording|tape|audio|transcript|excerpt)s?\b[^.!?;“”\"]*$"
)
_OF_ANOTHER = re.compile(r"[’']s?\s+(?:[\w-]+\s+){0,4}$")
_FAR = 120
_WINDOW = 500
_STOPS = re.compile(r"[.!?;]\s|\b(?:said|told|added|wrote|asked)\b")


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase at text[start:end] that says where something was said, and the outlet's name in it."""

    start: int
    end: int
    outlet: Span


class Outlets:
    """The outlets that one text names in such phrases, found once for all of its quotations."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._told_phrases = _find_phrases(_TOLD, text)
        self._other_phrases = [_find_phrases(pattern, text) for pattern in _OTHERS]
        self._told_it_spans = [match.span() for match in _TOLD_IT.finditer(text)]
        self._named_outlets = _find_phrases(_RUN, text) if self._told_it_spans else []

    def relayed_by(self, sentences: Sequence[Span], mention: Span, cue: Span | None, inside: Span) -> Span | None:
        """The span of the outlet that a quotation came through, or None.

        `sentences` are those of the quotation and of its speaker's `mention`; `inside` is the quotation, whose own
        words do not count. "Told" counts only where the speaker told.
        """
        nearby = [part for sentence in sentences for place in (inside, mention) if (part := _around(sentence, place))]
        for outlet in chain(
            self._by_telling(nearby, mention, cue), self._by_phrase(nearby), self._meant(nearby, mention, cue)
        ):
            if not outlet.overlaps(mention) and not outlet.overlaps(inside):
                return outlet
        return None

    def _by_telling(self, parts: list[Span], mention: Span, cue: Span | None) -> Iterator[Span]:
        for part in parts:
            for phrase in _within(self._told_phrases, part):
                if _told_by(self._text, mention, phrase.start, cue):
                    yield phrase.outlet

    def _by_phrase(self, parts: list[Span]) -> Iterator[Span]:
        for part in parts:
            for places in self._other_phrases:
                for phrase in _within(places, part):
                    before = max(part.start, phrase.start - _FAR)
                    shown = _SHOWN.match(self._text, phrase.start, phrase.end)
                    if shown and not _MATTER.search(self._text, before, phrase.start):
                        continue
                    if not _OF_ANOTHER.search(self._text, before, phrase.start):
                        yield phrase.outlet

    def _meant(self, parts: list[Span], mention: Span, cue: Span | None) -> Iterator[Span]:
        """The outlet meant by "told the outlet": the only one named shortly before."""
        for part in parts:
            first = bisect_left(self._told_it_spans, (part.start,))
            for start, end in self._told_it_spans[first : bisect_left(self._told_it_spans, (part.end,))]:
                if end <= part.end and _told_by(self._text, mention, start, cue):
                    before = _within(self._named_outlets, Span(max(0, start - _BEFORE), start)) if start else []
                    if len({phrase.outlet.of(self._text) for phrase in before}) == 1:
                        yield before[-1].outlet


def _find_phrases(pattern: re.Pattern[str], text: str) -> list[_Phrase]:
    """The matches of a phrase that contain the name of an outlet."""
    pairs = ((match, _outlet(match)) for match in pattern.finditer(text))
    return [_Phrase(*match.span(), outlet) for match, outlet in pairs if outlet is not None]


def _within(places: list[_Phrase], part: Span) -> list[_Phrase]:
    """Those within a part of the text."""
    first = bisect_left(places, part.start, key=_start)
    return [phrase for phrase in places[first : bisect_left(places, part.end, key=_start)] if phrase.end <= part.end]


_start = attrgetter("start")


def _around(sentence: Span, place: Span) -> Span | None:
    """The part of a sentence within 500 characters of a place; None where the place is outside it."""
    if not sentence.overlaps(place):
        return None
    return Span(max(sentence.start, place.start - _WINDOW), min(sentence.end, place.end + _WINDOW))


def _told_by(text: str, mention: Span, verb: int, cue: Span | None) -> bool:
    """Whether the verb of telling is the speaker's: it is their cue, or follows their mention without another verb."""
    if cue is not None and cue.start == verb:
        return True
    return 0 <= verb - mention.end <= _FAR and _STOPS.search(text, mention.end, verb) is None


def _outlet(match: re.Match[str]) -> Span | None:
    """The longest start of a capitalised run that is the name of an outlet, without a small "the"."""
    words = list(re.finditer(r"\S+", match.group("name")))
    for last in range(len(words), 0, -1):
        name = match.group("name")[: words[last - 1].end()].rstrip(".")
        person, of, outlet = name.rpartition(" of ")
        employed = bool(of) and _is_outlet(outlet)
        if employed or _is_outlet(name):
            skipped = len(person + of) if employed else 4 * name.startswith("the ")
            return Span(match.start("name") + skipped, match.start("name") + len(name))
    return None


def _is_outlet(name: str) -> bool:
    words = name.casefold().split()
    bare = words[1:] if words[0] == "the" else words
    if not bare:
        return False
    whole = " ".join(bare)
    if " ".join(words) in _KNOWN or whole in _KNOWN:
        return True
    if len(bare) == 1:
        return (words[0] == "the" and bare[0] in _PAPERS) or bool(_STATION.fullmatch(name.rpartition(" ")[2]))
    if bare[0] in MEN or bare[0] in WOMEN:
        return False
    return bare[-1] in _ENDINGS or " ".join(bare[-2:]) in _PAIRS or "times of" in " ".join(bare[:-1])

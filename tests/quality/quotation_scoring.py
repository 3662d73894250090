"""The figures by which quotations are judged: pure functions over places in the texts as given.

A quotation is found where the two spans share four fifths of what they span together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.quality.scoring import SHARE, Place, place_of, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LONGEST_MENTION = 150
LONGEST_NAME = 8
LONG_SEGMENT = 4
"""A segment annotated as no quotation counts up to this many words; longer ones are doubtful and ignored."""

_POSSESSIVES = frozenset(["his", "their", "its", "my", "our", "your"])
_PRONOUNS = _POSSESSIVES | {"he", "she", "they", "it", "we", "i", "you", "him", "her", "them", "us", "me", "who"}
_NO_NAME = frozenset(["the", "a", "an", "of", "and", "for", "mr", "ms", "mrs"])
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii"])


@dataclass(frozen=True, slots=True)
class Segment:
    """An annotated segment: whether it is a quotation, and who said it."""

    place: Place
    words: int
    is_quotation: bool
    speaker: str | None = None
    mentions: tuple[Place, ...] = ()
    mentioned: bool = False
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """A quotation that was extracted: `speaker` as the article mentions them at `mention`, `person` by name."""

    place: Place
    speaker: str | None = None
    mention: Place | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class QuotationFigures:
    """The figures of a set: shares of what was extracted (precision) or annotated (recall)."""

    precision: float
    recall: float
    named_speaker_precision: float
    quotation_and_speaker_recall: float
    resolved_recall: float


def segment_of(record: Mapping[str, Any]) -> Segment:
    """A line of `quotes.jsonl`."""
    name = record["article_id"]
    return Segment(
        place_of(record),
        record["n_words"],
        record["kind"] != "not_a_quotation",
        record.get("speaker"),
        tuple(Place(name, start, end) for start, end in record.get("speaker_spans") or ()),
        bool(record.get("speaker_mention")),
        record.get("speaker_name_silver"),
    )


def extracted_of(record: Mapping[str, Any]) -> Extracted:
    """A line of predictions; a mention or a name that is too long to be one counts as none."""
    speaker, person = record.get("speaker"), record.get("speaker_name")
    mention = (
        Place(record["article_id"], record["speaker_start"], record["speaker_end"])
        if record.get("speaker_start") is not None
        else None
    )
    longest = max(len(speaker or ""), mention.end - mention.start if mention else 0)
    if longest > LONGEST_MENTION:
        speaker, mention = None, None
    if person and len(person.split()) > LONGEST_NAME:
        person = None
    return Extracted(place_of(record), speaker, mention, person)


def last_word(name: str | None) -> str | None:
    """The last word of a name, in lower case, but for a genitive and "Jr."."""
    bare = re.sub(r"[’']s$", "", (name or "").strip().strip(".,;:"))
    words = [word.lower() for word in re.findall(r"[\w’'\-]+", bare) if word.lower() not in _SUFFIXES]
    return words[-1] if words else None


def speaker_right(segment: Segment, extracted: Extracted) -> bool:
    """Whether the mention overlaps an annotated one, or ends in a word of the speaker's name."""
    if not extracted.speaker:
        return False
    if extracted.mention and any(extracted.mention.shared(mention) > 0 for mention in segment.mentions):
        return True
    last = last_word(extracted.speaker)
    return last is not None and last not in _PRONOUNS and last in _name_words(segment.speaker)


def person_right(segment: Segment, extracted: Extracted) -> bool:
    """Whether the person has the annotated name."""
    name = extracted.person or extracted.speaker
    last, wanted = last_word(name), last_word(segment.person)
    return bool(last) and (last == wanted or wanted in _name_words(name))


def paired(segments: Sequence[Segment], extracted: Sequence[Extracted]) -> dict[int, int]:
    """Match extracted quotations to annotated ones, by number, most similar first."""
    alike = []
    for number, one in enumerate(extracted):
        for other, segment in enumerate(segments):
            shared = one.place.shared(segment.place)
            whole = max(one.place.end, segment.place.end) - min(one.place.start, segment.place.start)
            if segment.is_quotation and shared > 0 and shared / whole >= SHARE:
                alike.append((shared / whole, number, other))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, number, other in sorted(alike, key=lambda item: -item[0]):
        if number not in pairs and other not in taken:
            pairs[number] = other
            taken.add(other)
    return pairs


def quotation_figures(segments: Iterable[Segment], extracted: Iterable[Extracted]) -> QuotationFigures:
    """All figures of a set; articles without annotation are ignored."""
    by_article: dict[str, list[Segment]] = defaultdict(list)
    found: dict[str, list[Extracted]] = defaultdict(list)
    for segment in segments:
        by_article[segment.place.article_id].append(segment)
    for one in extracted:
        found[one.place.article_id].append(one)
    matches: list[tuple[Segment, Extracted]] = []
    wrong = 0
    for name, there in by_article.items():
        pairs = paired(there, found[name])
        matches += [(there[other], found[name][number]) for number, other in pairs.items()]
        unpaired = [one for number, one in enumerate(found[name]) if number not in pairs]
        wrong += sum(_is_wrong(one, there) for one in unpaired)
    quotations = [segment for there in by_article.values() for segment in there if segment.is_quotation]
    spoken = [(segment, one) for segment, one in matches if segment.mentioned]
    right = sum(speaker_right(segment, one) for segment, one in spoken)
    resolved = sum(person_right(segment, one) for segment, one in matches if segment.person)
    return QuotationFigures(
        share(len(matches), len(matches) + wrong),
        share(len(matches), len(quotations)),
        share(right, sum(bool(one.speaker) for _, one in spoken)),
        share(right, sum(segment.mentioned for segment in quotations)),
        share(resolved, sum(bool(segment.person) for segment in quotations)),
    )


def _is_wrong(one: Extracted, there: Sequence[Segment]) -> bool:
    """Whether it counts against precision: it overlaps another segment, or one that is no quotation."""
    met = [segment for segment in there if one.place.shared(segment.place) > 0]
    return any(segment.is_quotation or segment.words <= LONG_SEGMENT for segment in met)


def _name_words(name: str | None) -> set[str]:
    return set(re.findall(r"[\w’'\-]+", (name or "").lower())) - _NO_NAME

"""The figures by which answers and quotations are judged: pure functions over places in the texts as given.

A passage hits when it covers four fifths of a piece of evidence; only its first 1,500 characters count. A mark counts
inside the first passage, up to 450 characters. A quotation is found where the two spans share four fifths of what they
span together. Intervals are bootstrapped: 95 %, 1,000 draws, always the same ones.
"""

from __future__ import annotations

import math
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SHARE = 0.8
LONGEST_PASSAGE = 1500
LONGEST_MARK = 450
LONGEST_MENTION = 150
LONGEST_NAME = 8
DEEPEST = 10
DRAWS = 1000
LONG_SEGMENT = 4
"""Words up to which a marked segment that is no quotation is known to be none; longer ones are doubtful: ignored."""

_POSSESSIVES = frozenset(["his", "their", "its", "my", "our", "your"])
_PRONOUNS = _POSSESSIVES | {"he", "she", "they", "it", "we", "i", "you", "him", "her", "them", "us", "me", "who"}
_NO_NAME = frozenset(["the", "a", "an", "of", "and", "for", "mr", "ms", "mrs"])
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii"])


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` of an article's text."""

    article_id: str
    start: int
    end: int

    def shared(self, other: Place) -> int:
        """How many characters the two share; below 1 where they share none."""
        if self.article_id != other.article_id:
            return 0
        return min(self.end, other.end) - max(self.start, other.start)

    @property
    def cut(self) -> Place:
        """As much of a passage as counts."""
        return Place(self.article_id, self.start, min(self.end, self.start + LONGEST_PASSAGE))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its evidence; `by_article` where only the evidence's article is known."""

    id: str
    answerable: bool
    evidence: tuple[Place, ...]
    by_article: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to a question: passages, best first, the mark in the first, and how sure."""

    passages: tuple[Place, ...] = ()
    mark: Place | None = None
    confidence: float = 0.0
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, and between which values nineteen of twenty bootstrapped means lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Refusals:
    """How well the unanswerable questions were told: shares, and the share of the answerable that was refused."""

    precision: float
    recall: float
    f1: float
    answerable_refused: float


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """What a set of questions came to. `marked` is None without evidence that is a span, `auroc` and `refusals` without
    questions of both kinds.
    """

    answerable: int
    unanswerable: int
    hits_at_1: Interval
    hits_at_4: float
    hits_at_10: float
    mrr_at_10: Interval
    marked: float | None
    auroc: float | None
    refusals: Refusals | None


def place_of(record: Mapping[str, Any]) -> Place:
    """A place as the data files write it; evidence known only by its article has none: it becomes 0 to 0."""
    return Place(record["article_id"], record.get("start") or 0, record.get("end") or 0)


def asked_of(record: Mapping[str, Any]) -> Asked:
    """A line of `questions.jsonl`."""
    evidence = tuple(place_of(item) for item in record["evidence"])
    return Asked(record["id"], record["answerable"], evidence, record.get("evidence_level") == "article")


def said_of(record: Mapping[str, Any]) -> Said:
    """A line of predictions."""
    mark = record["sentence"]
    passages = tuple(place_of(passage) for passage in record["passages"])
    return Said(passages, place_of(mark) if mark else None, record["confidence"], record["abstained"])


def covers(place: Place, evidence: Place) -> bool:
    """Whether a place covers four fifths of the evidence or, where that is known by its article only, is of it."""
    length = evidence.end - evidence.start
    if not length:
        return place.article_id == evidence.article_id
    return place.article_id == evidence.article_id and place.cut.shared(evidence) / length >= SHARE


def first_hit(asked: Asked, said: Said) -> int:
    """The rank, from 1, of the first passage that hits; 0 where none of the first ten does."""
    for rank, passage in enumerate(said.passages[:DEEPEST], 1):
        if asked.by_article and passage.article_id in {evidence.article_id for evidence in asked.evidence}:
            return rank
        if not asked.by_article and any(covers(passage, evidence) for evidence in asked.evidence):
            return rank
    return 0


def marked_right(asked: Asked, said: Said) -> bool:
    """Whether the mark is a sentence of the first passage, and covers a piece of evidence."""
    mark = said.mark
    if mark is None or not said.passages or mark.end - mark.start > LONGEST_MARK:
        return False
    first = said.passages[0]
    inside = mark.article_id == first.article_id and first.start <= mark.start and mark.end <= first.end
    return inside and any(covers(mark, evidence) for evidence in asked.evidence)


def interval(values: Sequence[float]) -> Interval:
    """The mean and its bootstrapped interval; of nothing, not a number."""
    if not values:
        return Interval(math.nan, math.nan, math.nan)
    chance = random.Random(7)
    count = len(values)
    means = sorted(sum(chance.choices(values, k=count)) / count for _ in range(DRAWS))
    return Interval(sum(values) / count, means[DRAWS // 40], means[DRAWS - DRAWS // 40 - 1])


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """How often a value of the first kind stands above one of the second; equals count half."""
    ranked = sorted([(value, True) for value in higher] + [(value, False) for value in lower])
    wins, below = 0.0, 0
    for _, group in groupby(ranked, key=lambda item: item[0]):
        kinds = [kind for _, kind in group]
        among = kinds.count(False)
        wins += kinds.count(True) * (below + among / 2)
        below += among
    return wins / (len(higher) * len(lower))


def refusals(answerable: Sequence[Said], beyond: Sequence[Said]) -> Refusals:
    """How well the archive knew what it does not know."""
    wrong, right = sum(said.abstained for said in answerable), sum(said.abstained for said in beyond)
    precision, recall = _share(right, right + wrong), _share(right, len(beyond))
    return Refusals(precision, recall, _f1(precision, recall), _share(wrong, len(answerable)))


def answer_figures(questions: Iterable[Asked], said: Mapping[str, Said]) -> AnswerFigures:
    """All figures of a set; a question without a prediction is a miss and not refused."""
    pairs = [(asked, said.get(asked.id, Said())) for asked in questions]
    answerable = [(asked, answer) for asked, answer in pairs if asked.answerable]
    beyond = [answer for asked, answer in pairs if not asked.answerable]
    ranks = [first_hit(asked, answer) for asked, answer in answerable]
    marks = [marked_right(asked, answer) for asked, answer in answerable if not asked.by_article]
    answers = [answer for _, answer in answerable]
    both = bool(answers and beyond)
    return AnswerFigures(
        answerable=len(answers),
        unanswerable=len(beyond),
        hits_at_1=interval([float(rank == 1) for rank in ranks]),
        hits_at_4=_share(sum(0 < rank <= 4 for rank in ranks), len(ranks)),
        hits_at_10=_share(sum(rank > 0 for rank in ranks), len(ranks)),
        mrr_at_10=interval([1 / rank if rank else 0.0 for rank in ranks]),
        marked=_share(sum(marks), len(marks)) if marks else None,
        auroc=auroc([one.confidence for one in answers], [one.confidence for one in beyond]) if both else None,
        refusals=refusals(answers, beyond) if both else None,
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """A marked segment of the data: a quotation or not, and who is said to have spoken it."""

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
    """What a set of articles came to: shares of what was extracted (precision) or is there (recall)."""

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
    """Whether the mention meets one of the data's, or ends in a word of the speaker's name."""
    if not extracted.speaker:
        return False
    if extracted.mention and any(extracted.mention.shared(mention) > 0 for mention in segment.mentions):
        return True
    last = last_word(extracted.speaker)
    return last is not None and last not in _PRONOUNS and last in _name_words(segment.speaker)


def person_right(segment: Segment, extracted: Extracted) -> bool:
    """Whether the person bears the name of the data's."""
    name = extracted.person or extracted.speaker
    last, wanted = last_word(name), last_word(segment.person)
    return bool(last) and (last == wanted or wanted in _name_words(name))


def paired(segments: Sequence[Segment], extracted: Sequence[Extracted]) -> dict[int, int]:
    """Of each extracted quotation that is one of the article's, by their numbers: which; the most alike first."""
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
    """All figures of a set; quotations extracted from articles in which the data marks nothing are ignored."""
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
        _share(len(matches), len(matches) + wrong),
        _share(len(matches), len(quotations)),
        _share(right, sum(bool(one.speaker) for _, one in spoken)),
        _share(right, sum(segment.mentioned for segment in quotations)),
        _share(resolved, sum(bool(segment.person) for segment in quotations)),
    )


def _is_wrong(one: Extracted, there: Sequence[Segment]) -> bool:
    """Whether it counts against the precision: it meets a segment that is known to be another, or none."""
    met = [segment for segment in there if one.place.shared(segment.place) > 0]
    return any(segment.is_quotation or segment.words <= LONG_SEGMENT for segment in met)


def _name_words(name: str | None) -> set[str]:
    return set(re.findall(r"[\w’'\-]+", (name or "").lower())) - _NO_NAME


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

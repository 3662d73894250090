"""How sure an answer is: the probability that the first passage answers, and the word for it.

The weights and the thresholds are in `answering_weights.toml`.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from retrieval.asking import ranking
from retrieval.domain.answers import Confidence
from retrieval.text.questions.answer_spans import find_answer
from retrieval.text.questions.relations import lacks_relation
from retrieval.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.asking.ranking import Features, ScoredPassage
    from retrieval.domain.answers import Citation, TimeDoubt

_REFERS: Final = re.compile(r"[\"“‘']?(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|There)\b")
"""How a sentence begins that goes on with what the one before it tells."""


def answer_features(first: ScoredPassage) -> Features:
    """The features that tell whether the first passage answers at all; they mean the same in every archive."""
    features = {
        "constant": 1.0,
        "token_similarity": first.evidence.token_similarity,
        "similarity": first.features["similarity"],
        "idf_coverage": first.sentence.idf_coverage,
        "agent_missing": first.sentence.agent_missing,
        "name_match": first.sentence.name_match,
    }
    return features if first.reading is None else {**features, "reader": first.features["reader"]}


def probability_of(first: ScoredPassage) -> float:
    """The probability (0..1) that the first passage answers."""
    return 1 / (1 + math.exp(-ranking.weighted_sum(_table("answer", first), answer_features(first))))


def _table(name: str, first: ScoredPassage) -> str:
    """The table of weights that counts: passages that the reader has read have their own."""
    return name if first.reading is None else f"{name}_read"


def thresholds(first: ScoredPassage) -> Mapping[str, float]:
    """The least probability of an answer, and of each word of confidence, with the least score by the reader."""
    return ranking.weights()[_table("thresholds", first)]


def confidence_of(passages: Sequence[ScoredPassage], probability: float, doubt: TimeDoubt | None) -> Confidence:
    """How likely the first passage answers, in words; `probability` is its own.

    Never the best word where the time or the marked sentence is in doubt. Where somebody's words are asked for, and it
    seems to have none of theirs, it is fair where another answer were strong, else low.
    """
    first, *others = passages
    least, sure = thresholds(first), _against_rivals(first, others, probability)

    def reaches(word: str) -> bool:
        read = first.reading is None or first.features["reader"] >= least[f"{word}_reader"]
        return read and sure >= least[word]

    if first.asked_speaker is not None and first.spoken is None:
        return Confidence.FAIR if reaches("high") else Confidence.LOW
    if doubt is None and first.is_agreed and reaches("high"):
        return Confidence.HIGH
    said = _is_attributed(first) and probability >= ranking.weights()["thresholds_said"]["fair"]
    return Confidence.FAIR if said or reaches("fair") else Confidence.LOW


def _is_attributed(first: ScoredPassage) -> bool:
    """Whether the archive attributes marked words to the speaker whose words are asked for."""
    speaker = first.asked_speaker
    return speaker is not None and any(
        words.content.overlaps(first.marked) and speaker.is_said_by(words.name, words.role)
        for words in first.found.spoken
    )


def _against_rivals(first: ScoredPassage, others: Sequence[ScoredPassage], probability: float) -> float:
    """The probability that the first passage answers best: lower, the surer the reader is of another one.

    One of the same article counts for less: an article tells one thing more than once.
    """
    if first.reading is None or not 0 < probability < 1:
        return probability
    least = thresholds(first)
    taken = max(
        (
            other.features["reader"] * least["sibling" if other.found.article.id == first.found.article.id else "rival"]
            for other in others
            if other.reading is not None
        ),
        default=0.0,
    )
    return 1 / (1 + (1 / probability - 1) * math.exp(taken))


def with_answer(
    question: str, first: ScoredPassage, citation: Citation, confidence: Confidence
) -> tuple[Citation, Confidence]:
    """Point out the words that answer, where confidence is high.

    Confidence is not high where the sentence holds nothing of the asked-for kind, and low where it does not tell the
    relation that is asked for. Whose words are asked for has been looked at before.
    """
    if first.asked_speaker is None and lacks_relation(question, _told(citation), first.question.names):
        return citation, Confidence.LOW
    found = find_answer(question, citation.answering or "")
    if found is None or citation.marked is None:
        return citation, confidence
    if not found.present and confidence is Confidence.HIGH:
        return citation, Confidence.FAIR
    if found.span is None or confidence is not Confidence.HIGH:
        return citation, confidence
    return replace(citation, answer=found.span.moved(citation.marked.start)), confidence


def _told(citation: Citation) -> str:
    """The marked sentence, with the one before it where it refers to that: "She was 90."."""
    words = citation.answering or ""
    if not _REFERS.match(words):
        return words
    before = citation.up_to_mark[: -len(words)]
    return " ".join((*(span.of(before) for span in sentences(before)[-1:]), words))

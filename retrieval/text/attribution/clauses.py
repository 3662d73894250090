"""Reads the plain clause that touches a quotation: “…,” Costa noted; Costa shot back: “…”; “…,” said the mayor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from retrieval.domain.articles import Span
from retrieval.text.attribution.cues import TAKING_OBJECTS, TOUCHING_FORMS
from retrieval.text.attribution.fitted.masking import underscored
from retrieval.text.attribution.marks.marks import Segment
from retrieval.text.attribution.subjects import (
    MARKS,
    POSSESSIVE,
    QUOTED,
    Place,
    Word,
    before_steps,
    begins_clause,
    is_phrase,
    phrase_after,
    phrase_before,
    span_of,
    trimmed,
    verb_length,
    words_of,
)
from retrieval.text.attribution.turned import turned_after, turned_before
from retrieval.text.sentences import sentences
from retrieval.text.words import word_list

_NEAR = 400
_MOST_REST = 14
_MOST_SUBJECT = 30
_TOUCHING = frozenset(",?!—–…")
_DASHES = frozenset({",", "—", "–", "-"})
_SHORT_REST = 3
_HYPOTHETICAL = word_list("would could should might")
_SUBORDINATE = word_list("when while after before because if though although where")
_BEHIND_PARTICIPLES = word_list("as with to in at")
_NO_SPEECH = word_list("on off upon")


class Clause(NamedTuple):
    """The places of a subject and of its verb of speech among some words."""

    subject: Place
    verb: Place


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words of the sentence before and after a quotation; `touches`: what follows may be its clause."""

    before: list[Word]
    after: list[Word]
    touches: bool


def surroundings(plain: str, paragraph: tuple[int, int], segment: Segment, last: str) -> Surroundings:
    """Read the words around a quotation, in a text where quotations are underscored; `last` is its last character."""
    start, end = paragraph
    opening, closing = segment.start - 1, segment.end + 1
    first = max(start, opening - _NEAR)
    lead = sentences(plain, Span(first, opening)) if first < opening else []
    begins = opening if not lead or plain[lead[-1].end - 1] in ".!?" else lead[-1].start
    if last == "." or closing >= end:
        return Surroundings(words_of(plain, begins, opening), [], touches=False)
    tail = sentences(plain, Span(closing, min(end, closing + _NEAR)))
    after = words_of(plain, closing, tail[0].end) if tail else []
    touches = last in _TOUCHING or (bool(after) and after[0].text in _DASHES)
    return Surroundings(words_of(plain, begins, opening), after, touches)


def last_of(text: str, segment: Segment) -> str:
    """The last character of a quotation before the closing marks of quotations within it."""
    return text[segment.start : segment.end].rstrip("’'")[-1:]


def clause_after(words: Sequence[Word]) -> Clause | None:
    """The clause that begins `words`: "Costa, the mayor, said", "said Costa"."""
    first = next((place for place, word in enumerate(words) if word.text not in _DASHES), len(words))
    if first >= len(words):
        return None
    length = verb_length(words, first)
    inverted = length and (words[first].text.islower() or words[first].text.isupper())
    if inverted and not words[first].low.endswith("ing") and words[first].low not in TAKING_OBJECTS:
        subject = phrase_after(words, first + length)
        return Clause(subject, (first, first + length)) if subject else None
    for at in range(first + 1, min(len(words), first + _MOST_SUBJECT)):
        if words[at].text in MARKS - {","} or words[at].text == QUOTED:
            return None
        length = verb_length(words, at)
        if length and not words[at].low.endswith("ing") and words[at].low not in TAKING_OBJECTS:
            end = before_steps(words, at)
            if end and words[end - 1].text.endswith(POSSESSIVE):
                continue
            if end > first and is_phrase(words, first, end):
                return Clause((first, end), (at, at + length))
            place = phrase_before(words, end, first) if end > first else None
            return Clause(place, (at, at + length)) if place and place[0] == first else None
    return None


def inverted_before(words: Sequence[Word]) -> Clause | None:
    """The clause "Said Costa on Tuesday:", "Not so, counters Costa:" right before a quotation."""
    if not words or words[-1].text not in {":", ","}:
        return None
    for at in range(max(0, len(words) - _MOST_REST), len(words) - 2):
        low = words[at].low
        opens = not at or words[at - 1].text in {",", ";", "—", "–"}
        if opens and low in TOUCHING_FORMS - TAKING_OBJECTS and not low.endswith("ing"):
            subject = phrase_after(words, at + 1)
            return Clause(subject, (at, at + 1)) if subject and words[subject[0]].text[0].isupper() else None
    return None


def clause_before(words: Sequence[Word]) -> Clause | None:
    """The last clause of `words` with a verb of speech: "Costa shot back:", "Costa told the council"."""
    for at in range(len(words) - 1, max(-1, len(words) - 1 - _MOST_REST), -1):
        if words[at].text in {QUOTED, ";"}:
            return None
        length = verb_length(words, at)
        if not length or words[at].low.endswith("ing"):
            continue
        if at + length < len(words) and _is_participle(words[at].low, words[at + length].low):
            continue
        end = before_steps(words, at)
        if end and words[end - 1].text.endswith(POSSESSIVE):
            continue
        place = phrase_before(words, end) if end else None
        return Clause(place, (at, at + length)) if place else None
    return None


def _is_participle(verb: str, following: str) -> bool:
    """Whether a verb and the word behind it are no speech: "claimed by", "a move described as", "called off"."""
    if following == "by" or (verb.startswith("call") and following in _NO_SPEECH):
        return True
    return verb in TAKING_OBJECTS and following in _BEHIND_PARTICIPLES and not verb.startswith("refer")


def announces(words: Sequence[Word], clause: Clause) -> bool:
    """Whether a clause before a quotation is plainly its own: it stands alone, and no other one follows its verb."""
    opening, (end, verb) = clause.subject[0], clause.verb
    if not begins_clause(words, opening):
        return False
    if words[opening].low == "it" or any(word.low in _HYPOTHETICAL for word in words[clause.subject[1] : end]):
        return False
    subordinate = opening > 0 and words[opening - 1].low in _SUBORDINATE
    return not subordinate or len(words) - verb < _SHORT_REST


class Touching(NamedTuple):
    """Who says a quotation by the clause that touches it, and the cue."""

    speaker: Span
    cue: Span | None


def touching_clauses(text: str, spans: list[tuple[int, int]], marked: list[Segment]) -> list[Touching | None]:
    """For each quotation of a text with the paragraphs `spans`, the plain clause that touches it."""
    plain = underscored(text, marked)
    following = [*(segment.start - 1 for segment in marked[1:]), len(text)][: len(marked)]
    return [
        touching(surroundings(plain, (start, min(end, stop)), segment, last_of(text, segment)))
        for segment, stop in zip(marked, following, strict=True)
        for start, end in [spans[segment.paragraph]]
    ]


def touching(around: Surroundings) -> Touching | None:
    """The speaker in the plain clause behind a quotation, else in the one before it; None where neither is sure."""
    after = clause_after(around.after) if around.touches else None
    if after is not None:
        return _touching(around.after, after)
    behind = turned_after(around.after, around.before)
    if behind is not None:
        return Touching(span_of(around.after, behind), None)
    ahead = turned_before(around.before)
    if ahead is not None:
        return Touching(span_of(around.before, ahead), None)
    before = inverted_before(around.before)
    if before is not None:
        return _touching(around.before, before)
    before = clause_before(around.before)
    if before is None or not announces(around.before, before):
        return None
    return _touching(around.before, before)


def _touching(words: Sequence[Word], clause: Clause) -> Touching:
    return Touching(span_of(words, trimmed(words, clause.subject)), span_of(words, clause.verb))

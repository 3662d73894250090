"""Reads the clause behind a quotation for who passed its words on: “…,” B had told her, A said."""

from collections.abc import Sequence

from retrieval.text.attribution.clauses import Clause, Surroundings, clause_after, clause_before
from retrieval.text.attribution.relayed.documents import quoting_after, reciting
from retrieval.text.attribution.relayed.relay import FAR, INNER, PERCEIVED, SUBORDINATE, Relay, is_address
from retrieval.text.attribution.subjects import (
    MARKS,
    QUOTED,
    SUBJECT_PRONOUNS,
    Place,
    Word,
    before_steps,
    is_phrase,
    phrase_after,
    phrase_before,
    verb_length,
)
from retrieval.text.words import word_list

_FRAMES = word_list("reported reports")


def relayed_after(around: Surroundings) -> Relay | None:
    """What the clause behind a quotation tells."""
    words = around.after
    clause = (clause_after(words) or _hearing(words)) if around.touches else None
    if clause is None:
        return None
    behind = max(clause.verb[1], clause.subject[1])
    relay = reciting(words, clause) or quoting_after(words, clause, behind)
    if relay is not None:
        return relay
    if clause.subject < clause.verb:
        inner = _inner_after(words, clause)
        if inner is not None:
            return Relay(words, inner or None, clause.subject)
    via = _trailing(words, behind)
    return Relay(words, clause.subject, via) if via else _framed(around.before, words, clause)


def _framed(before: Sequence[Word], words: Sequence[Word], frame: Clause) -> Relay | None:
    """B told A that it was “…,” a paper reported: B's, where the clause behind does nothing but report."""
    if words[frame.verb[0]].low not in _FRAMES or any(word.text in MARKS - {","} for word in words[: frame.subject[0]]):
        return None
    clause = clause_before(before)
    if clause is None or clause.subject[0] or words[frame.subject[0]].low in SUBJECT_PRONOUNS:
        return None
    behind = len(before)
    via = (behind + frame.subject[0], behind + frame.subject[1])
    return Relay([*before, *words], clause.subject, via)


def _hearing(words: Sequence[Word]) -> Clause | None:
    """The clause of “…,” A heard B shout."""
    for at in range(1, min(len(words), FAR)):
        if words[at].low in PERCEIVED:
            return Clause((0, at), (at, at + 1)) if is_phrase(words, 0, before_steps(words, at) or at) else None
    return None


def _inner_after(words: Sequence[Word], clause: Clause) -> Place | tuple[()] | None:
    """The B of “…,” A recalled B saying; A said B had told her; A said she was told by B."""
    first = clause.verb[1]
    perceived = words[clause.verb[0]].low in PERCEIVED
    for at in range(first, min(len(words), first + FAR)):
        low = words[at].low
        if words[at].text in MARKS or words[at].text == QUOTED:
            return None
        if low in SUBORDINATE and not (low == "as" and perceived):
            return None
        if low == "told" and at > first and words[at - 1].low in {"was", "been", "were"}:
            by = at + 1 < len(words) and words[at + 1].low == "by"
            return (phrase_after(words, at + 2) if by else None) or ()
        if perceived and low in INNER and at > first:
            end = at - (words[at - 1].low == "as")
            return (first, end) if end > first and is_phrase(words, first, end) else None
        if at > first and verb_length(words, at) and low not in INNER:
            place = phrase_before(words, before_steps(words, at), first)
            return place if place and is_address(words, first, place[0]) else None
    return None


def _trailing(words: Sequence[Word], behind: int) -> Place | None:
    """The A of “…,” B had told her, A said; “…,” B said, according to A."""
    comma = next((at for at in range(behind, min(len(words), behind + FAR)) if words[at].text == ","), None)
    if comma is None or comma + 2 > len(words) - 1:
        return None
    if (words[comma + 1].low, words[comma + 2].low) == ("according", "to"):
        return phrase_after(words, comma + 3)
    clause = clause_after(words[comma + 1 :])
    if clause is None or min(clause.subject[0], clause.verb[0]):
        return None
    ended = comma + 1 + max(clause.verb[1], clause.subject[1])
    if ended < len(words) and words[ended].text not in MARKS:
        return None
    return (comma + 1 + clause.subject[0], comma + 1 + clause.subject[1])

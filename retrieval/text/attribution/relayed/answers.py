"""Reads words that a noun announces: “A said B’s advice to her was”, “A claims the reply she got from B was”."""

from collections.abc import Sequence

from retrieval.text.attribution.relayed.governors import governor, interposed
from retrieval.text.attribution.relayed.relay import FAR, Relay, tells_only
from retrieval.text.attribution.subjects import (
    MARKS,
    POSSESSIVE,
    QUOTED,
    SUBJECT_PRONOUNS,
    Place,
    Word,
    before_end_mark,
    is_phrase,
    phrase_after,
    phrase_before,
)
from retrieval.text.words import word_list

_PLAINLY_SAID = word_list("instruction instructions advice motto slogan catchphrase mantra command greeting")
_SAID = _PLAINLY_SAID | word_list(
    """
    phrase line answer answers reply response message warning words word text e-mail email letter note explanation
    promise remark
    """
)
_QUOTED_AS = word_list("words phrase slogan motto mantra catchphrase")
_BEFORE_NOUNS = word_list(
    "last first final exact only very own parting famous favorite favourite written actual precise"
)
_TO_SOMEBODY = word_list("her him me them us got received gave heard")
_CLAIMS = word_list(
    """
    claim claims statement comment remark assertion argument insistence complaint warning suggestion admission promise
    contention allegation accusation declaration testimony
    """
)
_MODIFIED = 2
_DETERMINERS = word_list("the his her their its this our")
_WERE = word_list("was were is are been read")
_ANSWERING = word_list("answered answering replied replying responded responding reacted reacting response reply")


def claimed(words: Sequence[Word]) -> Relay | None:
    """Reads "A rejected B's claim that it was"."""
    for at in range(len(words) - 1, max(1, len(words) - FAR), -1):
        if words[at].text in MARKS | {QUOTED} and at < len(words) - 1:
            return None
        if words[at].low == "that" and words[at - 1].low in _CLAIMS:
            named = _by_whom(words, at - 1, at - 1) if _holds(words, at + 1) else None
            return _relay(words, named, None) if named else None
    return None


def _holds(words: Sequence[Word], first: int) -> bool:
    """Whether what is quoted is what somebody claims, and not what another says of it: "is", "as"."""
    last = len(words) - 1
    if last < first:
        return True
    if last == first or words[last].low == "as" or not tells_only(words[first:]):
        return False
    subject = words[first].low in SUBJECT_PRONOUNS and last == first + 1
    return (
        words[last].low not in _WERE - {"been"}
        or subject
        or (words[first].low in _DETERMINERS and is_phrase(words, first, last))
    )


def announced(words: Sequence[Word]) -> Relay | None:
    """Whose answer, advice or words a quotation is, by the noun before it, and who tells of them.

    Where nobody is said to have got them, “his answer was “vague”” may be what the other one thinks of it.
    """
    end = before_end_mark(words)
    was = end > 0 and words[end - 1].low in _WERE
    end -= was + (was and words[end - 1].low == "been" and words[end - 2].low in {"had", "have", "has"})
    told = interposed(words, end) if was else None
    end = told[0] - 1 if told else end
    for at in range(end - 1, max(0, end - FAR), -1):
        if words[at].text == QUOTED or (words[at].text == ";"):
            return None
        if words[at].low in (_SAID if was else _QUOTED_AS) and (was or at == end - 1):
            plain = words[at].low in _PLAINLY_SAID or any(
                word.low in _BEFORE_NOUNS for word in words[max(0, at - _MODIFIED) : at]
            )
            directed = any(word.low in _TO_SOMEBODY for word in words[at + 1 : end])
            if told and _is_anothers(words[told[0]].low, words[at - 1].low):
                return Relay(words, None, told)
            named = _by_whom(words, at, end) if plain or directed or words[-1].text == "," else None
            return _relay(words, named, told) if named and _is_apposed(words, was=was) else None
    return None


def _is_anothers(teller: str, owner: str) -> bool:
    """Whether "his reply", of which "she" tells, is somebody else's."""
    return (teller, owner) in {("she", "his"), ("he", "her"), ("she", "their"), ("he", "their")}


def _is_apposed(words: Sequence[Word], *, was: bool) -> bool:
    """Whether the noun is no answer to the words it names: "replied to B's words,"."""
    return was or (words[-1].text in {",", ":"} and not any(word.low in _ANSWERING for word in words))


def _by_whom(words: Sequence[Word], noun: int, end: int) -> tuple[Place, int] | None:
    """Who said what a noun announces, and where the noun's phrase begins."""
    owner = noun - 1
    while owner > 0 and words[owner].low in _BEFORE_NOUNS:
        owner -= 1
    if words[owner].text.endswith(POSSESSIVE):
        place = phrase_before(words, owner + 1)
        return (place, place[0]) if place else None
    if words[owner].low == "whose" and owner > 1:
        place = phrase_before(words, owner - (words[owner - 1].text == ","))
        return (place, place[0]) if place else None
    for at in range(noun + 1, end):
        if words[at].low in {"from", "by"}:
            place = phrase_after(words, at + 1)
            rest = words[place[1] : end] if place else []
            return (place, owner) if place and all(word.text in MARKS for word in rest) else None
    return None


def _relay(words: Sequence[Word], named: tuple[Place, int], told: Place | None) -> Relay:
    speaker, first = named
    return Relay(words, speaker, told or governor(words, first) or None)

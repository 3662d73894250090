"""Reads clauses without a plain subject: “…” was the verdict of Costa; called “…” by Costa; in Costa's words, “…”."""

from collections.abc import Sequence

from retrieval.text.attribution.subjects import (
    MARKS,
    POSSESSIVE,
    QUOTED,
    Place,
    Word,
    before_end_mark,
    before_steps,
    phrase_after,
    phrase_before,
    verb_length,
)
from retrieval.text.words import word_list

_BE = word_list("is was were are be been being")
_SAYINGS = word_list(
    """
    answer response reply verdict message conclusion view assessment description summary advice warning motto comment
    explanation plea cry phrase retort refrain judgment judgement reaction greeting admission mantra slogan
    rejoinder comeback characterization characterisation
    """
)
_WORDS = word_list("words phrase view opinion formulation estimation parlance")
_CALLED = word_list(
    """
    called described dubbed branded labeled labelled greeted met welcomed dismissed denounced hailed praised condemned
    characterized characterised portrayed mocked derided ridiculed slammed criticized criticised lambasted decried
    deemed termed told assured promised asked warned informed accused urged advised reminded
    instructed ordered begged remembered
    """
)
_LINKS = word_list("as with of that")
_SUMS = word_list(
    """
    spoke uttered put puts summed sums saw phrased phrases described describes characterized explained explains used
    uses chose
    """
)
_AFTER_BE = word_list("also once famously recently widely now often later then")
_WHICH_WORDS = word_list("the last first final exact only very")
_POINTING = word_list("those these that this")
_FAR = 10


def passive_subject(words: Sequence[Word]) -> Place | None:
    """The subject of the passive that ends before a quotation, who did not say it: "Costa was called"."""
    at = _passive_verb(words)
    return _passive_phrase(words, at) if at is not None else None


def turned_before(words: Sequence[Word]) -> Place | None:
    """The speaker in "was greeted by Costa with", "in Costa's words,", "as Costa put it,", "Costa's reply:"."""
    at = _passive_verb(words)
    if at is not None and at + 1 < len(words) and words[at + 1].low == "by":
        place = phrase_after(words, at + 2)
        interrupted = place is not None and any(word.text in MARKS for word in words[place[1] : -1])
        return None if interrupted else place
    return _own_words(words, _last_comma(words)) or _answer(words)


def turned_after(words: Sequence[Word], before: Sequence[Word]) -> Place | None:
    """The speaker in "was the verdict of Costa", "is how Costa put it", "in Costa's words", "by Costa" of a passive."""
    first = next((place for place, word in enumerate(words) if word.text not in MARKS), len(words))
    if first + 1 >= len(words):
        return None
    first += first + 2 < len(words) and words[first].low in _POINTING and words[first + 1].low in _BE
    low = words[first].low
    if low == "by":
        passive = bool(before) and (before[-1].low in _CALLED or _passive_verb(before) is not None)
        return phrase_after(words, first + 1) if passive else None
    if low in _BE or low == "came":
        return _said_to_be(words, first + 1)
    if low in {"as", "in"}:
        end = next((at for at in range(first, len(words)) if words[at].text in MARKS), len(words))
        return _own_words(words[:end], first)
    return None


def _passive_verb(words: Sequence[Word]) -> int | None:
    """The place of the participle in "was described", "was described by Costa as"."""
    for at in range(len(words) - 1, max(0, len(words) - _FAR), -1):
        if words[at].text in MARKS - {",", ":"} or words[at].text == QUOTED:
            return None
        if words[at].low in _CALLED:
            rest = words[at + 1 :]
            ended = not rest or rest[0].low == "by" or all(word.low in _LINKS or word.text in MARKS for word in rest)
            joined = bool(rest) and rest[0].low == "by" and words[at - 1].low in {"and", "then"}
            return at if ended and (joined or _auxiliary(words, at) is not None) else None
    return None


def _auxiliary(words: Sequence[Word], verb: int) -> int | None:
    at = verb - 1
    while at > 0 and (words[at].low in _AFTER_BE or words[at].low.endswith("ly")):
        at -= 1
    return at if at >= 0 and words[at].low in _BE else None


def _passive_phrase(words: Sequence[Word], verb: int) -> Place | None:
    auxiliary = _auxiliary(words, verb)
    end = before_steps(words, auxiliary) if auxiliary else 0
    return phrase_before(words, end) if end else None


def _last_comma(words: Sequence[Word]) -> int:
    """Where a phrase between commas before a quotation, or one at the start of its sentence, begins."""
    end = before_end_mark(words)
    at = next((place for place in range(end - 1, -1, -1) if words[place].text == ","), -1)
    return at + 1 if at >= 0 and words[-1].text == "," else 0


def _own_words(words: Sequence[Word], first: int) -> Place | None:
    """Costa in "as Costa put it", "in Costa's words", "in the words of Costa", which begin at `first`."""
    low = words[first].low if first + 2 < len(words) else ""
    if low == "as":
        return _subject_of_saying(words, first + 1)
    if low != "in":
        return None
    at = next((at for at in range(first + 1, min(len(words), first + _FAR)) if words[at].low in _WORDS), None)
    if at is None or any(word.text in MARKS for word in words[first:at]):
        return None
    if words[at - 1].text.endswith(POSSESSIVE):
        return phrase_before(words, at, first + 1)
    return phrase_after(words, at + 2) if at + 1 < len(words) and words[at + 1].low == "of" else None


def _subject_of_saying(words: Sequence[Word], first: int) -> Place | None:
    """The subject that begins at `first`, of a verb of speech or of "put", "summed up"."""
    for at in range(first + 1, min(len(words), first + _FAR)):
        if words[at].text in MARKS:
            return None
        if words[at].low in _SUMS or verb_length(words, at):
            place = phrase_before(words, before_steps(words, at), first)
            return place if place and place[0] == first else None
    return None


def _answer(words: Sequence[Word]) -> Place | None:
    """Costa in "Costa's reply:", "Costa's answer was blunt:", "The reply from Costa:"."""
    if not words or words[-1].text not in {":", ","}:
        return None
    for at in range(len(words) - 2, max(-1, len(words) - _FAR), -1):
        if words[at].text in MARKS:
            return None
        if words[at].low not in _SAYINGS:
            continue
        if at and words[at - 1].text.endswith(POSSESSIVE):
            plain = at + 1 == len(words) - 1 or words[at + 1].low in _BE
            return phrase_before(words, at) if plain else None
        linked = words[at + 1].low in {"of", "from", "by"}
        return phrase_after(words, at + 2) if linked else None
    return None


def _said_to_be(words: Sequence[Word], first: int) -> Place | None:
    """Costa in “…” was "the verdict of Costa", "Costa's verdict", "how Costa put it", "what Costa called it"."""
    if words[first].low in {"how", "what"}:
        return _subject_of_saying(words, first + 1)
    for at in range(first, min(len(words), first + _FAR)):
        if words[at].text in MARKS:
            return None
        if words[at].low == "words" and words[at - 1].low in _WHICH_WORDS:
            linked = at + 1 < len(words) and words[at + 1].low == "of"
            that = at + 1 < len(words) and words[at + 1].low == "that"
            return phrase_after(words, at + 2) if linked else _subject_of_saying(words, at + 1 + that)
        if words[at].low in _SAYINGS | {"words"}:
            if words[at - 1].text.endswith(POSSESSIVE) and at - 1 >= first:
                return phrase_before(words, at, first)
            linked = at + 1 < len(words) and words[at + 1].low in {"of", "from", "by"}
            return phrase_after(words, at + 2) if linked else None
    return None

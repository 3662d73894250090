"""Reads who spoke while doing what another tells: “A said that B confessed, saying”, “that B looked up and said”."""

from collections.abc import Sequence

from retrieval.text.attribution import cues
from retrieval.text.attribution.relayed.governors import governor
from retrieval.text.attribution.relayed.relay import BE, LONGEST_ADDRESS, MODALS, Relay, tells_only
from retrieval.text.attribution.subjects import (
    MARKS,
    POSSESSIVE,
    QUOTED,
    Place,
    Word,
    before_end_mark,
    before_steps,
    phrase_of_name,
    verb_length,
)
from retrieval.text.names.organisations import is_organisation
from retrieval.text.words import FUNCTION_WORDS, read_words, word_list

_LONGEST = 30
_ADDING = word_list(
    "adding noting stressing emphasizing emphasising concluding continuing explaining arguing insisting"
)
_ADDED = word_list("added concluded continued noted stressed explained argued insisted announced")
_MANNERS = word_list("telling asking replying threatening promising begging calling warning answering") | frozenset(
    cues.forms(lemma)[3] for lemma in read_words("manners_of_speech")
)
_TELLING = word_list(
    """
    told tells tell testified testifies testify alleged alleges allege claimed claims claim said says say recalled
    recalls recall recounted recounts remembered remembers described describes wrote writes to
    """
)
_SPEECH_ACTS = cues.SPEECH_FORMS | word_list(
    """
    confessed apologized apologised threatened refused lied swore laughed shrugged objected agreed relented snapped
    approached grabbed turned confronted called phoned telephoned rang stopped followed visited
    """
)
_BESIDE = word_list("her him them me us")
_AUXILIARIES = BE | MODALS | word_list("had has have did does do")


def spoken_doing(words: Sequence[Word]) -> Relay | None:
    """Who spoke by a participle, or a second verb, of a clause that another clause tells."""
    return _participle(words) or _second_verb(words)


def _participle(words: Sequence[Word]) -> Relay | None:
    """Reads "A told police that B had threatened her, saying": the inner clause's, unless A goes on by it.

    "A said that B had been arrested, saying" and "A said that the search had ended, adding" are A's own words.
    """
    end = before_end_mark(words)
    comma = next((at for at in range(end - 1, max(0, end - 1 - LONGEST_ADDRESS), -1) if words[at].text == ","), 0)
    verb = words[comma + 1].low if comma and comma + 1 < end else ""
    if not verb.endswith("ing") or not verb_length(words, comma + 1):
        return None
    inner = _inner_subject(words, comma)
    if inner is None:
        return None
    subject, act, via = inner
    done = [word.low for word in words[act:comma]]
    narrated = words[subject[0] - 1].low == "how"
    speaks = narrated or done[0] in _SPEECH_ACTS or any(low in _BESIDE for low in done) or verb in _MANNERS
    if done[0] in BE and (verb not in _MANNERS or done[-1].endswith("ed")):
        return None
    if speaks and verb not in _ADDING:
        return Relay(words, subject, via)
    return Relay(words, subject, via) if done[0] in _SPEECH_ACTS else None


def _second_verb(words: Sequence[Word]) -> Relay | None:
    """Reads "A told the jury that B looked at her and said"."""
    for at in range(len(words) - 1, max(0, len(words) - LONGEST_ADDRESS - 1), -1):
        if words[at].text == QUOTED:
            return None
        if not verb_length(words, at) or words[at].low.endswith("ing"):
            continue
        before = before_steps(words, at)
        if words[before - 1].low not in {"and", "then"} or words[at].low in _ADDED or not tells_only(words[at + 1 :]):
            return None
        inner = _inner_subject(words, before - 1)
        if inner is None or words[inner[1]].low in _AUXILIARIES:
            return None
        if words[inner[1] - 1].low in _AUXILIARIES and words[inner[0][0] - 1].low != "how":
            return None
        return Relay(words, inner[0], inner[2])
    return None


def _inner_subject(words: Sequence[Word], end: int) -> tuple[Place, int, Place | None] | None:
    """The person with whom a clause told by another begins before `end`, the place of its verb, and who told it."""
    for first in range(1, end):
        if words[first].text in {";", QUOTED} or end - first > _LONGEST or not words[first].text[0].isalpha():
            continue
        found = phrase_of_name(words, first)
        named = [word.text for word in words[slice(*found[0])]] if found else []
        if found is None or named[-1].endswith(POSSESSIVE) or is_organisation(named):
            continue
        act = _verb_behind(words, found[1], end)
        governed = governor(words, first) if act is not None else None
        if act is not None and governed is not None and _tells(words, first):
            return found[0], act, governed or None
    return None


def _tells(words: Sequence[Word], end: int) -> bool:
    """Whether the clause before a place tells what somebody did."""
    return any(word.low in _TELLING for word in words[max(0, end - _LONGEST) : end])


def _verb_behind(words: Sequence[Word], first: int, end: int) -> int | None:
    """The place of the verb behind a subject, without auxiliaries and adverbs."""
    at = first
    while at < end and (
        words[at].low in {"had", "has", "have", "then", "later", "also"} or words[at].low.endswith("ly")
    ):
        at += 1
    if at >= end or words[at].text in MARKS or not words[at].text[0].islower():
        return None
    return at if words[at].low in BE or words[at].low not in FUNCTION_WORDS else None

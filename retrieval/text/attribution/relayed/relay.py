"""Reads who passes words on: the clause of speech that another clause depends on, and what both tell of a quotation."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.text.attribution import cues
from retrieval.text.attribution.subjects import (
    MARKS,
    QUOTED,
    SUBJECT_PRONOUNS,
    Place,
    Word,
    before_steps,
    begins_clause,
    is_phrase,
    phrase_before,
    verb_length,
)
from retrieval.text.words import read_words, word_list

FAR = 14
LONGEST_ADDRESS = 7
_LONGEST_REST = 9
INNER = frozenset(
    form
    for lemma in cues.SPEECH_LEMMAS | read_words("manners_of_speech")
    for form in cues.forms(lemma)
    if form == lemma or form.endswith("ing")
)
PERCEIVED = word_list(
    """
    quote quotes quoted quoting cite cites cited citing recall recalls recalled recalling remember remembers remembered
    remembering recount recounts recounted recounting hear hears heard hearing overhear overheard describe describes
    described describing depict depicts depicted depicting show shows showed showing filmed recorded caught captured
    imagine imagines imagined saw sees seeing watched report reports reported reporting paraphrased paraphrasing
    """
)
DOCUMENTS = word_list(
    """
    letter letters email e-mail emails message messages text texts note notes tweet tweets post posts voicemail diary
    journal poem passage verse line lines prayer card postcard telegram memo affidavit memoir book word words remark
    remarks comment comments quote quotation statement testimony deposition speech article column essay transcript
    """
)
REPORTS = word_list("reported reports wrote writes said says say")
_PREPOSITIONS = word_list("in at with from by of to for about into through over")
BE = word_list("is was were are be been being")
SUBORDINATE = word_list("after when as before because while if although though until since where whether and but or")
_ACCOUNTS = word_list("telling account version recollection memory retelling recounting")


@dataclass(frozen=True, slots=True)
class Relay:
    """Places, among the same words, of who spoke, of who passed it on, and of who was only spoken to."""

    words: Sequence[Word]
    speaker: Place | None
    via: Place | None
    listener: Place | None = None


def is_document(words: Sequence[Word], place: Place) -> bool:
    """Whether a place names a document, and no speaker."""
    return any(word.low in DOCUMENTS for word in words[place[0] : place[1]])


def outermost(words: Sequence[Word], place: Place | None) -> Place | None:
    """A place, or where it is a pronoun, the subject of the clause that it depends on: "A said she heard"."""
    if place is None or words[place[0]].low not in SUBJECT_PRONOUNS:
        return place
    return governor(words, place[0]) or place


def tells_only(rest: Sequence[Word], opener: str) -> bool:
    """Whether a quotation belongs to the verb before `rest`: an address, or the clause that the quotation ends."""
    lows = [word.low for word in rest if word.text not in MARKS]
    if len(lows) > _LONGEST_REST or any(word.text in MARKS | {QUOTED} for word in rest[:-1]):
        return False
    if any(low in SUBORDINATE for low in lows[:-1]):
        return False
    verbs = [place for place, low in enumerate(lows) if low in BE]
    return not verbs or (
        opener not in {"what", "how"} and bool(verbs[0]) and lows[verbs[0] - 1] not in {"that", "which"}
    )


def governor(words: Sequence[Word], end: int) -> Place | tuple[()] | None:
    """The subject of the clause of speech that the one at `end` depends on; () where it has none, None without one."""
    if end and words[end - 1].text == ",":
        return _account(words, end - 1)
    linked = end > 0 and words[end - 1].low in {"that", "how", "what"}
    end -= linked
    for at in range(end - 1, max(-1, end - 1 - LONGEST_ADDRESS), -1):
        if words[at].text in MARKS or words[at].text == QUOTED:
            return None
        length = verb_length(words, at)
        if length and (linked or words[at].low not in cues.TAKING_OBJECTS):
            if not is_address(words, at + length, end + linked):
                return None
            before = before_steps(words, at)
            return (phrase_before(words, before) if before else None) or ()
    return None


def _account(words: Sequence[Word], end: int) -> Place | None:
    """The A of "according to A,", "in A's telling,", "as A remembers it,", which end at a comma."""
    for at in range(end - 1, max(-1, end - FAR), -1):
        if words[at].low == "to" and at and words[at - 1].low == "according" and is_phrase(words, at + 1, end):
            return (at + 1, end)
        if words[at].low in {"in", "by", "from"} and words[end - 1].low in _ACCOUNTS and begins_clause(words, at):
            return (at + 1, end - 1) if is_phrase(words, at + 1, end - 1) else None
    return None


def is_address(words: Sequence[Word], first: int, end: int) -> bool:
    """Whether words between two verbs are only who was told, or "that"."""
    lows = [word.low for word in words[first:end]]
    if any(low in BE | SUBJECT_PRONOUNS | SUBORDINATE for low in lows):
        return False
    return lows[-1:] == ["that"] or not any(low in _PREPOSITIONS for low in lows)

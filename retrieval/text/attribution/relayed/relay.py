"""Reads who passes words on: the clause of speech that another clause depends on, and what both tell of a quotation."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.text.attribution import cues
from retrieval.text.attribution.subjects import (
    MARKS,
    QUOTED,
    Place,
    Word,
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
    confession manifesto report call calls
    """
)
QUOTING = word_list("quote quotes quoted quoting paraphrase paraphrases paraphrased paraphrasing")
PASSES_ON = QUOTING | word_list(
    """
    read reads reading recite recites recited reciting cite cites cited citing share shares shared sharing show shows
    showed showing play plays played playing post posts posted posting repost reposts reposted reposting retweet
    retweets retweeted retweeting forward forwards forwarded forwarding publish publishes published produce produces
    produced present presents presented display displays displayed repeat repeats repeated repeating relay relays
    relayed relaying recalled recalls remembered remembers recall convey conveys conveyed conveying deliver
    delivers delivered delivering recounts recounted recounting pass passes passed passing
    """
)
REPORTS = word_list("reported reports wrote writes said says say")
BE = word_list("is was were are be been being")
MODALS = word_list("would could should might will may")
SUBORDINATE = word_list("after when as before because while if although though until since where whether and but or")


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


def tells_only(rest: Sequence[Word], *, asked: bool = False) -> bool:
    """Whether a quotation belongs to the verb before `rest`: an address, or the clause that the quotation ends.

    `asked`: "what" or "how" opens the clause of that verb.
    """
    lows = [word.low for word in rest if word.text not in MARKS]
    if len(lows) > _LONGEST_REST or any(word.text in MARKS | {QUOTED} for word in rest[:-1]):
        return False
    if any(low in SUBORDINATE for low in lows[:-1]):
        return False
    verbs = [place for place, low in enumerate(lows) if low in BE]
    return not verbs or (not asked and bool(verbs[0]) and lows[verbs[0] - 1] not in {"that", "which"})

"""Finds words of somebody else: “A quoted B as saying, …”, “A said B had told her, …”, “A read from B's letter: …”.

The inner speaker said them, and who passed them on is `via`. Where the text does not name the inner speaker, nobody is
named: never the one who passed them on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.domain.quotations import Attribution
from retrieval.text.attribution import cues
from retrieval.text.attribution.attributed import AttributedSegment, attribution_of
from retrieval.text.attribution.clauses import Clause, Surroundings, clause_after, clause_before, surroundings
from retrieval.text.attribution.fitted.masking import underscored
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.attribution.subjects import (
    MARKS,
    QUOTED,
    SUBJECT_PRONOUNS,
    Place,
    Word,
    before_steps,
    begins_clause,
    is_phrase,
    phrase_after,
    phrase_before,
    phrase_of_name,
    span_of,
    verb_length,
)
from retrieval.text.attribution.turned import passive_subject, turned_before
from retrieval.text.words import read_words, word_list

_LIKELY = 0.9
_FAR = 14
_LONGEST_ADDRESS = 7
_LONGEST_REST = 9
_INNER = frozenset(
    form
    for lemma in cues.SPEECH_LEMMAS | read_words("manners_of_speech")
    for form in cues.forms(lemma)
    if form == lemma or form.endswith("ing")
)
_PERCEIVED = word_list(
    """
    quote quotes quoted quoting cite cites cited citing recall recalls recalled recalling remember remembers remembered
    remembering recount recounts recounted recounting hear hears heard hearing overhear overheard describe describes
    described describing depict depicts depicted depicting show shows showed showing filmed recorded caught captured
    imagine imagines imagined saw sees seeing watched report reports reported reporting paraphrased paraphrasing
    """
)
_PASSIVE = word_list("quoted heard overheard recorded filmed caught cited captured")
_QUOTING = word_list("quote quotes quoted quoting paraphrase paraphrases paraphrased paraphrasing")
_RECORDING = word_list("video recording recordings footage audio tape clip film image voice")
_PASSES_ON = _QUOTING | word_list(
    """
    read reads reading recite recites recited reciting cite cites cited citing share shares shared sharing show shows
    showed showing play plays played playing post posts posted posting repost reposts reposted reposting retweet
    retweets retweeted retweeting forward forwards forwarded forwarding publish publishes published produce produces
    produced present presents presented display displays displayed repeat repeats repeated repeating relay relays
    relayed relaying convey conveys conveyed conveying
    """
)
_NO_SUBJECTS = word_list("that which the a his her their its was were been be is are")
_RECITES = word_list("read reads reading recite recites recited reciting")
_DOCUMENTS = word_list(
    """
    letter letters email e-mail emails message messages text texts note notes tweet tweets post posts voicemail diary
    journal poem passage verse line lines prayer card postcard telegram memo affidavit memoir book word words remark
    remarks comment comments quote quotation statement testimony deposition speech article column essay transcript
    """
)
_OWN = word_list("statement speech remarks text notes script testimony words my own")
_WORKS = word_list(
    "bible scripture scriptures gospel psalm psalms quran koran torah constitution genesis proverb poem song"
)
_WRITTEN = word_list("sent written posted penned signed left recorded typed published delivered")
_REPORTS = word_list("reported reports wrote writes said says say")
_FRAMES = word_list("reported reports")
_PREPOSITIONS = word_list("in at with from by of to for about into through over")
_BE = word_list("is was were are be been being")
_THOUGHTS = frozenset(form for lemma in word_list("believe think agree wonder fret") for form in cues.forms(lemma))
_ACCUSING = word_list("told tells testified alleged claimed claims said says")
_ANSWERED = word_list(
    "greeted met welcomed replied responded answered countered retorted interrupted began ended opened closed"
)
_SHOUTING = word_list("saying shouting yelling screaming telling threatening whispering")
_MODALS = word_list("would could should might will may")
_SUBORDINATE = word_list("after when as before because while if although though until since where whether and but or")
_ACCOUNTS = word_list("telling account version recollection memory retelling recounting")


@dataclass(frozen=True, slots=True)
class _Relay:
    """Places, among the same words, of who spoke, of who passed it on, and of who was only spoken to."""

    words: Sequence[Word]
    speaker: Place | None
    via: Place | None
    listener: Place | None = None


def revise_relayed(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """Give relayed words to who spoke them, where told, and say who passed them on."""
    plain = underscored(article.text, [one.segment for one in attributed])
    revised: list[AttributedSegment] = []
    for number, one in enumerate(attributed):
        bounds = article.paragraphs[one.segment.paragraph]
        following = attributed[number + 1].segment.start - 1 if number + 1 < len(attributed) else len(plain)
        around = surroundings(
            plain, (bounds.start, min(bounds.end, following)), one.segment, article.text[one.segment.end - 1]
        )
        relay = _relayed_after(around) or _relayed_before(around.before)
        revised.append(_revised(article.text, one, relay) if relay else one)
    return revised


def _revised(text: str, one: AttributedSegment, relay: _Relay) -> AttributedSegment:
    via = span_of(relay.words, relay.via) if relay.via and not _is_document(relay.words, relay.via) else None
    if relay.speaker is None:
        listener = span_of(relay.words, relay.listener) if relay.listener else None
        known = [span for span in (listener, via) if span]
        if known and one.mention and not any(one.mention.overlaps(span) for span in known):
            return one
        return replace(
            one, mention=None, cue=None, attribution=Attribution.UNKNOWN, probability=0.0, person=None, via=via
        )
    speaker = span_of(relay.words, relay.speaker)
    found_by = attribution_of(speaker.of(text))
    same = one.mention is not None and one.mention.overlaps(speaker) and not (via and one.mention.overlaps(via))
    if same and one.person and found_by is not Attribution.PRONOUN:
        return replace(one, via=via)
    return replace(one, mention=speaker, attribution=found_by, probability=_LIKELY, person=None, via=via)


def _is_document(words: Sequence[Word], place: Place) -> bool:
    return any(word.low in _DOCUMENTS for word in words[place[0] : place[1]])


def _relayed_before(words: Sequence[Word]) -> _Relay | None:
    """What the words before a quotation tell."""
    return (
        _quoting_before(words)
        or _told_by(words)
        or _cleft(words)
        or _inner_clause(words)
        or _inner_verb(words)
        or _inner_participle(words)
        or _reported_clause(words)
        or _quoted_document(words)
    )


def _quoting_before(words: Sequence[Word]) -> _Relay | None:
    """Reads "Quoting B, A said", "A, quoting B, said", "Citing B, a paper reported"."""
    for at, word in enumerate(words):
        if word.low not in {"quoting", "paraphrasing", "citing", "reading"}:
            continue
        end = next((place for place in range(at + 1, len(words)) if words[place].text in MARKS), len(words))
        author = _author(words, at + 1, end)
        clause = clause_before(words)
        if (
            (word.low == "reading" and not author)
            or author is None
            or (clause is not None and clause.subject == author)
        ):
            continue
        if word.low != "citing" or (clause is not None and words[clause.verb[0]].low in _REPORTS):
            return _Relay(words, author or None, clause.subject if clause else None)
    return None


def _told_by(words: Sequence[Word]) -> _Relay | None:
    """Reads "A said she was told by B": B; "A was told", "A was called": not A."""
    listener = passive_subject(words)
    if listener is None:
        return None
    governed = _governor(words, listener[0])
    speaker = turned_before(words)
    return _Relay(words, speaker, governed or None, listener) if governed or speaker is None else None


def _cleft(words: Sequence[Word]) -> _Relay | None:
    """Reads "It was B, according to A, who shouted"."""
    clause = clause_before(words)
    if clause is None or words[clause.subject[0]].low != "who" or words[0].low != "it" or words[1].low not in _BE:
        return None
    found = phrase_of_name(words, 2)
    to = next(
        (at for at in range(2, clause.subject[0]) if words[at].low == "to" and words[at - 1].low == "according"), 0
    )
    return _Relay(words, found[0], phrase_after(words, to + 1) if to else None) if found else None


def _outermost(words: Sequence[Word], place: Place | None) -> Place | None:
    """A place, or where it is a pronoun, the subject of the clause that it depends on: "A said she heard"."""
    if place is None or words[place[0]].low not in SUBJECT_PRONOUNS:
        return place
    return _governor(words, place[0]) or place


def _inner_participle(words: Sequence[Word]) -> _Relay | None:
    """Reads "A told police that B had threatened her, saying"."""
    end = len(words) - (bool(words) and words[-1].text in {",", ":"})
    last = next((at for at in range(end - 1, max(0, end - 1 - _LONGEST_ADDRESS), -1) if words[at].text == ","), 0)
    if not last or words[last + 1].low not in _SHOUTING:
        return None
    for at in range(last - 1, max(0, last - _FAR), -1):
        if words[at].text in MARKS | {QUOTED}:
            return None
        place = phrase_before(words, at) if words[at].low == "had" else None
        if place is not None:
            governed = _governor(words, place[0]) if any(w.low in _ACCUSING for w in words[: place[0]]) else None
            return _Relay(words, place, governed or None) if governed is not None else None
    return None


def _inner_clause(words: Sequence[Word]) -> _Relay | None:
    """Reads "A said B had told her", "According to A, B said", "B, A said, had promised"."""
    clause = clause_before(words)
    if clause is None or not _may_be_told(words, clause):
        return None
    rest = words[clause.verb[1] :]
    if not _tells_only(rest, words[clause.subject[0] - 1].low if clause.subject[0] else ""):
        return None
    aside = _aside(words, clause)
    if aside is not None:
        return _Relay(words, clause.subject, aside)
    governed = _governor(words, clause.subject[0])
    return _Relay(words, clause.subject, _outermost(words, governed or None)) if governed is not None else None


def _may_be_told(words: Sequence[Word], clause: Clause) -> bool:
    """Whether a clause can report what somebody else said: neither a thought nor something that may come."""
    if words[clause.verb[0]].low in _THOUGHTS or words[clause.subject[0]].low in {"it", "who", "i", "we", "you"}:
        return False
    named_by_writer = words[clause.subject[0] - 1].low in {"what", "which"} if clause.subject[0] else False
    if named_by_writer and words[clause.subject[0]].low in SUBJECT_PRONOUNS:
        return False
    return not any(word.low in _MODALS for word in words[clause.subject[1] : clause.verb[0]])


def _tells_only(rest: Sequence[Word], opener: str) -> bool:
    """Whether a quotation belongs to the verb before `rest`: an address, or the clause that the quotation ends."""
    lows = [word.low for word in rest if word.text not in MARKS]
    if len(lows) > _LONGEST_REST or any(word.text in MARKS | {QUOTED} for word in rest[:-1]):
        return False
    if any(low in _SUBORDINATE for low in lows[:-1]):
        return False
    verbs = [place for place, low in enumerate(lows) if low in _BE]
    return not verbs or (
        opener not in {"what", "how"} and bool(verbs[0]) and lows[verbs[0] - 1] not in {"that", "which"}
    )


def _aside(words: Sequence[Word], clause: Clause) -> Place | None:
    """The A of "B, A said, had promised": the words between the commas behind the subject are a clause of speech."""
    inner = words[clause.subject[1] + 1 : clause.verb[0]]
    for at in range(1, len(inner) - 1):
        if verb_length(inner, at) and inner[at + 1].text == ",":
            place = phrase_before(inner, before_steps(inner, at))
            first = clause.subject[1] + 1
            return (first + place[0], first + place[1]) if place and place[0] == 0 else None
    return None


def _governor(words: Sequence[Word], end: int) -> Place | tuple[()] | None:
    """The subject of the clause of speech that the one at `end` depends on; () where it has none, None without one."""
    if end and words[end - 1].text == ",":
        return _account(words, end - 1)
    linked = end > 0 and words[end - 1].low in {"that", "how", "what"}
    end -= linked
    for at in range(end - 1, max(-1, end - 1 - _LONGEST_ADDRESS), -1):
        if words[at].text in MARKS or words[at].text == QUOTED:
            return None
        length = verb_length(words, at)
        if length and (linked or words[at].low not in cues.TAKING_OBJECTS):
            if not _is_address(words, at + length, end + linked):
                return None
            before = before_steps(words, at)
            return (phrase_before(words, before) if before else None) or ()
    return None


def _account(words: Sequence[Word], end: int) -> Place | None:
    """The A of "according to A,", "in A's telling,", "as A remembers it,", which end at a comma."""
    for at in range(end - 1, max(-1, end - _FAR), -1):
        if words[at].low == "to" and at and words[at - 1].low == "according" and is_phrase(words, at + 1, end):
            return (at + 1, end)
        if words[at].low in {"in", "by", "from"} and words[end - 1].low in _ACCOUNTS and begins_clause(words, at):
            return (at + 1, end - 1) if is_phrase(words, at + 1, end - 1) else None
    return None


def _inner_verb(words: Sequence[Word]) -> _Relay | None:
    """Reads "A quoted B as saying", "A recalled B shouting", "footage of B telling", "B was heard shouting"."""
    for at in range(len(words) - 1, max(0, len(words) - _FAR), -1):
        if words[at].text in {QUOTED, ";"}:
            return None
        having = words[at - 1].low == "having"
        if not having and (words[at].low not in _INNER or words[at].low in _DOCUMENTS):
            continue
        if not _tells_only(words[at + 1 :], ""):
            return None
        end = before_steps(words, at - having)
        end -= words[end - 1].low == "as" if end else 0
        return _passive(words, end) or _perceived(words, end)
    return None


def _perceived(words: Sequence[Word], end: int) -> _Relay | None:
    place = phrase_before(words, end) if end else None
    if place is None or not place[0]:
        return None
    verb = place[0] - 1
    if words[verb].low in _PERCEIVED:
        before = before_steps(words, verb)
        return _Relay(words, place, _outermost(words, phrase_before(words, before) if before else None))
    told = words[verb].low in {"of", "about"} and verb > 0
    if told and (words[verb - 1].low in _RECORDING or verb_length(words, verb - 1)):
        return _Relay(words, place, None)
    return None


def _passive(words: Sequence[Word], end: int) -> _Relay | None:
    """Reads "B was quoted by A as saying", "B was heard shouting", "B was caught on camera telling"."""
    for at in range(end - 1, max(0, end - _LONGEST_ADDRESS), -1):
        if words[at].text in MARKS:
            return None
        if words[at].low in _PASSIVE:
            before = before_steps(words, at)
            if not before or words[before - 1].low not in _BE:
                return None
            before = before_steps(words, before - 1)
            place = phrase_before(words, before) if before else None
            by = at + 1 < end and words[at + 1].low == "by" and is_phrase(words, at + 2, end)
            return _Relay(words, place, (at + 2, end) if by else None) if place else None
    return None


def _reported_clause(words: Sequence[Word]) -> _Relay | None:
    """Reads "A said that B had opened the meeting by saying", "A recounted how B greeted her with"."""
    end = len(words) - (bool(words) and words[-1].text in {",", ":"})
    speaking = next((at for at in range(end - 1, max(0, end - _LONGEST_ADDRESS), -1) if _speaks_there(words, at)), None)
    if speaking is None or not (words[speaking].low != "with" or speaking == end - 1):
        return None
    for at in range(speaking - 1, 0, -1):
        if words[at].text in MARKS - {","} or words[at].text == QUOTED:
            return None
        reports = words[at].low in _REPORTS and words[speaking - 1].low != "to"
        if reports or (words[at].low in {"that", "how"} and not _governed_by_thought(words, at)):
            governed = _governor(words, at + 1)
            found = phrase_of_name(words, at + 1) if governed is not None else None
            if found is None or any(word.text in MARKS for word in words[found[1] : speaking]):
                return None
            return _Relay(words, found[0], _outermost(words, governed or None))
    return None


def _speaks_there(words: Sequence[Word], at: int) -> bool:
    """Whether a verb of speech without a subject stands at a place: "by saying", "to tell her", "greeted her with"."""
    before = words[at - 1].low
    if words[at].low == "words":
        return before in {"the", "these"} and words[at - 2].low == "with"
    if words[at].low == "with":
        return any(word.low in _ANSWERED for word in words[max(0, at - _LONGEST_ADDRESS) : at])
    spoken = words[at].low in _INNER and words[at].low not in _DOCUMENTS | cues.TAKING_OBJECTS
    return spoken and (before in {"by", "to"} or (words[at].low in _SHOUTING and words[at - 1].text not in MARKS))


def _governed_by_thought(words: Sequence[Word], at: int) -> bool:
    return words[at - 1].low in _THOUGHTS


def _quoted_document(words: Sequence[Word]) -> _Relay | None:
    """Reads "A read out a message from B", "A shared B's post", "A, quoting B", "A quoted a poem"."""
    end = len(words) - (bool(words) and words[-1].text in {",", ":"})
    for at in range(end - 1, max(-1, end - _FAR), -1):
        if words[at].text in MARKS | {QUOTED}:
            return None
        passes_on = words[at].low in _PASSES_ON and (words[at].low not in _DOCUMENTS or words[at].low.endswith("ed"))
        if passes_on and not (at and (words[at - 1].low in _NO_SUBJECTS or words[at - 1].text.endswith(("’s", "'s")))):
            author = _author(words, at + 1, end)
            if author is None or (author and not _tells_only(words[author[1] : end], "")):
                return None
            before = before_steps(words, at)
            return _Relay(words, author or None, phrase_before(words, before) if before else None)
    return None


def _author(words: Sequence[Word], first: int, end: int) -> Place | tuple[()] | None:
    """Who wrote what the verb before `first` passes on; () where that is not told, None where nothing is passed on."""
    verb = words[first - 1].low
    place = next((at for at in range(first, end) if words[at].low in _DOCUMENTS), None)
    while place is not None and place + 1 < end and words[place + 1].low in _DOCUMENTS:
        place += 1
    if place is None:
        if verb not in _QUOTING | {"repeating", "relaying", "citing"}:
            return None
        first += first < end and words[first].low == "from"
        found = phrase_after(words, first)
        works = found is None or any(word.low in _WORKS for word in words[found[0] : found[1]])
        return () if works else found
    owner = next((at for at in range(place - 1, first - 1, -1) if words[at].text.endswith(("’s", "'s", "s’"))), None)
    if owner is not None:
        return phrase_before(words, owner + 1, first)
    linked = place + 1 + (place + 1 < end and words[place + 1].low in _WRITTEN)
    if linked < end and words[linked].low in {"from", "by", "of"}:
        return phrase_after(words, linked + 1) or ()
    own = any(word.low in _OWN | {"his", "her", "their"} for word in words[first : place + 1])
    return None if own or verb not in _RECITES | _QUOTING else ()


def _relayed_after(around: Surroundings) -> _Relay | None:
    """What the clause behind a quotation tells."""
    words = around.after
    clause = (clause_after(words) or _hearing(words)) if around.touches else None
    if clause is None:
        return None
    behind = max(clause.verb[1], clause.subject[1])
    relay = _reciting(words, clause) or _quoting_after(words, clause, behind)
    if relay is not None:
        return relay
    if clause.subject < clause.verb:
        inner = _inner_after(words, clause)
        if inner is not None:
            return _Relay(words, inner or None, clause.subject)
    via = _trailing(words, behind)
    return _Relay(words, clause.subject, via) if via else _framed(around.before, words, clause)


def _framed(before: Sequence[Word], words: Sequence[Word], frame: Clause) -> _Relay | None:
    """B told A that it was “…,” a paper reported: B's, where the clause behind does nothing but report."""
    if words[frame.verb[0]].low not in _FRAMES or any(word.text in MARKS - {","} for word in words[: frame.subject[0]]):
        return None
    clause = clause_before(before)
    if clause is None or clause.subject[0] or words[frame.subject[0]].low in SUBJECT_PRONOUNS:
        return None
    behind = len(before)
    via = (behind + frame.subject[0], behind + frame.subject[1])
    return _Relay([*before, *words], clause.subject, via)


def _hearing(words: Sequence[Word]) -> Clause | None:
    """The clause of “…,” A heard B shout."""
    for at in range(1, min(len(words), _FAR)):
        if words[at].low in _PERCEIVED:
            return Clause((0, at), (at, at + 1)) if is_phrase(words, 0, before_steps(words, at) or at) else None
    return None


def _inner_after(words: Sequence[Word], clause: Clause) -> Place | tuple[()] | None:
    """The B of “…,” A recalled B saying; A said B had told her; A said she was told by B."""
    first = clause.verb[1]
    perceived = words[clause.verb[0]].low in _PERCEIVED
    for at in range(first, min(len(words), first + _FAR)):
        low = words[at].low
        if words[at].text in MARKS or words[at].text == QUOTED:
            return None
        if low in _SUBORDINATE and not (low == "as" and perceived):
            return None
        if low == "told" and at > first and words[at - 1].low in {"was", "been", "were"}:
            by = at + 1 < len(words) and words[at + 1].low == "by"
            return (phrase_after(words, at + 2) if by else None) or ()
        if perceived and low in _INNER and at > first:
            end = at - (words[at - 1].low == "as")
            return (first, end) if end > first and is_phrase(words, first, end) else None
        if at > first and verb_length(words, at) and low not in _INNER:
            place = phrase_before(words, before_steps(words, at), first)
            return place if place and _is_address(words, first, place[0]) else None
    return None


def _is_address(words: Sequence[Word], first: int, end: int) -> bool:
    """Whether words between two verbs are only who was told, or "that"."""
    lows = [word.low for word in words[first:end]]
    if any(low in _BE | SUBJECT_PRONOUNS | _SUBORDINATE for low in lows):
        return False
    return lows[-1:] == ["that"] or not any(low in _PREPOSITIONS for low in lows)


def _quoting_after(words: Sequence[Word], clause: Clause, behind: int) -> _Relay | None:
    """“…,” A said, quoting B; “…,” A read from B's letter; “…,” A said, reading from a letter by B."""
    verbs = [clause.verb[0], *range(behind, min(len(words), behind + _FAR))]
    for at in verbs:
        if words[at].low in _QUOTING | _RECITES and (at == clause.verb[0] or words[at].low.endswith("ing")):
            end = next((e for e in range(at + 1, len(words)) if words[e].text in MARKS), len(words))
            author = _author(words, at + 1, end)
            if author is not None and at + 1 < len(words):
                return _Relay(words, author or None, clause.subject)
    return None


def _reciting(words: Sequence[Word], clause: Clause) -> _Relay | None:
    """“…,” she read aloud: whose words they are is not told."""
    low = words[clause.verb[0]].low
    recites = low in _RECITES and clause.subject < clause.verb
    person = words[clause.subject[0]].low in {"he", "she", "they"} or words[clause.subject[0]].text[0].isupper()
    after = words[clause.verb[1]].low if clause.verb[1] < len(words) else ""
    bare = not after or after in {"aloud", "out", "from"} or after in MARKS
    if not (recites and person and bare):
        return None
    author = _author(words, clause.verb[1], len(words)) if after else None
    return _Relay(words, author or None, clause.subject)


def _trailing(words: Sequence[Word], behind: int) -> Place | None:
    """The A of “…,” B had told her, A said; “…,” B said, according to A."""
    comma = next((at for at in range(behind, min(len(words), behind + _FAR)) if words[at].text == ","), None)
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

"""Reads the words before a quotation for who passed them on: “A quoted B as saying”, “A said B had told her”."""

from collections.abc import Sequence

from retrieval.text.attribution import cues
from retrieval.text.attribution.clauses import Clause, clause_before
from retrieval.text.attribution.relayed.actions import spoken_doing
from retrieval.text.attribution.relayed.answers import announced, claimed
from retrieval.text.attribution.relayed.documents import documented, quoted_by, quoted_document, quoting_before
from retrieval.text.attribution.relayed.governors import governor, interposed, outermost, refers_to
from retrieval.text.attribution.relayed.relay import (
    BE,
    DOCUMENTS,
    FAR,
    INNER,
    LONGEST_ADDRESS,
    MODALS,
    PERCEIVED,
    REPORTS,
    Relay,
    tells_only,
)
from retrieval.text.attribution.subjects import (
    MARKS,
    QUOTED,
    SUBJECT_PRONOUNS,
    Place,
    Word,
    before_end_mark,
    before_steps,
    is_phrase,
    phrase_after,
    phrase_before,
    phrase_of_name,
    verb_length,
)
from retrieval.text.attribution.turned import passive_subject, turned_before
from retrieval.text.words import word_list

_PASSIVE = word_list("quoted heard overheard recorded filmed caught cited captured")
_ACCUSED = word_list("accused accuses accusing accuse")
_RECORDING = word_list("video recording recordings footage audio tape clip film image voice")
_SAYINGS = word_list("words advice warning motto counsel maxim saying adage promise")
_THOUGHTS = frozenset(form for lemma in word_list("believe think agree wonder fret") for form in cues.forms(lemma))
_ANSWERED = word_list(
    "greeted met welcomed replied responded answered countered retorted interrupted began ended opened closed"
)
_RETELLING = word_list("tells told recounts recounted remembers remembered recalls recalled has had puts put heard")
_WHERE = word_list("in behind at on near outside inside beside")
_SHOUTING = word_list("saying shouting yelling screaming telling threatening whispering")


def relayed_before(words: Sequence[Word]) -> Relay | None:
    """What the words before a quotation tell."""
    return (
        quoting_before(words)
        or quoted_by(words)
        or _in_words(words)
        or _words_of(words)
        or _told_by(words)
        or _as_told(words)
        or _what_was_said(words)
        or _cleft(words)
        or _interrupted(words)
        or _inner_clause(words)
        or _inner_verb(words)
        or spoken_doing(words)
        or _reported_clause(words)
        or announced(words)
        or claimed(words)
        or quoted_document(words)
        or documented(words)
    )


def _told_by(words: Sequence[Word]) -> Relay | None:
    """Reads "A said she was told by B": B; "A was told", "A was called": not A."""
    listener = passive_subject(words)
    if listener is None:
        return None
    governed = governor(words, listener[0])
    speaker = turned_before(words)
    return Relay(words, speaker, governed or None, listener)


def _in_words(words: Sequence[Word]) -> Relay | None:
    """Reads "In B's words, as A recalls them,", "In the words of B, quoted by A,"."""
    comma = next((at for at, word in enumerate(words[:FAR]) if word.text == ","), len(words))
    if comma + 2 >= len(words) or words[0].low != "in":
        return None
    passed_on = words[comma + 1].low in _PASSIVE and words[comma + 2].low == "by"
    speaker = turned_before(words[: comma + 1]) if passed_on or words[comma + 1].low == "as" else None
    return Relay(words, speaker, phrase_after(words, comma + 2 + passed_on)) if speaker else None


def _words_of(words: Sequence[Word]) -> Relay | None:
    """Reads "A said he would not forget the words of B:", where A's own would need a verb behind them."""
    of = next((at for at in range(len(words) - 1, 1, -1) if words[at].low == "of"), 0)
    if not of or words[-1].text != ":" or words[of - 1].low not in _SAYINGS or words[of - 2].low == "in":
        return None
    speaker = phrase_after(words, of + 1)
    clause = clause_before(words[:of]) if speaker and speaker[1] == len(words) - 1 else None
    return Relay(words, speaker, clause.subject) if clause else None


def _what_was_said(words: Sequence[Word]) -> Relay | None:
    """Reads "What B told her, says A, was simple:"."""
    verb = next((at for at in range(2, min(len(words), FAR)) if verb_length(words, at)), 0)
    if not verb or words[0].low != "what" or words[-1].text != ":":
        return None
    place = phrase_before(words, before_steps(words, verb), 1)
    comma = next((at for at in range(len(words) - 1, verb, -1) if words[at].text == ","), 0)
    return Relay(words, place, interposed(words, comma + 1) if comma else None) if place and place[0] == 1 else None


def _as_told(words: Sequence[Word]) -> Relay | None:
    """Reads "As A tells it, B leaned over and asked": B, where named, but never A."""
    comma = next((at for at, word in enumerate(words[:FAR]) if word.text == ","), 0)
    retold = [word.low for word in words[:comma]]
    if comma < 3 or comma + 2 >= len(words) or words[0].low != "as" or "it" not in retold:  # noqa: PLR2004
        return None
    verb = next((at for at in range(2, comma) if words[at].low in _RETELLING), 0)
    spoken = any(verb_length(words, at) for at in range(max(comma, len(words) - LONGEST_ADDRESS), len(words)))
    via = phrase_before(words, before_steps(words, verb), 1) if verb and spoken else None
    if via is None or words[comma + 1].low in SUBJECT_PRONOUNS:
        return None
    named = phrase_of_name(words, comma + 1)
    return Relay(words, named[0] if named else None, via)


def _cleft(words: Sequence[Word]) -> Relay | None:
    """Reads "It was B, according to A, who shouted", "A insisted it was B who shouted"."""
    who = next((at for at in range(len(words) - 1, 0, -1) if words[at].low == "who"), 0)
    rest = words[who + 1 :]
    if not rest or any(word.low in SUBJECT_PRONOUNS | {"that"} or word.text == QUOTED for word in rest):
        return None
    if rest[0].low in PERCEIVED:
        return None
    it = next((at for at in range(who - 2, -1, -1) if words[at].low == "it" and words[at + 1].low in BE), None)
    found = phrase_of_name(words, it + 2) if it is not None else None
    if it is None or found is None:
        return None
    to = next((at for at in range(it + 2, who) if words[at].low == "to" and words[at - 1].low == "according"), 0)
    told = phrase_after(words, to + 1) if to else interposed(words, who) or governor(words, it) or None
    return Relay(words, found[0], told)


def _inner_clause(words: Sequence[Word]) -> Relay | None:
    """Reads "A said B had told her", "According to A, B said", "B, A said, had promised"."""
    clause = clause_before(words)
    if clause is None or not _may_be_told(words, clause):
        return None
    rest = words[clause.verb[1] :]
    asked = clause.subject[0] > 0 and words[clause.subject[0] - 1].low in {"what", "how"}
    if not tells_only(rest, asked=asked) and not (asked and words[-1].text == ":" and len(rest) < FAR):
        return None
    aside = _aside(words, clause)
    if aside is not None:
        return Relay(words, clause.subject, aside)
    governed = governor(words, clause.subject[0])
    if any(word.text in MODALS for word in words[clause.subject[1] : clause.verb[0]]):
        announces = words[-1].text in {",", ":"} and words[clause.subject[0]].low not in SUBJECT_PRONOUNS
        return Relay(words, None, outermost(words, governed)) if governed and announces else None
    if governed and refers_to(words, clause.subject, governed, rest):
        return Relay(words, governed, None)
    return Relay(words, clause.subject, outermost(words, governed or None)) if governed is not None else None


def _interrupted(words: Sequence[Word]) -> Relay | None:
    """Reads "B told a friend, A said, that it was"."""
    for at in range(3, len(words)):
        told = interposed(words, at + 1) if words[at].low == "that" and words[at - 1].text == "," else None
        clause = clause_before(words[: told[0] - 1]) if told else None
        if clause is not None and clause.subject[0] == 0 and words[clause.verb[0]].low not in _THOUGHTS:
            return Relay(words, clause.subject, told)
    return None


def _may_be_told(words: Sequence[Word], clause: Clause) -> bool:
    """Whether a clause can report what somebody else said, and is no thought."""
    if words[clause.verb[0]].low in _THOUGHTS or words[clause.subject[0]].low in {"it", "who", "i", "we", "you"}:
        return False
    named_by_writer = words[clause.subject[0] - 1].low in {"what", "which"} if clause.subject[0] else False
    return not (named_by_writer and words[clause.subject[0]].low in SUBJECT_PRONOUNS)


def _aside(words: Sequence[Word], clause: Clause) -> Place | None:
    """The A of "B, A said, had promised": the words between the commas behind the subject are a clause of speech."""
    inner = words[clause.subject[1] + 1 : clause.verb[0]]
    if [word.low for word in inner[:2]] == ["according", "to"]:
        return phrase_after(words, clause.subject[1] + 3)
    for at in range(1, len(inner) - 1):
        if verb_length(inner, at) and inner[at + 1].text == ",":
            place = phrase_before(inner, before_steps(inner, at))
            first = clause.subject[1] + 1
            return (first + place[0], first + place[1]) if place and place[0] == 0 else None
    return None


def _inner_verb(words: Sequence[Word]) -> Relay | None:
    """Reads "A quoted B as saying", "A recalled B shouting", "footage of B telling", "B was heard shouting"."""
    for at in range(len(words) - 1, max(0, len(words) - FAR), -1):
        if words[at].text in {QUOTED, ";"}:
            return None
        having = words[at - 1].low == "having"
        if not having and (words[at].low not in INNER or words[at].low in DOCUMENTS):
            continue
        if not tells_only(words[at + 1 :]):
            return None
        end = before_steps(words, at - having)
        end -= words[end - 1].low in {"as", "of"} if end > 0 else 0
        return _passive(words, end) or _perceived(words, end)
    return None


def _perceived(words: Sequence[Word], end: int) -> Relay | None:
    place = phrase_before(words, end) if end else None
    if place and place[0] > 1 and words[place[0] - 1].low in _WHERE:
        place = phrase_before(words, place[0] - 1)
    if place is None or not place[0]:
        return None
    verb = place[0] - 1
    accused = words[verb].low in _ACCUSED and words[end].low == "of" and words[end + 1].low in _SHOUTING | {"calling"}
    if words[verb].low in PERCEIVED or accused or (words[end].low == "as" and words[verb].low not in BE):
        before = before_steps(words, verb)
        return Relay(words, place, outermost(words, phrase_before(words, before) if before else None))
    if words[verb].text in {":", "—", "–"}:
        return Relay(words, place, None)
    told = words[verb].low in {"of", "about"} and verb > 0
    if told and (words[verb - 1].low in _RECORDING or verb_length(words, verb - 1)):
        return Relay(words, place, None)
    return None


def _passive(words: Sequence[Word], end: int) -> Relay | None:
    """Reads "B was quoted by A as saying", "B was heard shouting", "B was caught on camera telling"."""
    for at in range(end - 1, max(0, end - LONGEST_ADDRESS), -1):
        if words[at].text in MARKS:
            return None
        if words[at].low in _PASSIVE:
            before = before_steps(words, at)
            if not before or words[before - 1].low not in BE:
                return None
            before = before_steps(words, before - 1)
            place = phrase_before(words, before) if before else None
            by = at + 1 < end and words[at + 1].low == "by" and is_phrase(words, at + 2, end)
            return Relay(words, place, (at + 2, end) if by else None) if place else None
    return None


def _reported_clause(words: Sequence[Word]) -> Relay | None:
    """Reads "A said that B had opened the meeting by saying", "A recounted how B greeted her with"."""
    end = before_end_mark(words)
    speaking = next((at for at in range(end - 1, max(0, end - LONGEST_ADDRESS), -1) if _speaks_there(words, at)), None)
    if speaking is None or not (words[speaking].low != "with" or speaking == end - 1):
        return None
    for at in range(speaking - 1, 0, -1):
        if words[at].text in MARKS - {","} or words[at].text == QUOTED:
            return None
        reports = words[at].low in REPORTS and words[speaking - 1].low != "to"
        if reports or (words[at].low in {"that", "how"} and words[at - 1].low not in _THOUGHTS):
            governed = governor(words, at + 1)
            found = phrase_of_name(words, at + 1) if governed is not None else None
            if found is None or any(word.text in MARKS for word in words[found[1] : speaking]):
                return None
            return Relay(words, found[0], outermost(words, governed or None))
    return None


def _speaks_there(words: Sequence[Word], at: int) -> bool:
    """Whether a verb of speech without a subject stands at a place: "by saying", "to tell her", "greeted her with"."""
    before = words[at - 1].low
    if words[at].low == "words":
        return before in {"the", "these"} and words[at - 2].low == "with"
    if words[at].low == "with":
        return any(word.low in _ANSWERED for word in words[max(0, at - LONGEST_ADDRESS) : at])
    spoken = words[at].low in INNER and words[at].low not in DOCUMENTS | cues.TAKING_OBJECTS
    return spoken and (before in {"by", "to"} or (words[at].low in _SHOUTING and words[at - 1].text not in MARKS))

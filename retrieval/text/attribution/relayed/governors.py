"""Reads which clause of speech another one depends on: “A said that, before dawn, B told”, “adding that B called”."""

from collections.abc import Sequence

from retrieval.text.attribution import cues
from retrieval.text.attribution.clauses import clause_before
from retrieval.text.attribution.relayed.relay import (
    BE,
    DOCUMENTS,
    FAR,
    LONGEST_ADDRESS,
    PASSES_ON,
    PERCEIVED,
    SUBORDINATE,
)
from retrieval.text.attribution.subjects import (
    CALLED,
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
    verb_length,
)
from retrieval.text.names.names import gender_of_title, split_title
from retrieval.text.names.vocabulary import given_gender
from retrieval.text.words import word_list

_PRONOUNS = {"he": "m", "she": "f"}
_OBJECTS = {"m": word_list("him"), "f": word_list("her")}
_LINKS = word_list("that how what")
_PREPOSITIONS = word_list("in at with from by of to for about into through over")
_ACCOUNTS = word_list("telling account version recollection memory retelling recounting")
_THEM = word_list("it him her them")
_FRONTED = word_list(
    """
    whenever in on at by when as after before during while once if until following within moments minutes hours days
    weeks then
    """
)
_LONGEST_FRONTED = 18


def governor(words: Sequence[Word], end: int) -> Place | tuple[()] | None:
    """The subject of the clause of speech that the one at `end` depends on; () where it has none, None without one."""
    end = _begin(words, end)
    told = interposed(words, end)
    if told is not None:
        return told
    if end and words[end - 1].text == ",":
        account = _account(words, end - 1)
        return account if account is not None else _governor_of_fronted(words, end)
    governed = _directly(words, end)
    if governed is None and end > 1 and words[end - 1].low in {"which", "where"}:
        return _describing(words, end - 1)
    return governed if governed is not None else _governor_of_fronted(words, end)


def outermost(words: Sequence[Word], place: Place | None) -> Place | None:
    """A place, or where it is a pronoun, the subject of the clause that it depends on: "A said she heard"."""
    if place is None or words[place[0]].low not in SUBJECT_PRONOUNS:
        return place
    return governor(words, place[0]) or place


def _begin(words: Sequence[Word], end: int) -> int:
    """Where the subject begins that a name at `end` belongs to: of "the man, known as Costa,", "a report by Costa"."""
    if end > 2 and words[end - 1].low in {"by", "from"} and words[end - 2].low in DOCUMENTS:  # noqa: PLR2004
        return end - 3
    called = end - 1 - (end > 1 and words[end - 1].low == "as")
    described = called > 1 and words[called].low in CALLED and words[called - 1].text == ","
    place = phrase_before(words, called - 1) if described else None
    return place[0] if place else end


def refers_to(words: Sequence[Word], pronoun: Place, named: Place, rest: Sequence[Word]) -> bool:
    """Whether the pronoun of "A said she told" is A, by gender, where `rest` tells of nobody else."""
    gender = _PRONOUNS.get(words[pronoun[0]].low)
    if gender is None or any(word.low in _OBJECTS[gender] for word in rest[-2:]):
        return False
    name = " ".join(word.text for word in words[slice(*named)])
    return gender == (gender_of_title(name) or given_gender(split_title(name).name))


def _directly(words: Sequence[Word], end: int) -> Place | tuple[()] | None:
    """The governor of a clause that begins right behind the verb, whom it addresses, or "that"."""
    linked = end > 0 and words[end - 1].low in _LINKS
    end -= linked
    for at in range(end - 1, max(-1, end - 1 - LONGEST_ADDRESS), -1):
        if words[at].text in MARKS or words[at].text == QUOTED:
            return None
        length = verb_length(words, at)
        if length and (linked or words[at].low not in cues.TAKING_OBJECTS):
            if not is_address(words, at + length, end + linked):
                return None
            return _subject(words, at) or ()
    return None


def _subject(words: Sequence[Word], verb: int) -> Place | None:
    """The subject of a verb; of ", adding" that of the clause before the comma."""
    before = before_steps(words, verb)
    if before and words[before - 1].text == "," and words[verb].low.endswith("ing"):
        clause = clause_before(words[: before - 1])
        if clause is not None:
            return clause.subject
        first = phrase_of_name(words, 0)
        return first[0] if first else None
    return phrase_before(words, before) if before else None


def _governor_of_fronted(words: Sequence[Word], end: int) -> Place | None:
    """The governor where a time or a circumstance stands first: "said that on the night of the fire"."""
    for at in range(end - 1, max(0, end - _LONGEST_FRONTED), -1):
        if words[at].text in {QUOTED, ";", ":"} or (words[at].low in _LINKS and at < end - 1):
            return None
        opens = words[at].low in _FRONTED or (words[at].text == "," and at < end - 1)
        if at == end - 1 and words[at].low in _FRONTED - {"then"}:
            return None
        if opens and (words[at - 1].low in _LINKS or (verb_length(words, at - 1) and words[at].text != ",")):
            return _directly(words, at) or None
    return None


def interposed(words: Sequence[Word], end: int) -> Place | None:
    """The A of ", A told the inquiry," or ", A told the inquiry, that", which end at a place."""
    end -= words[end - 1].low == "that" if end else 0
    if not end or words[end - 1].text != ",":
        return None
    comma = next((at for at in range(end - 2, max(0, end - FAR), -1) if words[at].text == ","), 0)
    inner = words[comma + 1 : end - 1] if comma else []
    if len(inner) > 1 and verb_length(inner, 0):
        place = phrase_after(inner, 1)
        return (comma + 1 + place[0], comma + 1 + place[1]) if place and place[1] == len(inner) else None
    for at in range(1, len(inner)):
        if verb_length(inner, at) and not inner[at].low.endswith("ing"):
            place = phrase_before(inner, before_steps(inner, at))
            plain = place is not None and place[0] == 0 and is_address(inner, at + 1, len(inner))
            return (comma + 1 + place[0], comma + 1 + place[1]) if place and plain else None
    return None


def _describing(words: Sequence[Word], end: int) -> Place | tuple[()] | None:
    """The A of "A described a call in which", "A played a recording where"."""
    for at in range(end - 1, max(0, end - LONGEST_ADDRESS), -1):
        if words[at].text in MARKS | {QUOTED}:
            return None
        if verb_length(words, at) or words[at].low in PERCEIVED | PASSES_ON:
            return _subject(words, at) or ()
    return None


def _account(words: Sequence[Word], end: int) -> Place | None:
    """The A of "according to A,", "in A's telling,", "as A remembers it,", which end at a comma."""
    for at in range(end - 1, max(-1, end - FAR), -1):
        if words[at].low == "to" and at and words[at - 1].low == "according" and is_phrase(words, at + 1, end):
            return (at + 1, end)
        remembered = words[at].low in {"as", "hear"} and at + 3 < end and words[end - 1].low in _THEM
        place = phrase_before(words, end - 2, at + 1) if remembered else None
        if place and place[0] == at + 1:
            return place
        if words[at].low in {"in", "by", "from"} and words[end - 1].low in _ACCOUNTS and begins_clause(words, at):
            return (at + 1, end - 1) if is_phrase(words, at + 1, end - 1) else None
    return None


def is_address(words: Sequence[Word], first: int, end: int) -> bool:
    """Whether words between two verbs are only who was told, or "that"."""
    lows = [word.low for word in words[first:end]]
    if any(low in BE | MARKS | SUBJECT_PRONOUNS | SUBORDINATE for low in lows):
        return False
    return lows[-1:] in (["that"], ["how"]) or not any(low in _PREPOSITIONS for low in lows)

"""Reads the clause behind a quotation for who passed its words on: “…,” B had told her, A said."""

from collections.abc import Sequence

from retrieval.text.attribution.clauses import Clause, Surroundings, clause_after, clause_before
from retrieval.text.attribution.relayed.documents import quoting_after, reciting
from retrieval.text.attribution.relayed.governors import is_address
from retrieval.text.attribution.relayed.relay import (
    BE,
    FAR,
    INNER,
    PERCEIVED,
    SUBORDINATE,
    Relay,
    is_document,
    tells_only,
)
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
    phrase_of_name,
    verb_length,
)
from retrieval.text.attribution.turned import passive_subject, turned_after
from retrieval.text.words import word_list

_OURSELVES = word_list("i we you it who")
_TOLD = word_list("told asked warned informed advised reminded assured")
_TIMES = word_list("on in at during later last this")
_SHORT = 2


def relayed_after(around: Surroundings) -> Relay | None:
    """What the words behind a quotation tell, with the clause before it where that one is its own."""
    words = around.after
    clause = (clause_after(words) or _hearing(words)) if around.touches else None
    if clause is None:
        return _told(words) or _turned(around) or (_accounted(around) if around.touches else None)
    behind = max(clause.verb[1], clause.subject[1])
    relay = reciting(words, clause) or quoting_after(words, clause, behind)
    if relay is not None:
        return relay
    if clause.subject < clause.verb:
        inner = _inner_after(words, clause)
        if inner is not None:
            return Relay(words, inner or None, clause.subject)
    via = _trailing(words, behind, inverted=clause.subject > clause.verb)
    return Relay(words, clause.subject, via) if via else _framed(around.before, words, clause)


def _told(words: Sequence[Word]) -> Relay | None:
    """Reads “…,” A was told by B."""
    end = next((at for at in range(1, len(words)) if words[at].text in MARKS | {QUOTED}), len(words))
    verb = next((at for at in range(2, min(end, FAR)) if words[at].low in _TOLD and words[at - 1].low in BE), 0)
    listener = passive_subject(words[: verb + 1]) if verb else None
    by = verb + 1 < end and words[verb + 1].low == "by"
    return Relay(words, phrase_after(words, verb + 2) if by else None, None, listener) if listener else None


def _turned(around: Surroundings) -> Relay | None:
    """Reads “…” — those were the words, A testified, that B used; “…” was what B told her, A recalled."""
    words = list(around.after)
    via = _account(words, -1)
    if via is not None and via[1] < len(words) and words[via[1]].text == ",":
        without = words[via[1] + 1 :]
        speaker = turned_after(without, around.before)
        added = len(without)
        return Relay([*without, *words], speaker, (via[0] + added, via[1] + added)) if speaker else None
    for comma in (at for at, word in enumerate(words[: 2 * FAR]) if at and word.text == ","):
        via = _trailing(words, comma)
        if via is None:
            continue
        end = next((at for at in range(via[1], len(words)) if words[at].text in MARKS), len(words))
        without = [*words[:comma], *words[end + 1 :]]
        speaker = turned_after(without, around.before)
        if speaker is None:
            return None
        added = len(without) - via[0]
        return Relay([*without, *words[slice(*via)]], speaker, (via[0] + added, via[1] + added))
    return None


def _accounted(around: Surroundings) -> Relay | None:
    """Reads B told her “…,” according to A."""
    words = around.after
    via = _account(words, 0 if words and words[0].text == "," else -1)
    own = _own_clause(around.before) if via else None
    added = len(around.before)
    return Relay([*around.before, *words], own, (via[0] + added, via[1] + added)) if via and own else None


def _framed(before: Sequence[Word], words: Sequence[Word], frame: Clause) -> Relay | None:
    """B told A “…,” A recalled; as B used to say, “…,” A said: B's, where the clause behind does nothing but report."""
    if any(word.text in MARKS - {","} for word in words[: frame.subject[0]]):
        return None
    own = _own_clause(before)
    if own is None or words[frame.subject[0]].low in SUBJECT_PRONOUNS:
        return None
    behind = len(before)
    return Relay([*before, *words], own, (behind + frame.subject[0], behind + frame.subject[1]))


def _own_clause(words: Sequence[Word]) -> Place | None:
    """The subject of a whole clause that ends at a quotation: "B told her", "B sat up and said", "To quote B,"."""
    lows = [word.low for word in words[:2]]
    if lows in (["to", "quote"], ["to", "paraphrase"]):
        return phrase_after(words, 2)
    first = int(lows[:1] == ["as"])
    clause = clause_before(words) or _second_clause(words)
    if clause is None or clause.subject[0] != first or words[first].low in _OURSELVES:
        return None
    rest = words[clause.verb[1] :]
    return clause.subject if tells_only(rest) and (not first or len(rest) <= _SHORT) else None


def _second_clause(words: Sequence[Word]) -> Clause | None:
    """The name that begins a sentence, with the verb of speech behind "and" that ends it."""
    named = phrase_of_name(words, 0) if words else None
    for at in range(len(words) - 1, named[1] if named else len(words), -1):
        length = verb_length(words, at)
        if length:
            return Clause(named[0], (at, at + length)) if named and words[at - 1].low == "and" else None
    return None


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
    first += perceived and first < len(words) and words[first].low == "hearing"
    begins = not any(word.text in MARKS for word in words[first : first + 2])
    for at in range(first, min(len(words), first + FAR) if begins else first):
        low = words[at].low
        if low in SUBORDINATE - ({"as"} if perceived else set()) or words[at].text in MARKS - {","} | {QUOTED}:
            return None
        if low == "told" and at > first and words[at - 1].low in BE:
            by = at + 1 < len(words) and words[at + 1].low == "by"
            return (phrase_after(words, at + 2) if by else None) or ()
        if perceived and low in INNER | {"having"} and at > first:
            end = at - (words[at - 1].low == "as")
            place = (first, end) if end > first and is_phrase(words, first, end) else phrase_before(words, end, first)
            return place if place and place[0] == first else None
        steps = before_steps(words, at)
        if at > first and verb_length(words, at) and (low not in INNER or (words[at - 1].low == "to" and steps < at)):
            place = phrase_before(words, steps, first)
            return place if place and is_address(words, first, place[0]) else None
    return None


def _trailing(words: Sequence[Word], behind: int, *, inverted: bool = False) -> Place | None:
    """The A of “…,” B had told her, A said; “…,” B said, according to A. An apposition follows an inverted clause."""
    comma = next((at for at in range(behind, min(len(words), behind + FAR)) if words[at].text == ","), None)
    if comma is None or comma + 2 > len(words) - 1:
        return None
    account = _account(words, comma)
    if account is not None or inverted:
        return account
    clause = clause_after(words[comma + 1 :])
    if clause is None or min(clause.subject[0], clause.verb[0]) or words[comma + 1].low == "who":
        return None
    ended = comma + 1 + max(clause.verb[1], clause.subject[1])
    mark = next((at for at in range(ended, len(words)) if words[at].text in MARKS), len(words))
    if not is_address(words, ended, mark) and words[ended].low not in _TIMES:
        return None
    return (comma + 1 + clause.subject[0], comma + 1 + clause.subject[1])


def _account(words: Sequence[Word], comma: int) -> Place | None:
    """The A of ", according to A", ", according to testimony by A", ", as quoted by A"."""
    low, second, third = [*(word.low for word in words[comma + 1 : comma + 4]), "", "", ""][:3]
    if (low, second) == ("according", "to"):
        place = phrase_after(words, comma + 3)
        written = place and is_document(words, place) and place[1] < len(words) and words[place[1]].low in {"by", "of"}
        return phrase_after(words, place[1] + 1) if place and written else place
    return phrase_after(words, comma + 4) if low == "as" and second in PERCEIVED and third == "by" else None

"""Reads words out of documents: “A read out a message from B”, “A shared B’s post”, “A, quoting B, said”."""

from collections.abc import Sequence

from retrieval.text.attribution.clauses import Clause, clause_before
from retrieval.text.attribution.relayed.relay import DOCUMENTS, FAR, REPORTS, Relay, tells_only
from retrieval.text.attribution.subjects import (
    MARKS,
    QUOTED,
    Place,
    Word,
    before_steps,
    phrase_after,
    phrase_before,
)
from retrieval.text.words import word_list

_QUOTING = word_list("quote quotes quoted quoting paraphrase paraphrases paraphrased paraphrasing")
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
_OWN = word_list("statement speech remarks text notes script testimony words my own")
_WORKS = word_list(
    "bible scripture scriptures gospel psalm psalms quran koran torah constitution genesis proverb poem song"
)
_WRITTEN = word_list("sent written posted penned signed left recorded typed published delivered")


def quoting_before(words: Sequence[Word]) -> Relay | None:
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
        if word.low != "citing" or (clause is not None and words[clause.verb[0]].low in REPORTS):
            return Relay(words, author or None, clause.subject if clause else None)
    return None


def quoted_document(words: Sequence[Word]) -> Relay | None:
    """Reads "A read out a message from B", "A shared B's post", "A, quoting B", "A quoted a poem"."""
    end = len(words) - (bool(words) and words[-1].text in {",", ":"})
    for at in range(end - 1, max(-1, end - FAR), -1):
        if words[at].text in MARKS | {QUOTED}:
            return None
        passes_on = words[at].low in _PASSES_ON and (words[at].low not in DOCUMENTS or words[at].low.endswith("ed"))
        if passes_on and not (at and (words[at - 1].low in _NO_SUBJECTS or words[at - 1].text.endswith(("’s", "'s")))):
            author = _author(words, at + 1, end)
            if author is None or (author and not tells_only(words[author[1] : end], "")):
                return None
            before = before_steps(words, at)
            return Relay(words, author or None, phrase_before(words, before) if before else None)
    return None


def _author(words: Sequence[Word], first: int, end: int) -> Place | tuple[()] | None:
    """Who wrote what the verb before `first` passes on; () where that is not told, None where nothing is passed on."""
    verb = words[first - 1].low
    place = next((at for at in range(first, end) if words[at].low in DOCUMENTS), None)
    while place is not None and place + 1 < end and words[place + 1].low in DOCUMENTS:
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


def quoting_after(words: Sequence[Word], clause: Clause, behind: int) -> Relay | None:
    """“…,” A said, quoting B; “…,” A read from B's letter; “…,” A said, reading from a letter by B."""
    verbs = [clause.verb[0], *range(behind, min(len(words), behind + FAR))]
    for at in verbs:
        if words[at].low in _QUOTING | _RECITES and (at == clause.verb[0] or words[at].low.endswith("ing")):
            end = next((e for e in range(at + 1, len(words)) if words[e].text in MARKS), len(words))
            author = _author(words, at + 1, end)
            if author is not None and at + 1 < len(words):
                return Relay(words, author or None, clause.subject)
    return None


def reciting(words: Sequence[Word], clause: Clause) -> Relay | None:
    """“…,” she read aloud: whose words they are is not told."""
    low = words[clause.verb[0]].low
    recites = low in _RECITES and clause.subject < clause.verb
    person = words[clause.subject[0]].low in {"he", "she", "they"} or words[clause.subject[0]].text[0].isupper()
    after = words[clause.verb[1]].low if clause.verb[1] < len(words) else ""
    bare = not after or after in {"aloud", "out", "from"} or after in MARKS
    if not (recites and person and bare):
        return None
    author = _author(words, clause.verb[1], len(words)) if after else None
    return Relay(words, author or None, clause.subject)

"""Reads words out of documents: “A read out a message from B”, “A shared B’s post”, “A, quoting B, said”."""

from collections.abc import Sequence

from retrieval.text.attribution.clauses import Clause, clause_before
from retrieval.text.attribution.relayed.governors import governor, outermost
from retrieval.text.attribution.relayed.relay import BE, DOCUMENTS, FAR, PASSES_ON, QUOTING, REPORTS, Relay, tells_only
from retrieval.text.attribution.subjects import (
    MARKS,
    POSSESSIVE,
    QUOTED,
    SUBJECT_PRONOUNS,
    Place,
    Word,
    before_end_mark,
    before_steps,
    phrase_after,
    phrase_before,
    phrase_of_name,
)
from retrieval.text.words import word_list

_NO_SUBJECTS = word_list("that which the a his her their its was were been be is are after before since when on upon")
_PASSED_ON = word_list("quoted cited paraphrased reported recalled")
_ARTICLES = word_list("the a an one another")
_HANDLED = word_list("read seen obtained shared shown released posted published leaked passed sent")
_LINKED = word_list("which to by from of in for with and")
_SAYINGS = word_list("motto slogan advice warning instruction catchphrase mantra maxim adage refrain reply")
_NAMING = word_list("repeating relaying cite cites cited")
_READS = word_list("saying reading read reads began begins ended ends said says stated stating")
_SENT = word_list("letter letters email e-mail message text note postcard card telegram voicemail memo")
_SENDING = word_list("left sent wrote written texted handed scribbled mailed posted emailed taped pinned leave leaves")
_SHORT = 5
_RECITES = word_list("read reads reading recite recites recited reciting")
_OWN = word_list("statement speech remarks text notes script testimony words my own")
_WORKS = word_list(
    "bible scripture scriptures gospel psalm psalms quran koran torah constitution genesis proverb poem song"
)
_WRITTEN = word_list("sent written posted penned signed left recorded typed published delivered")


def quoting_before(words: Sequence[Word]) -> Relay | None:
    """Reads "Quoting B, A said", "A, quoting B, said", "Citing B, a paper reported"."""
    for at, word in enumerate(words):
        spoken_for = word.low in {"translating", "interpreting"} and at + 2 < len(words) and words[at + 1].low == "for"
        if word.low not in {"quoting", "paraphrasing", "citing", "reading"} and not spoken_for:
            continue
        if (at and words[at - 1].text != ",") or any(later.text == QUOTED for later in words[at:]):
            continue
        end = next((place for place in range(at + 1, len(words)) if words[place].text in MARKS), len(words))
        author = phrase_after(words, at + 2) if spoken_for else _author(words, at + 1, end)
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


def quoted_by(words: Sequence[Word]) -> Relay | None:
    """Reads "B, as cited by A, called it", "B, quoted by A, said"."""
    for at in range(2, min(len(words), 2 * FAR)):
        if words[at].low == "by" and words[at - 1].low in _PASSED_ON:
            comma = at - 2 - (words[at - 2].low == "as")
            speaker = phrase_before(words, comma) if comma > 0 and words[comma].text == "," else None
            clause = clause_before(words)
            own = clause is not None and at < clause.verb[0] and clause.subject[0] in {at + 1, (speaker or (0, 0))[0]}
            return Relay(words, speaker, phrase_after(words, at + 1)) if speaker and (own or not speaker[0]) else None
    return None


def quoted_document(words: Sequence[Word]) -> Relay | None:
    """Reads "A read out a message from B", "A shared B's post", "A, quoting B", "A quoted a poem"."""
    end = before_end_mark(words)
    for at in range(end - 1, max(-1, end - 2 * FAR), -1):
        if words[at].text in {QUOTED, ";", ":"}:
            return None
        if not _passes_on(words, at):
            continue
        author = _author(words, at + 1, end)
        if (
            words[end - 1].low not in BE
            and author is not None
            and tells_only(words[author[1] if author else end - 1 : end])
        ):
            before = before_steps(words, at)
            return Relay(words, author or None, phrase_before(words, before) if before else None)
        if author is not None or end - at > FAR:
            return None
    return _signed(words)


def documented(words: Sequence[Word]) -> Relay | None:
    """Reads "A got an email from B that began", "A said B had left a note saying": who wrote the document."""
    end = before_end_mark(words)
    verb = next((at for at in range(end - 1, max(0, end - 1 - _SHORT), -1) if words[at].low in _READS), 0)
    document = next((at for at in range(verb - 1, max(0, verb - FAR), -1) if words[at].low in _SENT), 0)
    if not document or not tells_only(words[verb + 1 : end]):
        return None
    between = words[document + 1 : verb]
    if any(word.text in MARKS | {QUOTED} or word.low in SUBJECT_PRONOUNS or word.low in _READS for word in between):
        return None
    author = _written_by(words, document, verb)
    if author is not None:
        told = clause_before(words[:document])
        return Relay(words, author or None, outermost(words, told.subject) if told else None)
    sender = next((at for at in range(document - 1, max(0, document - _SHORT), -1) if words[at].low in _SENDING), 0)
    before = before_steps(words, sender)
    subject = phrase_before(words, before) if before else None
    if subject is None or words[subject[0]].low in SUBJECT_PRONOUNS:
        return None
    return Relay(words, subject, governor(words, subject[0]) or None)


def _passes_on(words: Sequence[Word], at: int) -> bool:
    """Whether the word at a place is a verb of which somebody is the subject."""
    low = words[at].low
    if low not in PASSES_ON or (low in DOCUMENTS and not low.endswith("ed")):
        return False
    if at + 1 < len(words) and words[at + 1].low == "by":
        return False
    before = words[at - 1] if at else None
    if before is None or (low in QUOTING and before.low in {"that", "which"}):
        return True
    return before.low not in _NO_SUBJECTS and not before.text.endswith(POSSESSIVE[:2])


def _signed(words: Sequence[Word]) -> Relay | None:
    """Reads "A letter signed by B and read out by C said": the author of the document that a sentence begins with."""
    place = next((at for at, word in enumerate(words[:_SHORT]) if word.low in DOCUMENTS), None)
    clause = clause_before(words)
    subject = clause.subject[0] if clause else 0
    belongs = subject > 0 and (words[subject].low in _HANDLED or words[subject - 1].low in _LINKED)
    if place is None or not belongs:
        return None
    owner = next((at for at in range(place) if words[at].text.endswith(POSSESSIVE)), None)
    author = phrase_before(words, owner + 1) if owner is not None else None
    if words[0].low in _ARTICLES and owner is None:
        author = _written_by(words, place, len(words)) or None
    return Relay(words, author, None) if author else None


def _author(words: Sequence[Word], first: int, end: int) -> Place | tuple[()] | None:
    """Who wrote what the verb before `first` passes on; () where that is not told, None where nothing is passed on."""
    verb = words[first - 1].low
    stop = next((at for at in range(first, end) if words[at].text in MARKS), end)
    place = next((at for at in range(first, stop) if words[at].low in DOCUMENTS | _SAYINGS), None)
    while place is not None and place + 1 < stop and words[place + 1].low in DOCUMENTS:
        place += 1
    if place is None:
        return _quoted(words, first, end) if verb in QUOTING | _NAMING | {"citing"} else None
    if words[place].text[0].isupper() and place + 1 < end and words[place + 1].low == "of":
        return ()
    owner = next((at for at in range(place - 1, first - 1, -1) if words[at].text.endswith(POSSESSIVE)), None)
    author = _written_by(words, place, end) if owner is None else phrase_before(words, owner + 1, first)
    if author is not None or owner is not None:
        return author
    own = any(word.low in _OWN | {"his", "her", "their"} for word in words[first : place + 1])
    return None if own or verb not in _RECITES | QUOTING else ()


def _quoted(words: Sequence[Word], first: int, end: int) -> Place | tuple[()] | None:
    """Whom a verb of quoting names: "from B", "what B had said"; what is repeated is a claim, where nobody is named."""
    verb = words[first - 1].low
    first += first < end and words[first].low == "from"
    if first + 1 < end and words[first].low == "what":
        told = phrase_of_name(words, first + 1)
        return told[0] if told else ()
    author = _person(words, first)
    if verb.startswith("cite") and not (author and author[1] == end and words[-1].text == ":"):
        return None
    named = any(word.text[0].isupper() for word in words[slice(*author)]) if author else False
    return author if named or verb not in _NAMING else None


def _written_by(words: Sequence[Word], document: int, end: int) -> Place | tuple[()] | None:
    """The B of "a letter from B", "a letter, signed by B", "a letter that B had sent"; () for "from a friend"."""
    at = document + 1
    at += at < end and words[at].text == "," and words[min(at + 1, end - 1)].low in _WRITTEN | {"which"}
    if [word.low for word in words[at : at + 3]] == ["on", "behalf", "of"]:
        return _person(words, at + 3)
    which = at < end and words[at].low in {"that", "which"}
    passive = at + which + 1 < end and words[at + which].low in BE and words[at + which + 1].low in _WRITTEN
    linked = at + 2 * passive + (which and passive)
    linked += not which and linked < end and words[linked].low in _WRITTEN
    if linked < end and words[linked].low in {"from", "by", "of"}:
        return _person(words, linked + 1)
    writer = phrase_of_name(words, at + which) if at + which < end else None
    behind = writer[1] + (words[writer[1]].low in {"had", "has"}) if writer and writer[1] < end else end
    return writer[0] if writer and behind < end and words[behind].low in _WRITTEN | {"wrote"} else None


def _person(words: Sequence[Word], first: int) -> Place | tuple[()]:
    """Who begins at a place; () for a work, a verse of it, or nobody."""
    place = phrase_after(words, first)
    end = next((at for at in range(*place) if words[at].low in _HANDLED | REPORTS), place[1]) if place else first
    works = any(word.low in _WORKS or word.text[0].isdigit() for word in words[first:end])
    return (place[0], end) if place and end > place[0] and not works else ()


def quoting_after(words: Sequence[Word], clause: Clause, behind: int) -> Relay | None:
    """“…,” A said, quoting B; “…,” A read from B's letter; “…,” A said, reading from a letter by B."""
    verbs = [clause.verb[0], *range(behind, min(len(words), behind + FAR))]
    for at in verbs:
        if words[at].low in QUOTING | _RECITES | {"repeating", "relaying"} and (
            at == clause.verb[0] or words[at].low.endswith("ing")
        ):
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

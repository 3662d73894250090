"""Reads plain words around a quotation: verbs of speech, and the phrase that is their subject.

A phrase is a pronoun, a name with the titles before it, or a description with its article. All lists of words are short
(`words_of` reads at most some hundred characters), so that every function here takes constant time.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from retrieval.domain.articles import Span
from retrieval.text.attribution import cues
from retrieval.text.names.vocabulary import is_role_word
from retrieval.text.words import FUNCTION_WORDS, read_words, word_list

_WORD = re.compile(r"[^\w\s]?_++[.!?]?[^\w\s]?|\([^()]{1,60}\)|\d{1,2}:\d\d|[,;:()—–―]|[^\s,;:()—–―]++")
QUOTED = "_"
"""The text of a word that stands for another quotation."""

MARKS = frozenset(",;:()—–―-")
ENDS_PHRASE = word_list(
    """
    in at on during after before when as while about to with from for outside following who that and but because if
    whether where since than until how what by through into over under although though whose which is was were are will
    """
)
"""Words that no phrase behind a verb goes beyond."""

Place = tuple[int, int]
"""The first and the last place, excluded, of some words."""

SUBJECT_PRONOUNS = word_list("he she they i we you who it")
_PARTICLES = word_list("de da di del della der den van von bin ibn al el la le dos du ten ter y of the for and &")
CALLED = word_list("known called named nicknamed identified")
_MODIFIERS = read_words("role_modifiers") - {"of"}
_STARTERS = (FUNCTION_WORDS | read_words("sentence_starters")) - word_list("will may mark police")
_ARTICLES = word_list(
    """the a an his her their its our my your this one some several many two three four both another no most few
    other every each any these those"""
)
_DETERMINERS = word_list("the a an his her their its our my your")
_LINKS = word_list("of in from for at with on near behind beside outside inside under over by to")
_INDEFINITE = word_list("one some others many another someone somebody several two both")
_BREAKS = word_list("_ is was were are be been has have had that because if when which what i’m it’s came went")
_BARE = word_list("police counsel people men women children others witnesses officials prosecutors sources critics")
_BEHIND_NOUNS = word_list("was were are is have has had of by from about against for on")
_STEPS = word_list(
    """
    himself herself themselves has have had also then later once would could will can again even just simply still
    always often
    """
)
_TO = re.compile(
    r"(?:went|goes|gone|going|go|used|liked?s?|loved?s?|continued?s?|began|begins|rose|turned|paused|had)$"
)
_ADVERB = re.compile(cues.ADVERB)
_OPENERS = word_list("and but as so then when while after before because if though although where")
_KEEPS_STOP = re.compile(r"(?:\b[A-Z]|Jr|Sr)\.$")
POSSESSIVE = ("’s", "'s", "s’")
_LONGEST_PHRASE = 9
_LONGEST_APPOSITION = 30
_LONGEST_AFTER = 12


class Word(NamedTuple):
    """A word, a mark, or a whole other quotation (`QUOTED`), at text[start:end]."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """The word in lower case, without a full stop behind it."""
        return self.text.casefold().rstrip(".")


def words_of(masked: str, start: int, end: int) -> list[Word]:
    """The words of masked[start:end], parentheses left out; quotations are masked by underscores."""
    found = []
    for match in _WORD.finditer(masked, start, end):
        text = match.group()
        if "_" in text[:2]:
            text = QUOTED
        elif len(text) > 1 and text[0] == "(":
            continue
        found.append(Word(text, *match.span()))
    return found


def verb_length(words: Sequence[Word], at: int) -> int:
    """How many words at a place are a verb of speech ("said", "shot back"); 0 for none."""
    low = words[at].low
    following = words[at + 1].low if at + 1 < len(words) else ""
    if (low, following) in cues.WITH_PARTICLE:
        return 2
    if low not in cues.TOUCHING_FORMS:
        return 0
    if words[at].text[0].isupper() and low not in cues.IN_HEADLINES and not _in_capitals(words, at):
        return 0
    if low in cues.ALSO_NOUNS and (following in _BEHIND_NOUNS or following.endswith("ing")):
        return 0
    if at and (
        words[at - 1].low in _DETERMINERS or (low in cues.ALSO_NOUNS and words[at - 1].text.endswith(POSSESSIVE))
    ):
        return 0
    return 1 + (following in cues.PARTICLES)


def _in_capitals(words: Sequence[Word], at: int) -> bool:
    """Whether a word and its neighbours are printed in capitals."""
    around = words[max(0, at - 1) : at + 2]
    return len(around) > 1 and all(word.text.isupper() for word in around if word.text[0].isalpha())


def before_end_mark(words: Sequence[Word]) -> int:
    """Where the words end, without the comma or colon that may lead to a quotation."""
    return len(words) - (bool(words) and words[-1].text in {",", ":"})


def before_steps(words: Sequence[Word], end: int) -> int:
    """The end of what precedes a verb without auxiliaries, adverbs and "went on to"."""
    while end:
        low = words[end - 1].low
        if low == "to" and end > 1:
            chained = end - 2 - (words[end - 2].low == "on" and end > 2)  # noqa: PLR2004
            if not _TO.match(words[chained].low):
                return end
            end = chained
        elif low in _STEPS or (_ADVERB.fullmatch(low) and words[end - 1].text == low):
            end -= 1
        else:
            break
    return end


def is_phrase(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether words without a mark, up to nine, are one phrase: "federal prosecutors", "a smiling Ana Costa"."""
    part = words[start:end]
    if len(part) > _LONGEST_PHRASE or any(verb_length(words, at) for at in range(start + 1, end)):
        return False
    if any(word.text in MARKS or word.low in _BREAKS or word.low.endswith(("n’t", "n't")) for word in part):
        return False
    if part[-1].low in SUBJECT_PRONOUNS:
        return len(part) == 1
    return part[-1].low not in _STARTERS and _begins_phrase(part[0], part[-1])


def _begins_phrase(first: Word, last: Word) -> bool:
    if first.low in _ARTICLES:
        return True
    if first.low in ENDS_PHRASE or first.low in _STARTERS:
        return False
    if first.text[0].isupper() or is_role_word(first.low) or first.low in _MODIFIERS:
        return True
    plain = not first.low.endswith(("ing", "ed"))
    return plain and (last.text[0].isupper() or last.low in _BARE or last.low.endswith("s"))


def phrase_after(words: Sequence[Word], first: int) -> Place | None:
    """The phrase that begins at a place, with the name behind a description and a comma; None where none begins."""
    if first >= len(words) or words[first].low in ENDS_PHRASE or words[first].text in MARKS:
        return None
    if words[first].text.endswith("ing") or not any(map(str.isalnum, words[first].text)):
        return None
    end = _phrase_end(words, first)
    described = end + 1 < len(words) and words[end].text == "," and words[end - 1].text.islower()
    named = _phrase_end(words, end + 1) if described else end
    if named > end + 1 and _is_name(words, end + 1, named):
        return first, named
    if named > end + 1 and words[end + 1].low in _ARTICLES and _is_name(words, named - 1, named):
        return end + 1, named
    return trimmed(words, (first, end))


def phrase_of_name(words: Sequence[Word], first: int) -> tuple[Place, int] | None:
    """The phrase with a name that begins at a place, and where its clause goes on; None for a phrase without a name."""
    end = first
    while end < len(words) and end - first < _LONGEST_PHRASE and not _capital(words[end]):
        if words[end].text == "," and end > first and words[first].low in _ARTICLES:
            closing = next((at for at in range(end + 1, min(len(words), end + 8)) if words[at].text == ","), None)
            named = closing is not None and _is_name(words, end + 1, closing)
            return ((first, closing), closing + 1) if named and closing else None
        if words[end].low in ENDS_PHRASE or words[end].text in MARKS:
            return None
        end += 1
    start = end
    while end < len(words) and (_capital(words[end]) or (words[end].low in _PARTICLES and _capital_at(words, end + 1))):
        end += 1
    if end == start or (start > first and words[start - 1].low in _ARTICLES):
        return None
    closing = next((at for at in range(end + 1, min(len(words), end + 12)) if words[at].text == ","), None)
    aside = end < len(words) and words[end].text == "," and closing is not None
    return (first, end), closing + 1 if aside and closing else end


def _capital_at(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and _capital(words[at])


def _phrase_end(words: Sequence[Word], first: int) -> int:
    last = min(len(words), first + _LONGEST_AFTER)
    for end in range(first + 1, last):
        low = words[end].low
        participle = low.endswith("ing") and words[end].text == low and words[end - 1].low not in _ARTICLES
        if low in MARKS or low == QUOTED or low in ENDS_PHRASE or participle:
            return end
    return last


def trimmed(words: Sequence[Word], place: Place) -> Place:
    """A phrase without an article and adjectives before a name: "a weary Ana Costa"."""
    start, end = place
    if words[start].low not in {"a", "an"} or not _capital(words[end - 1]):
        return place
    at = end - 1
    while at > start and _capital(words[at - 1]):
        at -= 1
    of_another = any(word.low in _LINKS for word in words[start:at])
    return place if of_another or is_role_word(words[at - 1].low) else (at, end)


def without_appositions(words: Sequence[Word]) -> list[Word]:
    """The words without what tells who somebody is: of "the clerk, Ana Costa, said" the clause "Ana Costa said"."""
    commas = [at for at, word in enumerate(words) if word.text == ","]
    left: list[Word] = []
    begins = 0
    for first, last in pairwise(commas):
        inner = words[first + 1 : last]
        if first < begins or not inner or len(inner) > _LONGEST_PHRASE or not _tells_who(words, first + 1, last):
            continue
        named = first > 0 and words[first - 1].text.islower() and _is_name(words, first + 1, last)
        start = _start_of_description(words, first, begins) if named else None
        left += words[begins:first] if start is None else [*words[begins:start], *inner]
        begins = last + 1
    return [*left, *words[begins:]]


def _tells_who(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether words between two commas are no clause, and no more than one member of a list."""
    inner = words[first:last]
    if any(verb_length(words, at) for at in range(first, last)) or any(word.text in MARKS | {QUOTED} for word in inner):
        return False
    listed = last + 1 < len(words) and words[last + 1].low in {"and", "or"}
    return not listed and (_is_apposition(inner[0]) or inner[0].low in _LINKS) and inner[0].low not in SUBJECT_PRONOUNS


def phrase_before(words: Sequence[Word], end: int, floor: int = 0) -> Place | None:
    """The first and last place (excluded) of the phrase that ends before `end`; an apposition is stepped over."""
    if end <= floor:
        return None
    if words[end - 1].text != ",":
        start = _start(words, end, floor)
        return None if start is None else (start, end)
    whole = _with_long_aside(words, end, floor)
    if whole is not None:
        return whole
    for comma in range(end - 2, max(floor, end - _LONGEST_APPOSITION), -1):
        if words[comma].text in {QUOTED, ";", ":"}:
            return None
        if words[comma].text == "," and _is_apposition(words[comma + 1]):
            place = _described(words, comma, end - 1, floor)
            if place is not None:
                return place
    return None


def _described(words: Sequence[Word], comma: int, end: int, floor: int) -> Place | None:
    """The phrase before a comma, with an apposition that names it; "the man, known as Costa,": Costa."""
    if words[comma + 1].low in CALLED:
        name = comma + 2 + (words[comma + 2].low == "as")
        return (name, end) if _is_name(words, name, end) else None
    start = _start(words, comma, floor)
    if start is None or (start > floor and words[start - 1].low in _LINKS):
        return None
    named = words[comma - 1].text[0].isupper()
    return start, comma if named or not _is_name(words, comma + 1, end) else end


def _with_long_aside(words: Sequence[Word], end: int, floor: int) -> Place | None:
    """The full name that begins a clause, where "whose husband, Bo Kim, died," or an age and a place follow it."""
    comma = next((at for at in range(floor + 1, min(end - 1, floor + _LONGEST_PHRASE)) if words[at].text == ","), None)
    if comma is None or comma - floor < 2 or end - floor > _LONGEST_APPOSITION:  # noqa: PLR2004
        return None
    if any(word.text in {QUOTED, ";", ":"} or word.low == "and" for word in words[comma:end]):
        return None
    relative = words[comma + 1].low in {"whose", "who"} or words[comma + 1].low.isdigit()
    return (floor, comma) if relative and _is_name(words, floor, comma) else None


def _is_apposition(word: Word) -> bool:
    low = word.low
    return (
        word.text[0].isupper()
        or low in _ARTICLES
        or low in {"who", "whose", "which", "of"}
        or low.isdigit()
        or is_role_word(low)
        or low in _MODIFIERS
        or low.endswith(("ing", "ed"))
        or low in CALLED
        or low == "then"
    )


def _is_name(words: Sequence[Word], start: int, end: int) -> bool:
    return end > start and all(_capital(word) or word.low in _PARTICLES for word in words[start:end])


def _capital(word: Word) -> bool:
    first = word.text[0]
    return (first.isupper() or word.text[:3] in {"al-", "el-"}) and word.low not in _STARTERS


def _start(words: Sequence[Word], end: int, floor: int) -> int | None:
    """Where the phrase that ends before `end` begins."""
    last = words[end - 1]
    indefinite = last.low in _INDEFINITE and (end - 1 == floor or _announces(words, end - 2))
    if last.low in SUBJECT_PRONOUNS or indefinite:
        return end - 1
    if _capital(last):
        return _start_of_name(words, end, floor)
    if last.text[0].isalpha() and last.low not in _STARTERS:
        return _start_of_description(words, end, floor)
    return None


def _start_of_name(words: Sequence[Word], end: int, floor: int) -> int:
    at = end - 1
    while at > floor and end - at <= _LONGEST_PHRASE:
        word = words[at - 1]
        if _capital(word) and not verb_length(words, at - 1):
            at -= 1
        elif word.low in _PARTICLES and at - 2 >= floor and _capital(words[at - 2]):
            at -= 2
        elif word.low == "the" and at > floor + 2 and words[at - 2].low in {"of", "for"} and _capital(words[at - 3]):
            at -= 3
        else:
            break
    while at > floor and (is_role_word(words[at - 1].low) or words[at - 1].low in _MODIFIERS):
        at -= 1
    if at > floor and words[at - 1].text.endswith(POSSESSIVE) and words[at - 1].text[0].isupper():
        return _start_of_name(words, at, floor)
    return at - 1 if at > floor and words[at - 1].low in _ARTICLES else at


def _start_of_description(words: Sequence[Word], end: int, floor: int) -> int | None:
    for at in range(end - 1, max(floor - 1, end - _LONGEST_PHRASE), -1):
        word = words[at]
        if word.text in {",", ";", ":", QUOTED, "—", "–"} or (verb_length(words, at) and at < end - 1):
            break
        if word.low in _ARTICLES or word.text.endswith(POSSESSIVE):
            start = at if word.low in _ARTICLES else _start_of_name(words, at + 1, floor)
            if start - 1 > floor and words[start - 1].low in _LINKS:
                return _start(words, start - 1, floor) or start
            return start
    bare = words[end - 1]
    plural = bare.low.endswith("s") and (end - 1 == floor or _announces(words, end - 2))
    return end - 1 if bare.low in _BARE or plural else None


def _announces(words: Sequence[Word], at: int) -> bool:
    """Whether a clause may begin behind a word: "said managers told", "that managers told"."""
    return words[at].low in {"that", "how", "heard", "saw"} or bool(verb_length(words, at))


def begins_clause(words: Sequence[Word], at: int, floor: int = 0) -> bool:
    """Whether a clause may begin at a place: at the start, behind a mark or "and"."""
    return at <= floor or words[at - 1].text in MARKS | {QUOTED} or words[at - 1].low in _OPENERS


def span_of(words: Sequence[Word], place: Place) -> Span:
    """The offsets of words from the first to the last place, excluded, without a full stop or possessive ending."""
    last = words[place[1] - 1]
    stop = (
        place[1] == len(words) and len(last.text) > 1 and last.text.endswith(".") and not _KEEPS_STOP.search(last.text)
    )
    possessive = 2 if last.text.endswith(POSSESSIVE[:2]) else 0
    return Span(words[place[0]].start, last.end - stop - possessive)

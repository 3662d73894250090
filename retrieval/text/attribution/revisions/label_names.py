"""Reads a label: whom “Ana Costa, Farm Bureau”, “a letter from the bishop” or “Kim’s full statement” names.

A label names a person, an organisation or an office. One that names a thing ("Verdict", "Chapter Three", "Read more"),
a place or nobody known has no speaker, and so has one with a verb of speech, which is a clause.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.domain.articles import Span
from retrieval.text.attribution.cues import ALSO_NOUNS, IN_HEADLINES, PLAIN_FORMS, PRONOUNS
from retrieval.text.names import names
from retrieval.text.names.organisations import CONNECTORS, is_organisation, kinds
from retrieval.text.names.vocabulary import MEN, PARTICLES, WOMEN, fold, is_role_word
from retrieval.text.words import read_words, word_list

LONGEST = 200
"""Characters of the longest label."""

_THINGS = read_words("label_words")
_PLAINLY_VERBS = IN_HEADLINES - ALSO_NOUNS
_TIMES = word_list(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december
    """
)
_ANSWERS = (
    r"(?:statement|reply|response|answer|message|letter|post|tweet|e-?mail|verdict|take|view|comment|reaction|"
    r"warning|advice|explanation|remark|words|apology|plea|pledge|argument|defen[cs]e|position|assessment|rebuttal|"
    r"retort|speech|testimony|account|version|complaint|text|thoughts|quote|contribution|opinion|motion|appeal|word)s?"
)
_OPENERS = (
    r"(?:(?:and|but|now|then|also|next up is|next up|next|finally|meanwhile|lastly|again|this is|this just in|this|"
    r"here is|here are|"
    r"here[’']s|here|hear|over to|back to|first|more|one more|another|in full|below)\b,?\s++)*+"
)
_FROM = re.compile(
    rf"{_OPENERS}(?:(?:(?:an?|the|this|another|one|her|his|their|its|in|our)\s++)*+(?:[\w-]++\s++){{0,3}}?{_ANSWERS}\s++"
    rf"(?:(?:issued|released|posted|sent|made|signed|written|in full|received)\s++)?(?:from|by|of|on behalf of)\s++|"
    r"(?:[\w-]++\s)?(?:questions|minutes|interview|q&a)\s(?:for|with|to)\s|(?:said|spoken|written|posted|sent) by:?\s|"
    rf"(?:from|by|over to|per|according to|in the words of|to quote|quoth|speaker:)\s++)",
    re.IGNORECASE,
)
_OPENING = re.compile(_OPENERS, re.IGNORECASE)
_OCCASION = re.compile(rf"\b{_ANSWERS}$", re.IGNORECASE)
_OWNED = re.compile(
    rf"{_OPENERS}(?:(?:in|from)\s++)?(?P<who>[^:;“”\"]{{2,80}}?)(?:[’']s|(?<=s)[’'])\s++(?:[\w-]++,?\s++){{0,4}}?{_ANSWERS}\b",
    re.IGNORECASE,
)
_TOLD = re.compile(rf"{_OPENERS}what\s(?P<who>[^:;“”\"]{{2,90}}?)\s(?:has|had|have)\sto\ssay\b", re.IGNORECASE)
_TAIL = re.compile(
    r",?\s(?:on|about|regarding|concerning|at|in|to|via|after|before|during|when|while|amid|under|speaking|writing|"
    r"responding|reacting|commenting|replying|addressing|asked|again|later|earlier|now|today|yesterday|online|live|also|"
    r"who|whose|with|\d{1,4})(?![\w’'-])"
)
_PART = re.compile(r",(?!\s(?:Jr|Sr|II|III|IV|MD|PhD)\b)\s?|\s[|/·•–—-]\s|:\s")
_ORIGIN = re.compile(r"[A-Z][\w’'-]*-(?:born|based|raised|trained|educated|bred)\s")
_DECORATED = re.compile(r"(?<=\w)(?:,?\s(?:MP|MSP|MEP|TD|KC|QC|OBE|MBE|CBE|FRS|JP|MD|PhD|RN|CEO))+$")
_BRACKET = re.compile(r"\s?[(\[]")
_MEMBER = re.compile(r"\s(?:of|from|for|with)\s")
_HELD = re.compile(r"(?P<owner>[^,]{2,80}?)(?:[’']s|(?<=s)[’'])\s(?P<who>.+)")
_JOINED = re.compile(r"\s(?:and|&)\s")
_FRONTED = re.compile(
    r"(?:in|on|at|to|dear|including|despite|unlike|after|before|during|when|while|from|for|with|asked|speaking|writing|responding|reacting|as|of|also|"
    r"finally|meanwhile|elsewhere|then|and|but)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:I|he|she|they|we|it)\b")
_DESCRIBED = word_list("the a an one another its his her their our my this that former")
_PEOPLE = word_list(
    """
    man woman men women boy girl couple teenager pensioner family families relatives survivors neighbor neighbour
    colleague friend relative ally aide critic protester protestor passenger passer-by bystander resident local
    villager tenant parent mother father brother sister son daughter wife husband caller reader listener viewer
    customer shopper commuter patient pupil employee worker user fan official officials source insider expert
    """
)
_PLACED = re.compile(r"\b(?:in|near|outside|around|across|into)\s((?:the\s)?[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*){0,3})")
_SMALL = re.compile(r"\b[a-zà-ž][\w’'-]*+")
_WITHIN = re.compile(r"(?<=[a-z,]\s)[A-Z][\w’'&-]*")
_ASIDE = re.compile(
    r"(?:^|,\s)(?:(?:when|if|as)\s)?(?:asked|pressed|questioned|speaking|writing|responding|reacting|commenting|replying)\b"
    r"[^,]*+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\s,]+")
_MOST_WORDS = 9
_MOST_OF_THING = 5
_LONGEST_CAPITALS = 3
"""Words of the longest name that is printed in capitals: more are a headline."""


class Known:
    """The capitalised words that a text uses as names, and those of them that are places."""

    def __init__(self, text: str) -> None:
        full = [text[start:end].split() for start, end in names.find_names(text)]
        self._times = Counter(fold(" ".join(words)) for words in full if len(words) > 1)
        self._parts = {fold(part) for words in full if len(words) > 1 for part in (words[0], words[-1])}
        self._surnames = {fold(_bare(words[-1])) for words in full if len(words) > 1}
        self._within = {fold(_bare(match.group())) for match in _WITHIN.finditer(text)}
        self._small = {match.group() for match in _SMALL.finditer(text)}
        self._places = {fold(_bare(match.group(1))) for match in _PLACED.finditer(text)}

    def names(self, word: str) -> bool:
        """Whether a single word is used as a name elsewhere: in a full name, or within a sentence."""
        folded = fold(_bare(word))
        return folded in self._parts or folded in self._within

    def is_surname(self, word: str) -> bool:
        """Whether a word ends a full name of the text."""
        return fold(_bare(word)) in self._surnames

    def is_person(self, phrase: str) -> bool:
        """Whether a given name, an initial, a title or repetition shows that a capitalised phrase is a person."""
        printed = names.split_title(phrase)
        first = fold(printed.name.partition(" ")[0])
        told = printed.role is not None or printed.rank is not None or first in MEN or first in WOMEN
        return told or first.endswith(".") or self._times[fold(printed.name)] > 1

    def may_be_name(self, phrase: str) -> bool:
        """Whether the text prints no word of a phrase in small letters."""
        return not any(_bare(word).casefold() in self._small for word in phrase.split())

    def is_place(self, phrase: str) -> bool:
        """Whether the text speaks of being in or near what a phrase names."""
        return fold(_bare(phrase)) in self._places


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """Whom a label names, by `mention`; `detailed` where a role, an employer, a place or an age stands beside the name.

    `cue` is the verb of speech of a lead-in ("Ana Costa responded:").
    """

    mention: Span
    detailed: bool = False
    cue: Span | None = None


def read_speaker_label(
    text: str, start: int, end: int, known: Known, *, longest_tail: int = LONGEST
) -> SpeakerLabel | None:
    """Read the label text[start:end], without its colon; None where it names no speaker. Never raises.

    A tail that tells of what or where ("on the ruling", "in a statement") has at most `longest_tail` characters.
    """
    if not 0 < end - start <= LONGEST:
        return None
    owned = _OWNED.match(text, start, end) or _TOLD.match(text, start, end)
    if owned and not _has_verb(text, *owned.span("who")):
        return _speaker(text, *_trim(text, *owned.span("who")), known)
    announced = _FROM.match(text, start, end)
    opened = announced or _OPENING.match(text, start, end)
    first = opened.end() if opened else start
    if _has_verb(text, first, end):
        return None
    tail = _TAIL.search(text, first + 1, end)
    label = _speaker(text, *_trim(text, first, end), known)
    if tail and end - tail.start() <= longest_tail and (label is None or label.mention.end <= tail.start() + 1):
        label = _speaker(text, *_trim(text, first, tail.start()), known) or label
    return replace(label, detailed=True) if label and announced else label


def names_thing(text: str, start: int, end: int) -> bool:
    """Whether a label of a few words, no clause, names a thing ("Our verdict", "Key quotes"), and so no speaker."""
    words = [_bare(word).casefold() for word in text[start : min(end, start + LONGEST)].split()]
    verbs = words if words and words[-1] in _PLAINLY_VERBS else words[:-1]
    if not 0 < len(words) <= _MOST_OF_THING or not PLAIN_FORMS.isdisjoint(verbs):
        return False
    return not _THINGS.isdisjoint(words)


def _has_verb(text: str, start: int, end: int) -> bool:
    """Whether a verb of speech makes a clause of a label: in small letters, as its first or as its last word.

    Participles behind a comma or at the head ("when asked about the cost", "speaking in Vale") make none.
    """
    words = [match.group() for match in _WORD.finditer(_ASIDE.sub("", text[start:end]))]
    if any(word in PLAIN_FORMS for word in words):
        return True
    return bool(words) and (words[0].casefold() in PLAIN_FORMS or words[-1].casefold() in _PLAINLY_VERBS)


def _speaker(text: str, start: int, end: int, known: Known) -> SpeakerLabel | None:
    """The name of a phrase: of its first part, or of the one behind a description or an adverbial."""
    bracket = _BRACKET.search(text, start, end)
    stop = bracket.start() if bracket else end
    edges = [start, *(edge for part in _PART.finditer(text, start, stop) for edge in part.span()), stop]
    trimmed = [_trim(text, *pair) for pair in list(pairwise(edges))[::2]]
    parts = [Span(first, last) for first, last in trimmed if first < last]
    if not parts:
        return None
    detailed = len(parts) > 1 or bracket is not None
    if any(_PERSONAL.search(text, part.start, part.end) for part in parts[1:]):
        return None
    origin = _ORIGIN.match(text, parts[0].start, parts[0].end)
    parts[0] = Span(origin.end() if origin else parts[0].start, parts[0].end)
    fronted = _FRONTED.match(text, parts[0].start, parts[0].end)
    first = _named(text, parts[0], known) if fronted is None else None
    if first is not None:
        return SpeakerLabel(first, detailed)
    office = fronted is None and _is_office(parts[0].of(text).split())
    after_dash = len(parts) > 1 and not text.startswith(",", parts[-2].end)
    occasion = fronted or after_dash or _OCCASION.search(text, parts[0].start, parts[0].end)
    behind = parts[1:2] if office else parts[1:][-1:] if occasion else []
    found = _named(text, behind[0], known) if behind else None
    if found is not None and (office or " " in found.of(text) or known.is_surname(found.of(text))):
        return SpeakerLabel(found, detailed=True)
    if office:
        return SpeakerLabel(parts[0], detailed)
    return SpeakerLabel(parts[0], detailed=True) if detailed and _is_first_name(text, parts) else None


def _is_first_name(text: str, parts: list[Span]) -> bool:
    """Whether a first name stands alone beside a detail or an age: "Grace, a nurse", "Imani, 34"."""
    name = parts[0].of(text)
    if " " in name or not name[:1].isupper():
        return False
    aged = len(parts) > 1 and parts[1].of(text).removeprefix("aged ").isdigit()
    return aged or fold(name) in MEN | WOMEN


def _named(text: str, part: Span, known: Known) -> Span | None:
    """The person or organisation that a phrase without commas names, with the titles before the name."""
    decorated = _DECORATED.search(text, part.start, part.end)
    part = Span(part.start, decorated.start()) if decorated else part
    held = _HELD.fullmatch(text, part.start, part.end)
    if held and _is_person(text, Span(*held.span("who")), known) and not is_organisation(held.group("who").split()):
        return Span(*held.span("who"))
    joined = _JOINED.search(text, part.start, part.end)
    if joined and all(
        _is_person(text, one, known) for one in (Span(part.start, joined.start()), Span(joined.end(), part.end))
    ):
        return part
    employed = _employed(text, part)
    if employed and _is_person(text, employed, known):
        return employed
    member = _MEMBER.search(text, part.start, part.end)
    if member and not is_organisation(text[part.start : member.start()].split()):
        before = Span(part.start, member.start())
        if _is_person(text, before, known):
            return before
    return part if _is_person(text, part, known) or _is_organisation(text, part, known) else None


def _employed(text: str, part: Span) -> Span | None:
    """The name behind that of an organisation or a place: Ana Costa of "president of the Harbour Union Ana Costa"."""
    words = list(_WORD.finditer(text, part.start, part.end))
    folded = [word.group().casefold() for word in words]
    of = folded.index("of") if "of" in folded else 0
    if of and is_role_word(folded[of - 1]) and len(words) == of + 4 and "for" not in folded:
        return Span(words[of + 2].start(), part.end)
    for place in range(len(words) - 3, 0, -1):
        if kinds(words[place].group()) and words[place].group()[0].isupper():
            return Span(words[place + 1].start(), part.end)
    return None


def _is_person(text: str, part: Span, known: Known) -> bool:
    """Whether a phrase is a name, of two words and more or known from the text, with nothing but titles before it."""
    printed = names.split_title(part.of(text))
    words = part.of(text)[printed.start :].split()
    before = part.of(text)[: printed.start].split()
    if not words or len(words) > _MOST_WORDS or not all(_in_name(word) for word in words):
        return False
    if part.of(text).isupper() and sum(fold(word) not in PARTICLES for word in words) > _LONGEST_CAPITALS:
        return False
    if not words[0][0].isupper() or not _bare(words[-1])[:1].isupper() or is_role_word(words[-1]):
        return False
    if before and not (is_role_word(before[-1]) or before[-1].casefold() in _PEOPLE):
        return False
    titled = bool(before) and before[0].casefold() not in {"the", "a", "an"}
    return (len(words) > 1 or titled or known.names(words[0])) and not _names_thing(words, known)


def _is_organisation(text: str, part: Span, known: Known) -> bool:
    """Whether a phrase is a name of two capitalised words and more, or of an organisation by its kind."""
    words = [word for word in part.of(text).split() if word.casefold() != "the"]
    capitals = [word for word in words if word[0].isupper() or word[0].isdigit()]
    if not words or len(words) > _MOST_WORDS or _names_thing(words, known) or is_role_word(words[0]):
        return False
    if len(words) > _LONGEST_CAPITALS and part.of(text).isupper():
        return False
    if not all(word in capitals or word.casefold() in CONNECTORS for word in words):
        return False
    return words[0] in capitals and words[-1] in capitals and (len(capitals) > 1 or is_organisation(words))


def _names_thing(words: list[str], known: Known) -> bool:
    """Whether a phrase names a thing, a day or a place; one that begins with a given name does not."""
    folded = [_bare(word).casefold() for word in words]
    unnamed = any(word.casefold() in PRONOUNS for word in words) or not _TIMES.isdisjoint(folded)
    if unnamed or known.is_place(" ".join(words)):
        return True
    if len(words) > 1 and (folded[0] in MEN or folded[0] in WOMEN):
        return False
    return not is_organisation(words) and any(word in _THINGS for word in folded)


def _is_office(words: list[str]) -> bool:
    """Whether a phrase describes somebody by an office or a relation: "the prime minister", "one neighbour"."""
    head = re.split(r"\s(?:of|from|for|to|at|in|with|who|on)\s", " ".join(words), maxsplit=1)[0].split()
    if not head or len(words) > _MOST_WORDS:
        return False
    kind = _bare(head[-1]).casefold()
    described = head[0].casefold() in _DESCRIBED and bool(kinds(head[-1]))
    return described or is_role_word(kind) or kind in _PEOPLE or kind.removesuffix("s") in _PEOPLE


def _in_name(word: str) -> bool:
    bare = _bare(word)
    return bare[:1].isupper() or bare in PARTICLES or bare.startswith(("al-", "el-"))


def _bare(word: str) -> str:
    return re.sub(r"[’']s?$", "", word.strip(".,:;!?*_()[]"))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds without white space, emphasis, commas and a full stop around them."""
    piece = text[start:end].rstrip(_AROUND)
    if _STOP.search(piece):
        piece = piece[:-1].rstrip(_AROUND)
    return start + len(piece) - len(piece.lstrip(_AROUND)), start + len(piece)


_STOP = re.compile(r"(?<![A-Z])(?<!\bJr)(?<!\bSr)(?<!\b(?:Inc|Ltd|Esq))(?<!\bCorp)(?<!\bCo)\.$")
_AROUND = " \t\n*_#>,:;"

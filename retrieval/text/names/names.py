"""Names of people as articles print them: titles split off, surnames joined to full names, names matched and compared.

Pure functions over strings. They never look outside the article they are given, and where two people of one
article share a surname they say so by returning nothing, rather than guess.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.text.names.ranks import TITLES, part_rank
from retrieval.text.search_keys import search_key
from retrieval.text.words import decomposed, read_words, word_list

_ROLES = TITLES | read_words("roles")
"""Titles, ranks, offices and occupations."""

GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_SUFFIXES = GENERATIONS | {"esq", "md", "phd"}
_NO_NAMES = word_list(
    "its his her their our my this that these those the dr mr mrs ms prof gov lt gen maj capt sgt col adm st mt"
)
"""What alone names nobody, though it may be written with a capital."""
_PARTICLES = word_list("de da di del della der den van von bin ibn al el la le dos du ten ter y")
_HONORIFIC_GENDER = {"mr": "m", "sir": "m", "lord": "m", "mrs": "f", "ms": "f", "miss": "f", "dame": "f", "lady": "f"}
_NEAR = 0.6
_MOST_WORDS = 12
_TOKEN = re.compile(r"[^\W_][\w.’'\-]*|&")
_PARENTHESIS = re.compile(r"(?<!\s)\s*+\([^)]*+\)")
_INDEFINITE = word_list("a an one another some several two three many multiple other both few most")
_DESCRIBING = word_list("its his her their our my the")
_OFFICES = word_list(
    """office campaign administration department ministry committee party team government embassy company agency
    foundation union council commission court"""
)
_POSSESSIVE = re.compile(r"[’']s?$")
_NAME_WORD = r"(?:[A-Z]\.)+|[A-Z][\w’'\-]*[\w]|[A-Z]"
_NAME = re.compile(
    rf"\b(?:{_NAME_WORD})(?:(?:,? (?:Jr|Sr)\b\.?)| (?!(?:Jr|Sr)(?![\w’'\-]))"
    rf"(?:(?:de|da|di|del|der|den|van|von|bin|ibn|al|el|la|le|dos|du) )*+(?:{_NAME_WORD}))*"
)
"""Each "Jr" can be read in one way only: in two, a row of them could be in millions."""


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A mention of a person taken apart: mention[start:end] is `name`, `role` and `rank` what was printed before it."""

    name: str
    role: str | None
    start: int
    end: int
    rank: str | None = None


def name_key(name: str) -> str:
    """Fold a name for matching: no accents, case, possessive or title ("Dr. Béla Kún" -> "bela kun")."""
    words = _folded_words(name)
    first = next((place for place, word in enumerate(words) if not is_role_word(word)), len(words) - 1)
    return " ".join(words[max(first, 0) :])


def surname(name: str) -> str:
    """The folded last name, past "Jr." and the like; the empty string where there is no word at all."""
    words = [word for word in _folded_words(name) if word not in _SUFFIXES]
    return words[-1] if words else ""


def gender_of_title(mention: str) -> str | None:
    """The gender that a title in front tells, "m" or "f" ("Mrs. May"), or None."""
    first = _TOKEN.match(mention)
    return _HONORIFIC_GENDER.get(first.group().rstrip(".").casefold()) if first else None


def split_title(mention: str) -> PrintedName:
    """Part role, rank and name: "Pentagon spokesman Gen. Ann Lee" -> "Ann Lee", "Pentagon spokesman", "Gen.".

    Up to the last word that is a rank, an office or not capitalised, all is role and rank, unless nothing is left.
    A possessive ending and what follows a comma are no part of the name.
    """
    words = list(_TOKEN.finditer(mention.partition(",")[0]))
    cut = 0
    for number, word in enumerate(words[:-1]):
        rest = words[number + 1]
        if _is_title(word.group(), rest.group()) and rest.group()[0].isupper():
            cut = number + 1
    if not words:
        return PrintedName(mention.strip(), None, 0, len(mention))
    start = words[cut].start()
    end = _name_end(mention, words, cut)
    role = re.sub(r"^(?:the|a|an|its|his|her|their|our)\s+", "", mention[:start].strip(" ,"), flags=re.IGNORECASE)
    office, rank = part_rank(role) if _tells(role) else (None, None)
    return PrintedName(mention[start:end], office, start, end, rank)


def is_named(mention: str) -> bool:
    """Whether a mention names somebody ("Kirby", "the Pentagon", "his lawyer, Ann Lee") or only says what they are.

    "Kirby's lawyer" and "a U.S. official" name nobody, though there are names in them; "Kirby's office" an office.
    """
    closed = mention.rfind(")") + 1  # behind which no parenthesis ends: each would be looked for in vain
    head, _, beside = (_PARENTHESIS.sub("", mention[:closed]) + mention[closed:]).partition(",")
    words = head.split()
    if len(words) == 1 and words[0].casefold().rstrip(".") in _NO_NAMES and not beside.strip():
        return False
    if words and words[0].casefold() not in _INDEFINITE:
        printed = _POSSESSIVE.sub("", words[-1])
        if printed[:1].isupper() or (len(words) == 1 and printed[:3].casefold() in {"al-", "el-"}):
            return True
        if words[-1].casefold() in _OFFICES and any(word[:1].isupper() for word in words[:-1]):
            return words[0].casefold() not in {"his", "her", "their", "its", "our", "my"}
    return any(word[:1].isupper() for word in beside.split()[:1])


def name_beside(mention: str) -> str | None:
    """The whole name that is set beside what somebody is: "Ann Lee" of "Its chair, Ann Lee"; None where there is none.

    "Kirby, the mayor" has its name in front, and "the mayor, New York’s first" none behind.
    """
    head, _, beside = mention.partition(",")
    first = head.split()[:1]
    whole = _NAME.fullmatch(beside.strip(" ,"))
    described = bool(first) and first[0].casefold() in _DESCRIBING
    return whole.group() if described and whole and " " in whole.group() else None


def find_names(text: str) -> list[tuple[int, int]]:
    """Where capitalised runs stand in a text (start, end): names of people, but of places and offices too."""
    return [found.span() for found in _NAME.finditer(text)]


def full_name(mention: str, known: Sequence[str]) -> str | None:
    """The one full name among `known` that a mention stands for, or None when there is none or more than one.

    A mention of two words or more stands for a known name whose first and last word it shares, and else for itself; one
    word stands for a surname first, then for a given name. `known` are full names without titles. "Ana Costa" is not
    "Ana Costa Jr." where both are known, and "Costa" is neither.
    """
    return FullNames(known).find(mention)


class FullNames:
    """Full names without titles, by how they begin and end: see `full_name`, which this answers for many mentions."""

    def __init__(self, known: Iterable[str]) -> None:
        self._by_ends: dict[tuple[str, str], _Alike] = {}
        self._by_word: tuple[dict[str, _Alike], dict[str, _Alike]] = ({}, {})
        for name in known:
            words = _bare(name)
            if len(words) > 1:
                self._by_ends.setdefault(ends(name), _Alike()).add(name)
            for word, alike in zip((words[-1:], words[:1]), self._by_word, strict=True):
                alike.setdefault("".join(word), _Alike()).add(name)

    def find(self, mention: str) -> str | None:
        """The one full name that a mention stands for, or None when there is none or more than one."""
        name = split_title(mention).name
        words = _folded_words(name)
        if len(words) > 1:
            alike = self._by_ends.get(ends(name)) if len(_bare(name)) > 1 else None
            return (alike.of_generation(_generation(name)) if alike else None) or name
        if not words:
            return None
        alike = self._by_word[0].get(words[0]) or self._by_word[1].get(words[0])
        return alike.one_person() if alike else None


class _Alike:
    """Names that share a word: the longest of each person, told apart by first word, last word and generation."""

    def __init__(self) -> None:
        self._longest: dict[tuple[str, str, str], str] = {}

    def add(self, name: str) -> None:
        key = (*ends(name), _generation(name))
        self._longest[key] = max(name, self._longest.get(key, ""), key=lambda one: (len(one), one))

    def of_generation(self, generation: str) -> str | None:
        """The longest name of a generation or, where none is asked for and none is without, the longest of all."""
        same = [name for (first, last, other), name in self._longest.items() if other == generation]
        among = same if same or generation else list(self._longest.values())
        return max(among, key=lambda one: (len(one), one), default=None)

    def one_person(self) -> str | None:
        """The longest name, where all are one person's."""
        return next(iter(self._longest.values())) if len(self._longest) == 1 else None


def ends(name: str) -> tuple[str, str]:
    """The folded first and last word of a name, past "Jr." and the like; the two are one for a single word."""
    words = _bare(name) or [""]
    return words[0], words[-1]


def matches(query: str, name: str) -> bool:
    """Whether a name answers to what somebody typed: every word typed begins a word of the name, in order."""
    wanted = _folded_words(lookup_key(query))
    words = iter(_folded_words(lookup_key(name)))
    return bool(wanted) and all(any(word.startswith(part) for word in words) for part in wanted)


def near_names(query: str, names: Iterable[str], limit: int = 5) -> list[str]:
    """The names most like a misspelt one, best first (`difflib` ratio of whole names or of surnames, 0.6 and more)."""
    wanted = " ".join(_folded_words(lookup_key(query)))
    rated = [(_likeness(wanted, lookup_key(name)), name) for name in names]
    close = sorted((pair for pair in rated if pair[0] >= _NEAR), key=lambda pair: (-pair[0], pair[1]))
    return [name for _, name in close[:limit]]


def is_role_word(word: str) -> bool:
    """Whether a word is a rank or an office ("senator", "Gen."), in any case, singular or plural."""
    bare = word.casefold().rstrip(".")
    return bare in _ROLES or (bare.endswith("s") and bare[:-1] in _ROLES)


def fold(text: str) -> str:
    """Lower case without accents and with straight apostrophes."""
    if text.isascii():
        return text.casefold()
    return "".join(char for char in decomposed(text.replace("’", "'")) if not unicodedata.combining(char)).casefold()


def lookup_key(text: str) -> str:
    """As `fold`, with plain letters for "ø" and its like: for comparing with what somebody types, never stored."""
    return fold(text if text.isascii() else search_key(text))


def _folded_words(name: str) -> list[str]:
    words = (_POSSESSIVE.sub("", word).strip(".'-") for word in _TOKEN.findall(fold(name)))
    return [word for word in words if word]


def _bare(name: str) -> list[str]:
    return [word for word in _folded_words(name) if word not in _SUFFIXES]


def _generation(name: str) -> str:
    """What tells a namesake of the same family: "jr", "iii", or nothing."""
    return " ".join(word for word in _folded_words(name) if word in GENERATIONS)


def _is_title(word: str, following: str) -> bool:
    bare = word.casefold().rstrip(".")
    if bare in _PARTICLES and following[0].isupper():
        return False
    return is_role_word(word) or (word[0].islower() and not bare.startswith(("al-", "el-")))


def _name_end(mention: str, words: list[re.Match[str]], cut: int) -> int:
    end = words[cut].end()
    for word in words[cut : cut + _MOST_WORDS]:
        bare = word.group().casefold()
        if not (word.group()[0].isupper() or bare in _PARTICLES or bare.startswith(("al-", "el-"))):
            break
        if re.search(r"[(\[,;]", mention[words[cut].start() : word.start()]):
            break
        end = word.end()
    printed = mention[words[cut].start() : end]
    trimmed = re.sub(r"(?:[’']s|[’'])$", "", printed)
    if not re.search(r"(?:\b[A-Z]|\b(?:Jr|Sr))\.$", trimmed):
        trimmed = trimmed.rstrip(".")
    return words[cut].start() + len(trimmed)


def _tells(role: str) -> bool:
    """A mere form of address ("Mr.", "the younger Mr.") is no role."""
    return role.rpartition(" ")[2].casefold().rstrip(".") not in {"", "mr", "mrs", "ms", "miss"}


def _likeness(wanted: str, name: str) -> float:
    return max(_ratio(wanted, " ".join(_folded_words(name))), _ratio(wanted, surname(name)))


def _ratio(wanted: str, other: str) -> float:
    """That of `difflib`, or 0 where the letters alone tell that it is too small: most names are not looked into."""
    if 2 * min(len(wanted), len(other)) < _NEAR * (len(wanted) + len(other)):
        return 0.0
    matcher = difflib.SequenceMatcher(None, wanted, other)
    return matcher.ratio() if matcher.quick_ratio() >= _NEAR else 0.0
